"""What came of the predictions that were kept: how far off they were, and how often they held."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from statistics import fmean
from typing import NamedTuple

from tower.domain import events as e
from tower.domain.events import Event
from tower.eta.online import Outcome
from tower.gateway.forecasting.remembered import Arrived, Came, Kept, OpenPredictions
from tower.journal.port import Reader
from tower.kpi.facts import LEADS_MIN
from tower.kpi.judging import is_for_lead

OVER = timedelta(hours=24)
"""Arrivals of so long ago count as today's."""

_TIDIED_EVERY = timedelta(hours=1)
"""How often what is over is forgotten, though nobody asks."""

_PAGE, _MOST_PAGES = 2_000, 40
"""Events read back at a time, and how often, to find the predictions of today again."""

_CAME = (e.StopArrived, e.StopDelivered, e.StopCollected, e.StopAttempted)
_NEVER = (e.StopCancelled, e.StopSkipped)
_TOLD = (e.ArrivalsPredicted, *_CAME, *_NEVER)


class Settled(NamedTuple):
    """A prediction and the arrival it was for."""

    kept: Kept
    came_at: datetime

    @property
    def late_s(self) -> float:
        """Seconds the vehicle came after P50, negative before."""
        return (self.came_at - self.kept.p50).total_seconds()

    @property
    def is_covered(self) -> bool:
        """True where the vehicle came between P10 and P90."""
        return -self.kept.early_s <= self.late_s <= self.kept.late_s

    @property
    def came(self) -> Came:
        """The same for what is remembered of today."""
        return Came(self.came_at.timestamp(), self.late_s, self.is_covered)

    @property
    def outcome(self) -> Outcome:
        """The same for `tower.eta.online`."""
        kept = self.kept
        return Outcome(
            stop_id=kept.stop_id,
            made_s=kept.made_at.timestamp(),
            came_s=self.came_at.timestamp(),
            ahead_s=(kept.p50 - kept.made_at).total_seconds(),
            early_s=kept.early_s,
            late_s=kept.late_s,
        )


class LeadMeasured(NamedTuple):
    """How good the predictions made so many minutes ahead were.

    Attributes:
        arrivals: how many there were.
        mae_s: mean absolute error of P50, seconds; late_s: how much later than P50 on average.
        coverage: share between P10 and P90, 0 to 1.
    """

    minutes: int
    arrivals: int
    mae_s: float
    late_s: float
    coverage: float


class Hindsight:
    """Remembers what was predicted until it is known what came."""

    def __init__(self) -> None:
        self._open = OpenPredictions()
        self._settled = {minutes: Arrived() for minutes in LEADS_MIN}
        self._tidied = datetime.min.replace(tzinfo=UTC)

    def take(self, events: Iterable[Event]) -> list[Settled]:
        """Take in what happened, in the order it was learnt.

        Returns:
            Every kept prediction for the stops that were reached.
        """
        settled: list[Settled] = []
        newest = datetime.min.replace(tzinfo=UTC)
        for event in events:
            newest = max(newest, event.at)
            if isinstance(event.body, e.ArrivalsPredicted):
                self._keep(event.at, event.body)
            elif isinstance(event.body, _CAME):
                settled += self._came(event.subject.stop_id, event.at)
            elif isinstance(event.body, _NEVER):
                self._open.pop(event.subject.stop_id)
        if newest >= self._tidied + _TIDIED_EVERY:
            self._tidied = newest
            self._forget(newest - OVER)
        return settled

    def measured(self, now: datetime) -> tuple[LeadMeasured, ...]:
        """How good the predictions for today's arrivals were, by how far ahead they were made."""
        self._forget(now - OVER)
        return tuple(_measured(minutes, all_) for minutes, all_ in self._settled.items() if all_)

    def _keep(self, made_at: datetime, body: e.ArrivalsPredicted) -> None:
        for row in body.rows:
            if row.in_s >= 0:  # else the vehicle stood there already
                self._open.keep(made_at, body.model, row)

    def _came(self, stop_id: str, came_at: datetime) -> list[Settled]:
        settled = [Settled(kept, came_at) for kept in self._open.pop(stop_id)]
        for minutes, arrived in self._settled.items():
            judged = [one for one in settled if is_for_lead(one.kept.made_at, came_at, minutes)]
            if judged:
                arrived.add(max(judged, key=lambda one: one.kept.made_at).came)
        return settled

    def _forget(self, before: datetime) -> None:
        """Leave out arrivals that are no longer today's, and stops nobody came to."""
        for arrived in self._settled.values():
            arrived.forget(before)
        self._open.forget(before)


def read_back(journal: Reader, now: datetime) -> list[Event]:
    """Today's predictions and arrivals in a journal, oldest first; takes seconds: not on a loop.

    Args:
        journal: where they stand.
        now: the present, UTC.
    """
    pages: list[list[Event]] = []
    last = journal.seq
    while last > 0 and len(pages) < _MOST_PAGES:
        after = max(0, last - _PAGE)
        page = journal.read(after, last - after)
        pages.append([one for one in page if isinstance(one.body, _TOLD)])
        if page and page[0].recorded_at < now - OVER:
            break
        last = after
    return [event for page in reversed(pages) for event in page]


def _measured(minutes: int, arrived: Arrived) -> LeadMeasured:
    return LeadMeasured(
        minutes=minutes,
        arrivals=len(arrived),
        mae_s=fmean(abs(one.late_s) for one in arrived),
        late_s=fmean(one.late_s for one in arrived),
        coverage=fmean(float(one.is_covered) for one in arrived),
    )
