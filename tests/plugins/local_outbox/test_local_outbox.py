"""The local outbox: everything is kept, nothing is sent, replies can be made up."""

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.local_outbox import plugin
from tests.carriers.damage import damaged
from tests.carriers.shift import NOW, StandingClock
from tests.plugins.hearing import hears_or_says_why
from tower.domain.words import Channel as Medium
from tower.domain.words import MessageState
from tower.outreach.port import (
    Channel,
    ChannelConfig,
    ChannelPlugin,
    Outgoing,
    Request,
    Unreadable,
)

REPLY = {
    "id": "r1",
    "from": "+41790000001",
    "medium": "whatsapp",
    "text": "Code 4417#",
    "answers": "m1-1",
    "at": "2026-03-02T14:23:00Z",
}
POSTED = {"replies": [REPLY], "receipts": [{"key": "m1-1", "state": "read"}]}


def opened() -> Channel:
    config = ChannelConfig(name="local", options={}, secret=lambda _: "", clock=StandingClock())
    return plugin.open(config)


def posted(body: bytes) -> Request:
    return Request(method="POST", url="http://127.0.0.1/hook", body=body)


def message(medium: Medium) -> Outgoing:
    return Outgoing(key="m1-1", message_id="m1", medium=medium, to="+41790000001", text="Hello")


def test_every_medium_is_taken_and_marked_as_not_sent() -> None:
    assert isinstance(plugin, ChannelPlugin)
    assert not plugin.sends
    channel = opened()
    for medium in Medium:
        assert medium in plugin.carries
        assert asyncio.run(channel.send(message(medium))).state is MessageState.NOT_SENT


def test_a_message_asked_about_is_still_not_sent() -> None:
    told = asyncio.run(opened().ask("m1-1", "", "+41790000001"))
    assert told is not None
    assert (told.key, told.state) == ("m1-1", MessageState.NOT_SENT)


def test_made_up_replies_and_receipts_arrive_as_real_ones_would() -> None:
    heard = opened().hear(posted(json.dumps(POSTED).encode()))
    (reply,) = heard.incoming
    assert (reply.ref, reply.sender, reply.text) == ("r1", "+41790000001", "Code 4417#")
    assert (reply.medium, reply.answers, reply.at) == (Medium.WHATSAPP, "m1-1", NOW)
    (receipt,) = heard.receipts
    assert (receipt.key, receipt.state) == ("m1-1", MessageState.READ)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"[" * 100_000,
        b'{"replies": [{"id": "", "from": "+41790000001", "text": "x"}]}',
        b'{"replies": [{"id": "1", "from": "a", "text": "x", "at": "2026-03-02T14:23:00"}]}',
        b'{"receipts": [{"key": "m1-1", "state": "sending"}]}',
        b'{"reply": 1}',
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_reason(body: bytes) -> None:
    with pytest.raises(Unreadable, match="a simulated answer"):
        opened().hear(posted(body))


@given(body=st.binary(max_size=200) | damaged([json.dumps(POSTED).encode()]))
def test_any_bytes_are_understood_or_unreadable(body: bytes) -> None:
    hears_or_says_why(opened(), posted(body))
