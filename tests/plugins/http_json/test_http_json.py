"""Providers with a JSON interface: what they are posted, what their answers mean, who may speak."""

import asyncio
import json
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.http_json import HttpJsonChannel, plugin
from plugins.http_json.hook import SIGNATURE, signature
from tests.carriers.damage import damaged
from tests.carriers.shift import StandingClock
from tests.plugins.hearing import hears_or_says_why
from tests.plugins.provider_server import Answer, Answering, Misbehaving, ProviderServer
from tower.domain.words import Channel as Medium
from tower.domain.words import MessageState
from tower.outreach.port import (
    Assurance,
    ChannelConfig,
    ChannelError,
    ChannelPlugin,
    Forged,
    NotTaken,
    Outgoing,
    Receipt,
    Request,
    Taken,
    Unreadable,
    Unsure,
)

MESSAGE = Outgoing(
    key="m1-1",
    message_id="m1",
    medium=Medium.SMS,
    to="+447700900001",
    text="Grüße",
    language="de",
)
SECRET = "shared"
TOLD = {
    "receipts": [
        {"key": "m1-1", "state": "delivered", "at": "2026-11-20T12:00:00Z"},
        {"id": "p-2", "state": "failed", "why": "no such\nnumber"},
    ],
    "replies": [{"id": "r-1", "from": "+447700900001", "text": "Hello", "answers": "m1-1"}],
}


KEPT = {"webhook_secret": SECRET, "token": "of-ours"}


def opened(
    url: str = "https://provider.example.org",
    options: Mapping[str, str] | None = None,
    kept: Mapping[str, str] = KEPT,
    timeout_s: float = 5.0,
) -> HttpJsonChannel:
    config = ChannelConfig(
        name="any",
        options={"url": f"{url}/messages", **(options or {})},
        secret=lambda name: kept.get(name, ""),
        clock=StandingClock(),
        timeout_s=timeout_s,
    )
    return plugin.open(config)


def sent(answers: Sequence[Answer], **options: str) -> tuple[Taken | Exception, ProviderServer]:
    """What comes of one message at a provider that answers so."""

    async def send() -> tuple[Taken | Exception, ProviderServer]:
        async with ProviderServer(answers).running() as server:
            channel = opened(server.url, options, timeout_s=0.5)
            try:
                return await channel.send(MESSAGE), server
            except (NotTaken, Unsure) as error:
                return error, server
            finally:
                await channel.close()

    return asyncio.run(send())


def asked(answer: Answer) -> Receipt | Exception | None:
    """What a provider that answers so says of a message."""

    async def ask() -> Receipt | Exception | None:
        async with ProviderServer([answer]).running() as server:
            options = {"assurance": "status", "status_url": f"{server.url}/messages/{{key}}"}
            channel = opened(server.url, options, timeout_s=0.5)
            try:
                found = await channel.ask("m1-1/ü", "", MESSAGE.to)
            except Unsure as error:
                return error
            finally:
                await channel.close()
            assert server.asked[0].target == "/messages/m1-1%2F%C3%BC"
            return found

    return asyncio.run(ask())


def said(body: object, status: int = 200) -> Answering:
    return Answering(status, json.dumps(body).encode())


def signed(body: bytes, secret: str = SECRET) -> Request:
    headers = {SIGNATURE: signature(secret, body)}
    return Request(method="POST", url="https://tower.example.org/", headers=headers, body=body)


def test_it_is_a_channel_plugin() -> None:
    assert isinstance(plugin, ChannelPlugin)


def test_a_message_is_posted_with_its_key() -> None:
    taken, server = sent([said({"id": "p-1"}, 202)])
    [request] = server.asked
    assert taken == Taken(ref="p-1", state=MessageState.SENT)
    assert request.headers["idempotency-key"] == "m1-1"
    assert request.headers["authorization"] == "Bearer of-ours"
    assert json.loads(request.body) == {
        "key": "m1-1",
        "message": "m1",
        "medium": "sms",
        "to": "+447700900001",
        "text": "Grüße",
        "language": "de",
    }


def test_what_is_posted_can_be_shown() -> None:
    shown = opened().show(MESSAGE)
    assert json.loads(shown)["text"] == "Grüße"
    assert "of-ours" not in shown


@pytest.mark.parametrize("body", [b"", b"accepted", b"[]", b'{"id": 5}', b"\xff\xfe"])
def test_a_provider_may_answer_as_it_likes_as_long_as_it_takes_the_message(body: bytes) -> None:
    taken, _ = sent([Answering(200, body)])
    assert taken == Taken(ref="")


@pytest.mark.parametrize(
    ("answer", "again"),
    [
        (said({"why": "no such number"}, 400), False),
        (said({"why": "no such number"}, 422), False),
        (said({"why": "slower"}, 429), True),
        (said({"why": "who are you"}, 401), True),
        (said({}, 403), True),
    ],
)
def test_what_was_certainly_not_taken(answer: Answering, again: bool) -> None:
    error, _ = sent([answer])
    assert isinstance(error, NotTaken)
    assert error.again is again


@pytest.mark.parametrize(
    "answer", [said({}, 500), said({}, 502), said({}, 503), *Misbehaving], ids=str
)
def test_what_nobody_knows(answer: Answer) -> None:
    error, _ = sent([answer])
    assert isinstance(error, Unsure)


def test_a_key_that_is_being_worked_on_is_not_settled() -> None:
    error, _ = sent([said({}, 409)], assurance="key")
    assert isinstance(error, Unsure)
    other, _ = sent([said({}, 409)])
    assert isinstance(other, NotTaken)


def test_a_provider_that_cannot_be_reached_has_taken_nothing() -> None:
    channel = opened("http://127.0.0.1:9")
    with pytest.raises(NotTaken) as refused:
        asyncio.run(channel.send(MESSAGE))
    assert refused.value.again


def test_a_provider_is_asked_for_a_message_by_its_key() -> None:
    assert asked(said({"state": "delivered", "id": "p-1"})) == Receipt(
        state=MessageState.DELIVERED, key="m1-1/ü", ref="p-1"
    )
    assert asked(said({"why": "no such message"}, 404)) is None


@pytest.mark.parametrize(
    "answer",
    [said({"state": "thought about"}), said({}, 500), said({}, 401), *Misbehaving],
    ids=str,
)
def test_an_answer_that_is_none_is_no_no(answer: Answer) -> None:
    assert isinstance(asked(answer), Unsure)


def test_receipts_and_replies_are_heard() -> None:
    heard = opened().hear(signed(json.dumps(TOLD).encode()))
    assert [(one.key, one.ref, one.state) for one in heard.receipts] == [
        ("m1-1", "", MessageState.DELIVERED),
        ("", "p-2", MessageState.FAILED),
    ]
    assert heard.receipts[1].why == "no such number"
    assert [(one.ref, one.sender, one.text, one.answers) for one in heard.incoming] == [
        ("r-1", "+447700900001", "Hello", "m1-1")
    ]


def test_only_who_knows_the_secret_is_heard() -> None:
    body = json.dumps(TOLD).encode()
    channel = opened()
    with pytest.raises(Forged):
        channel.hear(signed(body, "another"))
    with pytest.raises(Forged):
        channel.hear(Request(method="POST", url="", body=body))
    without = opened(kept={"token": "of-ours"})
    with pytest.raises(Forged):
        without.hear(signed(body, ""))


def test_what_is_signed_and_no_message_says_why() -> None:
    channel = opened()
    for body in (b"", b"{", b'{"receipts": 1}', b"[" * 100_000):
        with pytest.raises(Unreadable):
            channel.hear(signed(body))


@given(damaged([json.dumps(TOLD).encode()]), st.booleans())
def test_whatever_is_sent_is_heard_or_refused_in_words(body: bytes, is_signed: bool) -> None:
    request = signed(body) if is_signed else Request(method="POST", url="", body=body)
    hears_or_says_why(opened(), request)


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"url": "http://provider.example.org"}, "https"),
        ({"assurance": "always"}, "assurance"),
        ({"assurance": "status"}, "status_url"),
        ({"status_url": "https://provider.example.org/"}, "{key}"),
        ({"key_header": "Key: x\r\nOther"}, "key_header"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_options_that_cannot_work_are_told(options: dict[str, str], word: str) -> None:
    with pytest.raises(ChannelError, match=word):
        opened(options=options)


def test_its_assurance_is_what_the_settings_say() -> None:
    assert opened().assurance is Assurance.NONE
    assert opened(options={"assurance": "key"}).assurance is Assurance.KEY
