"""Ten thousand stops of four hundred routes under way, predicted anew with a new fix of each."""

import random
import statistics
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from tower.domain.geometry import LatLon
from tower.domain.moments import utc
from tower.domain.records import Break, Progress, Route, RoutePlan, Stamp, Stop, StopPlan
from tower.domain.timezones import zone_named
from tower.domain.words import Building, StopState
from tower.eta.course import Course
from tower.eta.fleet import Fleet
from tower.eta.model import ArrivalModel

ROUTES, STOPS, DONE = 400, 35, 10
"""Each route has ten stops behind it and twenty-five to go."""

LOOKS = 15
_NOW = utc(1_795_600_000)
_HUB = LatLon(47.15, 9.52)
_ZONE = zone_named("Europe/Vaduz")


def predict_ms(model: ArrivalModel, *, drop_sheets: bool = False, new_legs: bool = False) -> float:
    """Milliseconds to predict 10,000 stops, the model's quantiles included; the median of some.

    Args:
        model: what predicts.
        drop_sheets: forget everything before each look, as after a start or a new model.
        new_legs: the roads expect other legs at each look, as they do once a minute.
    """
    assert _ZONE is not None
    fleet, courses, took = Fleet(model), list(_fleet(random.Random(5))), list[float]()
    for look in range(LOOKS + 1):
        now = _NOW + timedelta(seconds=2 * look)
        seen = [_with_fix(course, now, look) for course in courses]
        if drop_sheets:
            fleet.use(model)
        if new_legs:
            seen = [_with_legs(course, 1.0 + 0.01 * look) for course in seen]
        began = time.perf_counter()
        outlook = fleet.project(now, seen, zone=_ZONE)
        arrivals = outlook.arrivals(model.quantiles(outlook.rows))
        assert len(arrivals.standings) == ROUTES
        took.append(1_000.0 * (time.perf_counter() - began))
        assert len(outlook.rows.x) == ROUTES * (STOPS - DONE)
    return statistics.median(took[1:])


def _fleet(chance: random.Random) -> Iterator[Course]:
    for number in range(ROUTES):
        stops = [_stop(chance, f"S{number}-{place}", place) for place in range(STOPS)]
        rest = Break(
            earliest=_NOW + timedelta(hours=1), latest=_NOW + timedelta(hours=2), duration_s=1800
        )
        plan = RoutePlan(
            id=f"R{number}",
            name=f"R{number}",
            carrier_id=f"carrier-{number % 5}",
            driver_id=f"driver-{number}",
            starts_at=_NOW - timedelta(hours=2),
            breaks=(rest,) if number % 2 else (),
        )
        route = Route(
            id=plan.id,
            plan=plan,
            sequence=tuple(stop.id for stop in stops),
            started_at=plan.starts_at,
        )
        legs_s = [chance.uniform(60, 600) for _ in stops]
        yield Course(route, stops, legs_s, _HUB, live_factor=chance.uniform(0.9, 1.3))


def _stop(chance: random.Random, stop_id: str, place: int) -> Stop:
    opens = _NOW + timedelta(minutes=10 * (place - DONE) - 40)
    plan = StopPlan(
        id=stop_id,
        lat=_HUB.lat + chance.uniform(-0.08, 0.08),
        lon=_HUB.lon + chance.uniform(-0.08, 0.08),
        window_start=opens if place % 2 else None,
        window_end=opens + timedelta(hours=1) if place % 2 else None,
        planned_at=opens + timedelta(minutes=30),
        service_s=chance.uniform(60, 300),
        parcels=tuple(str(piece) for piece in range(chance.randint(1, 4))),
        building=chance.choice([None, *Building]),
        floor=chance.choice([None, 0, 1, 2, 3]),
    )
    if place >= DONE:
        return Stop(id=stop_id, plan=plan)
    left = _NOW - timedelta(minutes=9 * (DONE - place), seconds=chance.uniform(0, 200))
    came, stamp = left - timedelta(minutes=3), Stamp(left.timestamp())
    outcome = Progress(state=StopState.DELIVERED, at=left, stamp=stamp)
    return Stop(id=stop_id, plan=plan, outcome=outcome, arrived_at=came)


def _with_fix(course: Course, now: datetime, look: int) -> Course:
    """The same records with the vehicle a little farther on."""
    place = LatLon(_HUB.lat + 0.0004 * look, _HUB.lon + 0.0003 * look)
    return course._replace(stops=list(course.stops), position=place, fix_at=now)


def _with_legs(course: Course, factor: float) -> Course:
    """Other legs ahead; those behind stay as they were."""
    legs = enumerate(course.legs_s)
    return course._replace(legs_s=[leg * factor if at >= DONE else leg for at, leg in legs])
