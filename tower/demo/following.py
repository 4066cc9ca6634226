"""Driving another sequence than before, from where the vehicle is at that moment."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from tower.demo.carriers import carrier_of
from tower.demo.happenings import Happenings, Mishap
from tower.demo.life import MOVES_OFF_S, Day, rider_of
from tower.demo.plan import DemoRoute, DemoStop, Drive, Life, Report, Say
from tower.demo.telling import Rider
from tower.demo.ways import real_ways
from tower.domain.geometry import LatLon
from tower.road.engine import RoutingEngine
from tower.road.roads import Profile


class Halt(NamedTuple):
    """Where a life takes another turn.

    Attributes:
        past: what was lived until then; it stands.
        now_s: when the vehicle can do something else.
        place: where it is then.
    """

    past: Life
    now_s: float
    place: LatLon


def follow(
    route: DemoRoute,
    stops: Sequence[DemoStop],
    at_s: float,
    home: LatLon,
    engine: RoutingEngine,
    happenings: Happenings,
    rng: np.random.Generator,
) -> DemoRoute:
    """The route with the life it has when its driver follows another sequence.

    Stops that stay in their order are visited as they would have been; from the first that
    differs on, the vehicle drives the roads from where it is then. What it is at, it finishes.

    Args:
        route: as it was to be lived.
        stops: what is still to be visited, in the new order.
        at_s: when the driver turns to it.
        home: where the depot is.
        engine: knows the roads.
        happenings: what goes wrong on the day.
        rng: decides what else happens from then on.
    """
    wanted = [stop for stop in stops if stop.id not in visited(route.life, at_s)]
    kept = _in_order_already(route, wanted, at_s)
    halt = _halt(route, kept, at_s, home)
    rest = wanted[kept:]
    profile = Profile.of_vehicle(route.vehicle.kind)
    ways = real_ways(rest, halt.place, home, happenings, engine, profile)
    day = Day(_rider(route, halt, happenings), happenings, halt.now_s, rng, halt.past)
    known = {stop.id: stop for stop in (*route.stops, *stops)}
    return replace(route, stops=tuple(known.values()), life=day.run(rest, ways))


def let_in(
    route: DemoRoute,
    stop: DemoStop,
    at_s: float,
    home: LatLon,
    engine: RoutingEngine,
    happenings: Happenings,
    rng: np.random.Generator,
) -> DemoRoute:
    """The route with the life it has when the gate opens that its driver stands at.

    Args:
        route: as it was to be lived.
        stop: whose gate, as it is known now.
        at_s: when it opens; see `waits_at`.
        home: where the depot is.
        engine: knows the roads.
        happenings: what goes wrong on the day.
        rng: decides what else happens from then on.
    """
    life = route.life
    place = next(i for i, visit in enumerate(life.visits) if visit.stop_id == stop.id)
    past = Life(
        drives=tuple(drive for drive in life.drives if drive.starts_s < at_s),
        visits=life.visits[:place],
        reports=tuple(_said(life.reports, at_s)),
        rests_s=tuple(rest for rest in life.rests_s if rest < at_s),
    )
    halt = Halt(past, at_s, _ends(life, at_s, home))
    known = {one.id: one for one in route.stops} | {stop.id: stop}
    rest = [known[one] for one in upcoming(life, at_s)]
    profile = Profile.of_vehicle(route.vehicle.kind)
    ways = real_ways(rest, halt.place, home, happenings, engine, profile)
    day = Day(_rider(route, halt, happenings), happenings, at_s, rng, past)
    day.let_in(stop, life.visits[place].arrives_s)
    return replace(route, stops=tuple(known.values()), life=day.run(rest, ways))


def waits_at(route: DemoRoute, stop_id: str, at_s: float, happenings: Happenings) -> bool:
    """True while the driver stands at a closed gate."""
    is_closed = happenings.mishaps.get(stop_id) is Mishap.NO_ACCESS
    visits = (visit for visit in route.life.visits if visit.stop_id == stop_id)
    is_opened = any(stop.id == stop_id and stop.access_code for stop in route.stops)
    is_there = any(visit.arrives_s <= at_s < visit.leaves_s for visit in visits)
    return is_closed and is_there and not is_opened


def differs(before: DemoStop, after: DemoStop) -> bool:
    """True where what is known of a stop now changes how it is served."""
    return any(getattr(before, name) != getattr(after, name) for name in _SERVED_BY)


_SERVED_BY = ("lat", "lon", "window_start_s", "access_code", "safe_place")


def cut(drive: Drive, at_s: float) -> Drive:
    """The part of a drive up to a second of the day; at its very start where that was before."""
    whole = np.array(drive.times_s)
    until_s = min(max(at_s - drive.starts_s, 0.0), float(whole[-1]))
    points = np.array(drive.shape, dtype=np.float64).reshape(-1, 2)
    end = [np.interp(until_s, whole, points[:, axis]) for axis in (0, 1)]
    driven = whole < until_s
    shape = np.vstack([points[driven], end]).round().astype(np.int64)
    return Drive(
        starts_s=drive.starts_s,
        times_s=(*whole[driven].tolist(), round(until_s, 2)),
        shape=tuple(shape.ravel().tolist()),
    )


def visited(life: Life, at_s: float) -> frozenset[str]:
    """Ids of the stops the vehicle has reached by a second of the day."""
    return frozenset(visit.stop_id for visit in life.visits if visit.arrives_s <= at_s)


def upcoming(life: Life, at_s: float) -> list[str]:
    """Ids of the stops still to be reached after a second of the day, in order."""
    return [visit.stop_id for visit in life.visits if visit.arrives_s > at_s]


def _in_order_already(route: DemoRoute, wanted: Sequence[DemoStop], at_s: float) -> int:
    """How many of the stops come next anyhow, and are served as they would have been."""
    same, known = 0, {stop.id: stop for stop in route.stops}
    for stop, next_id in zip(wanted, upcoming(route.life, at_s), strict=False):
        if stop.id != next_id or differs(known[stop.id], stop):
            break
        same += 1
    return same


def _halt(route: DemoRoute, kept: int, at_s: float, home: LatLon) -> Halt:
    """Where the life turns: after what stays in its order, at a door, on the road, or at rest."""
    life = route.life
    reached = sum(visit.arrives_s <= at_s for visit in life.visits) + kept
    last = life.visits[reached - 1] if reached else None
    if last is not None and last.leaves_s > at_s:
        past = _past(life, reached, at_s, last.leaves_s)
        return Halt(past, last.leaves_s + MOVES_OFF_S, _ends(life, last.leaves_s, home))
    driving = next((one for one in life.drives if one.starts_s <= at_s < one.ends_s), None)
    if driving is not None:
        part = cut(driving, at_s)
        drives = [one for one in life.drives if one.starts_s < driving.starts_s]
        past = _past(life, reached, at_s, at_s)
        return Halt(replace(past, drives=(*drives, part)), at_s, _end(part))
    resumes = next((one.starts_s for one in life.drives if one.starts_s > at_s), at_s)
    return Halt(_past(life, reached, at_s, resumes), resumes, _ends(life, at_s, home))


def _past(life: Life, reached: int, at_s: float, until_s: float) -> Life:
    """The life up to the moment it turns, with what was said by then."""
    told = life.visits[reached - 1].told if reached else 0
    return Life(
        drives=tuple(drive for drive in life.drives if drive.starts_s < until_s),
        visits=life.visits[:reached],
        reports=(*life.reports[:told], *_said(life.reports[told:], at_s)),
        rests_s=tuple(rest for rest in life.rests_s if rest < until_s),
    )


def _said(reports: Sequence[Report], at_s: float) -> list[Report]:
    """What was reported by then, and how alarms raised by then end."""
    said = [report for report in reports if report.at_s <= at_s]
    raised = {_about(report) for report in said if report.alarm is not None}
    ends = [
        report
        for report in reports
        if report.at_s > at_s
        and report.alarm is not None
        and report.alarm.cleared
        and _about(report) in raised
    ]
    return said + ends


def _about(report: Report) -> tuple[str, str]:
    return report.alarm.kind if report.alarm else "", report.stop_id


def _rider(route: DemoRoute, halt: Halt, happenings: Happenings) -> Rider:
    carrier = carrier_of(route.carrier_id)
    return rider_of(route.id, carrier, route.vehicle.reference, happenings)._replace(
        breaks=route.driver.breaks[len(halt.past.rests_s) :],
        says_hello=all(report.say is not Say.ROUTE_STARTED for report in halt.past.reports),
        asked=frozenset(
            report.stop_id for report in halt.past.reports if report.say is Say.CONTACT
        ),
    )


def _ends(life: Life, at_s: float, home: LatLon) -> LatLon:
    """Where the last drive that ended by then led to; the depot before the first."""
    ended = [drive for drive in life.drives if drive.ends_s <= at_s + _ROUNDING_S]
    return _end(ended[-1]) if ended else home


_ROUNDING_S = 0.2
"""Times of drives and visits are rounded to tenths of a second each."""


def _end(drive: Drive) -> LatLon:
    return LatLon(drive.shape[-2] / 1e6, drive.shape[-1] / 1e6)
