"""Routes as they stand now, ready to be tried in another order. Knows no widgets."""

from collections.abc import Collection, Mapping, Sequence
from itertools import islice

from tower.domain.geometry import LatLon
from tower.domain.records import Route, Stop
from tower.domain.state import Changed
from tower.road.roads import Profile
from tower.routes.case import Place, RouteCase, profile_of, route_case
from tower.routes.evaluate import Prospect, evaluate, present
from tower.routes.fleetbook import Fleet, FleetBook
from tower.routes.legs import Legs, present_legs, teach
from ui.draft.travel import Travels
from ui.session import Session

_MANY = 500
"""Of more changes than these everything is worked out again when it is asked for."""

_ALIKE = 2
_KEPT_ORDERS = 64
"""Prospects kept a route: what the pointer passes over is passed over again."""


class Cases:
    """Route cases and prospects, made when asked for and kept until `renew`.

    Args:
        session: the shift.
        travels: travel times; learns the legs of the routes' lines.
    """

    def __init__(self, session: Session, travels: Travels) -> None:
        self._session, self._travels = session, travels
        self._fleet: FleetBook | None = None
        self._fleet_of = session.state
        self._cases: dict[str, RouteCase] = {}
        self._presents: dict[str, Prospect] = {}
        self._prospects: dict[str, dict[tuple[str, ...], Prospect]] = {}
        self._fixes: dict[str, Place] = {}

    # What is read

    def case(self, route_id: str) -> RouteCase | None:
        """A route as it stands; None where it is unknown or nobody planned it."""
        known = self._cases.get(route_id)
        route = self._session.state.routes.get(route_id)
        if known is not None or route is None or route.plan is None:
            return known
        if any(stop.plan is None for stop in self._session.state.stops_of(route)):
            return None
        case = self._make(route, route.plan.vehicle_id)
        self._cases[route_id] = case
        return case

    def present(self, route_id: str) -> Prospect | None:
        """What the present order of a route comes to."""
        known = self._presents.get(route_id)
        case = self.case(route_id) if known is None else None
        if known is not None or case is None:
            return known
        prospect = present(case, self._travels.table(case.profile))
        self._presents[route_id] = prospect
        return prospect

    def prospect(self, route_id: str, order: Sequence[Stop]) -> Prospect | None:
        """What another order of its open stops comes to."""
        key = tuple(stop.id for stop in order)
        kept = self._prospects.setdefault(route_id, {})
        known = kept.get(key)
        case = self.case(route_id) if known is None else None
        if known is not None or case is None:
            return known
        if len(kept) >= _KEPT_ORDERS:
            kept.clear()
        prospect = evaluate(
            case, order, self._travels.table(case.profile), self._alike(route_id, kept)
        )
        kept[key] = prospect
        return prospect

    def _alike(self, route_id: str, kept: dict[tuple[str, ...], Prospect]) -> list[Prospect]:
        """Orders that have much in common with the next one: the newest two, and the present."""
        newest = [kept[key] for key in islice(reversed(kept), _ALIKE)]
        now = self._presents.get(route_id)
        return [*newest, now] if now is not None else newest

    # What is forgotten

    def renew(self) -> None:
        """Time has gone on: everything is worked out again when it is asked for."""
        for cache in (self._cases, self._presents, self._prospects):
            cache.clear()

    def renew_state(self) -> None:
        """The shift is another one, or stands at another moment."""
        self._fleet = None
        self.renew()

    def renew_travel(self) -> None:
        """Travel times are known better.

        What a line tells of its own legs holds against a table's: it knows the hour of each.
        """
        self.renew()

    def renew_records(self, changed: Collection[Changed]) -> None:
        """Records changed: the routes they are about are worked out again, of many all."""
        if self._fleet is not None and self._fleet_of is self._session.state:
            self._fleet.take(changed)
        if len(changed) > _MANY:
            self.renew()
            return
        for table, id_ in changed:
            if table == "stops":
                stop = self._session.state.stops.get(id_)
                self._forget(stop.route_id if stop else "")
                self._forget_served(id_)
            elif table == "routes":
                self._forget(id_)
            else:
                self.renew()

    def _forget_served(self, stop_id: str) -> None:
        """A stop may be in the trial order of a route that is not its own."""
        for route_id, kept in self._prospects.items():
            if any(stop_id in order for order in kept):
                self._prospects[route_id] = {}

    def _forget(self, route_id: str) -> None:
        for cache in (self._cases, self._presents, self._prospects):
            cache.pop(route_id, None)

    # Where the vehicles are

    def hold_fixes(self, orders: Mapping[str, Sequence[Stop]]) -> None:
        """Let the vehicles of these routes move on, as far as the way from there is known.

        A vehicle's newest place is asked about first and used once the answer is there, so that
        a preview does not jump between roads and estimates with every fix.

        Args:
            orders: route id to the stops that may come first.
        """
        held: dict[str, Place] = {}
        for route_id, firsts in orders.items():
            route = self._session.state.routes.get(route_id)
            vehicle_id = route.plan.vehicle_id if route and route.plan else ""
            newest = self._newest_fix(vehicle_id)
            if route is None or newest is None:
                continue
            ends = [stop.plan.position for stop in firsts if stop.plan is not None]
            profile = profile_of(self._session.state, route)
            held[vehicle_id] = self._known_fix(vehicle_id, newest, profile, ends)
        self._fixes = held

    def _known_fix(
        self, vehicle_id: str, newest: Place, profile: Profile, ends: Sequence[LatLon]
    ) -> Place:
        """The newest place of a vehicle, or the one before while travel from it is unknown."""
        before, table = self._fixes.get(vehicle_id), self._travels.table(profile)
        if before is None or all(table.knows(newest.position, end) for end in ends):
            self._travels.want(profile, [newest.position], ends)
            return newest
        if newest.position != before.position:
            self._travels.want(profile, [newest.position], ends)
        return before

    def _newest_fix(self, vehicle_id: str) -> Place | None:
        row = self._session.vehicles.row(vehicle_id)
        return Place(position=row.position, at=row.at) if row is not None else None

    # Making

    def _make(self, route: Route, vehicle_id: str) -> RouteCase:
        legs = self._legs(route)
        return route_case(
            self._session.state,
            route,
            legs.durations_s,
            legs.distances_m,
            self._fixes.get(vehicle_id) or self._newest_fix(vehicle_id),
            self._known_fleet(),
            self._session.now,
        )

    def _known_fleet(self) -> Fleet:
        if self._fleet is None or self._fleet_of is not self._session.state:
            self._fleet_of = self._session.state
            self._fleet = FleetBook(self._fleet_of)
        return self._fleet.fleet

    def _legs(self, route: Route) -> Legs:
        """The legs of a route: by its line, which travel learns from, else by what is known."""
        state, shape = self._session.state, self._session.shapes.get(route.id)
        table = self._travels.table(profile_of(state, route))
        told = shape.legs if shape else None
        legs = present_legs(state, route, told, table)
        if legs is told:
            teach(table, state.depot_of(route), state.stops_of(route), legs)
        return legs
