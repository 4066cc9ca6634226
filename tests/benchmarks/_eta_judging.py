"""A shift gone through once more with a model that never saw it: what it would have said, and when.

Today's arrivals correct it as they do in a gateway, in the order they came.
"""

from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks._eta_naive import Naive, naive_arrivals
from tower.domain import events as e
from tower.domain.state import State
from tower.eta.fleet import Fleet
from tower.eta.learning.history import told
from tower.eta.model import ArrivalModel
from tower.eta.online import Online, Outcome
from tower.eta.relived import Relived
from tower.journal.reading import read_events
from tower.kpi.facts import LEADS_MIN
from tower.kpi.judging import is_for_lead


class Said(NamedTuple):
    """What was said of a stop at one moment, seconds from then.

    Attributes:
        closes_s: when its window ends; nan where it has none.
    """

    at: datetime
    p10: float
    p50: float
    p90: float
    closes_s: float
    naive: Naive


class Judged(NamedTuple):
    """A prediction made so many minutes ahead, and what came.

    Attributes:
        came_s: seconds from the prediction to the arrival.
    """

    lead: int
    said: Said
    came_s: float


class Judge:
    """Goes through a shift, event by event."""

    def __init__(self, model: ArrivalModel, speed_mps: float) -> None:
        self.judged: list[Judged] = []
        self.online = Online()
        self._model, self._speed_mps = model, speed_mps
        self._relived = Relived(Fleet(model))
        self._said: defaultdict[str, list[Said]] = defaultdict(list)

    def take(self, _shift: str, state: State, event: e.Event) -> None:
        """Take in an event that the state has folded."""
        outlook = self._relived.take(state, event)
        if outlook is not None and isinstance(event.body, e.ArrivalsPredicted):
            route = state.routes[event.subject.route_id]
            adjustment = self.online.adjustment(event.at.timestamp())
            quantiles = adjustment.applied(self._model.quantiles(outlook.rows))
            rows = event.body.rows
            naive = naive_arrivals(state, route, event.at, rows, self._speed_mps)
            by_stop = {
                row.stop_id: one for row, one in zip(rows, naive, strict=True) if one is not None
            }
            for stop_id, three in zip(outlook.stop_ids, quantiles.tolist(), strict=True):
                if stop_id in by_stop:
                    closes_s = _closes_s(state, stop_id, event.at)
                    p10, p50, p90 = three
                    said = Said(event.at, p10, p50, p90, closes_s, by_stop[stop_id])
                    self._said[stop_id].append(said)
        elif isinstance(event.body, e.StopArrived):
            self._came(event.subject.stop_id, event.at)

    def _came(self, stop_id: str, at: datetime) -> None:
        said = self._said.pop(stop_id, [])
        for lead in LEADS_MIN:
            fitting = [one for one in said if is_for_lead(one.at, at, lead)]
            if fitting:
                newest = max(fitting, key=lambda one: one.at)
                self.judged.append(Judged(lead, newest, (at - newest.at).total_seconds()))
        self.online.take(_outcome(stop_id, one, at) for one in said)


def judged_shift(model: ArrivalModel, speed_mps: float, journal: Path) -> list[Judged]:
    """Every prediction of a shift that counts for a lead, with what came of it.

    Args:
        model: asked.
        speed_mps: the fleet's average speed, for the naive method.
        journal: of the shift.
    """
    judge = Judge(model, speed_mps)
    told(read_events(journal), journal.parent.name, [judge])
    return judge.judged


def _outcome(stop_id: str, said: Said, at: datetime) -> Outcome:
    return Outcome(
        stop_id=stop_id,
        made_s=said.at.timestamp(),
        came_s=at.timestamp(),
        ahead_s=said.p50,
        early_s=said.p50 - said.p10,
        late_s=said.p90 - said.p50,
    )


def _closes_s(state: State, stop_id: str, now: datetime) -> float:
    plan = state.stops[stop_id].plan
    if plan is None or plan.window_end is None:
        return float("nan")
    return (plan.window_end - now).total_seconds()
