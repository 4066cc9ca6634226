"""Messages, their states and their cost, as people say them. Knows no widgets."""

import unicodedata
from datetime import datetime

from PySide6.QtCore import QLocale

from tower.domain.messages import Attempt, Message
from tower.domain.words import Channel, MessageState
from tower.gateway.telling.answers import Preview, PreviewVerdict
from ui.session import Session

CHANNEL_WORDS = {
    Channel.SMS: "SMS",
    Channel.EMAIL: "e-mail",
    Channel.WHATSAPP: "WhatsApp",
    Channel.VOICE: "voice",
}
"""Channels as they stand within a sentence."""

STATE_WORDS = {
    MessageState.QUEUED: "waiting",
    MessageState.SENDING: "sending",
    MessageState.UNKNOWN: "unknown",
    MessageState.NOT_SENT: "not sent",
    MessageState.SENT: "sent",
    MessageState.FAILED: "failed",
    MessageState.DELIVERED: "delivered",
    MessageState.READ: "read",
    MessageState.CANCELLED: "cancelled",
}
"""How far a message has come, in a word or two."""

TONES = {
    MessageState.UNKNOWN: "at_risk",
    MessageState.NOT_SENT: "at_risk",
    MessageState.FAILED: "late",
    MessageState.DELIVERED: "on_time",
    MessageState.READ: "on_time",
}
"""Colours of the states that say how a message fared; the others are muted."""

LANGUAGES = ("de", "en", "es", "fr", "it", "pt")
"""Languages every template of ours speaks."""

_LONGEST_RUN = 24
_MINUTE_S = 60
_BREAK = "\u200b"


def capital(words: str) -> str:
    """The same with a capital at the beginning."""
    return words[:1].upper() + words[1:]


def joined(*parts: str) -> str:
    """What there is of some words, with dots between."""
    return " · ".join(part for part in parts if part)


def language_words(language: str) -> str:
    """A language as its speakers call it: `Deutsch`; the code itself where nobody knows it."""
    name = QLocale(language.replace("-", "_")).nativeLanguageName() if language else ""
    return capital(name) or language


def money_words(amount: float, currency: str) -> str:
    """`0.14 EUR`; `free` for nothing."""
    return f"{amount:.2f} {currency}" if amount else "free"


def duration_words(seconds: float) -> str:
    """`18 min`, `2 h 05`; without a sign."""
    minutes = round(abs(seconds) / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60:02d}"


def moved_words(seconds: float | None) -> str:
    """`moved by 18 min`; "" where it did not, or nobody knows."""
    return f"moved by {duration_words(seconds)}" if seconds and seconds >= _MINUTE_S else ""


def verdict_words(session: Session, preview: Preview) -> str:
    """What the policy says of a message, "" where it simply leaves."""
    if preview.verdict is PreviewVerdict.BARRED:
        return f"Cannot be sent: {preview.why or 'the policy forbids it'}"
    if preview.verdict is PreviewVerdict.HELD:
        after = preview.send_after
        until = f"Held until {when_words(session, after)}" if after else "Held"
        return f"{until}: {preview.why}" if preview.why else until
    return ""


def price_words(preview: Preview, currency: str) -> str:
    """`2 parts · 0.14 EUR`."""
    parts = f"{preview.segments} parts" if preview.segments > 1 else ""
    return joined(parts, money_words(preview.cost, currency))


def when_words(session: Session, at: datetime | None) -> str:
    """`08:00`, `tomorrow 08:00`, `23 Nov 08:00`: a day where it is another than today."""
    clock = session.clock_text(at)
    if at is None:
        return clock
    days = (session.local(at).date() - session.local(session.now).date()).days
    day = {0: "", 1: "tomorrow"}.get(days, f"{session.local(at):%d %b}")
    return f"{day} {clock}".strip()


def standing_words(session: Session, message: Message) -> str:
    """How a message stands: `WhatsApp · delivered 14:22`."""
    plan, last = message.plan, message.last
    if message.state is MessageState.CANCELLED and last is not None:
        unsure = last.state is MessageState.UNKNOWN
        was = "nobody knows whether it was sent" if unsure else STATE_WORDS[last.state]
        return joined(CHANNEL_WORDS[last.channel], f"{was}: {message.cancelled}")
    if message.state is MessageState.CANCELLED:
        return joined(_first_channel(message), f"cancelled: {message.cancelled}")
    if last is None:
        after = plan.send_after if plan else None
        is_held = after is not None and after > session.now
        held = f"held until {when_words(session, after)}" if is_held else "waiting"
        return joined(_first_channel(message), held)
    before = _tried_before(message)
    return joined(CHANNEL_WORDS[last.channel], _attempt_words(session, message, last), before)


def _first_channel(message: Message) -> str:
    reaches = message.plan.reaches if message.plan else ()
    return CHANNEL_WORDS[reaches[0].channel] if reaches else ""


def _attempt_words(session: Session, message: Message, last: Attempt) -> str:
    match last.state:
        case MessageState.UNKNOWN:
            times = sum(one.state is MessageState.UNKNOWN for one in message.attempts)
            tried = f", tried {times} times" if times > 1 else ""
            return f"nobody knows whether it was sent{_because(last.why)}{tried}"
        case MessageState.NOT_SENT:
            return "not sent, kept in the local outbox"
        case MessageState.FAILED:
            follows = "the same way" if last.again else _next_channel(message)
            return f"failed{_because(last.why)}{f', {follows} is next' if follows else ''}"
    return f"{STATE_WORDS[last.state]} {session.clock_text(last.at)}"


def _because(why: str) -> str:
    return f" ({why})" if why else ""


def _next_channel(message: Message) -> str:
    """The channel tried after a failure, "" where none is left."""
    tried = {(one.channel, one.address) for one in message.attempts}
    reaches = message.plan.reaches if message.plan else ()
    left = (one.channel for one in reaches if (one.channel, one.address) not in tried)
    follows = next(left, None)
    return CHANNEL_WORDS[follows] if follows else ""


def _tried_before(message: Message) -> str:
    """`after SMS failed`, where the last attempt went another way than the ones before."""
    last = message.attempts[-1]
    failed = {
        CHANNEL_WORDS[one.channel]: None
        for one in message.attempts[:-1]
        if one.channel is not last.channel and one.state is MessageState.FAILED
    }
    return f"after {' and '.join(failed)} failed" if failed else ""


def breakable(words: str) -> str:
    """Words that wrap anywhere: a run of letters too long for a line gets places to break at.

    Runs as long as a code or a name are left as they are, so that they can be copied.
    """
    parts = words.split(" ")
    if all(len(part) <= _LONGEST_RUN for part in parts):
        return words
    return " ".join(_broken(part) for part in parts)


def _broken(run: str) -> str:
    if len(run) <= _LONGEST_RUN:
        return run
    pieces = (run[at : at + _LONGEST_RUN] for at in range(0, len(run), _LONGEST_RUN))
    return _BREAK.join(pieces)


def on_one_line(words: str, longest: int = 60) -> str:
    """A stranger's words on one line, no longer than that, with nothing hidden in them."""
    plain = " ".join((words if words.isprintable() else _visible(words)).split())
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"


def _visible(words: str) -> str:
    """Spaces where something is that cannot be seen."""
    return "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in words)


def on_a_button(words: str, longest: int = 40) -> str:
    """The same for a plain button, where `&` would mark a key."""
    return on_one_line(words, longest).replace("&", "&&")
