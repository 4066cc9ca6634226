"""What a model learns from is what it is asked live."""

import math
from datetime import timedelta
from typing import NamedTuple

import numpy as np
import pytest

from tests.watch.day import HUB, Day, at
from tower.domain import events as e
from tower.domain.conditions import Conditions, Disturbance, Weather
from tower.domain.fold import apply
from tower.domain.geometry import LatLon
from tower.domain.state import State
from tower.eta.course import Course
from tower.eta.fleet import Fleet
from tower.eta.model import FEATURES
from tower.eta.outlook import FleetOutlook
from tower.eta.relived import Relived, conditions_of
from tower.eta.schedule_model import ScheduleModel

LEGS_S = [300.0, 240.0, 420.0, 180.0, 600.0]
KM = 1 / 111.195


class Seen(NamedTuple):
    """Where a vehicle is."""

    north_km: float
    seconds_ago: float = 0.0


AT_THE_HUB = Seen(0.0)


class Live:
    """A gateway in small: projects a route and keeps what it predicted."""

    def __init__(self) -> None:
        self.day = Day().opened().route("R-1", "s1 s2 s3 s4 s5")
        self.day.route("R-2", "t1 t2 t3", windows={"t3": "11:30-12:00"})
        self.fleet = Fleet(ScheduleModel())
        self.kept: list[FleetOutlook] = []

    def course(self, route_id: str, clock: str, seen: Seen) -> Course:
        state = self.day.state
        route = state.routes[route_id]
        stops = state.stops_of(route)
        return Course(
            route=route,
            stops=stops,
            legs_s=LEGS_S[: len(stops)],
            depot=HUB,
            position=LatLon(HUB.lat + seen.north_km * KM, HUB.lon),
            fix_at=at(clock) - timedelta(seconds=seen.seconds_ago),
            live_factor=1.125,
        )

    def keeps(self, clock: str, first: Seen, second: Seen = AT_THE_HUB) -> "Live":
        """Predict both routes, and keep what is predicted of each."""
        state = self.day.state
        courses = [self.course("R-1", clock, first), self.course("R-2", clock, second)]
        outlook = self.fleet.project(at(clock), courses, conditions_of(state), state.zone)
        told = ScheduleModel().quantiles(outlook.rows)
        for course, rows in zip(courses, outlook.route_rows, strict=True):
            body = e.ArrivalsPredicted(
                model="schedule",
                rows=tuple(_row(outlook, row, told[row].tolist()) for row in rows),
                fix_age_s=round((at(clock) - course.fix_at).total_seconds())
                if course.fix_at
                else None,
                leg_s=_leg_s(course, outlook.stop_ids[rows[0]]),
                live_factor=course.live_factor,
            )
            self.day.tell(body, clock, route_id=course.route.id)
        self.kept.append(outlook)
        return self


def _leg_s(course: Course, stop_id: str) -> int:
    return round(course.legs_s[[stop.id for stop in course.stops].index(stop_id)])


def _row(outlook: FleetOutlook, row: int, told: list[float]) -> e.PredictedArrival:
    p10, p50, p90 = told
    return e.PredictedArrival(
        stop_id=outlook.stop_ids[row],
        in_s=round(p50),
        early_s=round(p50 - p10),
        late_s=round(p90 - p50),
        travel_s=round(float(outlook.travel_s[row])),
    )


def relived(live: Live) -> list[FleetOutlook]:
    state, again = State(), Relived(Fleet(ScheduleModel()))
    found = []
    for event in live.day.events:
        apply(state, event)
        outlook = again.take(state, event)
        if outlook is not None:
            found.append(outlook)
    return found


def a_morning() -> Live:
    """Two drivers, one slow; rain and a jam from half past nine on."""
    live = Live().keeps("8:01", Seen(0.1), Seen(0.0))
    live.day.delivered("s1", "8:20", "8:10").delivered("t1", "8:31", "8:15")
    live.keeps("8:33", Seen(1.4, 20), Seen(1.0))
    live.day.delivered("s2", "8:44", "8:35").delivered("t2", "9:10", "8:50").arrived("s3", "8:59")
    live.keeps("9:12", Seen(3.0), Seen(2.3, 45))
    jam = Disturbance(
        id="j", words="Jam", lat=HUB.lat + 4.5 * KM, lon=HUB.lon, radius_m=300, factor=2
    )
    told = Conditions(id="p", as_of=at("9:30"), weather=Weather(rain_mm_h=3.0), disturbances=(jam,))
    live.day.tell(e.ConditionsReported(conditions=told), "9:30")
    live.day.delivered("s3", "9:31")
    return live.keeps("9:35", Seen(3.5), Seen(2.9, 600))


def test_rows_gone_through_again_are_those_asked_live() -> None:
    live = a_morning()
    found = relived(live)
    assert len(found) == 2 * len(live.kept)
    for look, outlook in enumerate(live.kept):
        again = found[2 * look : 2 * look + 2]
        assert [one for part in again for one in part.stop_ids] == outlook.stop_ids
        rows = np.concatenate([part.rows.x for part in again])
        for place, name in enumerate(FEATURES):
            there = pytest.approx(outlook.rows.x[:, place], abs=2.0, nan_ok=True)
            assert rows[:, place] == there, (look, name)


def test_a_pace_gone_through_again_is_the_pace_there_was() -> None:
    live = a_morning()
    found = relived(live)[-2]
    last = live.kept[-1]
    for name in ("pace", "recent_pace", "fleet_pace", "live_factor", "rain_mm_h", "fix_age_s"):
        assert found.rows.column(name)[0] == pytest.approx(last.rows.column(name)[0], abs=1e-3)
    assert found.rows.column("pace")[0] > 1.0
    assert found.rows.column("disturbed_s")[-1] > 0.0


def test_spreads_gone_through_again_are_nearly_those_there_were() -> None:
    live = a_morning()
    late_s = np.concatenate([part.rows.late_s for part in relived(live)])
    there = np.concatenate([outlook.rows.late_s for outlook in live.kept])
    assert late_s == pytest.approx(there, rel=0.1, abs=15.0)


def test_a_journal_without_predictions_gives_none() -> None:
    live = Live()
    live.day.delivered("s1", "8:20", "8:10")
    assert relived(live) == []


def test_a_journal_of_a_stop_nobody_planned_is_gone_through() -> None:
    live = Live()
    live.day.tell(e.StopDelivered(), "8:20", stop_id="unheard-of")
    assert relived(live.keeps("8:30", Seen(0.5)))[0].stop_ids == ["s1", "s2", "s3", "s4", "s5"]
    assert not math.isnan(live.kept[0].rows.column("base_s").sum())
