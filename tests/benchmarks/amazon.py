"""Our order against the order really driven: routes of the Amazon routing challenge.

The file has no travel times, and there is no road graph of those cities here: both orders are
measured on the same model, straight lines with the usual detour and speed in towns. Both leave at
the same time, serve as long as was planned, and end at the station. Lateness is that after the end
of a promised window, earliness that of arrivals more than ten minutes before one begins.

A straight line knows no river and no one-way street, and the drivers did: part of what is saved
here, roads would take back.
"""

import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.report import Line, argument_parser, show_whole
from tower.carriers.manifest import read_manifest
from tower.carriers.manifest.model import Manifest
from tower.domain.records import Route, RoutePlan, Stamp, Stop
from tower.domain.state import DepotEntry, State, VehicleEntry
from tower.routes.case import RouteCase, route_case
from tower.routes.evaluate import Prospect, evaluate, present
from tower.routes.fleetbook import fleet_of
from tower.routes.optimiser.job import Job
from tower.routes.optimiser.optimise import optimise
from tower.routes.travel import TravelTable
from tower.routes.weights import Weights, objective_of

_KM_M, _MINUTE_S = 1000.0, 60.0


class BadRoutes(Exception):
    """The file holds no routes that can be driven."""


class Figures(NamedTuple):
    """What one order comes to.

    Attributes:
        km: driven, back to the station.
        late_min: minutes after the ends of the windows, all stops together; `early_min` before.
        missed: windows missed.
        hours: from leaving the station to being back.
    """

    km: float
    late_min: float
    early_min: float
    missed: int
    hours: float


class Compared(NamedTuple):
    """One route both ways."""

    name: str
    stops: int
    driven: Figures
    ours: Figures
    took_s: float


def cases_of(manifest: Manifest) -> list[RouteCase]:
    """The routes as they stood before they left, without the loading at the station."""
    state = State()
    depots = {depot.id: depot.position for depot in manifest.depots}
    stops = {stop.id: stop for stop in manifest.stops}
    state.depots.update({one.id: DepotEntry(value=one) for one in manifest.depots})
    state.vehicles.update({one.id: VehicleEntry(value=one) for one in manifest.vehicles})
    for plan in manifest.routes:
        home = depots.get(plan.depot_id)
        order = [one for one in manifest.sequences[plan.id] if stops[one].position != home]
        state.stops.update({one: Stop(id=one, plan=stops[one], route_id=plan.id) for one in order})
        state.routes[plan.id] = Route(
            id=plan.id, plan=plan, sequence=tuple(order), sequence_stamp=Stamp(1, 0, plan.id)
        )
    return [_case(state, route, route.plan) for route in state.routes.values() if route.plan]


def _case(state: State, route: Route, plan: RoutePlan) -> RouteCase:
    legs = [0.0] * len(route.sequence)
    if plan.starts_at is None:
        raise BadRoutes(f"Nobody said when {plan.name} left.")
    return route_case(state, route, legs, legs, None, fleet_of(state), plan.starts_at)


def compared(case: RouteCase, seconds: float) -> Compared:
    """Optimise a route and measure both orders."""
    travel = TravelTable(case.profile)
    weights = Weights(change=0.0)
    begun = time.perf_counter()
    found = optimise(Job(cases=(case,), weights=weights, seconds=seconds))
    took_s = time.perf_counter() - begun
    stops = {stop.id: stop for stop in case.open}
    order = found.orders[case.id] if found else tuple(stops)
    if sorted(order) != sorted(stops):
        raise BadRoutes(f"The order found for {case.name} does not serve every stop once.")
    ours = evaluate(case, [stops[stop_id] for stop_id in order], travel)
    return Compared(case.name, len(stops), _figures(present(case, travel)), _figures(ours), took_s)


def _figures(prospect: Prospect) -> Figures:
    objective = objective_of(prospect, prospect.order)
    left = prospect.case.whereabouts.left_at or prospect.case.now
    return Figures(
        km=objective.distance_m / _KM_M,
        late_min=objective.lateness_s / _MINUTE_S,
        early_min=objective.early_s / _MINUTE_S,
        missed=sum(one.rule.value == "window" for one in prospect.violations),
        hours=(prospect.ends_at - left).total_seconds() / 3600,
    )


def measure(options: Namespace) -> list[Line]:
    """Compare every route of the file."""
    try:
        data = options.file.read_bytes()
    except OSError as error:
        raise BadRoutes(f"{options.file} cannot be read: {error.strerror or error}") from error
    manifest = read_manifest(data, options.file.name)
    if not manifest.routes:
        why = manifest.problems[0].message if manifest.problems else "it names none"
        raise BadRoutes(f"{options.file} holds no routes: {why}")
    if not options.json:
        _print("route", "stops", "driven km", "our km", "%", "late min", "ours", "missed", "ours")
    routes = []
    for case in cases_of(manifest):
        routes.append(compared(case, options.seconds))
        if not options.json:
            _print(*_row(routes[-1]))
    return _summary(routes)


def _row(one: Compared) -> tuple[str, ...]:
    return (
        one.name,
        f"{one.stops}",
        f"{one.driven.km:.1f}",
        f"{one.ours.km:.1f}",
        f"{_less_pct(one.driven.km, one.ours.km):+.1f}",
        f"{one.driven.late_min:.0f}",
        f"{one.ours.late_min:.0f}",
        f"{one.driven.missed}",
        f"{one.ours.missed}",
    )


def _print(name: str, *columns: str) -> None:
    print(f"{name:<12}", *(f"{column:>10}" for column in columns), flush=True)


def _less_pct(before: float, after: float) -> float:
    return 100 * (after - before) / before if before else 0.0


def _summary(routes: Sequence[Compared]) -> list[Line]:
    driven_km = sum(one.driven.km for one in routes)
    our_km = sum(one.ours.km for one in routes)
    return [
        Line("routes", len(routes), "Routes"),
        Line("stops", sum(one.stops for one in routes), "Stops"),
        Line("driven_km", driven_km, "As really driven", "km"),
        Line("our_km", our_km, "In our order", "km"),
        Line("distance_pct", _less_pct(driven_km, our_km), "That is", "%"),
        Line("driven_late_min", sum(r.driven.late_min for r in routes), "Late as driven", "min"),
        Line("our_late_min", sum(r.ours.late_min for r in routes), "Late in our order", "min"),
        Line("driven_early_min", sum(r.driven.early_min for r in routes), "Early as driven", "min"),
        Line("our_early_min", sum(r.ours.early_min for r in routes), "Early in our order", "min"),
        Line("driven_missed", sum(r.driven.missed for r in routes), "Windows missed as driven"),
        Line("our_missed", sum(r.ours.missed for r in routes), "Windows missed in our order"),
        Line("driven_hours", sum(r.driven.hours for r in routes), "On the road as driven", "h"),
        Line("our_hours", sum(r.ours.hours for r in routes), "On the road in our order", "h"),
        Line("travel_model", "straight lines", "Travel times from"),
        Line("longest_s", max(one.took_s for one in routes), "Found within", "s"),
    ]


def main() -> None:
    """Run from the command line."""
    parser = argument_parser("tests.benchmarks.amazon", str(__doc__))
    parser.add_argument("file", type=Path, help="routes in the challenge's form")
    parser.add_argument("--seconds", type=float, default=8.0, help="a route (%(default)g)")
    options = parser.parse_args()
    try:
        lines = measure(options)
    except BadRoutes as error:
        sys.exit(f"error: {error}")
    show_whole(lines, as_json=options.json)


if __name__ == "__main__":
    main()
