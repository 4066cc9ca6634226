"""Finding out, before a decision, where vehicles are and how long the legs in question take."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from tower.domain.commands import SequenceRoutes, SequenceWish
from tower.domain.geometry import LatLon
from tower.domain.records import Route, Stop
from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.feed.clock import Clock
from tower.gateway.deciding.sequences import objection
from tower.gateway.judging import Sight, case_of, met, wished
from tower.gateway.travelling import Inquiry, Travelling
from tower.road.engine import RoutingError, StraightLineEngine, Table
from tower.road.roads import PROFILES, Profile
from tower.routes.case import Place, RouteCase
from tower.routes.evaluate import evaluate, present
from tower.routes.fleetbook import fleet_of
from tower.routes.legs import Legs, teach
from tower.routes.travel import TravelTable

_log = logging.getLogger(__name__)


PATIENCE_S = 6.0
"""Seconds the roads may take; a dispatcher who commits does not wait for longer."""


class Expectations(Protocol):
    """How long the legs of a line take at their hour; see `LegTimes`."""

    def of(self, route: Route) -> Legs | None:
        """The legs of a route, None while its line does not fit its stops."""
        ...


class Positions(Protocol):
    """Where the vehicles are; see `VehicleTable`."""

    def position(self, vehicle_id: str) -> Fix | None:
        """The newest fix of a vehicle, None before any."""
        ...


class Outlook(NamedTuple):
    """Some routes as they stand, and the travel that is known between their places.

    Attributes:
        cases: the routes that have a plan.
        tables: travel by way of travelling; the legs of the present orders are known where the
            routes' lines are.
        sight: the same for judging commands.
    """

    cases: tuple[RouteCase, ...]
    tables: Mapping[Profile, Inquiry]
    sight: Sight


class Surveyor:
    """Gathers what a judgement rests on besides the state. Lives on the event loop."""

    def __init__(
        self,
        state: State,
        expectations: Expectations,
        positions: Positions,
        travelling: Travelling,
        clock: Clock,
    ) -> None:
        self._state, self._expectations, self._positions = state, expectations, positions
        self._travelling, self._clock = travelling, clock

    def look(self, route_ids: Iterable[str]) -> Outlook:
        """Some routes as they stand, without asking the roads."""
        routes = [self._state.routes[route_id] for route_id in route_ids]
        tables = {profile: Inquiry(profile) for profile in PROFILES}
        sight = self._sight(routes, tables)
        fleet, now = fleet_of(self._state), self._clock.now()
        cases = [case_of(self._state, route, sight, fleet, now) for route in routes if route.plan]
        for case in cases:
            legs = sight.legs.get(case.id)
            if legs is not None:
                teach(tables[case.profile], case.depot, self._state.stops_of(case.route), legs)
        return Outlook(tuple(cases), tables, sight)

    async def settle(self, tables: Mapping[Profile, Inquiry]) -> None:
        """Ask the roads what was asked of the tables in vain; where they fail estimates stay."""
        async with _estimated_instead():
            for table in tables.values():
                await self._travelling.settle(table)

    async def learn(self, table: Inquiry, here: Sequence[LatLon], there: Sequence[LatLon]) -> None:
        """Ask the roads for the travel from some places to others and back, as `settle`."""
        async with _estimated_instead():
            await self._travelling.teach_all(table, here, there)
            await self._travelling.teach_all(table, there, here)

    async def table(self, places: Sequence[LatLon], profile: Profile) -> Table:
        """Travel between all of some places; estimated where the roads do not answer."""
        found: list[Table] = []
        async with _estimated_instead():
            found.append(await self._travelling.table(places, places, profile, keep=False))
        return found[0] if found else StraightLineEngine().table(places, places, profile)

    async def survey(self, command: SequenceRoutes) -> Sight:
        """What the judgement of a command rests on, the roads asked where they are not known.

        Where they cannot be asked, estimates stand in. A command that cannot be carried out
        anyway costs nothing.
        """
        if objection(command, self._state) is not None:
            return Sight()
        outlook = self.look(wish.route_id for wish in command.routes)
        meetings = met(command.handovers)
        for case, wish in zip(outlook.cases, command.routes, strict=True):
            self._try(case, wish, meetings, outlook.tables[case.profile])
        await self.settle(outlook.tables)
        return outlook.sight

    def _try(
        self, case: RouteCase, wish: SequenceWish, meetings: Mapping[str, Stop], table: Inquiry
    ) -> None:
        """Let the table of a route note the legs its judgement will ask for."""
        present(case, table)
        evaluate(case, wished(wish, self._state, meetings), table)

    def _sight(self, routes: Sequence[Route], tables: Mapping[Profile, TravelTable]) -> Sight:
        fixes, legs = {}, {}
        for route in routes:
            fix = self._positions.position(route.plan.vehicle_id) if route.plan else None
            if fix is not None:
                fixes[fix.vehicle_id] = Place(position=fix.position, at=fix.at)
            known = self._expectations.of(route)
            if known is not None and known.version == route.version:
                legs[route.id] = known
        return Sight(tables=tables, legs=legs, fixes=fixes)


@contextlib.asynccontextmanager
async def _estimated_instead() -> AsyncIterator[None]:
    """Go on with estimates where the roads do not answer."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            yield
    except RoutingError as error:
        _log.warning("%s Changes of sequence are judged by estimates.", error)
    except TimeoutError:
        waited = f"{PATIENCE_S:.0f} s"
        _log.warning("no roads within %s: changes of sequence are judged by estimates", waited)
