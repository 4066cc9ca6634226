"""Finding out, before a decision, where vehicles are and how long the legs in question take."""

import logging
from collections.abc import Iterable, Mapping
from typing import Protocol

from msgspec.structs import replace

from tower.domain.commands import SequenceRoutes, SequenceWish
from tower.domain.geometry import LatLon
from tower.domain.records import Route, Stop
from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.feed.clock import Clock
from tower.gateway.judging import Legs, Sight, case_of, met, wished
from tower.gateway.line import RouteLine
from tower.gateway.sequences import objection
from tower.gateway.travelling import Travelling
from tower.road.engine import RoutingError
from tower.road.roads import PROFILES, Profile
from tower.routes.case import Fleet, Place, fleet_of
from tower.routes.evaluate import evaluate, present
from tower.routes.travel import Travel, TravelTable

_log = logging.getLogger(__name__)


class Lines(Protocol):
    """Where the lines of the routes are; see `RouteLines`."""

    def all(self) -> Mapping[str, tuple[int, RouteLine]]:
        """Every route's line with the version of the sequence it belongs to."""
        ...


class Positions(Protocol):
    """Where the vehicles are; see `VehicleTable`."""

    def position(self, vehicle_id: str) -> Fix | None:
        """The newest fix of a vehicle, None before any."""
        ...


class Surveyor:
    """Gathers what a judgement rests on besides the state. Lives on the event loop."""

    def __init__(
        self,
        state: State,
        lines: Lines,
        positions: Positions,
        travelling: Travelling,
        clock: Clock,
    ) -> None:
        self._state, self._lines, self._positions = state, lines, positions
        self._travelling, self._clock = travelling, clock

    def look(self, routes: Iterable[Route]) -> Sight:
        """What is known of some routes without asking the roads."""
        lines, named = self._lines.all(), tuple(routes)
        legs = {route.id: _legs(*lines[route.id]) for route in named if route.id in lines}
        fixes = {}
        for route in named:
            fix = self._positions.position(route.plan.vehicle_id) if route.plan else None
            if fix is not None:
                fixes[fix.vehicle_id] = Place(position=fix.position, at=fix.at)
        return Sight(legs=legs, fixes=fixes)

    async def survey(self, command: SequenceRoutes) -> Sight:
        """What the judgement of a command rests on, the roads asked where they are not known.

        Where they cannot be asked, estimates stand in. A command that cannot be carried out
        anyway costs nothing.
        """
        if objection(command, self._state) is not None:
            return Sight()
        tables = {profile: _Inquiry(profile) for profile in PROFILES}
        known = self.look(self._state.routes[wish.route_id] for wish in command.routes)
        sight = replace(known, tables=tables)
        fleet, meetings = fleet_of(self._state), met(command.handovers)
        for wish in command.routes:
            table = tables[self._try(wish, sight, fleet, meetings)]
            try:
                await self._travelling.teach(table, tuple(table.missing))
            except RoutingError as error:
                _log.warning("%s A change of sequence is judged by estimates.", error)
        return sight

    def _try(
        self, wish: SequenceWish, sight: Sight, fleet: Fleet, meetings: Mapping[str, Stop]
    ) -> Profile:
        """Let the table of a route note the legs its judgement will ask for; which table it is."""
        route = self._state.routes[wish.route_id]
        case = case_of(self._state, route, sight, fleet, self._clock.now())
        table = sight.travel(case.profile)
        present(case, table)
        evaluate(case, wished(wish, self._state, meetings), table)
        return case.profile


class _Inquiry(TravelTable):
    """A table that notes the legs it was asked for and does not know."""

    def __init__(self, profile: Profile) -> None:
        super().__init__(profile)
        self.missing: dict[tuple[LatLon, LatLon], None] = {}

    def leg(self, origin: LatLon, destination: LatLon) -> Travel:
        """Travel from one place to another; estimated where it is not known."""
        if not self.knows(origin, destination):
            self.missing[origin, destination] = None
        return super().leg(origin, destination)


def _legs(version: int, line: RouteLine) -> Legs:
    return Legs(version=version, durations_s=line.durations_s, distances_m=line.distances_m)
