"""Where stops fit best over all routes, asked of the roads and judged away from the event loop."""

import asyncio
from collections.abc import Mapping, Sequence

from tower.domain.geometry import LatLon
from tower.domain.records import Stop
from tower.domain.state import State
from tower.gateway.answers import PlaceAnswer, PlacesAnswer
from tower.gateway.options import TowerError
from tower.gateway.surveying import Surveyor
from tower.gateway.travelling import Inquiry
from tower.road.roads import Profile
from tower.routes.case import RouteCase, parted
from tower.routes.evaluate import evaluate, place_of, present
from tower.routes.impact import Impact, StopImpact
from tower.routes.insertion import Suggestion, best_places


class NoSuchStop(TowerError):
    """Nobody ever heard of this stop."""


class Suggesting:
    """Suggests places for stops, one question after the other. Lives on the event loop."""

    def __init__(self, state: State, surveyor: Surveyor) -> None:
        self._state, self._surveyor = state, surveyor
        self._turn = asyncio.Lock()

    async def places(self, stop_ids: Sequence[str]) -> list[PlacesAnswer]:
        """The best places of each stop, judged alone: as if the others stayed where they are.

        Raises:
            NoSuchStop: there is none of this id.
        """
        stops = [self._stop(stop_id) for stop_id in stop_ids]
        problems = {stop.id: self._problem(stop) for stop in stops}
        movable = [stop for stop in stops if not problems[stop.id]]
        running = [route.id for route in self._state.routes.values() if route.finished_at is None]
        found = {}
        async with self._turn:
            cases, tables, _ = self._surveyor.look(running)
            await self._ask_about(movable, cases, tables)
            for stop in movable:
                found[stop.id] = await asyncio.to_thread(best_places, stop, cases, tables)
        return [_answer(stop, problems[stop.id], found.get(stop.id, [])) for stop in stops]

    async def _ask_about(
        self,
        stops: Sequence[Stop],
        cases: Sequence[RouteCase],
        tables: Mapping[Profile, Inquiry],
    ) -> None:
        """Find out how far it is between the stops and every place of the routes."""
        places: dict[Profile, dict[LatLon, None]] = {}
        for case in cases:
            places.setdefault(case.profile, {}).update(dict.fromkeys(_places(case)))
            _drive(case, stops, tables[case.profile])
            await asyncio.sleep(0)
        here = list(dict.fromkeys(place_of(stop) for stop in stops))
        for profile, there in places.items():
            if here:
                await self._surveyor.learn(tables[profile], here, list(there))
        await self._surveyor.settle(tables)

    def _stop(self, stop_id: str) -> Stop:
        stop = self._state.stops.get(stop_id)
        if stop is None:
            raise NoSuchStop(f"There is no stop {stop_id}.")
        return stop

    def _problem(self, stop: Stop) -> str:
        """Why a stop cannot be placed anywhere, or ""."""
        if stop.is_done:
            return "This stop is done."
        if stop.plan is None:
            return "Nobody said where this stop is."
        route = self._state.routes.get(stop.route_id)
        if route is not None and stop in parted(self._state.stops_of(route))[0]:
            return "The driver is at the door of this stop."
        return ""


def _drive(case: RouteCase, stops: Sequence[Stop], table: Inquiry) -> None:
    """Let a table note the legs of a route, with and without the stops that are on it."""
    present(case, table)
    for stop in stops:
        if stop.route_id == case.id:
            evaluate(case, [one for one in case.open if one.id != stop.id], table)


def _places(case: RouteCase) -> list[LatLon]:
    """Where the vehicle may come from or go to."""
    ends = [case.start, case.depot, *(place_of(stop) for stop in case.at_door)]
    return [place for place in (*ends, *(place_of(stop) for stop in case.open)) if place]


def _answer(stop: Stop, problem: str, found: Sequence[Suggestion]) -> PlacesAnswer:
    why = problem or ("" if found else "No route is on its way any more.")
    places = tuple(_place_answer(one) for one in found)
    return PlacesAnswer(stop_id=stop.id, places=places, why=why)


def _place_answer(found: Suggestion) -> PlaceAnswer:
    change = found.impact
    return PlaceAnswer(
        route_id=found.route_id,
        before=found.before,
        arrives_at=found.arrives_at,
        lateness_s=round(change.lateness_s, 1),
        distance_m=round(change.distance_m, 1),
        broken=_ids(change.broken),
        saved=_ids(change.saved),
        to_tell=_ids(change.to_tell),
        violations=change.raised,
        estimated=change.estimated,
        words=_words(change),
    )


def _ids(stops: Sequence[StopImpact]) -> tuple[str, ...]:
    return tuple(stop.stop_id for stop in stops)


def _words(change: Impact) -> str:
    """What a place costs, for people."""
    minutes, km = round(change.lateness_s / 60.0), change.distance_m / 1000.0
    late = f"{minutes:+d} min lateness" if minutes else "no more lateness"
    parts = [f"{late}, {km:+.1f} km"]
    for count, words in (
        (len(change.broken), "miss their window"),
        (len(change.saved), "keep their window again"),
        (len(change.to_tell), "customers to tell"),
    ):
        if count:
            parts.append(f"{count} {words}")
    return "; ".join((*parts, *(one.words for one in change.raised)))
