"""WhatsApp: requests as the API description wants them, webhooks signed as Meta signs them."""

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest

from plugins.whatsapp import WhatsAppChannel, plugin
from plugins.whatsapp.signature import is_signed, signature
from tests.carriers.damage import damaged
from tests.carriers.shift import StandingClock
from tests.plugins.hearing import hears_or_says_why
from tests.plugins.provider_server import Answering, Asked, Misbehaving, ProviderServer
from tower.domain.words import Channel as Medium
from tower.domain.words import MessageState
from tower.outreach.port import (
    ChannelConfig,
    ChannelError,
    ChannelPlugin,
    Forged,
    Heard,
    NotTaken,
    Outgoing,
    Request,
    Taken,
    Unreadable,
    Unsure,
)

NUMBER = "106540352242922"
SECRETS = {"access_token": "EAAtoken", "app_secret": "of-the-app", "verify_token": "our-word"}
OPTIONS = {"phone_number_id": NUMBER}
WAMID = "wamid.HBgLMTY0NjcwNDM1OTUVAgARGBI1RjQyNUE3NEYxMzAzMzQ5MkEA"
SENT = Answering(200, json.dumps({"messages": [{"id": WAMID}]}).encode())


def opened(options: Mapping[str, str] = OPTIONS, timeout_s: float = 5.0) -> WhatsAppChannel:
    config = ChannelConfig(
        name="whatsapp",
        options=options,
        secret=lambda name: SECRETS.get(name, ""),
        clock=StandingClock(),
        timeout_s=timeout_s,
    )
    return plugin.open(config)


def message(*, in_session: bool = False, template: str = "delay_notice") -> Outgoing:
    return Outgoing(
        key="m1-1",
        message_id="m1",
        medium=Medium.WHATSAPP,
        to="+41790000001",
        text="Ihr Paket kommt um 14:40. Grüße, Acme",
        language="de",
        template=template,
        parameters=("Acme", "14:40\n\tUhr") if template else (),
        in_session=in_session,
    )


def sent(
    outgoing: Outgoing,
    answer: Answering | Misbehaving = SENT,
    options: Mapping[str, str] = OPTIONS,
    timeout_s: float = 5.0,
) -> tuple[Taken, Asked]:
    async def play() -> tuple[Taken, Asked]:
        async with ProviderServer([answer]).running() as server:
            channel = opened({**options, "url": server.url}, timeout_s)
            try:
                return await channel.send(outgoing), server.asked[0]
            finally:
                await channel.close()

    return asyncio.run(play())


@pytest.fixture(scope="module")
def api(shared_data: Path) -> OpenAPI:
    described = shared_data / "outreach" / "whatsapp_messages_relaxed.json"
    if not described.is_file():
        pytest.skip(f"WhatsApp's API description is not at hand: {described} is missing")
    # The description itself is Meta's: only requests are held against it.
    config = Config(spec_validator_cls=None)  # type: ignore[arg-type]
    return OpenAPI.from_dict(json.loads(described.read_bytes()), config=config)


def faults(api: OpenAPI, asked: Asked, **changed: object) -> Sequence[Exception]:
    """What Meta's description finds wrong with a request."""
    request = MockRequest(
        "https://graph.facebook.com",
        asked.method.lower(),
        asked.path,
        headers={
            "Authorization": asked.headers["authorization"],
            "Content-Type": asked.headers["content-type"],
        },
        data=json.dumps({**json.loads(asked.body), **changed}).encode(),
    )
    return list(api.iter_request_errors(request))


class TestSending:
    def test_a_template_is_what_the_api_description_wants(self, api: OpenAPI) -> None:
        taken, asked = sent(message())
        assert taken == Taken(ref=WAMID)
        assert faults(api, asked) == []
        assert asked.path == f"/v23.0/{NUMBER}/messages"
        assert asked.headers["authorization"] == "Bearer EAAtoken"
        assert json.loads(asked.body) == {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "+41790000001",
            "biz_opaque_callback_data": "m1-1",
            "type": "template",
            "template": {
                "name": "delay_notice",
                "language": {"policy": "deterministic", "code": "de"},
                "components": [
                    {
                        "type": "body",
                        "parameters": [
                            {"type": "text", "text": "Acme"},
                            {"type": "text", "text": "14:40 Uhr"},
                        ],
                    }
                ],
            },
        }
        # The description does find what is wrong.
        assert faults(api, asked, template={"language": {"code": "de"}})
        assert faults(api, asked, recipient_type="everybody")

    def test_in_a_session_free_words_are_sent(self, api: OpenAPI) -> None:
        _, asked = sent(message(in_session=True))
        assert faults(api, asked) == []
        body = json.loads(asked.body)
        assert body["type"] == "text"
        assert body["text"]["body"] == "Ihr Paket kommt um 14:40. Grüße, Acme"
        assert body["biz_opaque_callback_data"] == "m1-1"

    def test_templates_and_languages_go_by_the_names_meta_knows(self, api: OpenAPI) -> None:
        options = {**OPTIONS, "templates": "delay_notice=acme_delay_2", "languages": "de=de_CH"}
        _, asked = sent(message(), options=options)
        template = json.loads(asked.body)["template"]
        assert (template["name"], template["language"]["code"]) == ("acme_delay_2", "de_CH")
        assert faults(api, asked) == []

    def test_what_would_be_sent_can_be_read(self) -> None:
        shown = opened().show(message())
        assert json.loads(shown) == json.loads(sent(message())[1].body)
        assert "\n" in shown
        assert "approved templates only" in opened().show(message(template=""))

    def test_free_words_outside_a_session_go_to_the_next_channel(self) -> None:
        with pytest.raises(NotTaken, match="approved templates only") as told:
            sent(message(template=""))
        assert not told.value.again


def problem(status: int, code: int, words: str = "", details: str = "") -> Answering:
    error = {"code": code, "message": words, "error_data": {"details": details}}
    return Answering(status, json.dumps({"error": error}).encode())


class TestAnswers:
    @pytest.mark.parametrize(
        ("answer", "words", "again"),
        [
            (problem(401, 190), "does not accept the account's access token", True),
            (problem(400, 131047), r"has not written for 24 hours.*\(131047\)", False),
            (problem(404, 132001, "x", "name (a) does not exist in de"), "approved", False),
            (problem(400, 100, "Invalid parameter", "to is wrong"), r"to is wrong \(100\)", False),
            (problem(400, 130429, "Rate limit hit"), "Rate limit hit", True),
            (problem(400, 131056, "Pair rate limit"), "Pair rate limit", True),
            (problem(503, 131016, "Service unavailable"), "Service unavailable", True),
            (problem(400, 131000, "Something went wrong"), "went wrong", False),
            (Answering(429, b""), "answered 429", True),
            (Answering(404, b"<html>"), "answered 404", False),
        ],
    )
    def test_what_meta_refuses_is_not_taken(
        self, answer: Answering, words: str, again: bool
    ) -> None:
        with pytest.raises(NotTaken, match=words) as told:
            sent(message(), answer)
        assert told.value.again is again

    @pytest.mark.parametrize(
        "answer",
        [problem(500, 131000), problem(500, 1), Answering(502, b"bad"), Misbehaving.HANG_UP],
    )
    def test_where_meta_breaks_nobody_knows(self, answer: Answering | Misbehaving) -> None:
        with pytest.raises(Unsure):
            sent(message(), answer)

    def test_a_silent_meta_leaves_it_open(self) -> None:
        with pytest.raises(Unsure):
            sent(message(), Misbehaving.SILENCE, timeout_s=0.05)

    @pytest.mark.parametrize("body", [b"", b"{", b"[" * 10_000, b"\xff", b'{"messages": []}'])
    def test_a_success_that_cannot_be_read_is_still_taken(self, body: bytes) -> None:
        assert sent(message(), Answering(200, body))[0] == Taken()

    def test_it_cannot_be_asked(self) -> None:
        assert asyncio.run(opened().ask("m1-1", WAMID, "+41790000001")) is None

    def test_nothing_personal_is_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.INFO):
            sent(message())
        assert "41790000001" not in caplog.text
        assert "EAAtoken" not in caplog.text + repr(opened()._settings)


class TestSignature:
    def test_published_examples(self) -> None:
        # The documented example of the X-Hub-Signature-256 header (GitHub's, of the same scheme).
        documented = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        assert is_signed(documented, "It's a Secret to Everybody", b"Hello, World!")
        # RFC 4231, test case 2.
        assert signature("Jefe", b"what do ya want for nothing?") == (
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        )

    def test_the_escaped_form_is_what_is_signed(self) -> None:
        # Meta's own example of what it escapes: äöå as \u00e4\u00f6\u00e5.
        escaped = json.dumps({"body": "äöå"}).encode()
        assert b"\\u00e4\\u00f6\\u00e5" in escaped
        given_signature = signature("of-the-app", escaped)
        assert is_signed(given_signature, "of-the-app", escaped)
        decoded = json.dumps({"body": "äöå"}, ensure_ascii=False).encode()
        assert not is_signed(given_signature, "of-the-app", decoded)

    @pytest.mark.parametrize("header", ["", "sha256=", "sha256=00", "sha1=abc", "é", "sha256"])
    def test_anything_else_is_no_signature(self, header: str) -> None:
        assert not is_signed(header, "of-the-app", b"{}")


def webhook(number: str = NUMBER, field: str = "messages", **value: object) -> dict[str, Any]:
    """As Meta's reference of the messages webhook shows it."""
    about = {"display_phone_number": "15550783881", "phone_number_id": number}
    change = {
        "value": {"messaging_product": "whatsapp", "metadata": about, **value},
        "field": field,
    }
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "102290129340398", "changes": [change]}],
    }


def signed(body: bytes) -> Request:
    return Request(
        method="POST",
        url="https://tower.example.org/v1/channels/whatsapp/hook",
        headers={"x-hub-signature-256": signature(SECRETS["app_secret"], body)},
        body=body,
    )


def heard(said: object) -> Heard:
    return opened().hear(signed(json.dumps(said).encode()))


QUESTION = {
    "from": "16505551234",
    "id": "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=",
    "timestamp": "1749416383",
    "type": "text",
    "text": {"body": "Does it come in another color?"},
}
DELIVERED = {
    "id": WAMID,
    "status": "delivered",
    "timestamp": "1750263773",
    "recipient_id": "16505551234",
    "biz_opaque_callback_data": "m1-1",
}
FAILED = {
    **DELIVERED,
    "status": "failed",
    "errors": [
        {
            "code": 131050,
            "title": "Unable to deliver the message.",
            "error_data": {"details": "The recipient chose to stop receiving them."},
        }
    ],
}


def written(**parts: object) -> dict[str, object]:
    message: dict[str, object] = {**QUESTION, **parts}
    del message["text"]
    return message


class TestHearing:
    def test_a_receipt_names_the_attempt_it_is_for(self) -> None:
        (receipt,) = heard(webhook(statuses=[DELIVERED])).receipts
        assert (receipt.key, receipt.ref) == ("m1-1", WAMID)
        assert receipt.state is MessageState.DELIVERED
        assert receipt.at == datetime(2025, 6, 18, 16, 22, 53, tzinfo=UTC)

    def test_why_it_failed_is_told_in_words(self) -> None:
        (receipt,) = heard(webhook(statuses=[FAILED])).receipts
        assert receipt.state is MessageState.FAILED
        assert receipt.why == "the customer has opted out of these messages (131050)"

    def test_a_reply_is_heard_as_written(self) -> None:
        (reply,) = heard(webhook(messages=[{**QUESTION, "context": {"id": WAMID}}])).incoming
        assert (reply.sender, reply.medium) == ("+16505551234", Medium.WHATSAPP)
        assert reply.text == "Does it come in another color?"
        assert reply.answers == WAMID
        assert reply.at == datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("message", "words"),
        [
            (written(type="button", button={"text": "Wait for me", "payload": "x"}), "Wait for me"),
            (
                written(
                    type="interactive",
                    interactive={"type": "button_reply", "button_reply": {"id": "1", "title": "B"}},
                ),
                "B",
            ),
            (
                written(
                    type="interactive",
                    interactive={"type": "list_reply", "list_reply": {"id": "1", "title": "Row"}},
                ),
                "Row",
            ),
            (
                written(
                    type="location",
                    location={"latitude": 47.14, "longitude": 9.52, "name": "Blue gate"},
                ),
                "Blue gate · 47.14000, 9.52000",
            ),
            (
                written(type="image", image={"id": "1", "caption": "This door"}),
                "(a picture, to be seen in WhatsApp) This door",
            ),
            (written(type="reaction", reaction={"message_id": WAMID, "emoji": "👍"}), "👍"),
        ],
    )
    def test_whatever_a_customer_sends_can_be_read(
        self, message: dict[str, object], words: str
    ) -> None:
        (reply,) = heard(webhook(messages=[message])).incoming
        assert reply.text == words

    def test_one_part_that_cannot_be_read_costs_only_itself(self) -> None:
        said = webhook(
            messages=[{"id": 5}, written(type="order"), QUESTION],
            statuses=[{"status": "sent"}, {**DELIVERED, "status": "teleported"}, DELIVERED],
        )
        told = heard(said)
        assert len(told.incoming) == len(told.receipts) == 1
        assert len(told.refusals) == 4
        assert any("teleported" in words for words in told.refusals)
        assert any("'order'" in words for words in told.refusals)

    def test_what_is_about_another_number_or_no_message_is_told(self) -> None:
        other = heard(webhook(number="1", messages=[QUESTION]))
        assert other.incoming == ()
        assert "another number" in other.refusals[0]
        update = heard(webhook(field="account_update", messages=[QUESTION]))
        assert update.incoming == ()
        assert "'account_update'" in update.refusals[0]
        trouble = heard(webhook(errors=[{"code": 131042, "title": "x"}]))
        assert "no means of payment" in trouble.refusals[0]

    def test_meta_is_answered_when_it_asks_whose_address_this_is(self) -> None:
        query = [
            ("hub.mode", "subscribe"),
            ("hub.challenge", "1158201444"),
            ("hub.verify_token", "our-word"),
        ]
        url = "https://tower.example.org/v1/channels/whatsapp/hook"
        told = opened().hear(Request(method="GET", url=url, query=query))
        assert told.answer == b"1158201444"
        for wrong in ([], query[:2], [*query[:2], ("hub.verify_token", "é")]):
            with pytest.raises(Forged, match="verify token"):
                opened().hear(Request(method="GET", url=url, query=wrong))

    def test_nobody_else_is_believed(self) -> None:
        good = signed(json.dumps(webhook(messages=[QUESTION])).encode())
        changed = good.body.replace(b"another", b"no other")
        forgeries = [
            Request(method="POST", url=good.url, body=good.body),
            Request(method="POST", url=good.url, headers=good.headers, body=changed),
        ]
        for forged in forgeries:
            with pytest.raises(Forged):
                opened().hear(forged)

    @pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"[" * 100_000, b'{"object": "page"}'])
    def test_a_signed_body_that_is_no_webhook_is_unreadable(self, body: bytes) -> None:
        with pytest.raises(Unreadable):
            opened().hear(signed(body))

    @given(
        body=st.binary(max_size=100)
        | damaged(
            [
                json.dumps(webhook(messages=[QUESTION], statuses=[DELIVERED, FAILED])).encode(),
                json.dumps(webhook(messages=[{**QUESTION, "timestamp": "9" * 30}])).encode(),
                json.dumps(webhook(messages=[written(type="image", image={})])).encode(),
            ]
        )
    )
    def test_whatever_is_signed_is_understood_or_unreadable(self, body: bytes) -> None:
        hears_or_says_why(opened(), signed(body))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "needs the option phone_number_id"),
        ({"phone_number_id": "+41"}, "digits only"),
        ({**OPTIONS, "version": "23"}, "as v23.0"),
        ({**OPTIONS, "languages": "de_CH"}, "name=value"),
        ({**OPTIONS, "url": "http://graph.facebook.com"}, "https://"),
    ],
)
def test_settings_that_cannot_work_are_told_at_once(options: Mapping[str, str], words: str) -> None:
    with pytest.raises(ChannelError, match=words):
        opened(options)


def test_it_is_a_channel_plugin() -> None:
    assert isinstance(plugin, ChannelPlugin)
    assert plugin.sends
