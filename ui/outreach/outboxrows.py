"""Messages, replies and what was barred as rows of the outbox. Knows no widgets."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from tower.domain.events import Event, MessageBarred
from tower.domain.messages import Message, Reply
from tower.domain.words import MessageState
from ui.outreach.phrases import joined, on_one_line
from ui.outreach.thread import message_line, reply_line
from ui.session import Session


class Group(StrEnum):
    """What the outbox may be narrowed to; the value is the word in the menu."""

    ALL = "All"
    WAITING = "Waiting"
    UNKNOWN = "Unknown"
    FAILED = "Failed"
    NOT_SENT = "Not sent"
    DELIVERED = "Sent and delivered"
    BARRED = "Not allowed"
    REPLIES = "Replies"
    STRANGERS = "Nobody's stop"


_GROUPS = {
    MessageState.QUEUED: Group.WAITING,
    MessageState.SENDING: Group.WAITING,
    MessageState.UNKNOWN: Group.UNKNOWN,
    MessageState.FAILED: Group.FAILED,
    MessageState.NOT_SENT: Group.NOT_SENT,
    MessageState.SENT: Group.DELIVERED,
    MessageState.DELIVERED: Group.DELIVERED,
    MessageState.READ: Group.DELIVERED,
    MessageState.CANCELLED: Group.FAILED,
}


class OutboxRow(NamedTuple):
    """A row of the outbox.

    Attributes:
        id: of the message, the reply, or the event that barred a message.
        who: `Stop 18 · Almacén Doña Rosa`, or the address of somebody nobody knows.
        words: what was said.
        standing: how it fared.
        tone: colour of that.
        groups: what the row is shown under, besides all.
        is_message: it has a rendering, and perhaps something to be decided.
        is_unread: a reply nobody has read.
    """

    id: str
    at: datetime
    who: str
    words: str
    standing: str
    tone: str
    groups: tuple[Group, ...]
    stop_id: str = ""
    exception_id: str = ""
    is_message: bool = False
    is_unread: bool = False


def newest_first(row: OutboxRow) -> tuple[float, str]:
    """Sorts the outbox."""
    return -row.at.timestamp(), row.id


def read_message(session: Session, message: Message) -> OutboxRow | None:
    """A message as a row; None before it was said what it says."""
    plan = message.plan
    if plan is None:
        return None
    line = message_line(session, message)
    return OutboxRow(
        id=message.id,
        at=line.at,
        who=who_words(session, plan.stop_id),
        words=on_one_line(line.words, 300),
        standing=line.caption,
        tone=line.tone,
        groups=(_GROUPS[message.state],),
        stop_id=plan.stop_id,
        exception_id=plan.exception_id,
        is_message=True,
    )


def read_reply(session: Session, reply: Reply) -> OutboxRow:
    """A reply as a row."""
    line = reply_line(session, reply)
    known = bool(reply.stop_id)
    return OutboxRow(
        id=reply.id,
        at=reply.at,
        who=who_words(session, reply.stop_id) if known else on_one_line(reply.address),
        words=on_one_line(reply.words, 300),
        standing=joined(line.caption, line.done, "" if known else "nobody's stop"),
        tone="accent" if line.is_unread else "muted",
        groups=(Group.REPLIES,) if known else (Group.REPLIES, Group.STRANGERS),
        stop_id=reply.stop_id,
        exception_id=reply.exception_id,
        is_unread=line.is_unread,
    )


def read_barred(session: Session, event: Event, body: MessageBarred) -> OutboxRow:
    """A message the policy forbade as a row."""
    who = event.actor.name or event.actor.id
    return OutboxRow(
        id=event.id,
        at=event.at,
        who=who_words(session, event.subject.stop_id),
        words=body.template.replace("_", " ") or "their own words",
        standing=joined(f"not allowed: {body.why}", who),
        tone="late",
        groups=(Group.BARRED,),
        stop_id=event.subject.stop_id,
        exception_id=event.subject.exception_id,
    )


def who_words(session: Session, stop_id: str) -> str:
    """A customer as people call them: `Stop 18 · Almacén Doña Rosa`."""
    stop = session.state.stops.get(stop_id)
    number = session.links.number_of_stop.get(stop_id)
    name = stop.plan.customer or stop.plan.reference if stop and stop.plan else ""
    return joined(f"Stop {number}" if number else "Stop", on_one_line(name))
