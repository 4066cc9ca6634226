"""What comes back by e-mail: answers without quotations, bounces, machines, and one click."""

import html
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.smtp import SmtpChannel, hook
from plugins.smtp.account import OPTIONS, SmtpSettings
from plugins.smtp.addresses import message_id
from plugins.smtp.hypertext import text_of_html
from plugins.smtp.quotation import without_quotation
from tests.carriers.damage import damaged
from tests.carriers.shift import StandingClock
from tests.plugins.hearing import hears_or_says_why
from tests.plugins.smtp.test_sending import PLAIN, SECRETS, message, opened, sent
from tower.domain.words import Channel as Medium
from tower.domain.words import MessageState
from tower.outreach.account import account_settings
from tower.outreach.port import ChannelConfig, Forged, Heard, Incoming, Request, Unreadable

HOOK = "https://tower.example.org/v1/channels/mail/hook"
OURS = "<tower.m1-1@acme.example>"


def passed_on(letter: bytes, token: str = SECRETS["hook_token"]) -> Request:
    """As the mail server's pipe posts a letter."""
    headers = {"authorization": f"Bearer {token}", "content-type": "message/rfc822"}
    return Request(method="POST", url=HOOK, headers=headers, body=letter)


def hear(letter: EmailMessage | bytes) -> Heard:
    body = letter if isinstance(letter, bytes) else letter.as_bytes(policy=SMTP)
    return opened().hear(passed_on(body))


def answer(text: str = "Code 4417#, danke", **headers: str) -> EmailMessage:
    letter = EmailMessage()
    told = {
        "From": "Kim Example <Kim@Customer.Example>",
        "To": "parcels@acme.example",
        "Subject": "Re: Ihr Paket",
        "Date": "Mon, 02 Mar 2026 15:23:00 +0100",
        "Message-ID": "<abc@customer.example>",
        "In-Reply-To": OURS,
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    for name, value in told.items():
        letter[name] = value
    letter.set_content(text)
    return letter


def only(heard: Heard) -> Incoming:
    (incoming,) = heard.incoming
    return incoming


class TestAnswers:
    def test_an_answer_is_heard_with_what_it_answers(self) -> None:
        heard = only(hear(answer()))
        assert (heard.sender, heard.medium) == ("kim@customer.example", Medium.EMAIL)
        assert heard.text == "Code 4417#, danke"
        assert heard.answers == "m1-1"
        assert heard.at == datetime(2026, 3, 2, 14, 23, tzinfo=UTC)
        assert heard.ref == "<abc@customer.example>"

    def test_an_answer_to_a_letter_that_was_sent_names_its_attempt(self) -> None:
        _, _, letter = sent(message())
        assert only(hear(answer(In_Reply_To=str(letter["Message-ID"])))).answers == "m1-1"

    def test_the_last_letter_of_ours_in_the_thread_is_the_one_answered(self) -> None:
        thread = f"<x@y> {message_id('m0-1', 'acme.example')} {OURS} <z@customer.example>"
        letter = answer(References=thread)
        del letter["In-Reply-To"]
        assert only(hear(letter)).answers == "m1-1"

    def test_somebody_elses_thread_is_not_ours(self) -> None:
        assert only(hear(answer(In_Reply_To="<tower.m1-1@other.example>"))).answers == ""

    def test_an_answer_of_nothing_but_a_subject_says_it_there(self) -> None:
        assert only(hear(answer("\n", Subject="STOP"))).text == "STOP"

    def test_html_alone_is_read_too_and_pictures_are_counted(self) -> None:
        letter = EmailMessage()
        letter["From"] = "kim@customer.example"
        letter.set_content(
            "<html><head><style>p{}</style></head><body><p>Vor die <b>blaue</b> Tür&amp;Tor</p>"
            '<div class="gmail_quote">Am 2.3. schrieb Acme:<blockquote>Ihr Paket</blockquote></div>'
            "</body></html>",
            subtype="html",
        )
        letter.add_attachment(b"jpeg", maintype="image", subtype="jpeg", filename="door.jpg")
        assert only(hear(letter)).text == "Vor die blaue Tür&Tor\n(1 attached)"

    @pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "utf-8", "x-nobody-has"])
    def test_letters_of_every_charset_can_be_read(self, charset: str) -> None:
        encoding = "utf-8" if charset.startswith("x-") else charset
        head = f"From: kim@customer.example\r\nContent-Type: text/plain; charset={charset}\r\n\r\n"
        assert only(hear(head.encode() + "grüß Gott".encode(encoding))).text == "grüß Gott"

    def test_the_same_letter_passed_on_twice_is_one(self) -> None:
        letter = answer()
        del letter["Message-ID"]
        first, second = only(hear(letter)).ref, only(hear(letter)).ref
        assert first == second
        assert only(hear(answer("Other", Message_ID=""))).ref != first


QUOTED = "> Ihr Paket kommt um 14:40.\n> Grüße, Acme"


class TestQuotations:
    @pytest.mark.parametrize(
        "below",
        [
            f"On Mon, 2 Mar 2026 at 14:23, Acme <parcels@acme.example> wrote:\n{QUOTED}",
            f"On Mon, Mar 2, 2026 at 2:23 PM Acme <parcels@acme.example>\nwrote:\n\n{QUOTED}",
            f"Am 02.03.26 um 14:23 schrieb Acme:\n{QUOTED}",
            f"Le lun. 2 mars 2026 à 14:23, Acme <a@b.example> a écrit :\n\n{QUOTED}",
            f"Il giorno lun 2 mar 2026 alle ore 14:23 Acme <a@b.example> ha scritto:\n{QUOTED}",
            f"El lun, 2 mar 2026 a las 14:23, Acme (<a@b.example>) escribió:\n{QUOTED}",
            f"pon., 2 mar 2026 o 14:23 Acme <a@b.example> napisał(a):\n\n{QUOTED}",
            "Am 2. März 2026 um 14:23 schrieb Acme <a@b.example>:\n\nIhr Paket kommt um 14:40.",
            "-----Original Message-----\nFrom: Acme\nIhr Paket kommt um 14:40.",
            "-----Ursprüngliche Nachricht-----\nVon: Acme\nIhr Paket",
            "________________________________\nVon: Acme <a@b.example>\nIhr Paket",
            "Von: Acme <a@b.example>\nGesendet: Montag, 2. März 2026 14:23\nAn: Kim\nIhr Paket",
            "De : Acme <a@b.example>\nEnvoyé : lundi 2 mars 2026 14:23\nIhr Paket",
            "Sent from my iPhone",
            f"Von meinem iPhone gesendet\n\n> Am 02.03.2026 um 14:23 schrieb Acme:\n{QUOTED}",
            "Gesendet mit der GMX Mail App",
            "Envoyé de mon iPhone",
            "Get Outlook for Android<https://aka.example/x>",
            "--\nKim Example",
            f"-- \nKim Example\nExample Street 1\n{QUOTED}",
        ],
    )
    def test_what_is_quoted_is_cut_and_the_answer_stays(self, below: str) -> None:
        assert without_quotation(f"Code 4417#\nBitte warten.\n\n{below}") == (
            "Code 4417#\nBitte warten."
        )
        assert without_quotation(f"Code 4417#\r\n\r\n{below}".replace("\n", "\r\n")) == "Code 4417#"

    def test_answers_between_and_below_quotes_stay(self) -> None:
        text = (
            "On Mon, 2 Mar 2026, Acme <a@b.example> wrote:\n> Are you at home?\n\n"
            "Yes, until 14:\n\n> Do you have a gate code?\n\n4417#\n"
        )
        assert without_quotation(text).split() == ["Yes,", "until", "14:", "4417#"]

    @pytest.mark.parametrize(
        "text",
        [
            "From: 14:00 I am at home",
            "Am Montag um 14 bin ich da.\nDer Fahrer schrieb mir nichts",
            "The code is -4417-\nThanks -- Kim",
            "Bis 14:00:\nDanach nicht",
            "Sent from work to my neighbour, please ring there",
            "Ich habe es von meinem Nachbarn gesendet bekommen",
            "a" * 100_000,
        ],
    )
    def test_nothing_of_the_answer_itself_is_lost(self, text: str) -> None:
        assert without_quotation(text) == text


def report(action: str, status: str = "5.1.1", about: str = OURS, envelope: str = "") -> bytes:
    """As Postfix writes a bounce (RFC 3464)."""
    named = f"Original-Envelope-Id: {envelope}\r\n" if envelope else ""
    returned = f"Message-ID: {about}\r\n" if about else ""
    return (
        "From: MAILER-DAEMON@mail.example.org\r\nReturn-Path: <>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\n\r\nThis is the mail system.\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\n{named}"
        "Reporting-MTA: dns; mail.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; kim@customer.example\r\nAction: {action}\r\n"
        f"Status: {status}\r\nDiagnostic-Code: smtp; 550 no such user\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\n{returned}Subject: Ihr Paket\r\n\r\nText\r\n"
        "--b--\r\n"
    ).encode()


class TestBounces:
    def test_a_bounce_is_a_failed_receipt_with_its_reason(self) -> None:
        heard = hear(report("failed"))
        (receipt,) = heard.receipts
        assert (receipt.key, receipt.state) == ("m1-1", MessageState.FAILED)
        assert receipt.why == "the customer's mail server refused it: 5.1.1 550 no such user"
        assert heard.incoming == ()

    @pytest.mark.parametrize(
        ("action", "state"),
        [("delivered", MessageState.DELIVERED), ("delayed", MessageState.SENT)],
    )
    def test_other_reports_are_what_they_say(self, action: str, state: MessageState) -> None:
        (receipt,) = hear(report(action, "2.0.0")).receipts
        assert (receipt.key, receipt.state, receipt.why) == ("m1-1", state, "")

    def test_the_envelope_names_the_attempt_where_no_header_came_back(self) -> None:
        (receipt,) = hear(report("failed", about="", envelope="m1-1")).receipts
        assert receipt.key == "m1-1"

    def test_headers_alone_name_the_attempt_too(self) -> None:
        headers_only = report("failed").replace(b"message/rfc822", b"text/rfc822-headers")
        (receipt,) = hear(headers_only).receipts
        assert receipt.key == "m1-1"

    @pytest.mark.parametrize(
        ("letter", "words"),
        [
            (report("failed", about="<x@acme.example>"), "not ours"),
            (report("exploded"), "does not say what became"),
        ],
    )
    def test_reports_that_say_nothing_of_ours_are_told(self, letter: bytes, words: str) -> None:
        heard = hear(letter)
        assert heard.receipts == ()
        assert heard.incoming == ()
        assert words in heard.refusals[0]


class TestMachines:
    @pytest.mark.parametrize(
        ("headers", "words"),
        [
            ({"Auto-Submitted": "auto-replied (vacation)"}, "automatic reply"),
            ({"X-Autoreply": "yes"}, "automatic reply"),
            ({"Precedence": "bulk"}, "mailing list"),
            ({"List-Id": "<news.example.org>"}, "mailing list"),
            ({"Return-Path": "<>"}, "machine"),
            ({"From": "MAILER-DAEMON@customer.example"}, "machine"),
            ({"From": "parcels@acme.example"}, "our own address"),
        ],
    )
    def test_what_no_person_wrote_is_not_an_answer(
        self, headers: Mapping[str, str], words: str
    ) -> None:
        heard = hear(answer("I am away until Monday", **headers))
        assert heard.incoming == ()
        assert words in heard.refusals[0]

    def test_a_person_who_says_so_is_believed(self) -> None:
        assert only(hear(answer(**{"Auto-Submitted": "no"}))).text == "Code 4417#, danke"


def clicked(url: str, method: str = "POST") -> Request:
    body = b"List-Unsubscribe=One-Click" if method == "POST" else b""
    return Request(method=method, url=url, body=body)


CONFIG = ChannelConfig(
    name="mail", options=PLAIN, secret=lambda name: SECRETS.get(name, ""), clock=StandingClock()
)
CLICKED_AT = datetime(2026, 3, 2, 15, 23, tzinfo=UTC)


def link() -> str:
    _, _, letter = sent(message())
    return str(letter["List-Unsubscribe"]).partition(">")[0].removeprefix("<")


class TestUnsubscribing:
    def test_one_click_is_heard_as_stop(self) -> None:
        heard = opened().hear(clicked(link()))
        said = only(heard)
        assert (said.text, said.sender, said.medium) == (
            "STOP",
            "kim@customer.example",
            Medium.EMAIL,
        )
        assert said.answers == "m1-1"
        assert b"Sie bekommen keine Nachrichten mehr." in heard.answer

    def test_the_same_link_is_good_again_for_who_subscribed_meanwhile(self) -> None:
        address, settings = link(), account_settings(SmtpSettings, OPTIONS, CONFIG)
        first, repeated, later = (
            only(hook.hear(clicked(address), settings, CLICKED_AT + timedelta(seconds=wait))).ref
            for wait in (0, 2, 86_400)
        )
        assert first == repeated
        assert later != first

    def test_opening_the_link_only_asks(self) -> None:
        heard = opened().hear(clicked(link(), "GET"))
        assert heard.incoming == ()
        assert heard.media == "text/html"
        page = heard.answer.decode()
        assert "Keine Nachrichten mehr an kim@customer.example?" in html.unescape(page)
        assert '<form method="post">' in page

    def test_nobody_unsubscribes_somebody_else(self) -> None:
        good = link()
        sealed = good.rpartition("=")[2]
        other = "A" if sealed[-1] != "A" else "B"
        for forged in (good[:-1] + other, good[:-4], f"{HOOK}?unsubscribe=é", f"{good}%00"):
            with pytest.raises(Forged):
                opened().hear(clicked(forged))
        with pytest.raises(Forged):
            opened(PLAIN, {"hook_token": "another-token-of-another"}).hear(clicked(good))
        with pytest.raises(Forged):
            opened(PLAIN, {}).hear(clicked(good))

    def test_the_address_does_not_stand_in_the_link(self) -> None:
        assert "kim" not in urlsplit(link()).query


class TestHostility:
    def test_nobody_else_passes_letters_on(self) -> None:
        letter = bytes(answer())
        for request in (
            passed_on(letter, "nobody-guesses-thiS"),
            passed_on(letter, ""),
            passed_on(letter, "é"),
            Request(method="POST", url=HOOK, body=letter),
        ):
            with pytest.raises(Forged):
                opened().hear(request)
        with pytest.raises(Forged):
            opened(PLAIN, {}).hear(passed_on(letter, ""))

    @pytest.mark.parametrize("letter", [b"", b"\x00", b"From: \r\n\r\nhi", b"From: a\r\n\r\nhi"])
    def test_a_letter_from_nobody_is_unreadable(self, letter: bytes) -> None:
        with pytest.raises(Unreadable):
            hear(letter)

    @given(letter=st.binary(max_size=300) | damaged([bytes(answer(QUOTED)), report("failed")]))
    def test_any_letter_at_all(self, letter: bytes) -> None:
        hears_or_says_why(channel(), passed_on(letter))

    @given(text=st.text(alphabet="<>/-!abp &;=\"'\n", max_size=200))
    def test_any_html_at_all(self, text: str) -> None:
        assert isinstance(text_of_html(text), str)

    @pytest.mark.parametrize(
        "evil",
        [
            b"From: " + b"(" * 200_000,
            b"From: " + b'"a"@b,' * 30_000,
            b"From: k@c.example\r\nContent-Type: text/plain; " + b"a=b;" * 50_000,
            b"From: k@c.example\r\nContent-Type: text/html\r\n\r\n" + b"<!--" * 100_000,
            b"From: k@c.example\r\nContent-Type: text/html\r\n\r\n" + b"<p>" * 100_000,
            b"From: k@c.example\r\n\r\n" + b"--" * 200_000,
            b"From: k@c.example\r\n\r\n" + b"On 1 wrote\n" * 30_000,
            b"From: k@c.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
            + b"--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" * 5_000,
        ],
    )
    def test_no_letter_takes_long(self, evil: bytes) -> None:
        began = time.process_time()
        hears_or_says_why(channel(), passed_on(evil))
        assert time.process_time() - began < 5.0


def channel() -> SmtpChannel:
    return opened()
