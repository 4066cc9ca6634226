"""What Kannel tells by itself: delivery reports, and what customers wrote.

Source: Kannel's user guide, "Delivery reports" and "sms-service". Kannel signs nothing. A report
has a proof made from the attempt and the account's token; the address of incoming messages, which
stands in Kannel's own configuration, has the token itself:

    get-url = "https://…/hook?token=…&id=%I&from=%p&to=%P&text=%b&charset=%C&at=%T"
"""

import hmac
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from plugins.kannel.asking import proof
from tower.domain.identity import subject_id
from tower.domain.moments import utc
from tower.domain.words import Channel as Medium
from tower.domain.words import MessageState
from tower.outreach.port import Forged, Heard, Incoming, Receipt, Request, Unreadable
from tower.outreach.provider import short

_STATES = {
    "1": MessageState.DELIVERED,
    "2": MessageState.FAILED,
    "4": MessageState.SENT,
    "8": MessageState.SENT,
    "16": MessageState.FAILED,
}
_REASONS = {"2": "the phone did not get it", "16": "the network refused it"}
_CHARSETS = ("UTF-8", "UTF-16BE", "ISO-8859-1", "WINDOWS-1252", "US-ASCII")
_MOST_FIELDS = 50
_NOTHING_TO_SAY = b"\n"  # Kannel takes an answer without a body for a failure

Fields = Mapping[str, bytes]
"""The query as it came: the text of an incoming message is not always UTF-8."""


def hear(request: Request, token: str) -> Heard:
    """Read one request of Kannel's.

    Raises:
        Forged: it has neither the proof of an attempt nor the token.
        Unreadable: it has, and tells nothing we know.
    """
    fields = _fields(request)
    if "attempt" in fields:
        key = _text(fields, "attempt")
        _only(_same(_text(fields, "proof"), proof(key, token)))
        return Heard(receipts=(_receipt(fields, key),), answer=_NOTHING_TO_SAY)
    _only(_same(_text(fields, "token"), token))
    return Heard(incoming=(_incoming(fields),), answer=_NOTHING_TO_SAY)


def _fields(request: Request) -> Fields:
    query = urlsplit(request.url).query
    try:
        found = parse_qsl(
            query, keep_blank_values=True, encoding="latin-1", max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise Forged("The request has more fields than Kannel ever sends.") from None
    return {name: value.encode("latin-1", errors="replace") for name, value in found}


def _text(fields: Fields, name: str) -> str:
    return fields.get(name, b"").decode(errors="replace")


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def _only(is_ours: bool) -> None:
    if not is_ours:
        raise Forged("The request has not the token of this Kannel account.")


def _receipt(fields: Fields, key: str) -> Receipt:
    code = _text(fields, "state")
    state = _STATES.get(code)
    if state is None:
        raise Unreadable(short(f"Kannel reports a state nobody knows: {code!r}"))
    said = short(_text(fields, "said"))
    reason = _REASONS.get(code, "")
    why = f"{reason} ({said})" if reason and said else reason
    return Receipt(key=key, state=state, at=_moment(fields), why=why)


def _incoming(fields: Fields) -> Incoming:
    sender = _number(_text(fields, "from"))
    if not sender:
        raise Unreadable("Kannel brings a message that says nothing of its sender")
    words = _words(fields)
    # Without Kannel's own id, what makes a message itself is who wrote what when.
    ref = _text(fields, "id") or subject_id("kannel", sender, _text(fields, "at"), words)
    return Incoming(ref=ref, medium=Medium.SMS, sender=sender, text=words, at=_moment(fields))


def _words(fields: Fields) -> str:
    charset = _text(fields, "charset").upper() or "UTF-8"
    if charset not in _CHARSETS:
        raise Unreadable(short(f"Kannel brings a text in {charset}, which is not read here"))
    try:
        return fields.get("text", b"").decode(charset)
    except UnicodeDecodeError:
        raise Unreadable(f"Kannel brings a text that is not {charset}") from None


def _number(written: str) -> str:
    """E.164 where Kannel wrote the number internationally; else as it wrote it."""
    number = written.strip()
    return f"+{number[2:]}" if number.startswith("00") else number


def _moment(fields: Fields) -> datetime | None:
    try:
        return utc(int(_text(fields, "at")))
    except (ValueError, OverflowError, OSError):
        return None
