"""Kannel: what is asked, what its answers mean, and that nobody else is believed."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.kannel import KannelChannel, plugin
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

HOOK = "https://tower.example.org/v1/channels/texts/hook"
SECRETS = {"password": "swordfish", "hook_token": "nobody-guesses-this"}
OPTIONS = {"url": "http://127.0.0.1:13013", "username": "tower", "sender": "Acme"}


def opened(
    options: Mapping[str, str] = OPTIONS,
    secrets: Mapping[str, str] = SECRETS,
    timeout_s: float = 5.0,
) -> KannelChannel:
    config = ChannelConfig(
        name="texts",
        options=options,
        secret=lambda name: secrets.get(name, ""),
        clock=StandingClock(),
        timeout_s=timeout_s,
    )
    return plugin.open(config)


def message(text: str = "Um 14:40 für 9 €", status_url: str = HOOK) -> Outgoing:
    return Outgoing(
        key="m1-1",
        message_id="m1",
        medium=Medium.SMS,
        to="+41790000001",
        text=text,
        status_url=status_url,
    )


ACCEPTED = Answering(202, b"0: Accepted for delivery", "text/html")


def sent(
    outgoing: Outgoing,
    answer: Answering | Misbehaving = ACCEPTED,
    options: Mapping[str, str] = OPTIONS,
    timeout_s: float = 5.0,
) -> tuple[Taken, Asked]:
    async def play() -> tuple[Taken, Asked]:
        async with ProviderServer([answer]).running() as server:
            channel = opened({**options, "url": server.url}, timeout_s=timeout_s)
            try:
                return await channel.send(outgoing), server.asked[0]
            finally:
                await channel.close()

    return asyncio.run(play())


class TestSending:
    def test_a_message_is_asked_for_as_the_user_guide_says(self) -> None:
        taken, asked = sent(message(), options={**OPTIONS, "smsc": "SMSC-2"})
        assert taken == Taken()
        assert asked.path == "/cgi-bin/sendsms"
        query = asked.query
        report = query.pop("dlr-url")
        assert query == {
            "username": "tower",
            "password": "swordfish",
            "from": "Acme",
            "to": "+41790000001",
            "text": "Um 14:40 für 9 €",
            "charset": "UTF-8",
            "coding": "0",
            "smsc": "SMSC-2",
            "dlr-mask": "31",
        }
        assert report.startswith(f"{HOOK}?attempt=m1-1&proof=")
        assert report.endswith("&state=%d&at=%T&said=%A")
        assert SECRETS["hook_token"] not in report

    @pytest.mark.parametrize(
        ("text", "coding"), [("Grüße {9 €}", "0"), ("Доставка", "2"), ("ok 👍", "2"), ("ç", "2")]
    )
    def test_letters_no_phone_has_in_seven_bits_go_as_ucs_2(self, text: str, coding: str) -> None:
        assert sent(message(text))[1].query["coding"] == coding

    def test_what_would_be_sent_can_be_read_without_its_secrets(self) -> None:
        shown = opened().show(message())
        assert "text: Um 14:40 für 9 €" in shown.splitlines()
        assert not any(secret in shown for secret in (*SECRETS.values(), "proof"))

    def test_without_an_address_for_reports_none_are_asked_for(self) -> None:
        _, asked = sent(message(status_url=""))
        assert not {"dlr-url", "dlr-mask"} & asked.query.keys()

    def test_a_percent_sign_in_our_address_is_not_one_of_kannels_codes(self) -> None:
        _, asked = sent(message(status_url="https://tower.example.org/a%20b?c=d"))
        assert asked.query["dlr-url"].startswith("https://tower.example.org/a%%20b?c=d&attempt=")

    @pytest.mark.parametrize(
        ("answer", "words", "again"),
        [
            (Answering(403, b"Authorization failed for sendsms"), "username and password", True),
            (Answering(400, b"Missing receiver number, rejected"), "Missing receiver", False),
            (Answering(404, b"Unknown request."), "Unknown request", False),
            (Answering(503, b"Temporal failure, try again later."), "for the moment", True),
        ],
    )
    def test_what_kannel_refuses_is_not_taken(
        self, answer: Answering, words: str, again: bool
    ) -> None:
        with pytest.raises(NotTaken, match=words) as told:
            sent(message(), answer)
        assert told.value.again is again

    @pytest.mark.parametrize("words", [b"0: Accepted for delivery", b"3: Queued for later"])
    def test_accepted_and_queued_are_taken(self, words: bytes) -> None:
        assert sent(message(), Answering(202, words))[0] == Taken()

    @pytest.mark.parametrize(
        "answer", [Answering(502, b"Bad gateway"), Answering(503), Misbehaving.HANG_UP]
    )
    def test_where_something_breaks_nobody_knows(self, answer: Answering | Misbehaving) -> None:
        with pytest.raises(Unsure):
            sent(message(), answer)

    def test_a_silent_kannel_leaves_it_open_and_cannot_be_asked(self) -> None:
        with pytest.raises(Unsure):
            sent(message(), Misbehaving.SILENCE, timeout_s=0.05)
        assert asyncio.run(opened().ask("m1-1", "", "+41790000001")) is None

    def test_nothing_personal_is_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.INFO):
            sent(message())
        assert "41790000001" not in caplog.text
        assert "swordfish" not in caplog.text + repr(opened()._settings)


def called(url: str) -> Request:
    return Request(method="GET", url=url)


def report(state: str, at: str = "1795193256", said: str = "") -> Request:
    """As Kannel calls the address it was given, with its codes filled in."""
    address = sent(message())[1].query["dlr-url"].replace("%%", "\0")
    filled = address.replace("%d", state).replace("%T", at).replace("%A", quote(said))
    return called(filled.replace("\0", "%"))


def brought(**fields: str | bytes) -> Request:
    told = {"token": SECRETS["hook_token"], "id": "8b41ece9", "from": "+41790000001", **fields}
    return called(f"{HOOK}?{urlencode(told)}")


def hear(request: Request) -> Heard:
    return opened().hear(request)


class TestHearing:
    @pytest.mark.parametrize(
        ("code", "state", "why"),
        [
            ("1", MessageState.DELIVERED, ""),
            ("2", MessageState.FAILED, "the phone did not get it (NACK/absent)"),
            ("4", MessageState.SENT, ""),
            ("8", MessageState.SENT, ""),
            ("16", MessageState.FAILED, "the network refused it (NACK/absent)"),
        ],
    )
    def test_a_report_names_the_attempt_it_is_for(
        self, code: str, state: MessageState, why: str
    ) -> None:
        (receipt,) = hear(report(code, said="NACK/absent")).receipts
        assert (receipt.key, receipt.state, receipt.why) == ("m1-1", state, why)
        assert receipt.at == datetime(2026, 11, 20, 16, 47, 36, tzinfo=UTC)

    def test_a_report_of_one_attempt_proves_nothing_about_another(self) -> None:
        good = report("1")
        assert hear(good).receipts[0].key == "m1-1"
        with pytest.raises(Forged):
            hear(called(good.url.replace("m1-1", "m2-1")))

    def test_a_state_nobody_knows_is_not_guessed(self) -> None:
        with pytest.raises(Unreadable, match="'64'"):
            hear(report("64"))

    @pytest.mark.parametrize(
        ("text", "charset"),
        [
            ("Code 4417# – grüß Gott".encode(), "UTF-8"),
            ("Code 4417# – grüß Gott".encode("utf-16-be"), "UTF-16BE"),
            ("Code 4417# – grüß Gott".encode("windows-1252"), "windows-1252"),
            ("Code 4417# – grüß Gott".encode(), ""),
        ],
    )
    def test_a_reply_is_read_in_the_letters_it_came_in(self, text: bytes, charset: str) -> None:
        (reply,) = hear(brought(text=text, charset=charset, at="1795193256")).incoming
        assert reply.text == "Code 4417# – grüß Gott"
        assert (reply.ref, reply.sender) == ("8b41ece9", "+41790000001")
        assert reply.at == datetime(2026, 11, 20, 16, 47, 36, tzinfo=UTC)

    def test_numbers_are_written_internationally_where_they_are(self) -> None:
        senders = [
            hear(brought(**{"from": written})).incoming[0].sender
            for written in ("0041790000001", "+41790000001", "0790000001")
        ]
        assert senders == ["+41790000001", "+41790000001", "0790000001"]

    def test_without_an_id_the_same_message_is_still_one(self) -> None:
        once, again, other = (
            hear(brought(id="", text=text, at="1795193256")).incoming[0].ref
            for text in ("yes", "yes", "no")
        )
        assert once == again
        assert once != other

    @pytest.mark.parametrize(
        "fields",
        [
            {"from": ""},
            {"text": b"\xff", "charset": "UTF-8"},
            {"text": "x", "charset": "idna"},
            {"text": b"\xd8", "charset": "UTF-16BE"},
        ],
    )
    def test_what_cannot_be_read_is_told(self, fields: Mapping[str, str]) -> None:
        with pytest.raises(Unreadable, match="Kannel brings a"):
            hear(brought(**fields))

    def test_nobody_else_is_believed(self) -> None:
        forgeries = [
            called(HOOK),
            brought(token="nobody-guesses-thiS", text="STOP"),
            brought(token="é", text="STOP"),
            called(f"{HOOK}?attempt=m1-1&state=1&token={SECRETS['hook_token']}"),
            called(f"{HOOK}?" + "a=b&" * 200),
        ]
        for forged in forgeries:
            with pytest.raises(Forged):
                hear(forged)

    @given(
        query=st.binary(max_size=80)
        | damaged([brought(text="Code 4417#", charset="UTF-8").url.partition("?")[2].encode()])
    )
    def test_any_query_at_all(self, query: bytes) -> None:
        url = f"{HOOK}?{query.decode('latin-1')}"
        hears_or_says_why(opened(), called(url))

    @given(
        fields=st.dictionaries(
            st.sampled_from(["from", "id", "text", "charset", "at"]), st.binary(max_size=30)
        )
    )
    def test_whatever_has_the_token_is_understood_or_unreadable(
        self, fields: dict[str, bytes]
    ) -> None:
        hears_or_says_why(opened(), brought(**fields))


@pytest.mark.parametrize(
    ("options", "secrets", "words"),
    [
        ({**OPTIONS, "url": "kannel:13013"}, SECRETS, "wants smsbox's address"),
        ({**OPTIONS, "url": "http://[::1"}, SECRETS, "wants smsbox's address"),
        ({**OPTIONS, "path": "sendsms"}, SECRETS, "wants a path"),
        ({"url": "http://127.0.0.1:1"}, SECRETS, "needs the option username"),
        (OPTIONS, {"password": "x"}, "needs the secret hook_token"),
        (OPTIONS, {"password": "x", "hook_token": "short"}, "at least 16"),
    ],
)
def test_settings_that_cannot_work_are_told_at_once(
    options: Mapping[str, str], secrets: Mapping[str, str], words: str
) -> None:
    with pytest.raises(ChannelError, match=words):
        opened(options, secrets)


def test_it_is_a_channel_plugin() -> None:
    assert isinstance(plugin, ChannelPlugin)
    assert plugin.sends
