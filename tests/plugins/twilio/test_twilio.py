"""Twilio: requests as its API description wants them, signatures as it publishes them."""

import asyncio
import base64
import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest

from plugins.twilio import TwilioChannel, plugin
from plugins.twilio.signature import is_signed_body, is_signed_form, signature
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
    Receipt,
    Request,
    Taken,
    Unreadable,
    Unsure,
)

SID = "AC" + "a1" * 16
MESSAGE = "SM" + "b2" * 16
TOKEN = "12345"
HOOK = "https://tower.example.org/v1/channels/texts/hook"
OPTIONS = {"account_sid": SID, "sender": "+15005550006"}
WHATSAPP = {
    "account_sid": SID,
    "whatsapp_sender": "+15005550006",
    "templates": f"delay_notice/de=HX{'c3' * 16}",
}
CREATED = Answering(201, json.dumps({"sid": MESSAGE, "status": "queued"}).encode())


def opened(options: Mapping[str, str] = OPTIONS, timeout_s: float = 5.0) -> TwilioChannel:
    secrets = {"auth_token": TOKEN, "api_secret": "of-the-key"}
    config = ChannelConfig(
        name="texts",
        options=options,
        secret=lambda name: secrets.get(name, ""),
        clock=StandingClock(),
        timeout_s=timeout_s,
    )
    return plugin.open(config)


def message(medium: Medium = Medium.SMS, *, in_session: bool = False) -> Outgoing:
    return Outgoing(
        key="m1:1",
        message_id="m1",
        medium=medium,
        to="+41790000001",
        text="Ihr Paket kommt um 14:40. Grüße, Acme",
        language="de",
        template="delay_notice",
        parameters=("Acme", "14:40\nUhr"),
        in_session=in_session,
        status_url=HOOK,
    )


def sent(
    outgoing: Outgoing,
    answer: Answering | Misbehaving = CREATED,
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
    described = shared_data / "outreach" / "twilio_api_v2010.json"
    if not described.is_file():
        pytest.skip(f"Twilio's API description is not at hand: {described} is missing")
    # The description itself is Twilio's: only requests are held against it.
    config = Config(spec_validator_cls=None)  # type: ignore[arg-type]
    return OpenAPI.from_dict(json.loads(described.read_bytes()), config=config)


def faults(api: OpenAPI, asked: Asked, **changed: str) -> Sequence[Exception]:
    """What Twilio's description finds wrong with a request."""
    request = MockRequest(
        "https://api.twilio.com",
        asked.method.lower(),
        asked.path,
        headers={"Authorization": asked.headers["authorization"]},
        data=urlencode({**asked.form, **changed}).encode() if asked.body else b"",
        content_type=asked.headers.get("content-type", ""),
    )
    return list(api.iter_request_errors(request))


class TestSending:
    def test_a_text_message_is_what_the_api_description_wants(self, api: OpenAPI) -> None:
        taken, asked = sent(message())
        assert taken == Taken(ref=MESSAGE)
        assert faults(api, asked) == []
        assert asked.form == {
            "To": "+41790000001",
            "From": "+15005550006",
            "Body": "Ihr Paket kommt um 14:40. Grüße, Acme",
            "StatusCallback": f"{HOOK}?attempt=m1%3A1",
        }
        # The description does find what is wrong.
        assert faults(api, asked, MessagingServiceSid="MG1")

    def test_the_account_signs_in_with_its_token_or_its_key(self) -> None:
        _, asked = sent(message())
        assert asked.headers["authorization"] == basic(SID, TOKEN)
        _, asked = sent(message(), options={**OPTIONS, "api_key": "SK1"})
        assert asked.headers["authorization"] == basic("SK1", "of-the-key")

    def test_a_messaging_service_chooses_the_sender(self, api: OpenAPI) -> None:
        service = "MG" + "d4" * 16
        _, asked = sent(message(), options={"account_sid": SID, "messaging_service": service})
        assert asked.form["MessagingServiceSid"] == service
        assert "From" not in asked.form
        assert faults(api, asked) == []

    def test_whatsapp_outside_a_session_goes_as_an_approved_template(self, api: OpenAPI) -> None:
        _, asked = sent(message(Medium.WHATSAPP), options=WHATSAPP)
        assert faults(api, asked) == []
        assert asked.form["To"] == "whatsapp:+41790000001"
        assert asked.form["From"] == "whatsapp:+15005550006"
        assert asked.form["ContentSid"] == "HX" + "c3" * 16
        assert json.loads(asked.form["ContentVariables"]) == {"1": "Acme", "2": "14:40 Uhr"}
        assert "Body" not in asked.form

    def test_whatsapp_in_a_session_goes_in_free_words(self, api: OpenAPI) -> None:
        _, asked = sent(message(Medium.WHATSAPP, in_session=True), options=WHATSAPP)
        assert faults(api, asked) == []
        assert asked.form["Body"].startswith("Ihr Paket")

    def test_what_would_be_sent_can_be_read(self) -> None:
        shown = opened().show(message())
        assert "Body: Ihr Paket kommt um 14:40. Grüße, Acme" in shown.splitlines()
        assert TOKEN not in shown
        assert "no WhatsApp sender" in opened().show(message(Medium.WHATSAPP))

    @pytest.mark.parametrize(
        ("medium", "options", "words"),
        [
            (Medium.SMS, WHATSAPP, "no sender of text messages"),
            (Medium.WHATSAPP, OPTIONS, "no WhatsApp sender"),
            (Medium.WHATSAPP, {**WHATSAPP, "templates": ""}, "there is none for delay_notice/de"),
        ],
    )
    def test_what_the_account_cannot_carry_goes_to_the_next_channel(
        self, medium: Medium, options: Mapping[str, str], words: str
    ) -> None:
        with pytest.raises(NotTaken, match=words) as told:
            sent(message(medium), options=options)
        assert not told.value.again


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def problem(status: int, code: int, words: str) -> Answering:
    return Answering(status, json.dumps({"code": code, "message": words}).encode())


class TestAnswers:
    @pytest.mark.parametrize(
        ("answer", "words", "again"),
        [
            (problem(400, 21610, "unsubscribed recipient"), "has opted out at Twilio", False),
            (problem(400, 21211, "Invalid 'To'"), r"Invalid 'To' \(21211\)", False),
            (problem(401, 20003, "Authenticate"), "does not accept the account", True),
            (problem(429, 20429, "Too Many Requests"), "Too Many Requests", True),
            (problem(503, 20503, "Service unavailable"), "not available", True),
            (Answering(404, b"<html>"), "answered 404", False),
            (
                Answering(201, b'{"sid": "SM1", "status": "failed", "error_message": "no"}'),
                "failed, no",
                False,
            ),
        ],
    )
    def test_what_twilio_refuses_is_not_taken(
        self, answer: Answering, words: str, again: bool
    ) -> None:
        with pytest.raises(NotTaken, match=words) as told:
            sent(message(), answer)
        assert told.value.again is again

    @pytest.mark.parametrize(
        "answer", [problem(500, 20500, "Internal"), Answering(502), Misbehaving.HANG_UP]
    )
    def test_where_twilio_breaks_nobody_knows(self, answer: Answering | Misbehaving) -> None:
        with pytest.raises(Unsure):
            sent(message(), answer)

    def test_a_silent_twilio_leaves_it_open(self) -> None:
        with pytest.raises(Unsure):
            sent(message(), Misbehaving.SILENCE, timeout_s=0.05)

    @pytest.mark.parametrize("body", [b"", b"{", b"[" * 10_000, b"\xff"])
    def test_a_success_that_cannot_be_read_is_still_taken(self, body: bytes) -> None:
        assert sent(message(), Answering(201, body))[0] == Taken()

    def test_nothing_personal_is_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.INFO), pytest.raises(NotTaken):
            sent(message(), problem(400, 21211, "Invalid 'To' +41790000001"))
        assert "41790000001" not in caplog.text
        assert TOKEN not in repr(opened()._settings)


def asked_about(answer: Answering | Misbehaving, ref: str = MESSAGE) -> Receipt | None:
    async def play() -> Receipt | None:
        async with ProviderServer([answer]).running() as server:
            channel = opened({**OPTIONS, "url": server.url})
            try:
                return await channel.ask("m1:1", ref, "+41790000001")
            finally:
                await channel.close()

    return asyncio.run(play())


class TestAsking:
    def test_a_message_with_an_id_can_be_asked_about(self) -> None:
        body = {"sid": MESSAGE, "status": "undelivered", "error_code": 30003}
        told = asked_about(Answering(200, json.dumps(body).encode()))
        assert told is not None
        assert (told.key, told.state) == ("m1:1", MessageState.FAILED)
        assert told.why == "the phone is off or out of reach (30003)"

    def test_one_without_an_id_or_unknown_is_not_known(self) -> None:
        assert asked_about(Answering(200, b"{}"), ref="") is None
        assert asked_about(problem(404, 20404, "not found")) is None

    @pytest.mark.parametrize("answer", [Misbehaving.HANG_UP, Answering(500), Answering(200, b"{}")])
    def test_no_answer_is_no_news(self, answer: Answering | Misbehaving) -> None:
        with pytest.raises(Unsure):
            asked_about(answer)


# Twilio's own example, in its documents and in the tests of its libraries.
EXAMPLE_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
EXAMPLE = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
    ("Caller", "+14158675309"),
]
REPEATED = [
    ("Sid", "CA123"),
    ("SidAccount", "AC123"),
    ("Digits", "5678"),
    ("Digits", "1234"),
    ("Digits", "1234"),
]
BODY = b'{"property": "value", "boolean": true}'
BODY_URL = (
    f"{EXAMPLE_URL}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
)


class TestSignature:
    def test_published_examples(self) -> None:
        assert signature("12345", EXAMPLE_URL, EXAMPLE) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
        assert signature("12345", EXAMPLE_URL, REPEATED) == "IK+Dwps556ElfBT0I3Rgjkr1wJU="
        assert is_signed_body("a9nBmqA0ju/hNViExpshrM61xv4=", "12345", BODY_URL, BODY)

    def test_anything_changed_is_seen(self) -> None:
        given_signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
        assert is_signed_form(given_signature, "12345", EXAMPLE_URL, EXAMPLE)
        assert not is_signed_form(given_signature, "12346", EXAMPLE_URL, EXAMPLE)
        assert not is_signed_form(given_signature, "12345", EXAMPLE_URL + "&x=1", EXAMPLE)
        assert not is_signed_form(given_signature, "12345", EXAMPLE_URL, [*EXAMPLE, ("a", "b")])
        assert not is_signed_form("", "12345", EXAMPLE_URL, EXAMPLE)
        assert not is_signed_form("é", "12345", EXAMPLE_URL, EXAMPLE)
        assert not is_signed_body("a9nBmqA0ju/hNViExpshrM61xv4=", "12345", BODY_URL, BODY + b" ")

    def test_a_standard_port_may_be_written_or_not(self) -> None:
        with_port = EXAMPLE_URL.replace("mycompany.com", "mycompany.com:443")
        assert is_signed_form(signature("12345", with_port), "12345", EXAMPLE_URL)
        assert is_signed_form(signature("12345", EXAMPLE_URL), "12345", with_port)
        other = EXAMPLE_URL.replace("mycompany.com", "mycompany.com:8443")
        assert not is_signed_form(signature("12345", other), "12345", EXAMPLE_URL)


def signed(fields: Mapping[str, str], url: str = HOOK) -> Request:
    return Request(
        method="POST",
        url=url,
        headers={
            "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
            "x-twilio-signature": signature(TOKEN, url, list(fields.items())),
        },
        body=urlencode(fields).encode(),
    )


def heard(fields: Mapping[str, str], url: str = HOOK) -> Heard:
    return opened().hear(signed(fields, url))


STATUS = {"MessageSid": MESSAGE, "MessageStatus": "delivered", "To": "+41790000001"}
REPLY = {
    "MessageSid": MESSAGE,
    "SmsStatus": "received",
    "From": "+41790000001",
    "To": "+15005550006",
    "Body": "Code 4417# – danke",
    "NumMedia": "0",
}


class TestHearing:
    @pytest.mark.parametrize(
        ("status", "state"),
        [
            ("queued", MessageState.SENT),
            ("sent", MessageState.SENT),
            ("delivered", MessageState.DELIVERED),
            ("read", MessageState.READ),
            ("undelivered", MessageState.FAILED),
            ("failed", MessageState.FAILED),
        ],
    )
    def test_a_receipt_names_the_attempt_it_is_for(self, status: str, state: MessageState) -> None:
        told = heard({**STATUS, "MessageStatus": status}, f"{HOOK}?attempt=m1%3A1")
        (receipt,) = told.receipts
        assert (receipt.key, receipt.ref, receipt.state) == ("m1:1", MESSAGE, state)
        assert bool(receipt.why) is (state is MessageState.FAILED)
        assert (told.answer, told.media) == (
            b'<?xml version="1.0" encoding="UTF-8"?><Response/>',
            "text/xml",
        )

    def test_the_address_sent_to_twilio_is_the_one_read_back(self) -> None:
        _, asked = sent(message())
        (receipt,) = heard(STATUS, asked.form["StatusCallback"]).receipts
        assert receipt.key == "m1:1"

    def test_why_it_failed_is_told_in_words(self) -> None:
        failed = {**STATUS, "MessageStatus": "undelivered"}
        (known,) = heard({**failed, "ErrorCode": "30005"}).receipts
        assert known.why == "the number does not exist (30005)"
        (other,) = heard({**failed, "ErrorCode": "99999", "ErrorMessage": "Odd"}).receipts
        assert other.why == "Odd (99999)"

    def test_a_reply_is_heard_as_written(self) -> None:
        (reply,) = heard(REPLY).incoming
        assert (reply.ref, reply.medium, reply.sender) == (MESSAGE, Medium.SMS, "+41790000001")
        assert reply.text == "Code 4417# – danke"

    def test_a_whatsapp_reply_says_what_it_answers(self) -> None:
        fields = {
            **REPLY,
            "From": "whatsapp:+41790000001",
            "Body": "",
            "ButtonText": "Wait for me",
            "OriginalRepliedMessageSid": "SM1",
        }
        (reply,) = heard(fields).incoming
        assert (reply.medium, reply.sender) == (Medium.WHATSAPP, "+41790000001")
        assert (reply.text, reply.answers) == ("Wait for me", "SM1")

    def test_places_and_pictures_are_not_lost(self) -> None:
        place = {**REPLY, "Body": "", "Latitude": "47.14", "Longitude": "9.52", "NumMedia": "2"}
        (reply,) = heard(place).incoming
        assert "47.14, 9.52" in reply.text
        assert "2 pictures or files" in reply.text

    def test_a_status_nobody_knows_is_refused_and_not_guessed(self) -> None:
        told = heard({**STATUS, "MessageStatus": "teleported"})
        assert told.receipts == ()
        assert told.refusals == ("Twilio tells a status nobody knows: teleported",)

    @pytest.mark.parametrize("fields", [{}, {"Body": "x"}, {"MessageStatus": "sent"}])
    def test_a_signed_request_that_says_nothing_is_unreadable(
        self, fields: Mapping[str, str]
    ) -> None:
        with pytest.raises(Unreadable):
            heard(fields)

    def test_nobody_else_is_believed(self) -> None:
        good = signed(STATUS, f"{HOOK}?attempt=m1%3A1")
        forgeries = [
            Request(method="POST", url=good.url, headers={}, body=good.body),
            Request(method="POST", url=good.url, headers=good.headers, body=good.body + b"&a=b"),
            Request(method="POST", url=HOOK + "?attempt=m2", headers=good.headers, body=good.body),
            Request(method="GET", url=good.url, headers=good.headers),
            Request(
                method="POST",
                url=good.url,
                headers=dict(good.headers) | {"content-type": "application/json"},
                body=good.body,
            ),
            Request(method="POST", url=HOOK, headers=good.headers, body=b"a=b&" * 500),
        ]
        for forged in forgeries:
            with pytest.raises(Forged):
                opened().hear(forged)

    @given(body=damaged([urlencode(STATUS).encode(), urlencode(REPLY).encode()]))
    def test_damaged_requests_are_forged(self, body: bytes) -> None:
        headers = signed(REPLY).headers
        request = Request(method="POST", url=HOOK, headers=headers, body=body)
        hears_or_says_why(opened(), request)

    @given(
        fields=st.dictionaries(
            st.sampled_from([*STATUS, *REPLY, "ErrorCode", "ButtonText", "Latitude", "x"]),
            st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
        )
    )
    def test_whatever_is_signed_is_understood_or_unreadable(self, fields: dict[str, str]) -> None:
        hears_or_says_why(opened(), signed(fields))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"account_sid": "AC1", "sender": "x"}, "account_sid wants AC and 32"),
        ({"account_sid": SID}, "needs a sender"),
        ({**OPTIONS, "messaging_service": "MG"}, "messaging_service wants MG"),
        ({**OPTIONS, "templates": "delay_notice/de"}, "name=value"),
        ({**OPTIONS, "templates": "delay_notice/de=1"}, "templates wants HX"),
        ({**OPTIONS, "url": "http://api.twilio.com"}, "https://"),
    ],
)
def test_settings_that_cannot_work_are_told_at_once(options: Mapping[str, str], words: str) -> None:
    with pytest.raises(ChannelError, match=words):
        opened(options)


def test_it_is_a_channel_plugin() -> None:
    assert isinstance(plugin, ChannelPlugin)
    assert plugin.sends
