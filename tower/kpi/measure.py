"""What a measure is, and how one becomes a line over the day."""

from collections.abc import Callable, Iterator
from datetime import datetime
from enum import StrEnum

import msgspec

from tower.kpi.measures.definition import Better, Definition

QUARTER_S = 900.0
"""Sparklines have a point each quarter of an hour."""

HOUR_S = 3_600.0

Series = tuple[tuple[float, float], ...]
"""Points of a line: seconds since 1970, value."""


class Mood(StrEnum):
    """Whether a number is as it should be; decides its colour, never alone."""

    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"
    NEUTRAL = "neutral"


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """One number of the shift.

    Attributes:
        key: names it for settings and tests.
        title: what it is, for the screen.
        value: the number in the unit its text shows, None while there is nothing to count.
        text: the value with its unit.
        note: one short line of context: the target, or what changed.
        target: what it should reach or stay under, in the value's unit; None where none is set.
        trend: change against an hour ago in the value's unit, None where unknown.
        mood: how good the value is.
        series: the line over the day.
        stops: ids of the stops behind the number that somebody would want to look at: those
            that count against a rate, those counted otherwise.
        counted: how many stops (or contacts, or exceptions) the number rests on.
    """

    key: str
    title: str
    value: float | None
    text: str
    note: str = ""
    target: float | None = None
    trend: float | None = None
    mood: Mood = Mood.NEUTRAL
    series: Series = ()
    stops: tuple[str, ...] = ()
    counted: int = 0


def mood_of(definition: Definition, value: float | None, set_target: float | None = None) -> Mood:
    """How good a value is by a target, the definition's own where None; neutral without one."""
    target = definition.target if set_target is None else set_target
    if value is None or target is None:
        return Mood.NEUTRAL
    over = value - target
    if definition.better is Better.NEAR:
        missed_by = abs(over) - definition.tolerance
    else:
        missed_by = over if definition.better is Better.LOWER else -over
    if missed_by <= 0.0:
        return Mood.GOOD
    return Mood.WATCH if missed_by <= definition.tolerance else Mood.BAD


NOTHING = "—"
"""The text of a measure that has nothing to count yet."""


def quarters(first: float, now: datetime) -> Iterator[float]:
    """The full quarter hours after `first`, and now; seconds since 1970."""
    end = now.timestamp()
    point = (first // QUARTER_S + 1) * QUARTER_S
    while point < end:
        yield point
        point += QUARTER_S
    yield end


def line(first: float | None, now: datetime, at: Callable[[float], float | None]) -> Series:
    """A series of `at(time)` for each quarter since `first`; times without a value are left out."""
    if first is None or first > now.timestamp():
        return ()
    values = ((time, at(time)) for time in quarters(first, now))
    return tuple((time, value) for time, value in values if value is not None)


def trend(series: Series) -> float | None:
    """The last value less the one an hour before it; None where the line is shorter."""
    if not series:
        return None
    last_at, last = series[-1]
    before = [value for at, value in series if at <= last_at - HOUR_S]
    return last - before[-1] if before else None
