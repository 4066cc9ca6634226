"""Whether a customer may be told something, how, and when: the one gate before every channel.

Asked twice: `judge` when somebody wants to say something, `gate` right before every attempt to
send it, since a customer may have opted out, or the stop been served, in between. Both are pure.
The rules and why they are so stand in docs/outreach.md.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from tower.domain.messages import Message, Reach
from tower.domain.records import Record, Stop, StopPlan
from tower.domain.state import State
from tower.domain.timezones import clock_time
from tower.domain.words import Channel, StopState
from tower.outreach.case import Expected, zone_of
from tower.outreach.history import History, counted, is_waiting
from tower.outreach.moved import moved_s
from tower.outreach.quiet import quiet_until
from tower.outreach.reaching import reaches_of, refusal_of, too_many


class Draft(Record, frozen=True, kw_only=True):
    """Something somebody wants to say, as far as the policy cares.

    Attributes:
        topic: what it is about; a template declares it.
        is_notice: it tells that an arrival moved.
        is_free: its words are no template's.
        after: outcomes of the stop after which it still makes sense.
        channel: the only channel to use, None for those the customer prefers.
        expires_at: it makes no sense any more after that, UTC.
    """

    stop_id: str
    exception_id: str = ""
    topic: str = ""
    is_notice: bool = False
    is_free: bool = False
    after: tuple[StopState, ...] = ()
    channel: Channel | None = None
    expires_at: datetime | None = None


class Allowed(NamedTuple):
    """It may be said.

    Attributes:
        reaches: the ways to reach the customer, in the order they are tried.
        send_after: not before then, UTC; None for at once.
        held: why not at once, in words; "" for at once.
    """

    reaches: tuple[Reach, ...]
    send_after: datetime | None = None
    held: str = ""


class Barred(NamedTuple):
    """It may not be said; the words say why."""

    why: str


class Clear(NamedTuple):
    """The attempt may be made."""


class Hold(NamedTuple):
    """Not yet: ask again at `until`, UTC."""

    until: datetime
    why: str


class Bar(NamedTuple):
    """Not at all.

    Attributes:
        whole: nothing of this message may be sent any more; else only not this way.
    """

    why: str
    whole: bool = True


def judge(
    state: State,
    draft: Draft,
    now: datetime,
    arrival: Expected | None = None,
    history: History | None = None,
) -> Allowed | Barred:
    """Whether something may be said to the customer of a stop, when somebody wants to.

    Args:
        state: the shift.
        draft: what is to be said.
        now: the present, UTC.
        arrival: when the vehicle is expected; notices need it.
        history: made from the same state, where many drafts are judged at once.
    """
    stop = state.stops.get(draft.stop_id)
    if stop is None or stop.plan is None:
        return Barred("The stop is not planned: nobody knows its customer.")
    history = history or History(state)
    why = (
        _done(stop, draft.after)
        or (_there_already(stop) if draft.is_notice else "")
        or _said_already(state, draft, history, now)
        or _not_moved(state, draft, arrival, history, now)
    )
    if why:
        return Barred(why)
    reaches, refusals = reaches_of(state, stop.plan, draft.channel, history, now, draft.is_free)
    if not reaches:
        return Barred(_sentence("; ".join(refusals)))
    return _timed(state, stop.plan, reaches, draft, now)


def gate(
    state: State,
    message: Message,
    reach: Reach,
    now: datetime,
    number: int | None = None,
    history: History | None = None,
) -> Clear | Hold | Bar:
    """Whether an attempt to send a message may be made now.

    Args:
        state: the shift as it is now.
        message: what is to be sent.
        reach: the way it is to go.
        now: the present, UTC.
        number: of the attempt; None for the next one.
        history: made from the same state, where many are asked for at once.
    """
    plan = message.plan
    if plan is None:
        return Bar("What it says is not known.")
    if message.cancelled:
        return Bar(message.cancelled)
    stop = state.stops.get(plan.stop_id)
    if stop is None or stop.plan is None:
        return Bar("The stop is not planned any more.")
    history = history or History(state, only=(plan.stop_id, reach.address))
    why = _too_late(state, stop, message, now) or _said_otherwise(state, message, history, now)
    if why:
        return Bar(why)
    own = (message.id, number or len(message.attempts) + 1)
    refusal = refusal_of(
        state, stop.plan, reach, history, now, is_free=not plan.parameters
    ) or too_many(state, reach, history, now, own)
    if refusal:
        return Bar(_sentence(refusal), whole=False)
    return _in_time(state, stop.plan, message, now)


def _done(stop: Stop, after: tuple[StopState, ...]) -> str:
    if not stop.is_done or stop.state in after:
        return ""
    return f"The stop is {stop.state}: this makes no sense any more."


def _said_already(state: State, draft: Draft, history: History, now: datetime) -> str:
    others = history.of_cause(draft.stop_id, draft.exception_id, draft.topic)
    if any(is_waiting(message) for message in others):
        return "A message about this is waiting to be sent already."
    return _told_lately(state, draft.stop_id, others, history, now, now)


def _said_otherwise(state: State, message: Message, history: History, now: datetime) -> str:
    plan = message.plan
    if plan is None:
        return ""
    of_cause = history.of_cause(plan.stop_id, plan.exception_id, plan.topic)
    others = [other for other in of_cause if other.id != message.id]
    decided_at = message.queued_at or now
    return _told_lately(state, plan.stop_id, others, history, decided_at, now)


def _told_lately(
    state: State,
    stop_id: str,
    others: list[Message],
    history: History,
    decided_at: datetime,
    now: datetime,
) -> str:
    told = max((one.at for message in others for one in counted(message)), default=None)
    within = timedelta(seconds=state.policy.repeat_within_s)
    if told is None or told + within <= now or history.answers(stop_id, decided_at, told):
        return ""
    zone = state.zone
    return (
        f"They were told about this at {clock_time(told, zone)}; "
        f"again from {clock_time(told + within, zone)}, or when they answer."
    )


def _not_moved(
    state: State, draft: Draft, arrival: Expected | None, history: History, now: datetime
) -> str:
    if not draft.is_notice or history.answers(draft.stop_id, now, None):
        return ""
    if arrival is None:
        return "Nobody knows when the vehicle comes: there is nothing to tell yet."
    moved, least = moved_s(state, draft.stop_id, arrival, history), state.policy.moved_by_s
    if moved is None or moved >= least:
        return ""
    return (
        f"The arrival moved by {int(moved // 60)} min only; "
        f"customers are told from {int(least // 60)} min."
    )


def _timed(
    state: State, plan: StopPlan, reaches: tuple[Reach, ...], draft: Draft, now: datetime
) -> Allowed | Barred:
    held_until = _quiet_until(state, plan, now)
    if held_until is None:
        return Allowed(reaches)
    words = _quiet_words(state, held_until)
    if draft.expires_at is not None and held_until >= draft.expires_at:
        return Barred(f"{words}; by then it makes no sense any more.")
    return Allowed(reaches, held_until, f"{words}: sent then.")


def _in_time(state: State, plan: StopPlan, message: Message, now: datetime) -> Clear | Hold | Bar:
    said = message.plan
    if said is not None and said.send_after is not None and said.send_after > now:
        return Hold(said.send_after, f"Held until {clock_time(said.send_after, state.zone)}.")
    held_until = _quiet_until(state, plan, now)
    if held_until is None:
        return Clear()
    words = _quiet_words(state, held_until)
    if said is not None and said.expires_at is not None and held_until >= said.expires_at:
        return Bar(f"{words}; by then it makes no sense any more.")
    return Hold(held_until, f"{words}.")


def _too_late(state: State, stop: Stop, message: Message, now: datetime) -> str:
    plan = message.plan
    if plan is None:
        return ""
    if plan.expires_at is not None and plan.expires_at <= now:
        return f"It made sense until {clock_time(plan.expires_at, state.zone)} only."
    return _done(stop, plan.after) or (_there_already(stop) if plan.told_at else "")


def _there_already(stop: Stop) -> str:
    return "The driver is at the door already." if stop.state.is_at_the_door else ""


def _quiet_until(state: State, plan: StopPlan, now: datetime) -> datetime | None:
    return quiet_until(state.policy, zone_of(state, plan), now)


def _quiet_words(state: State, until: datetime) -> str:
    return f"Quiet hours at the customer's until {clock_time(until, state.zone)}"


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:].rstrip(".") + "."
