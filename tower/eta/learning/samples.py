"""What was known when an arrival was predicted, and when the vehicle came.

The rows are those of the live projection, made by the same functions from the state as it was
known then (`tower.eta.relived`). Left out are stops that were cancelled, skipped or never reached,
and predictions for another order: where somebody decided afterwards that other stops come before
(or that another route goes there), what came says nothing of how good the prediction was.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tower.domain import events as e
from tower.domain.records import Stop
from tower.domain.state import State
from tower.domain.words import StopState
from tower.eta.fleet import Fleet
from tower.eta.model import ArrivalModel, Floats, Rows
from tower.eta.outlook import FleetOutlook
from tower.eta.relived import Relived

_NOT_VISITED = (StopState.CANCELLED, StopState.SKIPPED)


class Samples(NamedTuple):
    """Predictions with what came of them: `(n,)` each.

    Attributes:
        rows: what a model is asked.
        came_s: seconds from the prediction to the arrival.
        made_s: when it was made, seconds since 1970.
        stop_ids: the stops.
    """

    rows: Rows
    came_s: Floats
    made_s: Floats
    stop_ids: Sequence[str]

    def chosen(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> "Samples":
        """Some of them."""
        places = np.arange(len(self.came_s))[which]
        carriers = [self.rows.carrier[place] for place in places]
        rows = Rows(
            self.rows.x[places], self.rows.early_s[places], self.rows.late_s[places], carriers
        )
        ids = [self.stop_ids[place] for place in places]
        return Samples(rows, self.came_s[places], self.made_s[places], ids)


def joined(parts: Sequence[Samples]) -> Samples:
    """Several, one after the other.

    Raises:
        ValueError: there is none.
    """
    rows = Rows(
        np.concatenate([one.rows.x for one in parts]),
        np.concatenate([one.rows.early_s for one in parts]),
        np.concatenate([one.rows.late_s for one in parts]),
        [carrier for one in parts for carrier in one.rows.carrier],
    )
    return Samples(
        rows,
        np.concatenate([one.came_s for one in parts]),
        np.concatenate([one.made_s for one in parts]),
        [stop_id for one in parts for stop_id in one.stop_ids],
    )


class _Look(NamedTuple):
    """One prediction of one route."""

    shift: str
    made_s: float
    stop_ids: Sequence[str]
    rows: Rows
    is_moot: NDArray[np.bool_]


class Sampling:
    """Gathers samples, event by event, as a model would have been asked."""

    def __init__(self, model: ArrivalModel) -> None:
        self._relived = Relived(Fleet(model))
        self._looks: list[_Look] = []
        self._of_stop: defaultdict[str, list[tuple[_Look, int]]] = defaultdict(list)

    def take(self, shift: str, state: State, event: e.Event) -> None:
        """Take in an event that the state has folded.

        Args:
            shift: the shift it belongs to.
            state: as it stands after the event.
            event: the event.
        """
        outlook = self._relived.take(state, event)
        if outlook is not None and len(outlook.stop_ids):
            self._look(shift, event.at, outlook)
        if isinstance(event.body, e.RoutesSequenced):
            for sequence in event.body.routes:
                self._resequenced(state, sequence.route_id)

    def of(self, shift: str, state: State) -> Samples | None:
        """What was gathered of a shift, by what is known at the end; None for nothing."""
        parts = [_came(look, state) for look in self._looks if look.shift == shift]
        return joined(parts) if parts else None

    def _look(self, shift: str, at: datetime, outlook: FleetOutlook) -> None:
        is_moot = np.zeros(len(outlook.stop_ids), dtype=np.bool_)
        look = _Look(shift, at.timestamp(), outlook.stop_ids, outlook.rows, is_moot)
        self._looks.append(look)
        for row, stop_id in enumerate(look.stop_ids):
            self._of_stop[stop_id].append((look, row))

    def _resequenced(self, state: State, route_id: str) -> None:
        """Predictions of a route for which other stops come before now are moot."""
        ahead: set[str] = set()
        for stop in _open(state.stops_of(state.routes[route_id])):
            for look, row in self._of_stop.get(stop.id, ()):
                expected = {one for one in look.stop_ids[:row] if _is_open(state, one)}
                if expected != ahead:
                    look.is_moot[row] = True
            ahead.add(stop.id)


def _open(stops: Sequence[Stop]) -> Iterator[Stop]:
    return (stop for stop in stops if not stop.state.is_outcome and not stop.state.is_at_the_door)


def _is_open(state: State, stop_id: str) -> bool:
    stop = state.stops.get(stop_id)
    return stop is not None and not stop.state.is_outcome and not stop.state.is_at_the_door


def _came(look: _Look, state: State) -> Samples:
    """The predictions of a look that came true somehow."""
    arrived = [_arrived_s(state.stops.get(stop_id)) for stop_id in look.stop_ids]
    came_s = np.array(arrived) - look.made_s
    made_s = np.full(len(arrived), look.made_s)
    keep = np.isfinite(came_s) & (came_s >= 0.0) & ~look.is_moot
    return Samples(look.rows, came_s, made_s, look.stop_ids).chosen(keep)


def _arrived_s(stop: Stop | None) -> float:
    if stop is None or stop.state in _NOT_VISITED:
        return float("nan")
    at = stop.arrived_at or stop.finished_at
    return at.timestamp() if at else float("nan")
