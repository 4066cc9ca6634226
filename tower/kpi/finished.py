"""The stops finished today, read once from the state for every measure."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from tower.domain.records import Stop
from tower.domain.state import State
from tower.domain.words import StopState
from tower.kpi.judging import came, is_counted

BEFORE_SHIFT = timedelta(hours=6)
"""What happens this long before the shift begins still belongs to it."""

WITHOUT_SHIFT = timedelta(hours=24)
"""Where no shift was opened, today is so long."""


class Finished(NamedTuple):
    """A stop with its outcome.

    Attributes:
        at: when it had it, seconds since 1970; done_at: the same, UTC.
        came_at: when the vehicle came, UTC; the outcome's time where nobody said.
    """

    stop: Stop
    at: float
    done_at: datetime
    came_at: datetime
    state: StopState

    @property
    def is_success(self) -> bool:
        """True where it was delivered or collected."""
        return self.state.is_success


def beginning(state: State, now: datetime) -> datetime:
    """From when on things count as today's."""
    shift = state.shift
    return shift.starts_at - BEFORE_SHIFT if shift else now - WITHOUT_SHIFT


def finished_today(state: State, now: datetime) -> list[Finished]:
    """The stops delivered, collected, attempted or skipped today, by time.

    Neither cancelled ones, nor those where nobody waits for us (charging, taking parcels over).
    """
    since, until = beginning(state, now).timestamp(), now.timestamp()
    rows = (_finished(stop) for stop in state.stops.values() if stop.outcome is not None)
    today = (row for row in rows if row is not None and since <= row.at <= until)
    return sorted(today, key=lambda row: row.at)


def _finished(stop: Stop) -> Finished | None:
    outcome = stop.outcome
    if outcome is None or not is_counted(stop.plan, outcome.state):
        return None
    came_at = came(stop.arrived_at, outcome.at)
    return Finished(stop, outcome.at.timestamp(), outcome.at, came_at, outcome.state)


class Tally:
    """How often something was so, up to any moment of the day.

    Args:
        rows: (time in seconds since 1970, whether it was so), by time.
    """

    def __init__(self, rows: Sequence[tuple[float, bool]]) -> None:
        self._times = [at for at, _ in rows]
        self._sums = [0, *accumulate(int(was) for _, was in rows)]

    @property
    def first(self) -> float | None:
        """The first time, None where nothing is counted."""
        return self._times[0] if self._times else None

    def percent(self, until: float) -> float | None:
        """In how many of a hundred cases it was so up to `until`."""
        count = bisect_right(self._times, until)
        return 100.0 * self._sums[count] / count if count else None

    def count(self, after: float, until: float) -> int:
        """How often it was so in (after, until]."""
        upper = self._sums[bisect_right(self._times, until)]
        return upper - self._sums[bisect_right(self._times, after)]
