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
from tower.kpi.finished import Finished
from tower.kpi.measure import NOTHING, Measure, line, trend
from tower.road.engine import DETOUR_FACTOR

_GRID_KG_PER_KWH = 0.20705
_E_VAN_KWH_PER_KM = 0.24
_CARGO_BIKE_KWH_PER_KM = 0.022

KG_CO2E_PER_KM: dict[VehicleKind, float] = {
    VehicleKind.VAN: 0.25023,
    VehicleKind.E_VAN: _E_VAN_KWH_PER_KM * _GRID_KG_PER_KWH,
    VehicleKind.TRUCK: 0.89,
    VehicleKind.CAR: 0.16984,
    VehicleKind.CARGO_BIKE: _CARGO_BIKE_KWH_PER_KM * _GRID_KG_PER_KWH,
    VehicleKind.BUS: 0.89,
}
"""Kilograms of CO2 equivalent a vehicle emits on one kilometre, by kind.

Van (diesel, average up to 3.5 t) and car (petrol, average): UK Government GHG Conversion Factors
for Company Reporting 2024, v1.1, direct emissions. Electricity: that publication's factor of the
UK grid, wherever the vehicle is charged.

Assumptions, to be replaced by a fleet's own figures: a truck (an average heavy goods vehicle,
rounded), a bus (as a truck), and what electric vehicles draw: 0.24 kWh/km for a van, 0.022 kWh/km
for a cargo bike, which gives 4.6 g/km (an operator in London reckons with 0 to 5 g: "Cargo bikes
vs vans vs EVs", Zag Daily).
"""


def emissions(
    state: State,
    rows: Sequence[Finished],
    now: datetime,
    driven_m: Mapping[str, float] | None = None,
) -> Measure:
    """Greenhouse gas a finished stop costs, grams of CO2 equivalent.

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
        key="co2e_per_stop",
        title="CO2e per stop",
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
