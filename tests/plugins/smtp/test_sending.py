"""E-mail is sent to a real SMTP server, and the letter it took is read."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path

import pytest
import trustme
from aiosmtpd.smtp import Envelope
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from plugins.smtp import SmtpChannel, plugin
from plugins.smtp.letter import letter_of
from tests.carriers.shift import NOW, StandingClock
from tests.plugins.smtp.mail_server import NAME, PASSWORD, MailServer, written_ca
from tower.domain.words import Channel as Medium
from tower.outreach.port import (
    Attachment,
    ChannelConfig,
    ChannelError,
    ChannelPlugin,
    NotTaken,
    Outgoing,
    Taken,
    Unsure,
)

SENDER = "parcels@acme.example"
SECRETS = {"password": PASSWORD, "hook_token": "nobody-guesses-this"}
PLAIN = {"host": "127.0.0.1", "sender": SENDER, "security": "none"}
HEADERS = {
    *("from", "to", "subject", "date", "message-id", "content-language", "content-type"),
    *("mime-version", "auto-submitted", "x-auto-response-suppress"),
    *("list-unsubscribe", "list-unsubscribe-post"),
}
HTML = "<!doctype html><html><body><p>Ihr Paket kommt um <b>14:40</b>.</p></body></html>"


def opened(
    options: Mapping[str, str] = PLAIN,
    secrets: Mapping[str, str] = SECRETS,
    timeout_s: float = 10.0,
) -> SmtpChannel:
    config = ChannelConfig(
        name="mail",
        options=options,
        secret=lambda name: secrets.get(name, ""),
        clock=StandingClock(),
        timeout_s=timeout_s,
    )
    return plugin.open(config)


def message(
    *,
    to: str = "kim@customer.example",
    text: str = "Ihr Paket kommt um 14:40.\n.\nGrüße, Acme",
    subject: str = "Ihr Paket kommt später – 14:40",
    sender: str = 'Acme "Parcels", Ltd.',
    reply_to: str = "",
    html: str = HTML,
) -> Outgoing:
    return Outgoing(
        key="m1-1",
        message_id="m1",
        medium=Medium.EMAIL,
        to=to,
        text=text,
        language="de",
        subject=subject,
        html=html,
        sender=sender,
        reply_to=reply_to,
        status_url="https://tower.example.org/v1/channels/mail/hook",
    )


def sent(
    outgoing: Outgoing,
    server: MailServer | None = None,
    options: Mapping[str, str] = PLAIN,
    ca: trustme.CA | None = None,
    timeout_s: float = 10.0,
) -> tuple[Taken, Envelope, EmailMessage]:
    async def play() -> tuple[Taken, Envelope, EmailMessage]:
        mail = server or MailServer()
        async with mail.running(options["security"], ca):
            channel = opened({**options, "port": str(mail.port)}, timeout_s=timeout_s)
            taken = await channel.send(outgoing)
            await channel.close()
            envelope, letter = mail.letters[0]
            return taken, envelope, letter

    return asyncio.run(play())


def part(letter: EmailMessage, kind: str) -> str:
    body = letter.get_body((kind,))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


class TestTheLetter:
    def test_it_says_in_text_and_html_what_the_message_says(self) -> None:
        taken, envelope, letter = sent(message())
        assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, ["kim@customer.example"])
        assert letter["From"] == '"Acme \\"Parcels\\", Ltd." <parcels@acme.example>'
        assert letter["To"] == "kim@customer.example"
        assert letter["Subject"] == "Ihr Paket kommt später – 14:40"
        assert letter["Date"].datetime == datetime(2026, 3, 2, 14, 23, tzinfo=UTC)
        assert letter.get_content_type() == "multipart/alternative"
        # A line with nothing but a full stop would end the letter too early.
        assert part(letter, "plain").splitlines() == [
            "Ihr Paket kommt um 14:40.",
            ".",
            "Grüße, Acme",
        ]
        assert part(letter, "html").strip() == HTML
        assert letter["Content-Language"] == "de"
        assert taken == Taken(ref="<tower.m1-1@acme.example>")
        assert letter["Message-ID"] == taken.ref

    def test_it_says_that_a_machine_wrote_it_and_how_to_get_no_more(self) -> None:
        _, _, letter = sent(message(reply_to="hello@acme.example"))
        assert letter["Auto-Submitted"] == "auto-generated"
        assert letter["Reply-To"] == "hello@acme.example"
        one_click, by_mail = str(letter["List-Unsubscribe"]).split(", ")
        assert one_click.startswith("<https://tower.example.org/v1/channels/mail/hook?unsubscribe=")
        assert by_mail == "<mailto:hello@acme.example?subject=STOP>"
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    def test_a_long_link_to_unsubscribe_is_written_as_it_is(self) -> None:
        long = f"{'a-very-long-name' * 4}@{'customer' * 7}.example"
        _, envelope, letter = sent(message(to=long))
        content = envelope.content
        assert isinstance(content, bytes)
        one_click, by_mail = str(letter["List-Unsubscribe"]).split(", ")
        assert len(one_click) > 200
        assert f"List-Unsubscribe: {one_click},\r\n {by_mail}\r\n".encode() in content
        assert max(len(line) for line in content.split(b"\r\n")) < 998

    def test_names_and_subjects_in_any_alphabet_stay_readable(self) -> None:
        words = "Ünïcode Zustellung und Rücknahme 配達 " * 4
        _, envelope, letter = sent(message(subject=words, sender=words))
        assert isinstance(envelope.content, bytes)
        assert envelope.content.isascii()
        assert letter["Subject"] == words.strip()
        raw = message_from_bytes(envelope.content)["From"]  # decoded by the letter of RFC 2047
        assert str(make_header(decode_header(raw))) == f"{words.strip()} <{SENDER}>"

    def test_what_would_be_sent_can_be_read(self) -> None:
        shown = opened().show(message()).splitlines()
        assert "Subject: Ihr Paket kommt später – 14:40" in shown
        assert "To: kim@customer.example" in shown
        assert "Grüße, Acme" in shown

    def test_words_alone_are_a_letter_of_one_part(self) -> None:
        _, _, letter = sent(message(html=""))
        assert letter.get_content_type() == "text/plain"

    def test_a_file_goes_along_with_the_words_and_the_page(self) -> None:
        file = Attachment(
            name="März.pdf", media="application/pdf", content=b"%PDF-1.4\r\n.\r\n\xff"
        )
        _, _, letter = sent(structs.replace(message(), attachments=(file,)))
        assert letter.get_content_type() == "multipart/mixed"
        assert part(letter, "plain").splitlines()[0] == "Ihr Paket kommt um 14:40."
        assert part(letter, "html").strip() == HTML
        (attached,) = letter.iter_attachments()
        assert attached.get_filename() == "März.pdf"
        assert attached.get_content_type() == "application/pdf"
        assert attached.get_content() == file.content
        assert letter["Content-Language"] == "de"

    def test_nobody_is_offered_to_unsubscribe_from_what_a_colleague_set_up(self) -> None:
        _, _, letter = sent(structs.replace(message(), is_internal=True))
        assert letter["List-Unsubscribe"] is None
        assert letter["List-Unsubscribe-Post"] is None
        assert letter["Auto-Submitted"] == "auto-generated"

    def test_bounces_and_answers_go_where_the_settings_say(self) -> None:
        options = {
            **PLAIN,
            "bounces_to": "bounces@acme.example",
            "reply_to": "answers@acme.example",
        }
        _, envelope, letter = sent(message(), options=options)
        assert envelope.mail_from == "bounces@acme.example"
        assert letter["Reply-To"] == "answers@acme.example"

    @pytest.mark.parametrize(
        "evil", ["\r\nBcc: all@customer.example", "\nX: y", "\u2028z\x00", "\r"]
    )
    def test_nothing_that_is_filled_in_becomes_a_header(self, evil: str) -> None:
        outgoing = message(
            subject=f"Late{evil}", sender=f"Acme{evil}", text=f"Late{evil}", reply_to=f"a@b{evil}"
        )
        _, envelope, letter = sent(outgoing)
        assert envelope.rcpt_tos == ["kim@customer.example"]
        assert letter["Bcc"] is None
        assert letter["X"] is None
        assert letter["Reply-To"] is None
        assert letter["From"].addresses[0].addr_spec == SENDER

    @given(
        words=st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
        name=st.text(st.characters(exclude_categories=["Cs"]), max_size=120),
    )
    def test_whatever_is_filled_in_the_letter_has_our_headers_and_no_others(
        self, words: str, name: str
    ) -> None:
        outgoing = message(subject=words, sender=name, text=words, reply_to=name)
        content = letter_of(outgoing, opened()._settings, NOW).content
        letter = message_from_bytes(content)
        assert {header.lower() for header in letter} - {"reply-to"} == HEADERS
        head = content.partition(b"\r\n\r\n")[0]
        assert max(len(line) for line in head.split(b"\r\n")) < 998
        assert letter["To"] == "kim@customer.example"

    @pytest.mark.parametrize(
        "to",
        [
            "",
            "kim",
            "kim@",
            "a b@c.example",
            "kim@c.example\r\nRCPT TO:<x@y>",
            "<k@c.example>",
            "é@c",
        ],
    )
    def test_what_is_no_address_is_not_sent_to(self, to: str) -> None:
        with pytest.raises(NotTaken, match="no e-mail address") as told:
            asyncio.run(opened().send(message(to=to)))
        assert not told.value.again


class TestTheServer:
    @pytest.mark.parametrize("security", ["starttls", "tls"])
    def test_the_letter_and_the_password_go_encrypted(self, security: str, tmp_path: Path) -> None:
        ca, trusted = written_ca(tmp_path)
        server = MailServer()
        options = {**PLAIN, "security": security, "ca_file": trusted, "username": NAME}
        sent(message(), server, options, ca)
        assert server.signed_in == [NAME]
        assert server.were_encrypted == [True]

    def test_a_server_nobody_vouches_for_gets_nothing(self, tmp_path: Path) -> None:
        ca, _ = written_ca(tmp_path)
        server = MailServer()
        for security in ("starttls", "tls"):
            with pytest.raises(NotTaken, match=r"(?i)certificate"):
                sent(message(), server, {**PLAIN, "security": security, "username": NAME}, ca)
        assert server.letters == []
        assert server.signed_in == []

    def test_a_server_without_starttls_gets_nothing(self) -> None:
        server = MailServer()

        async def play() -> None:
            async with server.running("none", None):
                options = {**PLAIN, "security": "starttls", "port": str(server.port)}
                await opened(options).send(message())

        with pytest.raises(NotTaken, match="STARTTLS") as told:
            asyncio.run(play())
        assert not told.value.again
        assert server.letters == []

    def test_a_wrong_password_is_told_and_tried_again_until_it_is_put_right(
        self, tmp_path: Path
    ) -> None:
        ca, trusted = written_ca(tmp_path)

        async def play() -> None:
            server = MailServer()
            async with server.running("starttls", ca):
                options = {
                    **PLAIN,
                    "security": "starttls",
                    "ca_file": trusted,
                    "username": NAME,
                    "port": str(server.port),
                }
                await opened(options, {"password": "wrong"}).send(message())

        with pytest.raises(NotTaken, match="does not accept the account's username") as told:
            asyncio.run(play())
        assert told.value.again

    @pytest.mark.parametrize("command", ["RCPT", "DATA"])
    @pytest.mark.parametrize(
        ("answer", "again"),
        [
            ("450 4.7.1 Greylisted", True),
            ("451 4.3.0 Try later", True),
            ("550 5.1.1 No such user", False),
            ("554 5.7.1 Refused as spam", False),
        ],
    )
    def test_what_the_server_refuses_is_not_taken(
        self, command: str, answer: str, again: bool
    ) -> None:
        with pytest.raises(NotTaken, match=f"said {answer[:3]}: {answer[4:]}") as told:
            sent(message(), MailServer(answers={command: answer}))
        assert told.value.again is again

    def test_a_server_that_can_is_told_the_attempts_name_for_its_bounces(self) -> None:
        server = MailServer(names_bounces=True)
        sent(message(), server)
        assert server.envelopes == [
            "FROM:<parcels@acme.example> RET=HDRS ENVID=m1-1",
            "TO:<kim@customer.example> NOTIFY=FAILURE",
        ]

    def test_a_connection_lost_after_the_letter_leaves_it_open(self) -> None:
        server = MailServer(hangs_up=True)
        with pytest.raises(Unsure, match="did not answer"):
            sent(message(), server)
        assert len(server.letters) == 1

    def test_a_server_silent_after_the_letter_leaves_it_open(self) -> None:
        server = MailServer(is_silent=True)
        with pytest.raises(Unsure, match="did not answer"):
            sent(message(), server, timeout_s=0.2)
        assert len(server.letters) == 1

    def test_a_server_that_is_not_there_has_taken_nothing(self) -> None:
        async def play() -> None:
            async with MailServer().running("none", None) as server:
                gone = server.port
            await opened({**PLAIN, "port": str(gone)}).send(message())

        with pytest.raises(NotTaken, match="cannot be reached") as told:
            asyncio.run(play())
        assert told.value.again

    def test_it_cannot_be_asked_and_logs_nothing_personal(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert asyncio.run(opened().ask("m1-1", "", "kim@customer.example")) is None
        with caplog.at_level(logging.INFO):
            sent(message())
        ours = [record for record in caplog.records if not record.name.startswith("mail.log")]
        assert "kim@customer.example" not in " ".join(record.getMessage() for record in ours)
        assert PASSWORD not in repr(opened()._settings)


@pytest.mark.parametrize(
    ("options", "secrets", "words"),
    [
        ({"host": "mail.example.org"}, SECRETS, "needs the option sender"),
        ({**PLAIN, "sender": "Acme <a@b>"}, SECRETS, "sender wants an address"),
        ({**PLAIN, "host": "mail.example.org"}, SECRETS, "only go to a server on this computer"),
        ({**PLAIN, "security": "ssl"}, SECRETS, "security"),
        ({**PLAIN, "port": "smtp"}, SECRETS, "port"),
        ({**PLAIN, "username": "tower"}, {}, "needs the secret password"),
        ({**PLAIN, "ca_file": "/no/such.pem"}, SECRETS, "names no file"),
        (PLAIN, {"hook_token": "short"}, "at least 16"),
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
