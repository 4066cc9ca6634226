"""What was said with the customer of a stop, line by line. Knows no widgets."""

from datetime import datetime
from typing import NamedTuple

from msgspec.structs import asdict

from tower.domain.messages import Message, Reply
from tower.domain.records import Contact, Stop, StopChanges
from tower.domain.state import Changed, State
from tower.domain.words import Intent, MessageState
from tower.outreach.conversation import Said, thread
from tower.outreach.deeds import Deed, deeds
from ui.outreach.phrases import CHANNEL_WORDS, TONES, joined, standing_words
from ui.session import Session

CHOICES = {
    "again": "Send again",
    "leave": "Leave it as it is",
    "cancel": "Do not send it",
    "stop": "They want no more messages here",
    "start": "They want messages here again",
}
"""What a person may decide about a message, or write down about an address, in words."""


class Line(NamedTuple):
    """One thing that was said.

    Attributes:
        id: of the message, reply or contact.
        is_ours: we said it.
        caption: how and when, and how it fared.
        tone: colour of the caption.
        is_unread: nobody of the room has read it.
        done: what was done about it, and by whom.
        holds: what was done was not taken back.
        choices: what may be decided about a message, names of `CHOICES`.
        deeds: what one click would do about a reply.
    """

    id: str
    at: datetime
    is_ours: bool
    words: str
    caption: str
    tone: str = "muted"
    is_unread: bool = False
    done: str = ""
    holds: bool = True
    choices: tuple[str, ...] = ()
    deeds: tuple[Deed, ...] = ()


def thread_lines(session: Session, stop_id: str) -> tuple[Line, ...]:
    """What was said about a stop, in the order it was said."""
    return tuple(_line(session, said) for said in thread(session.state, stop_id))


def stop_of(state: State, changed: Changed) -> str | None:
    """The stop in whose conversation a changed record is seen; None for none."""
    match changed.table:
        case "stops":
            return changed.id
        case "messages":
            message = state.messages.get(changed.id)
            return message.plan.stop_id if message and message.plan else None
        case "replies" | "seen":
            reply = state.replies.get(changed.id)
            return reply.stop_id if reply else None
        case "contacts":
            contact = state.contacts.get(changed.id)
            return contact.stop_id if contact else None
        case "consents":
            wrote = (one for one in state.replies.values() if one.address == changed.id)
            return next((one.stop_id for one in wrote if _consent_of(one) is not None), None)
    return None


def _line(session: Session, said: Said) -> Line:
    if isinstance(said, Message):
        return message_line(session, said)
    return reply_line(session, said) if isinstance(said, Reply) else _contact_line(session, said)


def message_line(session: Session, message: Message) -> Line:
    """A message to the customer."""
    plan = message.plan
    standing = standing_words(session, message)
    return Line(
        id=message.id,
        at=message.queued_at or session.now,
        is_ours=True,
        words=plan.words if plan else "",
        caption=joined(standing, message.by),
        tone=TONES.get(message.state, "muted"),
        choices=choices_of(message),
    )


def choices_of(message: Message) -> tuple[str, ...]:
    """What a person may decide about a message as it stands."""
    match message.state:
        case MessageState.UNKNOWN:
            return ("again", "leave")
        case MessageState.FAILED:
            return ("again",)
        case MessageState.QUEUED:
            return ("cancel",)
    return ()


def address_of(state: State, id_: str) -> str:
    """Where a message went or goes first, or where a reply came from; "" where nobody knows."""
    if reply := state.replies.get(id_):
        return reply.address
    message = state.messages.get(id_)
    if message is None:
        return ""
    if message.last is not None:
        return message.last.address
    return message.plan.reaches[0].address if message.plan else ""


def consent_choices(state: State, address: str) -> tuple[str, ...]:
    """What may be written down about an address."""
    consent = state.consents.get(address)
    is_barred = consent is not None and not consent.allowed
    return (("start",) if is_barred else ("stop",)) if address else ()


def reply_line(session: Session, reply: Reply) -> Line:
    """What the customer wrote."""
    seen = session.state.seen.get(reply.id)
    offered = open_deeds(session.state, reply)
    done, holds = _done(session.state, reply, offered)
    caption = joined(
        session.clock_text(reply.at),
        f"customer by {CHANNEL_WORDS[reply.channel]}",
        "" if seen else "new",
    )
    return Line(
        id=reply.id,
        at=reply.at,
        is_ours=False,
        words=reply.words,
        caption=caption,
        is_unread=seen is None,
        done=done,
        holds=holds,
        deeds=offered,
    )


def _done(state: State, reply: Reply, offered: tuple[Deed, ...]) -> tuple[str, bool]:
    """What a person did about a reply, or its STOP or START did by itself; whether it holds."""
    seen, wants = state.seen.get(reply.id), _consent_of(reply)
    if seen is not None and seen.deed:
        return f"{seen.deed} · {seen.by}", all(deed.words != seen.deed for deed in offered)
    if wants is None:
        return "", True
    consent = state.consents.get(reply.address)
    words = (
        f"{reply.address} gets messages again" if wants else f"Nothing is sent to {reply.address}"
    )
    return words, consent is not None and consent.allowed is wants


def _consent_of(reply: Reply) -> bool | None:
    """What a reply says about being written to, None for nothing."""
    said = (one.intent for one in reply.intents if one.intent in (Intent.STOP, Intent.START))
    first = next(said, None)
    return None if first is None else first is Intent.START


def open_deeds(state: State, reply: Reply) -> tuple[Deed, ...]:
    """What may still be done about a reply: what holds already, or was answered, is left out."""
    stop, seen = state.stops.get(reply.stop_id), state.seen.get(reply.id)
    done = seen.deed if seen else ""
    return tuple(
        deed
        for deed in deeds(state, reply.stop_id, reply.intents)
        if not _holds(stop, deed.changes) and (deed.words != done or deed.changes is not None)
    )


def _holds(stop: Stop | None, changes: StopChanges | None) -> bool:
    """True where a stop is as some changes would have it."""
    if stop is None or stop.plan is None or changes is None:
        return False
    wanted = {name: value for name, value in asdict(changes).items() if value is not None}
    return all(getattr(stop.plan, name) == value for name, value in wanted.items())


def _contact_line(session: Session, contact: Contact) -> Line:
    whose = "customer" if contact.inbound else "we"
    by = f" by {contact.channel.replace('_', ' ')}" if contact.channel else ""
    return Line(
        id=contact.id,
        at=contact.at,
        is_ours=not contact.inbound,
        words=contact.words or contact.topic.replace("_", " "),
        caption=f"{session.clock_text(contact.at)} · {whose}{by}",
    )
