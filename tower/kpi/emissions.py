"""Greenhouse gas the day's driving costs."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import accumulate

from tower.domain.geometry import LatLon, distance_m
from tower.domain.records import Route
from tower.domain.state import State
from tower.domain.words import VehicleKind
from tower.kpi.factors import KG_CO2E_PER_KM
from tower.kpi.finished import Finished
from tower.kpi.measure import NOTHING, Measure, line, trend
from tower.kpi.measures.driving import CO2E_PER_STOP
from tower.road.engine import DETOUR_FACTOR


def emissions(
    state: State,
    rows: Sequence[Finished],
    now: datetime,
    driven_m: Mapping[str, float] | None = None,
) -> Measure:
    """Greenhouse gas a finished stop costs, well to wheel, grams of CO2 equivalent.

    `1000 · Σ over routes (km driven so far · KG_CO2E_PER_KM of its vehicle) / stops finished
    today`. The stops behind it are all of those.

    Args:
        state: the shift.
        rows: the finished stops, by time.
        now: the present, UTC.
        driven_m: route id to metres driven so far. Where a route is missing, the straight line
            from its depot through its finished stops is taken, `DETOUR_FACTOR` times.
    """
    given = driven_m or {}
    straight_m = _straight_m(state, rows)
    factors = _grams_per_straight_m(state, rows, straight_m, given)
    steps = [m * factors[row.stop.route_id] for row, m in zip(rows, straight_m, strict=True)]
    grams = [0.0, *accumulate(steps)]
    times = [row.at for row in rows]

    def so_far(at: float) -> float | None:
        count = bisect_right(times, at)
        return grams[count] / count if count else None

    series = line(times[0] if times else None, now, so_far)
    value = so_far(now.timestamp())
    is_estimated = any(route_id not in given for route_id in factors)
    return Measure(
        key=CO2E_PER_STOP.key,
        title=CO2E_PER_STOP.title,
        value=value,
        text=NOTHING if value is None else f"{value:.0f} g",
        note=f"{grams[-1] / 1000:.1f} kg today" + (", estimated" if is_estimated else ""),
        trend=trend(series),
        series=series,
        stops=tuple(row.stop.id for row in rows),
        counted=len(rows),
    )


def _straight_m(state: State, rows: Sequence[Finished]) -> list[float]:
    """Metres to each finished stop from the one its vehicle finished before, or its depot."""
    last: dict[str, LatLon] = {}
    steps = []
    for row in rows:
        plan, route_id = row.stop.plan, row.stop.route_id
        if plan is None:
            steps.append(0.0)
            continue
        route = state.routes.get(route_id)
        depot = state.depot_of(route) if route else None
        before = last.get(route_id) or depot or plan.position
        steps.append(distance_m(before, plan.position))
        last[route_id] = plan.position
    return steps


def _grams_per_straight_m(
    state: State, rows: Sequence[Finished], straight_m: Sequence[float], given: Mapping[str, float]
) -> dict[str, float]:
    """Grams a straight metre of each route stands for (1 kg/km is 1 g/m)."""
    totals: defaultdict[str, float] = defaultdict(float)
    for row, metres in zip(rows, straight_m, strict=True):
        totals[row.stop.route_id] += metres
    factors = {}
    for route_id, metres in totals.items():
        driven = given.get(route_id)
        road = driven / metres if driven is not None and metres else DETOUR_FACTOR
        factors[route_id] = road * KG_CO2E_PER_KM[_kind_of(state, state.routes.get(route_id))]
    return factors


def _kind_of(state: State, route: Route | None) -> VehicleKind:
    vehicle = state.vehicle_of(route) if route else None
    return vehicle.kind if vehicle else VehicleKind.VAN
