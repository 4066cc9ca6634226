"""Predictions against the arrival that came: how far off, and whether their span held."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from tower.domain import events as e
from tower.domain.words import StopState
from tower.kpi import judging
from tower.kpi.facts import LEADS_MIN
from tower.kpi.recount.ground import Ground, seconds
from tower.kpi.recount.saying import in_order
from tower.kpi.recount.tries import Try

_HISTOGRAM_LEAD_MIN = 60
_LONGEST_AHEAD = timedelta(minutes=max(LEADS_MIN)) + judging.PREDICTION_KEEPS


class Predicted(NamedTuple):
    """One stop's prediction, made at a moment."""

    made_at: datetime
    p10: datetime
    p50: datetime
    p90: datetime


class Judged(NamedTuple):
    """What the predictions of one arrival add, and how late it was by that an hour ahead."""

    adds: dict[str, float]
    late_s: float | None


def judged_predictions(ground: Ground, stop_id: str, one: Try) -> Judged:
    """The newest prediction of each lead against when the vehicle came.

    Nothing where nobody said when it came, or where it passed by.
    """
    if one.arrived_at is None or one.state is StopState.SKIPPED:
        return Judged({}, None)
    came = judging.came(one.arrived_at, one.at)
    made = list(_predictions(ground, stop_id, one, came))
    adds: dict[str, float] = {}
    late_s = None
    for lead in LEADS_MIN:
        fit = [each for each in made if judging.is_for_lead(each.made_at, came, lead)]
        if fit:
            adds |= _judged(fit[-1], came, lead)
            late_s = seconds(came - fit[-1].p50) if lead == _HISTOGRAM_LEAD_MIN else late_s
    return Judged(adds, late_s)


def eta_error(judged: Judged) -> int | None:
    """The step of the histogram an arrival stands in, None without a prediction an hour ahead."""
    return None if judged.late_s is None else judging.error_step_min(judged.late_s)


def _judged(newest: Predicted, came: datetime, lead: int) -> dict[str, float]:
    return {
        f"eta_n_{lead}": 1,
        f"eta_abs_s_{lead}": seconds(abs(came - newest.p50)),
        f"eta_covered_{lead}": newest.p10 <= came <= newest.p90,
    }


def _predictions(ground: Ground, stop_id: str, one: Try, came: datetime) -> Iterator[Predicted]:
    """What was predicted for a stop on all routes it was on until then, in order."""
    said = (
        event
        for route_id in _routes(ground, stop_id, one)
        for event in ground.book.predicted(route_id, came - _LONGEST_AHEAD, came)
    )
    for event in in_order(said):
        rows = event.body.rows if isinstance(event.body, e.ArrivalsPredicted) else ()
        yield from (_predicted(event.at, row) for row in rows if row.stop_id == stop_id)


def _routes(ground: Ground, stop_id: str, one: Try) -> set[str]:
    named = {one.event.subject.route_id} | routes_of(ground, stop_id, one.at)
    return named - {""}


def routes_of(ground: Ground, stop_id: str, until: datetime) -> set[str]:
    """The routes a stop was ever on until a moment."""
    return {
        sequence.route_id
        for event in ground.book.about("stop", stop_id)
        if isinstance(event.body, e.RoutesSequenced) and event.at <= until
        for sequence in event.body.routes
    }


def _predicted(made_at: datetime, row: e.PredictedArrival) -> Predicted:
    p50 = made_at + timedelta(seconds=row.in_s)
    return Predicted(
        made_at=made_at,
        p10=p50 - timedelta(seconds=row.early_s),
        p50=p50,
        p90=p50 + timedelta(seconds=row.late_s),
    )
