"""Where a stop fits best, over all routes.

Every place is first estimated from what it adds to the way and to the arrivals after it, which
takes no time; the most promising ones are then judged as any other change is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from tower.domain.records import Stop
from tower.road.roads import Profile
from tower.routes.case import RouteCase
from tower.routes.evaluate import Prospect, evaluate, present
from tower.routes.impact import Impact, impact
from tower.routes.seats import Seat, seats
from tower.routes.travel import TravelTable
from tower.routes.violations import Rule
from tower.routes.weights import KM_A_CALL, KM_A_LATE_MINUTE, KM_A_VIOLATION

A_ROUTE = 2
"""So many places of one route are suggested at most: people want to choose between routes."""

LEAST_TRIED, MOST_TRIED = 60, 300
"""Places that are judged: these many, and more only while too few are found."""

_ON_ANY_PLACE = frozenset({Rule.SKILLS, Rule.ACCESS, Rule.LOCKED})
"""What a stop breaks on a route wherever on it it is put."""

_KM_M, _MINUTE_S = 1000.0, 60.0


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """A place for a stop, and what it costs.

    Attributes:
        before: the stop it would come before, "" for the end of the route.
        arrives_at: when it would be reached, UTC.
        impact: what that does to this route, and to the one the stop is taken from.
        cost: minutes outside the windows, kilometres and who is hurt, weighed against each other,
            in kilometres.
    """

    stop_id: str
    route_id: str
    before: str
    arrives_at: datetime
    impact: Impact
    cost: float

    @property
    def is_hard(self) -> bool:
        """Only a supervisor may commit it, with a reason."""
        return bool(self.impact.hard)


def best_places(
    stop: Stop,
    cases: Iterable[RouteCase],
    travel_of: Mapping[Profile, TravelTable],
    limit: int = 5,
) -> list[Suggestion]:
    """The best places for a stop, the cheapest first.

    Places that break hard constraints are given only where there are no others.

    Args:
        stop: it has a place, and may be on one of the routes.
        cases: the routes; finished ones are left out.
        travel_of: travel by way of travelling.
        limit: so many at most, and of one route no more than `A_ROUTE`.

    Raises:
        ValueError: nobody said where the stop is.
    """
    search = _Search(stop, [case for case in cases if case.route.finished_at is None], travel_of)
    return search.best(limit)


class _Search:
    """Judges the most promising places of one stop."""

    def __init__(
        self, stop: Stop, cases: Sequence[RouteCase], travel_of: Mapping[Profile, TravelTable]
    ) -> None:
        self._stop, self._travel_of = stop, travel_of
        self._cases = {case.id: case for case in cases}
        self._rest = {c.id: _without(stop, c, travel_of[c.profile]) for c in cases}
        self._present = dict(self._rest)
        self._barred: set[str] = set()
        home = self._cases.get(stop.route_id)
        self._home = home.id if home is not None else ""
        if home is not None:
            self._present[home.id] = present(home, travel_of[home.profile])

    def best(self, limit: int) -> list[Suggestion]:
        """The cheapest places; those that break hard constraints only for want of others."""
        good: list[Suggestion] = []
        hard: list[Suggestion] = []
        for tried, seat in enumerate(self._seats()):
            if tried >= MOST_TRIED or (tried >= LEAST_TRIED and len(_chosen(good, limit)) >= limit):
                break
            found = self._tried(seat)
            (hard if found.is_hard else good).append(found)
        return _chosen(good or hard, limit)

    def _seats(self) -> Iterator[Seat]:
        """Places worth a try, the cheapest first; not where the stop is now."""
        of_routes = (
            seats(self._stop, rest, self._travel_of[rest.case.profile])
            for rest in self._rest.values()
        )
        present_at = self._present_place()
        for seat in sorted((one for of in of_routes for one in of), key=lambda one: one.cost):
            is_present = seat.route_id == self._home and seat.place == present_at
            if not is_present and seat.route_id not in self._barred:
                yield seat

    def _present_place(self) -> int:
        if not self._home:
            return -1
        ids = [stop.id for stop in self._cases[self._home].open]
        return ids.index(self._stop.id) if self._stop.id in ids else -1

    def _tried(self, seat: Seat) -> Suggestion:
        case, stop = self._cases[seat.route_id], self._stop
        order = [one for one in case.open if one.id != stop.id]
        before = order[seat.place].id if seat.place < len(order) else ""
        order.insert(seat.place, stop)
        known = self._rest[case.id], self._present[case.id]
        after = evaluate(case, order, self._travel_of[case.profile], known)
        change = self._impact(case, after)
        if any(one.stop_id == stop.id and one.rule in _ON_ANY_PLACE for one in change.hard):
            self._barred.add(case.id)
        return Suggestion(
            stop_id=stop.id,
            route_id=case.id,
            before=before,
            arrives_at=after.arrivals[len(case.at_door) + seat.place].p50,
            impact=change,
            cost=_cost(change),
        )

    def _impact(self, case: RouteCase, after: Prospect) -> Impact:
        afters = {case.id: after}
        if self._home and self._home != case.id:
            afters[self._home] = self._rest[self._home]
        return impact({route_id: self._present[route_id] for route_id in afters}, afters)


def _without(stop: Stop, case: RouteCase, travel: TravelTable) -> Prospect:
    """The route with the stop taken off it."""
    return evaluate(case, [one for one in case.open if one.id != stop.id], travel)


def _cost(change: Impact) -> float:
    soft = sum(not one.hard and one.rule is not Rule.WINDOW for one in change.raised)
    outside_s = sum(one.after.outside_s - one.before.outside_s for one in change.routes)
    annoyed_km = KM_A_VIOLATION * soft + KM_A_CALL * len(change.to_tell)
    late_km = KM_A_LATE_MINUTE * outside_s / _MINUTE_S
    return late_km + change.distance_m / _KM_M + annoyed_km


def _chosen(found: Iterable[Suggestion], limit: int) -> list[Suggestion]:
    """The cheapest, not too many of one route."""
    chosen: list[Suggestion] = []
    for one in sorted(found, key=lambda one: one.cost):
        if sum(other.route_id == one.route_id for other in chosen) < A_ROUTE:
            chosen.append(one)
    return chosen[:limit]
