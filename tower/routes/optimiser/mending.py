"""Making what the solver found fit rules it does not know; why a stop fits nowhere."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tower.domain.records import Stop
from tower.routes.case import RouteCase
from tower.routes.change import UNASSIGNED, Orders
from tower.routes.optimiser.entries import Entries, Entry
from tower.routes.optimiser.job import Job
from tower.routes.optimiser.judge import Judge
from tower.routes.travel import TravelTable
from tower.routes.violations import Violation


class _Trial(NamedTuple):
    """A stop put somewhere.

    Attributes:
        cost_km: what the route comes to more, weighed.
        broken: hard constraints that raises.
    """

    route_id: str
    order: tuple[str, ...]
    cost_km: float
    broken: tuple[Violation, ...]


class Mender:
    """Takes loose stops off where they break something, and finds them other places."""

    def __init__(
        self, job: Job, judge: Judge, entries: Entries, travel_of: Mapping[str, TravelTable]
    ) -> None:
        self._job, self._judge, self._entries = job, judge, entries
        self._travel_of = travel_of
        self._loose = frozenset(stop.id for stop in job.loose)

    def mended(self, orders: Orders) -> Orders | None:
        """The same orders with as few loose stops taken off as it takes to keep every hard rule.

        None where taking them off is not enough.
        """
        orders = self._without_idle_visits(orders)
        while broken := self._judge.raised(orders):
            off = self._culprit(orders, broken[0])
            if off is None:
                return None
            orders = self._without_idle_visits(_taken_off(orders, off))
        return orders

    def placed(self, orders: Orders) -> Orders:
        """The same orders with the stops left out put where they break nothing, if anywhere."""
        for stop_id in orders.get(UNASSIGNED, ()):
            fitting = [one for one in self._trials(orders, stop_id) if not one.broken]
            if fitting:
                best = min(fitting, key=lambda one: one.cost_km)
                orders = {**_taken_off(orders, stop_id), best.route_id: best.order}
                orders[UNASSIGNED] = tuple(one for one in orders[UNASSIGNED] if one != stop_id)
        return orders

    def reasons(self, orders: Orders) -> dict[str, str]:
        """Why the stops left out fit nowhere, by stop."""
        return {stop_id: self._reason(orders, stop_id) for stop_id in orders.get(UNASSIGNED, ())}

    def _reason(self, orders: Orders, stop_id: str) -> str:
        trials = [one for one in self._trials(orders, stop_id, barred_too=True) if one.broken]
        if not trials:
            return "no route goes there"
        nearest = min(trials, key=lambda one: (len(one.broken), one.cost_km))
        names = {case.id: case.name for case in self._job.cases}
        return _said(stop_id, names[nearest.route_id], nearest.broken[0])

    def _culprit(self, orders: Orders, broken: Violation) -> str | None:
        """The loose stop of a route without which least is broken."""
        route = orders[broken.route_id]
        mine = [stop_id for stop_id in route if stop_id in self._loose]
        if broken.stop_id in mine:
            return broken.stop_id

        def left(stop_id: str) -> float:
            without = {**orders, broken.route_id: tuple(s for s in route if s != stop_id)}
            return sum(one.excess for one in self._judge.raised(without, [broken.route_id]))

        return min(mine, key=left, default=None)

    def _trials(
        self, orders: Orders, stop_id: str, *, barred_too: bool = False
    ) -> Iterator[_Trial]:
        """A stop at every place of every route that may take it."""
        stop = self._judge.stop(stop_id)
        cost_km = self._judge.route_cost_km
        for case in self._job.cases:
            entry = self._entries.entry(stop, case, self._travel_of[case.id])
            if entry is Entry.BARRED and not barred_too:
                continue
            for order in self._tried(orders[case.id], stop, case):
                would = {case.id: order}
                yield _Trial(
                    case.id,
                    order,
                    cost_km(case.id, order) - cost_km(case.id, orders[case.id]),
                    tuple(self._judge.raised(would, would)),
                )
                if entry is Entry.BARRED:
                    break

    def _tried(
        self, order: tuple[str, ...], stop: Stop, case: RouteCase
    ) -> Iterator[tuple[str, ...]]:
        first = self._judge.pinned(case)
        visit = self._judge.visit(stop.id, case)
        begins = order.index(visit) + 1 if visit in order else first
        for place in range(begins, len(order) + 1):
            between = (stop.id,) if not visit or visit in order else (visit, stop.id)
            yield (*order[:place], *between, *order[place:])

    def _without_idle_visits(self, orders: Orders) -> Orders:
        """Visits to collect parcels that no stop of the route needs are not made."""
        meeting = self._job.meeting
        if meeting is None:
            return orders
        tidy = dict(orders)
        for case in self._job.cases:
            visit, order = meeting.ids[case.id], orders[case.id]
            if visit in order and not any(self._judge.visit(s, case) for s in order):
                tidy[case.id] = tuple(stop_id for stop_id in order if stop_id != visit)
        return tidy


def _said(stop_id: str, route: str, broken: Violation) -> str:
    """Why a stop does not fit on the route where it fits best."""
    if not broken.stop_id:
        return f"with it {route} {broken.words}"
    if broken.stop_id == stop_id:
        return f"on {route} it {broken.words}"
    return f"with it on {route} another stop {broken.words}"


def _taken_off(orders: Orders, stop_id: str) -> dict[str, tuple[str, ...]]:
    without = {
        route_id: tuple(one for one in order if one != stop_id)
        for route_id, order in orders.items()
    }
    without[UNASSIGNED] = (*without.get(UNASSIGNED, ()), stop_id)
    return without
