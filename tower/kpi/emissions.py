"""Greenhouse gas the day's driving costs."""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import datetime

import numpy as np

from tower.domain.records import Route
from tower.domain.state import State
from tower.domain.words import VehicleKind
from tower.kpi.factors import KG_CO2E_PER_KM
from tower.kpi.finished import Day, Floats
from tower.kpi.measure import NOTHING, Measure, line, trend
from tower.kpi.measures.driving import CO2E_PER_STOP
from tower.road.engine import DETOUR_FACTOR
from tower.road.geometry import piece_lengths_m


def emissions(
    state: State, day: Day, now: datetime, driven_m: Mapping[str, float] | None = None
) -> Measure:
    """Greenhouse gas a finished stop costs, well to wheel, grams of CO2 equivalent.

    `1000 · Σ over routes (km driven so far · KG_CO2E_PER_KM of its vehicle) / stops finished
    today`. The stops behind it are all of those.

    Args:
        state: the shift.
        day: the finished stops.
        now: the present, UTC.
        driven_m: route id to metres driven so far. Where a route is missing, the straight line
            from its depot through its finished stops is taken, `DETOUR_FACTOR` times.
    """
    given = driven_m or {}
    straight_m = _straight_m(state, day)
    factors = _grams_per_straight_m(state, day, straight_m, given)
    grams = [0.0, *np.cumsum(straight_m * factors[day.column("route")]).tolist()]
    times = day.column("at").tolist()

    def so_far(at: float) -> float | None:
        count = bisect_right(times, at)
        return grams[count] / count if count else None

    series = line(times[0] if times else None, now, so_far)
    value = so_far(now.timestamp())
    driven = {day.route_ids[number] for number in np.unique(day.column("route"))}
    return Measure(
        key=CO2E_PER_STOP.key,
        title=CO2E_PER_STOP.title,
        value=value,
        text=NOTHING if value is None else f"{value:.0f} g",
        note=f"{grams[-1] / 1000:.1f} kg today" + ("" if driven <= set(given) else ", estimated"),
        trend=trend(series),
        series=series,
        stops=tuple(day.ids.tolist()),
        counted=len(times),
    )


def _straight_m(state: State, day: Day) -> Floats:
    """`(n,)` metres to each stop from the one its vehicle finished before, or its depot."""
    metres = np.zeros(len(day.ids))
    known = np.flatnonzero(~np.isnan(day.column("lat")))
    order = known[np.argsort(day.column("route")[known], kind="stable")]
    if not order.size:
        return metres
    routes = day.column("route")[order]
    places = np.column_stack([day.column("lat")[order], day.column("lon")[order]])
    before = np.roll(places, 1, axis=0)
    first = np.concatenate([[True], routes[1:] != routes[:-1]])
    starts = [_start(state, day.route_ids[number]) for number in routes[first]]
    before[first] = np.where(np.isnan(starts), places[first], starts)
    metres[order] = piece_lengths_m(np.stack([before, places], axis=1).reshape(-1, 2))[::2]
    return metres


def _start(state: State, route_id: str) -> tuple[float, float]:
    """Where a route begins; nan where nobody said."""
    route = state.routes.get(route_id)
    depot = state.depot_of(route) if route else None
    return (depot.lat, depot.lon) if depot else (np.nan, np.nan)


def _grams_per_straight_m(
    state: State, day: Day, straight_m: Floats, given: Mapping[str, float]
) -> Floats:
    """Grams a straight metre of each route stands for (1 kg/km is 1 g/m), by its number."""
    totals = np.bincount(day.column("route"), straight_m, minlength=len(day.route_ids))
    factors = np.zeros(len(day.route_ids))
    for number in np.unique(day.column("route")):
        route_id, metres = day.route_ids[number], totals[number]
        driven = given.get(route_id)
        road = driven / metres if driven is not None and metres else DETOUR_FACTOR
        factors[number] = road * KG_CO2E_PER_KM[_kind_of(state, state.routes.get(route_id))]
    return factors


def _kind_of(state: State, route: Route | None) -> VehicleKind:
    vehicle = state.vehicle_of(route) if route else None
    return vehicle.kind if vehicle else VehicleKind.VAN
