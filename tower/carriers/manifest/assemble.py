"""Checking the entries of a manifest against each other, and making records of them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable

from tower.carriers.fleet import vehicle_id_of
from tower.carriers.manifest import records
from tower.carriers.manifest.entries import (
    FIRST_YEAR,
    LAST_YEAR,
    STOPS_PER_FILE,
    STOPS_PER_ROUTE,
    DepotEntry,
    Draft,
    PickupPointEntry,
    Placed,
    Problem,
    RouteEntry,
    SomeEntry,
    StopEntry,
    is_in_calendar,
    times_in,
)
from tower.carriers.manifest.faults import Fault, collecting_remarks, route_faults, stop_faults
from tower.carriers.manifest.model import Manifest
from tower.carriers.manifest.places import place_problem, swapped
from tower.carriers.manifest.timetable import with_planned_times
from tower.domain.geometry import LatLon
from tower.domain.records import StopPlan


def assemble(draft: Draft, near: LatLon | None = None) -> Manifest:
    """The manifest without the entries that contradict something, which are its problems.

    Args:
        draft: the manifest as written.
        near: where the operation works, None where that is not known.
    """
    checked = _Checked(draft, near)
    sequences = checked.sequences()
    carriers, other_carriers = records.carriers(checked.carriers, checked.vehicles, checked.routes)
    vehicles, other_vehicles = records.vehicles(checked.vehicles, checked.routes)
    return Manifest(
        form=draft.form,
        historical=draft.historical,
        shift=records.shift(draft.shift, checked.problems),
        carriers=carriers + other_carriers,
        depots=tuple(records.depot(placed.entry) for placed in checked.depots),
        pickup_points=tuple(records.pickup_point(one.entry) for one in checked.pickup_points),
        vehicles=vehicles + other_vehicles,
        routes=tuple(records.route(placed.entry) for placed in checked.routes),
        stops=checked.planned(sequences),
        named_only=frozenset(record.id for record in other_carriers + other_vehicles),
        sequences=sequences,
        problems=tuple(sorted(checked.problems, key=lambda problem: problem.line)),
    )


class _Checked:
    """The entries that may go in; the reasons for the others."""

    def __init__(self, draft: Draft, near: LatLon | None) -> None:
        self._near = near
        self.problems = list(draft.problems)
        self.carriers = self._unique(draft.carriers, "carrier", lambda entry: entry.id)
        self.vehicles = self._unique(
            draft.vehicles, "vehicle", lambda entry: vehicle_id_of(entry.carrier, entry.reference)
        )
        depots = self._unique(draft.depots, "depot", lambda entry: entry.id)
        self.depots = [depot for depot in depots if self._is_somewhere(depot)]
        points = self._unique(draft.pickup_points, "pick-up point", lambda entry: entry.id)
        self.pickup_points = [point for point in points if self._is_somewhere(point)]
        self._placed_depots = {depot.entry.id for depot in self.depots}
        routes = self._unique(draft.routes, "route", lambda entry: entry.id)
        self.routes = [route for route in routes if self._route_stands(route)]
        self.stops = self._stops(draft.stops)

    def sequences(self) -> dict[str, tuple[str, ...]]:
        """Stop ids of each route in driving order."""
        of_route: dict[str, list[StopEntry]] = defaultdict(list)
        for stop in self.stops:
            if stop.entry.route:
                of_route[stop.entry.route].append(stop.entry)
        return {
            route_id: tuple(stop.id for stop in _in_order(stops))
            for route_id, stops in of_route.items()
        }

    def planned(self, sequences: dict[str, tuple[str, ...]]) -> tuple[StopPlan, ...]:
        """The stops with planned arrivals, those on no route last."""
        plans = {placed.entry.id: records.stop(placed.entry) for placed in self.stops}
        depots = {placed.entry.id: placed.entry for placed in self.depots}
        for route in (placed.entry for placed in self.routes):
            stops = [plans[stop_id] for stop_id in sequences.get(route.id, ())]
            depot = depots.get(route.depot)
            start = None if depot is None else LatLon(depot.lat, depot.lon)
            for plan in with_planned_times(stops, route.starts_at, start):
                plans[plan.id] = plan
        return tuple(plans.values())

    def _refuse(self, line: int, field: str, message: str) -> None:
        self.problems.append(Problem(line=line, field=field, message=message))

    def _refused_for(self, line: int, faults: Iterable[Fault]) -> bool:
        """True where there are any."""
        found = list(faults)
        for field, message in found:
            self._refuse(line, field, message)
        return bool(found)

    def _unique(
        self,
        entries: Iterable[Placed[SomeEntry]],
        what: str,
        name: Callable[[SomeEntry], Hashable],
    ) -> list[Placed[SomeEntry]]:
        first: dict[Hashable, Placed[SomeEntry]] = {}
        for placed in entries:
            known = first.setdefault(name(placed.entry), placed)
            if known is not placed:
                message = f"The {what} {name(placed.entry)} is there already, on line {known.line}."
                self._refuse(placed.line, what, message)
        return list(first.values())

    def _is_sometime(self, placed: Placed[RouteEntry] | Placed[StopEntry]) -> bool:
        wrong = [name for name, at in times_in(placed.entry).items() if not is_in_calendar(at)]
        for name in wrong:
            self._refuse(placed.line, name, f"Outside the years {FIRST_YEAR} to {LAST_YEAR}.")
        return not wrong

    def _is_somewhere(
        self, placed: Placed[DepotEntry] | Placed[PickupPointEntry] | Placed[StopEntry]
    ) -> bool:
        problem = place_problem(placed.line, placed.entry.lat, placed.entry.lon)
        if problem is not None:
            self.problems.append(problem)
        return problem is None

    def _route_stands(self, placed: Placed[RouteEntry]) -> bool:
        route = placed.entry
        if route.depot and route.depot not in self._placed_depots:
            message = f"Depot {route.depot} has no place in this file; Tower must know it already."
            warning = Problem(line=placed.line, field="depot", message=message, refused=False)
            self.problems.append(warning)
        return self._is_sometime(placed) and not self._refused_for(placed.line, route_faults(route))

    def _stops(self, entries: list[Placed[StopEntry]]) -> list[Placed[StopEntry]]:
        routes = {route.entry.id for route in self.routes}
        if len(entries) > STOPS_PER_FILE:
            message = f"The file has {len(entries):,} stops; {STOPS_PER_FILE:,} are taken in."
            self._refuse(entries[STOPS_PER_FILE].line, "", f"{message} Hand in the rest as well.")
        stops = self._unique(entries[:STOPS_PER_FILE], "stop", lambda entry: entry.id)
        stops = [stop for stop in stops if self._stop_stands(stop, routes)]
        self.problems += collecting_remarks(stops)
        turned = swapped(stops, self.depots, self._near)
        self.problems += turned.values()
        return self._drivable([stop for index, stop in enumerate(stops) if index not in turned])

    def _drivable(self, stops: list[Placed[StopEntry]]) -> list[Placed[StopEntry]]:
        """Those within the number a route may have."""
        on_route: Counter[str] = Counter()
        fitting = []
        for placed in stops:
            route = placed.entry.route
            on_route[route] += 1
            if route and on_route[route] > STOPS_PER_ROUTE:
                message = f"Route {route} has {STOPS_PER_ROUTE:,} stops already."
                self._refuse(placed.line, "route", message)
            else:
                fitting.append(placed)
        return fitting

    def _stop_stands(self, placed: Placed[StopEntry], routes: set[str]) -> bool:
        stop = placed.entry
        if not (self._is_somewhere(placed) and self._is_sometime(placed)):
            return False
        if stop.route and stop.route not in routes:
            self._refuse(placed.line, "route", f"There is no route {stop.route} in this file.")
            return False
        return not self._refused_for(placed.line, stop_faults(stop))


def _in_order(stops: list[StopEntry]) -> list[StopEntry]:
    """By sequence; stops without one keep their place behind the stop before them."""
    keyed: list[tuple[float, int, StopEntry]] = []
    last = float("-inf")
    for index, stop in enumerate(stops):
        last = stop.sequence if stop.sequence is not None else last
        keyed.append((last, index, stop))
    keyed.sort(key=lambda item: item[:2])
    return [stop for _, _, stop in keyed]
