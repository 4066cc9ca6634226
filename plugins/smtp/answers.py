"""What a customer answered by e-mail, without what they quoted of ours."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from plugins.smtp.account import SmtpSettings
from plugins.smtp.addresses import is_address, keys_in
from plugins.smtp.hypertext import text_of_html
from plugins.smtp.quotation import without_quotation
from tower.domain.words import Channel as Medium
from tower.outreach.port import Incoming, Unreadable

_LONGEST = 10_000
_LONGEST_REF = 200
_BULK = ("bulk", "junk", "list", "auto_reply")
_MACHINES = ("mailer-daemon", "postmaster", "no-reply", "noreply")


def automatic(letter: EmailMessage, settings: SmtpSettings) -> str:
    """Why a letter was written by a machine (RFC 3834), "" where a person seems to have."""
    submitted = _header(letter, "Auto-Submitted").partition(";")[0].lower()
    sender = _sender(letter)
    if submitted not in ("", "no") or letter["X-Autoreply"] or letter["X-Autorespond"]:
        return "it is an automatic reply"
    if _header(letter, "Precedence").lower() in _BULK or letter["List-Id"]:
        return "it comes from a mailing list or a machine"
    if _header(letter, "Return-Path") == "<>" or sender.partition("@")[0] in _MACHINES:
        return "it comes from a machine"
    if sender == settings.sender.lower():
        return "it comes from our own address"
    return ""


def incoming_of(letter: EmailMessage, domain: str) -> Incoming:
    """The answer as a conversation shows it.

    Raises:
        Unreadable: it does not say who wrote it.
    """
    sender = _sender(letter)
    if not is_address(sender):
        raise Unreadable("a letter does not say who wrote it")
    return Incoming(
        ref=_ref(letter),
        medium=Medium.EMAIL,
        sender=sender,
        text=_words(letter),
        answers=_answered(letter, domain),
        at=_moment(_header(letter, "Date")),
    )


def _header(letter: EmailMessage, name: str) -> str:
    return str(letter.get(name, "")).strip()


def _sender(letter: EmailMessage) -> str:
    header = letter["From"]
    addresses = getattr(header, "addresses", ())
    return str(addresses[0].addr_spec).lower() if addresses else ""


def _ref(letter: EmailMessage) -> str:
    """The letter's own id; the same letter passed on twice has the same."""
    identity = "".join(_header(letter, "Message-ID").split())
    if 0 < len(identity) <= _LONGEST_REF:
        return identity
    return hashlib.blake2b(bytes(letter), digest_size=16).hexdigest()


def _answered(letter: EmailMessage, domain: str) -> str:
    """The newest letter of ours it refers to: the one it replies to, else the last referred to."""
    replied = keys_in(_header(letter, "In-Reply-To"), domain)
    referred = keys_in(_header(letter, "References"), domain)
    return (replied or referred[-1:] or [""])[0]


def _words(letter: EmailMessage) -> str:
    body = letter.get_body(("plain", "html"))
    said = without_quotation(_text(body)) if isinstance(body, EmailMessage) else ""
    # A letter of nothing but a subject says it there: STOP is often sent so.
    words = said or _header(letter, "Subject")
    attached = sum(1 for _ in _attachments(letter))
    if attached:
        words = f"{words}\n({attached} attached)".strip()
    return words[:_LONGEST]


def _attachments(letter: EmailMessage) -> Iterator[object]:
    yield from letter.iter_attachments()


def _text(body: EmailMessage) -> str:
    try:
        text = str(body.get_content())
    except LookupError:  # a charset nobody has
        payload = body.get_payload(decode=True)
        text = payload.decode(errors="replace") if isinstance(payload, bytes) else ""
    return text_of_html(text) if body.get_content_subtype() == "html" else text


def _moment(written: str) -> datetime | None:
    """When it was written, by the customer's own clock."""
    try:
        at = parsedate_to_datetime(written)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
