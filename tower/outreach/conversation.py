"""Conversations: whose a reply is, what was said about a stop, what nobody has read yet."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from tower.domain.messages import Message, Reply
from tower.domain.records import Contact, Stop, StopPlan
from tower.domain.state import State
from tower.domain.words import Channel
from tower.outreach.addresses import NoAddress
from tower.outreach.outgoing import attempt_of
from tower.outreach.reaching import address_of

Said = Message | Reply | Contact
"""One thing said in a conversation."""


class Whose(NamedTuple):
    """What a reply belongs to; "" where nobody knows."""

    stop_id: str = ""
    exception_id: str = ""
    message_id: str = ""


def whose(state: State, medium: Channel, address: str, answers: str = "") -> Whose:
    """What somebody who wrote to us speaks of.

    The message they answer, where the medium tells; else the one they were sent last at that
    address; else their stop that is still to be served, the next first, or else served last.

    Args:
        state: the shift.
        medium: how they wrote.
        address: theirs, as the channel writes it.
        answers: key of an attempt or a provider's id of it, "" where the medium does not tell.
    """
    message = _answered(state, address, answers) or _sent_last(state, medium, address)
    if message is not None and message.plan is not None:
        plan = message.plan
        exception_id = plan.exception_id or _exception_of(state, plan.stop_id)
        return Whose(plan.stop_id, exception_id, message.id)
    stop = _stop_of(state, medium, address)
    return Whose(stop.id, _exception_of(state, stop.id)) if stop else Whose()


def thread(state: State, stop_id: str) -> tuple[Said, ...]:
    """What was said between the customer of a stop and the room or the carrier, oldest first."""
    messages = (
        (message.queued_at, message.id, message)
        for message in state.messages.values()
        if message.plan is not None
        and message.plan.stop_id == stop_id
        and message.queued_at is not None
    )
    replies = ((r.at, r.id, r) for r in state.replies.values() if r.stop_id == stop_id)
    contacts = ((c.at, c.id, c) for c in state.contacts.values() if c.stop_id == stop_id)
    every: list[tuple[datetime, str, Said]] = [*messages, *replies, *contacts]
    return tuple(said for _, _, said in sorted(every, key=lambda one: one[:2]))


def unread(state: State) -> tuple[Reply, ...]:
    """The replies nobody has read, oldest first; those of unknown senders among them."""
    fresh = (reply for reply in state.replies.values() if reply.id not in state.seen)
    return tuple(sorted(fresh, key=lambda reply: (reply.at, reply.id)))


def unread_by_stop(state: State) -> Counter[str]:
    """How many replies nobody has read, by stop; under "" those of unknown senders."""
    return Counter(reply.stop_id for reply in unread(state))


def _answered(state: State, address: str, answers: str) -> Message | None:
    """The message an answer names.

    Our own keys are secrets of whoever got the message, so an answer from another address of
    theirs counts; a provider's id only counts from the address it was sent to.
    """
    if not answers:
        return None
    named = attempt_of(answers)
    if named is not None and named[0] in state.messages:
        return state.messages[named[0]]
    sent_there = (
        message
        for message in state.messages.values()
        if any((one.address, one.provider_ref) == (address, answers) for one in message.attempts)
    )
    return next(sent_there, None)


def _sent_last(state: State, medium: Channel, address: str) -> Message | None:
    """The message sent last to an address, over the same medium if there is one."""
    sent = [
        (attempt.channel is medium, attempt.at, message.id)
        for message in state.messages.values()
        for attempt in message.attempts
        if attempt.address == address and message.plan is not None
    ]
    return state.messages[max(sent)[2]] if sent else None


def _stop_of(state: State, medium: Channel, address: str) -> Stop | None:
    theirs = [stop for stop in state.stops.values() if _is_at(state, stop, medium, address)]
    still_open = [stop for stop in theirs if not stop.is_done]
    if still_open:
        return min(still_open, key=_expected)
    return max(theirs, key=lambda stop: (_finished(stop), stop.id), default=None)


def _is_at(state: State, stop: Stop, medium: Channel, address: str) -> bool:
    if stop.plan is None or not _may_be_at(stop.plan, medium, address):
        return False
    try:
        return address_of(state, stop.plan, medium) == address
    except NoAddress:
        return False


def _may_be_at(plan: StopPlan, medium: Channel, address: str) -> bool:
    """False where a glance tells it is another: reading an address takes a hundred times longer."""
    if medium is Channel.EMAIL:
        return plan.email.strip().lower().partition("@")[0] == address.partition("@")[0]
    raw = plan.phone or plan.masked_phone
    for tail in (raw[-4:], raw[-2:]):
        if tail.isascii() and tail.isdecimal():
            return address.endswith(tail)
    return True


def _expected(stop: Stop) -> tuple[bool, float, str]:
    plan = stop.plan
    at = (plan.window_start or plan.planned_at) if plan else None
    return at is None, at.timestamp() if at else 0.0, stop.id


def _finished(stop: Stop) -> float:
    return stop.finished_at.timestamp() if stop.finished_at else 0.0


def _exception_of(state: State, stop_id: str) -> str:
    """The newest open exception of a stop, else its newest; "" where it has none."""
    about = [
        (record.is_open, record.raised_at, record.id)
        for record in state.exceptions.values()
        if record.finding is not None
        and record.finding.subject.stop_id == stop_id
        and record.raised_at is not None
    ]
    return max(about)[2] if about else ""
