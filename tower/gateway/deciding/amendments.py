"""What was agreed about a stop after it was planned: a code, a safe place, a window, a place."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import asdict, replace

from tower.domain.commands import AmendStop
from tower.domain.events import AnyBody, RepliesSeen, StopAmended
from tower.domain.geometry import is_null_island, is_on_earth
from tower.domain.records import Stop, StopChanges, Subject
from tower.domain.state import State
from tower.gateway.deciding.verdicts import Accepted, Refused, Rules, Terms, Verdict, new_event

LONGEST = {"access_code": 64, "safe_place": 200, "address": 300, "note": 1000}
"""How many letters each of the words agreed may have; more is no code and no place."""

FURTHEST = timedelta(days=31)
"""A window further ahead than this is a slip of the pen."""

_CALLED = {
    "access_code": "access code",
    "safe_place": "safe place",
    "address": "address",
    "note": "note",
}


def _amend(command: AmendStop, state: State, terms: Terms) -> Verdict:
    stop = state.stops.get(command.stop_id)
    if stop is None or stop.plan is None:
        return Refused(f"There is no stop {command.stop_id}.")
    changes = _trimmed(command.changes)
    problem = (
        _stop_problem(stop, changes)
        or _words_problem(changes)
        or _window_problem(changes, terms.now)
        or _place_problem(changes)
        or _reply_problem(command, state)
        or _nothing_new(stop, changes)
    )
    if problem:
        return Refused(problem)
    agreed = _in_utc(changes)
    because = command.because.strip()
    amended = StopAmended(changes=agreed, because=because, reply_id=command.reply_id)
    reply = state.replies.get(command.reply_id)
    subject = Subject(
        stop_id=stop.id,
        route_id=stop.route_id,
        exception_id=reply.exception_id if reply else "",
    )
    bodies: list[AnyBody] = [amended]
    if reply is not None:
        # With what was agreed, the reply it rests on has been dealt with.
        bodies.append(RepliesSeen(replies=(reply.id,), deed=because or _in_words(agreed)))
    actor = terms.grant.actor
    return Accepted(tuple(new_event(terms.now, actor, subject, body) for body in bodies))


def _trimmed(changes: StopChanges) -> StopChanges:
    words = {name: value for name in LONGEST if (value := getattr(changes, name)) is not None}
    return replace(changes, **{name: value.strip() for name, value in words.items()})


def _stop_problem(stop: Stop, changes: StopChanges) -> str:
    if stop.is_done:
        return f"This stop is {stop.state}, so nothing can be agreed about it any more."
    if changes.lat is not None and stop.state.is_at_the_door:
        return "The driver is at the door, so the stop cannot be moved elsewhere."
    return ""


def _words_problem(changes: StopChanges) -> str:
    for name, most in LONGEST.items():
        words = getattr(changes, name)
        if words is not None and len(words) > most:
            return f"The {_CALLED[name]} is longer than {most} letters."
    return ""


def _window_problem(changes: StopChanges, now: datetime) -> str:
    start, end = changes.window_start, changes.window_end
    if start is None and end is None:
        return ""
    if start is None or end is None:
        return "A window has a start and an end; say both."
    if start.tzinfo is None or end.tzinfo is None:
        return "Say in which time zone the window is: 2026-03-02T15:00:00Z."
    if start >= end:
        return "The window ends before it starts."
    if end > now + FURTHEST:
        return f"The window lies more than {FURTHEST.days} days ahead."
    return "The window is over already." if end <= now else ""


def _place_problem(changes: StopChanges) -> str:
    lat, lon = changes.lat, changes.lon
    if lat is None and lon is None:
        return ""
    if lat is None or lon is None:
        return "A place has a latitude and a longitude; say both."
    if changes.address is None:
        return "Say what the place is called; drivers read it."
    if not is_on_earth(lat, lon) or is_null_island(lat, lon):
        return "This is no place anybody could drive to."
    return ""


def _reply_problem(command: AmendStop, state: State) -> str:
    if not command.reply_id:
        return ""
    reply = state.replies.get(command.reply_id)
    if reply is None:
        return f"There is no reply {command.reply_id}."
    if reply.stop_id not in ("", command.stop_id):
        return "This reply is from the customer of another stop."
    return ""


def _nothing_new(stop: Stop, changes: StopChanges) -> str:
    named = {name: value for name, value in asdict(changes).items() if value is not None}
    if not named:
        return "Nothing is said to be changed."
    is_so = all(getattr(stop.plan, name) == value for name, value in named.items())
    return "The stop is like that already." if is_so else ""


def _in_utc(changes: StopChanges) -> StopChanges:
    if changes.window_start is None or changes.window_end is None:
        return changes
    return replace(
        changes,
        window_start=changes.window_start.astimezone(UTC),
        window_end=changes.window_end.astimezone(UTC),
    )


def _in_words(changes: StopChanges) -> str:
    words = [
        f"{called} {value}" for name, called in _CALLED.items() if (value := getattr(changes, name))
    ]
    if changes.window_start is not None:
        words.append("another window")
    return ", ".join(words) or "taken back"


RULES: Rules = {AmendStop: _amend}
"""Decides what is agreed about stops."""
