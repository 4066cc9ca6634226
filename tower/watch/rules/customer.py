"""The rules about customers who reached us: `wismo` (where is my order) and `customer_request`."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from tower.domain.messages import Reply
from tower.domain.words import ExceptionKind, Intent, MessageState, Severity
from tower.watch.case import StopCase
from tower.watch.found import Found

_WISMO, _REQUEST = ExceptionKind.WISMO, ExceptionKind.CUSTOMER_REQUEST

WISMO_TOPIC = "wismo"
"""The topic of contacts that ask where an order is."""

_SOON = timedelta(minutes=45)
"""A request about a stop the vehicle reaches so soon is a major matter."""

_MOST_WORDS = 160

_NOT_SAID = (MessageState.QUEUED, MessageState.FAILED, MessageState.CANCELLED)
"""What waits, perhaps until the morning, has answered nobody yet."""

_NEEDS_NOBODY = frozenset({Intent.STOP, Intent.START})


class Asked(NamedTuple):
    """A customer wants to know or to have something."""

    at: datetime
    words: str


def wismo(case: StopCase) -> Found | None:
    """A customer asks where their order is.

    Raised by a contact with the topic `wismo` or by a reply that asks where; cleared when the
    customer was written to or called after it, or the stop is done. Severity: minor.
    """
    asked = _newest(_questions(case))
    if asked is None or case.stop.is_done or _was_answered(case, asked.at):
        return None
    finding = case.finding(
        _WISMO, Severity.MINOR, "The customer asks where the order is", asked.words
    )
    return Found(
        about=case.about,
        since=asked.at,
        finding=finding,
        ripe_after=case.limits.span(_WISMO, "lasting"),
        is_fact=True,
    )


def customer_request(case: StopCase) -> Found | None:
    """A customer asks for something else.

    Raised by a contact with another topic, cleared when the customer was written to or called
    after it or the stop is done. Raised by a reply nobody has read whose stop has no other open
    exception, cleared when somebody has read it. Severity: minor, major where the vehicle is
    there within 45 minutes.
    """
    asked = _newest([*_requests(case), *_unread(case)])
    if asked is None:
        return None
    arrival = case.arrival
    is_soon = not case.stop.is_done and arrival is not None and arrival.p50 - case.now <= _SOON
    severity = Severity.MAJOR if is_soon else Severity.MINOR
    return Found(
        about=case.about,
        since=asked.at,
        finding=case.finding(_REQUEST, severity, "The customer says", asked.words),
        ripe_after=case.limits.span(_REQUEST, "lasting"),
        is_fact=True,
    )


def wismo_over(case: StopCase) -> str:
    """Why it is over."""
    asked = _newest(_questions(case))
    if asked is not None and _was_answered(case, asked.at):
        return "The customer was answered."
    return f"The stop is done: {case.stop.state}." if case.stop.is_done else "Nothing is asked."


def customer_request_over(case: StopCase) -> str:
    """Why it is over."""
    asked, wrote = _contacts(case, is_wismo=False), _written(case)
    last = _newest([*asked, *wrote])
    if last is not None and _was_answered(case, last.at):
        return "The customer was answered."
    if last in asked and case.stop.is_done:
        return f"The stop is done: {case.stop.state}."
    return "Somebody has read what the customer wrote."


def _questions(case: StopCase) -> list[Asked]:
    return [*_contacts(case, is_wismo=True), *_replies(case, is_where=True)]


def _requests(case: StopCase) -> list[Asked]:
    if case.stop.is_done:
        return []
    asked = _contacts(case, is_wismo=False)
    return [one for one in asked if not _was_answered(case, one.at)]


def _contacts(case: StopCase, *, is_wismo: bool) -> list[Asked]:
    found = case.look.index.contacts_of(case.about)
    return [
        Asked(contact.at, _short(contact.words or contact.topic))
        for contact in found
        if contact.inbound and (contact.topic == WISMO_TOPIC) == is_wismo
    ]


def _replies(case: StopCase, *, is_where: bool) -> Iterator[Asked]:
    for reply in case.look.index.replies_of(case.about):
        if _asks_where(reply) == is_where:
            yield Asked(reply.at, _short(reply.words))


def _unread(case: StopCase) -> list[Asked]:
    """Replies nobody has read, that no other exception's conversation showed first."""
    if case.known and not case.is_known(_REQUEST):
        return []
    return _written(case, is_read=False)


def _written(case: StopCase, *, is_read: bool = True) -> list[Asked]:
    """Replies somebody has to look at; all of them, or those nobody has read."""
    return [
        Asked(reply.at, _short(reply.words))
        for reply in case.look.index.replies_of(case.about)
        if (is_read or reply.id not in case.state.seen)
        and not _asks_where(reply)
        and not _is_settled(reply)
    ]


def _asks_where(reply: Reply) -> bool:
    return any(one.intent is Intent.WHERE for one in reply.intents)


def _is_settled(reply: Reply) -> bool:
    """True for STOP and its kin: they are honoured without anybody."""
    intents = {one.intent for one in reply.intents}
    return bool(intents) and intents <= _NEEDS_NOBODY


def _was_answered(case: StopCase, asked_at: datetime) -> bool:
    written = any(
        message.queued_at is not None
        and message.queued_at >= asked_at
        and message.state not in _NOT_SAID
        for message in case.look.index.messages_of(case.about)
    )
    return written or any(
        not contact.inbound and contact.at >= asked_at
        for contact in case.look.index.contacts_of(case.about)
    )


def _newest(asked: list[Asked]) -> Asked | None:
    return max(asked, default=None)


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _MOST_WORDS else f"{line[: _MOST_WORDS - 1]}…"
