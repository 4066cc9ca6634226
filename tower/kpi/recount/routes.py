"""Routes finished: how long, how far, how many stops, what energy."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.records import Subject
from tower.domain.words import VehicleKind
from tower.kpi import judging
from tower.kpi.factors import co2e_g, energy_kwh
from tower.kpi.facts import Fact, FactKind
from tower.kpi.recount.ground import Ground, kind_of, seconds
from tower.kpi.recount.saying import of_type
from tower.kpi.recount.stops import start_of

_PUT_ON = timedelta(days=7)
"""A route's stops are those put on it so long before it finished, or later; of a route whose id is
used every day for years, the others had their day."""


def route_facts(ground: Ground, route_id: str, floor: date = date.min) -> Iterator[Fact]:
    """Facts of the kind `route`: one a local day a route finished, by the last word on that.

    Its stops are those that were on it at the finish and had an outcome that day. What it took
    belongs to it, however much later it is said, until the route finishes again on another day.

    Args:
        ground: what is known.
        route_id: the route.
        floor: facts of earlier days are left out.
    """
    said = ground.book.about("route", route_id)
    finishes: dict[date, list[Event]] = {}
    for one in of_type(said, e.RouteFinished):
        finishes.setdefault(ground.calendar.dated(one.at).day, []).append(one)
    taken = _measured(said)
    for day, of_day in ((one, finishes[one]) for one in finishes if one >= floor):
        measured = [taken[one.id] for one in of_day if one.id in taken]
        yield _route(ground, route_id, day, of_day[-1], measured[-1:])


def _measured(said: Iterable[Event]) -> dict[str, e.RouteMeasured]:
    """By the newest finish until then, what was said last of what the route took."""
    found: dict[str, e.RouteMeasured] = {}
    finishes = of_type(said, e.RouteFinished)
    for one in of_type(said, e.RouteMeasured):
        before = [each.id for each in finishes if each.at <= one.at]
        found |= dict.fromkeys(before[-1:], one.body)
    return found


def _route(
    ground: Ground,
    route_id: str,
    day: date,
    finished: Event,
    measured: Sequence[e.RouteMeasured],
) -> Fact:
    at, subject = finished.at, finished.subject
    about = Subject(route_id=route_id, vehicle_id=subject.vehicle_id, carrier_id=subject.carrier_id)
    started = _started(ground, route_id, at)
    stops = float(_stops(ground, route_id, day, at))
    adds = {
        "routes": 1.0,
        "route_s": seconds(at - started) if started else 0.0,
        "route_stops": stops,
        "measured_stops": stops if measured else 0.0,
        **_taken(kind_of(ground.setting(about, at)), measured),
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
    lately = [event for event in sequenced if event.at >= at - _PUT_ON]
    put_on = {id_ for event in lately for one in event.body.routes for id_ in one.stops}
    return sum(_was_finished(ground, stop_id, route_id, day, at) for stop_id in put_on)


def _was_finished(ground: Ground, stop_id: str, route_id: str, day: date, at: datetime) -> bool:
    if not _had_outcome(ground, stop_id, day):
        return False
    stop = ground.stop(stop_id, at)
    outcome = stop.outcome
    if outcome is None or stop.route_id != route_id:
        return False
    is_of_day = ground.calendar.dated(outcome.at).day == day
    return is_of_day and judging.is_counted(stop.plan, outcome.state)


def _had_outcome(ground: Ground, stop_id: str, day: date) -> bool:
    """True where a stop may have been finished on a day; far quicker than looking closely."""
    said = ground.book.about("stop", stop_id)
    outcomes = (one for one in said if isinstance(one.body, e.StopProgress))
    return any(ground.calendar.dated(one.at).day == day for one in outcomes)


def _taken(kind: VehicleKind, measured: Sequence[e.RouteMeasured]) -> dict[str, float]:
    return {
        name: round(amount, 3)
        for one in measured
        for name, amount in (
            ("driven_m", one.driven_m),
            ("energy_kwh", energy_kwh(kind, one)),
            ("co2e_g", co2e_g(kind, one)),
        )
    }
