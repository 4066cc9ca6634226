"""What the prompt offers for a piece of work, by what is typed. Knows no widgets."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from tower.domain.moments import utc
from tower.domain.records import ExceptionRecord, Subject
from tower.domain.words import Awaited, Disposition, ExceptionKind
from ui.exceptions.causes import ESCALATIONS, FALSE_ALARMS, causes_of
from ui.exceptions.rows import ExceptionRow
from ui.exceptions.sorting import urgency

SNOOZE_MOST = timedelta(hours=24)
"""The gateway puts nothing aside for longer."""

AWAITING = timedelta(hours=4)
"""What waits for an event comes back after this long at the latest."""

_SHORT_SNOOZES = ((15, "15 minutes"), (30, "30 minutes"), (60, "1 hour"))
_AWAITED = {
    Awaited.REPLY: "Until the customer replies",
    Awaited.ARRIVAL: "Until the vehicle arrives",
    Awaited.OUTCOME: "Until the stop has its outcome",
}
_DURATION = re.compile(r"^(\d{1,4})\s*(m|min|minutes?|h|hours?)?$")
_CLOCK = re.compile(r"^(\d{1,2})[:.h](\d{2})$")
_TARGETS_MOST = 40


class Offer(NamedTuple):
    """One line of the prompt.

    Attributes:
        words: what taking it means.
        value: what is given then.
        aside: what stands at the right of it.
    """

    words: str
    value: object
    aside: str = ""


class Asked(NamedTuple):
    """Something the prompt asks.

    Attributes:
        title: what is about to be done, and to what.
        hint: stands in the empty line.
        offers: what can be taken, by what is typed.
        given: is called with the value of the offer that was taken.
        marks_first: the first offer is taken by Enter even before anything was typed.
    """

    title: str
    hint: str
    offers: Callable[[str], Sequence[Offer]]
    given: Callable[[object], None]
    marks_first: bool = True


class Snooze(NamedTuple):
    """How long something is put aside."""

    until: datetime
    awaits: Awaited | None = None


class Person(NamedTuple):
    """Somebody an exception can be given to; both are "" for nobody in particular."""

    id: str
    name: str


class Resolution(NamedTuple):
    """How something ended."""

    cause: str
    disposition: Disposition = Disposition.DONE


def snooze_offers(
    typed: str, now: datetime, zone: tzinfo, awaited: Iterable[Awaited]
) -> list[Offer]:
    """How long something can be put aside.

    Args:
        typed: `45`, `2 h`, `16:30`, or words of an offer.
        now: UTC.
        zone: of times typed and shown.
        awaited: what can end the snooze sooner.
    """
    until = snooze_end(typed, now, zone)
    if until is not None:
        return [Offer(f"Until {_clock(until, zone)}", Snooze(until), _length(until - now))]
    return [one for one in _usual_snoozes(now, zone, awaited) if _fits(typed, one.words)]


def snooze_end(typed: str, now: datetime, zone: tzinfo) -> datetime | None:
    """The time that was typed, as minutes, hours or a time of day; None where it is none.

    A time of day that is over is tomorrow's.
    """
    text = typed.strip().casefold()
    if found := _DURATION.match(text):
        is_hours = (found[2] or "").startswith("h")
        length = timedelta(hours=int(found[1])) if is_hours else timedelta(minutes=int(found[1]))
        return now + length if timedelta(0) < length <= SNOOZE_MOST else None
    found = _CLOCK.match(text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    here = now.astimezone(zone)
    at = here.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
    at = at if at > here else at + timedelta(days=1)
    return utc(at.timestamp())


def _usual_snoozes(now: datetime, zone: tzinfo, awaited: Iterable[Awaited]) -> Iterable[Offer]:
    for minutes, words in _SHORT_SNOOZES:
        until = now + timedelta(minutes=minutes)
        yield Offer(words, Snooze(until), f"until {_clock(until, zone)}")
    latest = now + AWAITING
    for one in awaited:
        yield Offer(_AWAITED[one], Snooze(latest, one), f"at the latest {_clock(latest, zone)}")


def assign_offers(
    typed: str, people: Iterable[Person], me: Person, *, is_assigned: bool
) -> list[Offer]:
    """To whom something can be given: oneself, those known, nobody, or a name that is typed."""
    known = [Offer("Me", me, me.name)] if me.id else []
    known += [Offer(one.name, one, "") for one in people if one.id != me.id]
    if is_assigned:
        known.append(Offer("Nobody in particular", Person("", "")))
    found = [one for one in known if _fits(typed, f"{one.words} {one.aside}")]
    name = " ".join(typed.split())
    if name and all(name.casefold() != one.words.casefold() for one in found):
        found.append(Offer(name, Person(name, name), "as written"))
    return found


def resolve_offers(typed: str, kinds: Iterable[ExceptionKind]) -> list[Offer]:
    """Causes to resolve with: those that fit the kinds, or what is written."""
    usual = [Offer(cause, Resolution(cause)) for cause in causes_of(kinds)]
    found = [one for one in usual if _fits(typed, one.words)]
    if cause := typed.strip():
        found.insert(0, Offer(cause, Resolution(cause), "as written"))
        false_alarm = Resolution(cause, Disposition.FALSE_ALARM)
        found.append(Offer(cause, false_alarm, "as a false alarm"))
    return found


def false_alarm_offers(typed: str) -> list[Offer]:
    """Why an exception was none."""
    return [
        Offer(one.words, Resolution(str(one.value), Disposition.FALSE_ALARM), one.aside)
        for one in written_offers(typed, FALSE_ALARMS)
    ]


def escalate_offers(typed: str) -> list[Offer]:
    """Why a supervisor is asked."""
    return written_offers(typed, ESCALATIONS)


def written_offers(typed: str, usual: Sequence[str]) -> list[Offer]:
    """What is written first, then what is usual and fits it."""
    found = [Offer(one, one) for one in usual if _fits(typed, one)]
    if words := typed.strip():
        found.insert(0, Offer(words, words, "as written"))
    return found


def merge_offers(
    typed: str, record: ExceptionRecord, rows: Iterable[tuple[ExceptionRow, Subject]]
) -> list[Offer]:
    """What an exception may be a duplicate of: the same stop's first, then vehicle's, then route's.

    Args:
        typed: words that stand in the rows wanted.
        record: the duplicate.
        rows: the open ones, each with what it is about.
    """
    own = record.finding.subject if record.finding else Subject()
    near = [
        (nearness(own, subject), row)
        for row, subject in rows
        if row.id != record.id and row.is_open and _fits(typed, row.haystack)
    ]
    near.sort(key=lambda one: (one[0], urgency(one[1])))
    return [_target(row, distance) for distance, row in near[:_TARGETS_MOST]]


def nearness(own: Subject, other: Subject) -> int:
    """0 for the same stop, 1 for the same vehicle, 2 for the same route, 3 for anything else."""
    for distance, name in enumerate(("stop_id", "vehicle_id", "route_id")):
        mine = getattr(own, name)
        if mine and mine == getattr(other, name):
            return distance
    return 3


_NEAR_WORDS = ("same stop", "same vehicle", "same route", "")


def _target(row: ExceptionRow, distance: int) -> Offer:
    return Offer(
        f"{row.kind[:1].upper()}{row.kind[1:]} · {row.subject}", row.id, _NEAR_WORDS[distance]
    )


def _fits(typed: str, words: str) -> bool:
    folded = words.casefold()
    return all(word in folded for word in typed.casefold().split())


def _clock(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def _length(length: timedelta) -> str:
    minutes = max(1, round(length.total_seconds() / 60))
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d}"
