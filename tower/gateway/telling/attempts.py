"""Attempts: how they are named, and the events that say how far they came."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from tower.domain.events import Event, MessageCancelled, MessageProgressed
from tower.domain.messages import Attempt, Message, Reach
from tower.domain.records import Actor, Subject
from tower.domain.state import State
from tower.domain.words import MessageState
from tower.gateway.deciding.verdicts import new_event
from tower.gateway.telling.sound import MOST_REASON, MOST_REF, sound
from tower.outreach.outgoing import attempt_of as named_attempt

_A_MOMENT = timedelta(milliseconds=1)
"""The least by which news is newer."""

COURIER = Actor(kind="rule", id="courier", name="Courier")
"""Who hands messages to providers."""

MOST_TRIES, MOST_BEFORE_ANOTHER = 10, 3
"""Attempts over one way where a provider has no time for us: in all, and while there is another
way to reach the customer."""


def attempt_of(state: State, key: str) -> tuple[Message, Attempt] | None:
    """The message and the attempt a key names, None where there is none."""
    named = named_attempt(key)
    message = state.messages.get(named[0]) if named else None
    if message is None or named is None:
        return None
    found = next((one for one in message.attempts if one.number == named[1]), None)
    return None if found is None else (message, found)


def subject_of(state: State, message: Message) -> Subject:
    """What events about a message are about."""
    plan = message.plan
    stop = state.stops.get(plan.stop_id) if plan else None
    return Subject(
        message_id=message.id,
        stop_id=plan.stop_id if plan else "",
        exception_id=plan.exception_id if plan else "",
        route_id=stop.route_id if stop else "",
    )


def begun(state: State, message: Message, reach: Reach, account: str, now: datetime) -> Event:
    """A new attempt begins: whoever records this may send, once."""
    attempt = Attempt(
        number=_next_number(message),
        channel=reach.channel,
        address=reach.address,
        provider=account,
        state=MessageState.SENDING,
        at=now,
    )
    return _decided(state, message, attempt, now)


def not_begun(state: State, message: Message, reach: Reach, why: str, now: datetime) -> Event:
    """A way to the customer that cannot be used, passed over for all to see."""
    attempt = Attempt(
        number=_next_number(message),
        channel=reach.channel,
        address=reach.address,
        provider="",
        state=MessageState.FAILED,
        at=now,
        why=why,
    )
    return _decided(state, message, attempt, now)


def came_to(
    state: State,
    message: Message,
    attempt: Attempt,
    outcome: MessageState,
    now: datetime,
    *,
    why: str = "",
    ref: str = "",
    again: bool = False,
) -> Event:
    """What became of an attempt, as it was learnt.

    Args:
        state: the shift.
        message: whose attempt it is.
        attempt: as far as it was known before.
        outcome: how far it came.
        now: when that was; just after what was known, where the clock was set back since.
        why: why it failed or nobody knows.
        ref: the provider's id, "" where it told none now.
        again: the same way is tried again, unless it was often enough.
    """
    at = after(attempt, now)
    known = replace(
        attempt,
        state=outcome,
        at=at,
        why=sound(why, MOST_REASON),
        provider_ref=sound(ref, MOST_REF) or attempt.provider_ref,
        again=again and tries(message, attempt) < _most_tries(message),
    )
    event = new_event(now, COURIER, subject_of(state, message), MessageProgressed(attempt=known))
    return replace(event, at=at)


def after(attempt: Attempt, now: datetime) -> datetime:
    """The present, or just after an attempt came so far: a clock may have been set back since."""
    return max(now, attempt.at + _A_MOMENT)


def given_up(state: State, message: Message, why: str, now: datetime) -> Event:
    """A message that is not sent (any more)."""
    body = MessageCancelled(version=message.version + 1, why=why)
    return new_event(now, COURIER, subject_of(state, message), body)


def tries(message: Message, attempt: Attempt) -> int:
    """Attempts over the same way, this one included."""
    return sum(one.reach == attempt.reach for one in message.attempts)


def untried(message: Message) -> list[Reach]:
    """The ways to reach the customer that were not tried, the preferred first."""
    tried = {one.reach for one in message.attempts}
    return [one for one in message.plan.reaches if one not in tried] if message.plan else []


def back_off(first_s: float, failures: int, longest_s: float = 600.0) -> timedelta:
    """How long to wait after so many failures in a row."""
    return timedelta(seconds=min(longest_s, first_s * 2 ** min(failures - 1, 20)))


def _most_tries(message: Message) -> int:
    return MOST_BEFORE_ANOTHER if untried(message) else MOST_TRIES


def _next_number(message: Message) -> int:
    return max((one.number for one in message.attempts), default=0) + 1


def _decided(state: State, message: Message, attempt: Attempt, now: datetime) -> Event:
    body = MessageProgressed(attempt=attempt, version=message.version + 1)
    return new_event(now, COURIER, subject_of(state, message), body)
