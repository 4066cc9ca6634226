"""Routes finished: how long, how far, how many stops, what energy."""

from collections.abc import Iterator
from datetime import date, datetime

from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.records import Subject
from tower.kpi import judging
from tower.kpi.factors import co2e_g, energy_kwh
from tower.kpi.facts import Fact, FactKind
from tower.kpi.recount.ground import Ground, kind_of, seconds
from tower.kpi.recount.saying import of_type
from tower.kpi.recount.stops import start_of


def route_facts(ground: Ground, route_id: str) -> Iterator[Fact]:
    """Facts of the kind `route`: one a local day a route finished, by the last word on that.

    Its stops are those that were on it at the finish and had an outcome that day. What it took
    belongs to it, said on that day, however much later.
    """
    said = ground.book.about("route", route_id)
    last = {ground.calendar.dated(one.at).day: one for one in of_type(said, e.RouteFinished)}
    for day, finished in last.items():
        yield _route(ground, route_id, day, finished)


def _route(ground: Ground, route_id: str, day: date, finished: Event) -> Fact:
    at, subject = finished.at, finished.subject
    about = Subject(route_id=route_id, vehicle_id=subject.vehicle_id, carrier_id=subject.carrier_id)
    started = _started(ground, route_id, at)
    adds = {
        "routes": 1.0,
        "route_s": seconds(at - started) if started else 0.0,
        "route_stops": float(_stops(ground, route_id, day, at)),
        **_taken(ground, route_id, day, about, at),
    }
    return ground.fact(FactKind.ROUTE, f"{route_id}:{day}", at, about, adds)


def _started(ground: Ground, route_id: str, at: datetime) -> datetime | None:
    """When it left, as said, else as planned."""
    plan = ground.route_plan(route_id, at)
    planned = plan.starts_at if plan else None
    said = start_of(ground, route_id, at)
    return said or (planned if planned is not None and planned <= at else None)


def _stops(ground: Ground, route_id: str, day: date, at: datetime) -> int:
    sequenced = of_type(ground.book.about("route", route_id), e.RoutesSequenced)
    ever = {id_ for event in sequenced for one in event.body.routes for id_ in one.stops}
    return sum(_was_finished(ground, stop_id, route_id, day, at) for stop_id in ever)


def _was_finished(ground: Ground, stop_id: str, route_id: str, day: date, at: datetime) -> bool:
    stop = ground.stop(stop_id, at)
    outcome = stop.outcome
    if outcome is None or stop.route_id != route_id:
        return False
    is_of_day = ground.calendar.dated(outcome.at).day == day
    return is_of_day and judging.is_counted(stop.plan, outcome.state)


def _taken(
    ground: Ground, route_id: str, day: date, about: Subject, at: datetime
) -> dict[str, float]:
    said = of_type(ground.book.about("route", route_id), e.RouteMeasured)
    of_day = [one.body for one in said if ground.calendar.dated(one.at).day == day]
    if not of_day:
        return {}
    kind = kind_of(ground.setting(about, at))
    measured = of_day[-1]
    return {
        "driven_m": round(measured.driven_m, 3),
        "energy_kwh": round(energy_kwh(kind, measured), 3),
        "co2e_g": round(co2e_g(kind, measured), 3),
    }
