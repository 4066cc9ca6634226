"""Numbers of the day taken apart: by hour, by reason."""

from collections import defaultdict
from datetime import datetime, tzinfo
from functools import lru_cache

import msgspec

from tower.domain.state import State
from tower.domain.words import AttemptReason, StopState
from tower.kpi.finished import Finished, finished_today
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


def on_time_by_hour(state: State, now: datetime) -> list[HourOnTime]:
    """The measure `on_time` for each hour of the day in which a stop with a window finished."""
    zone = state.zone
    hours: defaultdict[float, list[tuple[Finished, bool]]] = defaultdict(list)
    for row, was in windowed(finished_today(state, now)):
        hours[_hour_start(row.at // QUARTER_S * QUARTER_S, zone)].append((row, was))
    return [
        _hour(datetime.fromtimestamp(start, zone).hour, judged)
        for start, judged in sorted(hours.items())
    ]


@lru_cache(maxsize=512)
def _hour_start(quarter: float, zone: tzinfo) -> float:
    """The full hour of a time zone a quarter hour lies in (offsets are whole quarters)."""
    return quarter - 60.0 * datetime.fromtimestamp(quarter, zone).minute


def _hour(hour: int, judged: list[tuple[Finished, bool]]) -> HourOnTime:
    return HourOnTime(
        hour=hour,
        percent=100.0 * sum(was for _, was in judged) / len(judged),
        counted=len(judged),
        missed=tuple(row.stop.id for row, was in judged if not was),
        stops=tuple(row.stop.id for row, _ in judged),
    )


def failed_reasons(state: State, now: datetime) -> list[FailedReason]:
    """Why stops were attempted and not completed today, the most frequent reason first."""
    by_reason: defaultdict[AttemptReason, list[str]] = defaultdict(list)
    for row in reversed(finished_today(state, now)):
        if row.state is StopState.ATTEMPTED and row.stop.outcome:
            by_reason[row.stop.outcome.reason or AttemptReason.OTHER].append(row.stop.id)
    rows = [
        FailedReason(reason=reason, title=TITLES[reason], count=len(ids), stops=tuple(ids))
        for reason, ids in by_reason.items()
    ]
    return sorted(rows, key=lambda row: (-row.count, row.title))
