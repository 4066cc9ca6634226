"""The seven numbers over the map."""

from collections.abc import Mapping
from datetime import datetime

from tower.domain.state import State
from tower.kpi.attention import Predicted, at_risk, open_exceptions, wismo
from tower.kpi.emissions import emissions
from tower.kpi.finished import Day, finished_today
from tower.kpi.measure import Measure, Series
from tower.kpi.measures.catalogue import targets_in_force
from tower.kpi.operation import PredictedToday, eta_error, schedule_error
from tower.kpi.service import first_attempt, on_time


def strip(
    state: State,
    arrivals: Mapping[str, Predicted],
    now: datetime,
    *,
    driven_m: Mapping[str, float] | None = None,
    past_at_risk: Series = (),
    day: Day | None = None,
    predicted: PredictedToday | None = None,
) -> list[Measure]:
    """The measures of the strip, in the order they stand there.

    Args:
        state: the shift.
        arrivals: stop id to its predicted arrival.
        now: the present, UTC.
        driven_m: route id to metres driven so far; estimated where missing.
        past_at_risk: earlier (seconds since 1970, stops at risk), for that measure's line.
        day: the stops finished today, where somebody keeps them; else they are read.
        predicted: how good today's predictions were; until anybody knows, how wrong the plan of
            the day was stands in for it.

    Returns:
        on_time, first_attempt, at_risk, open_exceptions, wismo, schedule_error, co2e_per_stop.
    """
    finished = finished_today(state, now) if day is None else day
    targets = targets_in_force(state.room_reporting.reporting)
    return [
        on_time(finished, now, targets.get("on_time")),
        first_attempt(finished, now, targets.get("first_attempt")),
        at_risk(state, arrivals, now, past_at_risk),
        open_exceptions(state, now),
        wismo(state, now),
        eta_error(predicted, targets) if predicted else schedule_error(finished, now),
        emissions(state, finished, now, driven_m),
    ]
