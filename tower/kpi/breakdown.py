"""Numbers of the day taken apart: by hour, by reason."""

from datetime import datetime, tzinfo
from functools import lru_cache

import msgspec
import numpy as np
from numpy.typing import NDArray

from tower.domain.words import AttemptReason
from tower.kpi.finished import NONE, REASONS, Day
from tower.kpi.measure import QUARTER_S
from tower.kpi.service import windowed


class HourOnTime(msgspec.Struct, frozen=True, kw_only=True):
    """How punctual one hour was.

    Attributes:
        hour: of the day, in the shift's time zone.
        percent: stops served within their window, of those finished in the hour with a window.
        counted: how many those are.
        missed: ids of the stops that were not served within their window.
        stops: ids of all of them.
    """

    hour: int
    percent: float
    counted: int
    missed: tuple[str, ...]
    stops: tuple[str, ...]


class FailedReason(msgspec.Struct, frozen=True, kw_only=True):
    """How often an attempt failed for one reason.

    Attributes:
        title: the reason in words.
        stops: ids of the stops, the newest first.
    """

    reason: AttemptReason
    title: str
    count: int
    stops: tuple[str, ...]


TITLES: dict[AttemptReason, str] = {
    AttemptReason.NOT_HOME: "Not home",
    AttemptReason.NO_ACCESS: "Access, gate code",
    AttemptReason.ADDRESS_NOT_FOUND: "Address not found",
    AttemptReason.REFUSED: "Refused",
    AttemptReason.DAMAGED: "Damaged",
    AttemptReason.WINDOW_MISSED: "Late, window missed",
    AttemptReason.NO_SAFE_PLACE: "No safe place",
    AttemptReason.CLOSED: "Closed",
    AttemptReason.WRONG_ITEM: "Wrong item",
    AttemptReason.OTHER: "Other",
}
"""Reasons as they stand on the screen."""


def on_time_by_hour(day: Day, zone: tzinfo) -> list[HourOnTime]:
    """The measure `on_time` for each hour of the day in which a stop with a window finished.

    Args:
        day: the finished stops.
        zone: the shift's time zone.
    """
    counted = np.flatnonzero(windowed(day))
    quarters, which = np.unique(day.column("at")[counted] // QUARTER_S, return_inverse=True)
    starts = np.array([_hour_start(float(quarter) * QUARTER_S, zone) for quarter in quarters])
    hours = starts[which] if counted.size else np.zeros(0)
    return [_hour(day, start, counted[hours == start], zone) for start in np.unique(hours)]


@lru_cache(maxsize=512)
def _hour_start(quarter: float, zone: tzinfo) -> float:
    """The full hour of a time zone a quarter hour lies in (offsets are whole quarters)."""
    return quarter - 60.0 * datetime.fromtimestamp(quarter, zone).minute


def _hour(day: Day, start: float, stops: NDArray[np.int64], zone: tzinfo) -> HourOnTime:
    was = day.column("within")[stops] == 1
    return HourOnTime(
        hour=datetime.fromtimestamp(start, zone).hour,
        percent=100.0 * float(np.mean(was)),
        counted=len(stops),
        missed=day.named(stops[~was]),
        stops=day.named(stops),
    )


def failed_reasons(day: Day) -> list[FailedReason]:
    """Why stops were attempted and not completed today, the most frequent reason first."""
    rows = [_failed(day, number) for number in np.unique(day.column("reason")) if number != NONE]
    return sorted(rows, key=lambda row: (-row.count, row.title))


def _failed(day: Day, number: int) -> FailedReason:
    reason = REASONS[number]
    stops = day.named(np.flatnonzero(day.column("reason") == number)[::-1])
    return FailedReason(reason=reason, title=TITLES[reason], count=len(stops), stops=stops)
