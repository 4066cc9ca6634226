"""Whether other orders are better: by the same consequences and rules as every change."""

from collections.abc import Iterable, Mapping, Sequence

from tower.domain.commands import Handover
from tower.domain.records import Stop
from tower.domain.words import StopState
from tower.routes.case import RouteCase
from tower.routes.change import UNASSIGNED, Orders
from tower.routes.evaluate import Prospect, evaluate
from tower.routes.optimiser.job import Job, Meeting, Proposal, meeting_stop
from tower.routes.travel import TravelTable
from tower.routes.violations import Violation, new_violations
from tower.routes.weights import Objective, objective_of, total

_KEPT = 20_000
"""Prospects remembered; beyond that all are forgotten."""


class Judge:
    """Knows what the present orders come to, and judges others against them.

    Attributes:
        present: the orders as they are, loose stops unassigned.
        before: what they come to.
    """

    def __init__(self, job: Job, travel_of: Mapping[str, TravelTable]) -> None:
        """Make it.

        Args:
            job: what is to be optimised.
            travel_of: travel for the way each route's vehicle travels, by route id.
        """
        self._job, self._travel_of = job, travel_of
        self._cases = {case.id: case for case in job.cases}
        self._stops = {stop.id: stop for case in job.cases for stop in case.open}
        self._stops.update({stop.id: stop for stop in job.loose})
        self._known = {case.id: tuple(stop.id for stop in case.open) for case in job.cases}
        self._prospects: dict[tuple[str, tuple[str, ...]], Prospect] = {}
        self._objectives: dict[tuple[str, tuple[str, ...]], Objective] = {}
        self.present: Orders = {
            **self._known,
            UNASSIGNED: tuple(stop.id for stop in job.loose),
        }
        self._look()

    def renew(self, cases: Sequence[RouteCase]) -> None:
        """Work out again what rests on the roads of some routes, which came only now."""
        renewed = {case.id for case in cases}
        for known in (self._prospects, self._objectives):
            for key in [key for key in list(known) if key[0] in renewed]:
                known.pop(key, None)
        self._look()

    def _look(self) -> None:
        self._broken = [
            one
            for route_id, order in self._known.items()
            for one in self._of(route_id, order).violations
        ]
        self.before = self.objective(self.present)

    def objective(self, orders: Orders) -> Objective:
        """What some orders come to."""
        routes = total(self._objective(route_id, orders[route_id]) for route_id in self._cases)
        return routes.plus(Objective(left_out=len(orders.get(UNASSIGNED, ()))))

    def cost_km(self, orders: Orders) -> float:
        """The objective, weighed."""
        return self.objective(orders).cost_km(self._job.weights)

    def route_cost_km(self, route_id: str, order: tuple[str, ...]) -> float:
        """What one route comes to in some order, weighed."""
        return self._objective(route_id, order).cost_km(self._job.weights)

    def raised(self, orders: Orders, routes: Iterable[str] | None = None) -> list[Violation]:
        """Hard constraints that some orders newly break, on some routes or on all."""
        named = self._cases if routes is None else routes
        would = [
            one for route_id in named for one in self._of(route_id, orders[route_id]).violations
        ]
        return [one for one in new_violations(self._broken, would) if one.hard]

    def proposal(self, orders: Orders, reasons: Mapping[str, str]) -> Proposal:
        """The orders as they are offered."""
        stranded = self._job.stranded
        left_out = (*orders.get(UNASSIGNED, ()), *stranded)
        out_of_service = {self._job.out_of_service: ()} if self._job.out_of_service else {}
        return Proposal(
            orders={**orders, **out_of_service, UNASSIGNED: left_out},
            reasons={stop_id: {**stranded, **reasons}.get(stop_id, "") for stop_id in left_out},
            handovers=tuple(self._handovers(orders)),
            before=self.before,
            after=self.objective(orders),
            estimated=any(self._of(one, orders[one]).estimated for one in self._cases),
        )

    def stop(self, stop_id: str) -> Stop:
        """A stop of the job."""
        return self._stops[stop_id]

    def served_s(self, case: RouteCase) -> dict[str, float]:
        """When each stop of a route is reached in the present order, seconds from now."""
        prospect = self._of(case.id, self._known[case.id])
        return {one.stop_id: (one.p50 - case.now).total_seconds() for one in prospect.arrivals}

    @staticmethod
    def pinned(case: RouteCase) -> int:
        """How many of a route's open stops come first because the driver is on the way there."""
        return sum(stop.state is StopState.EN_ROUTE for stop in case.open)

    def visit(self, stop_id: str, case: RouteCase) -> str:
        """Id of the visit a route makes to collect a stop's parcels; "" where it need not."""
        meeting = self._job.meeting
        if meeting is None or stop_id not in meeting.stops:
            return ""
        return meeting.ids[case.id] if case.has_left or meeting.is_on_the_road else ""

    def _objective(self, route_id: str, order: tuple[str, ...]) -> Objective:
        key = (route_id, order)
        if key not in self._objectives:
            self._objectives[key] = objective_of(self._of(*key), self._known[route_id])
        return self._objectives[key]

    def _of(self, route_id: str, order: tuple[str, ...]) -> Prospect:
        key = (route_id, order)
        known = self._prospects.get(key)
        if known is None:
            if len(self._prospects) >= _KEPT:
                self._prospects.clear()
                self._objectives.clear()
            stops = self._with_meetings(route_id, order)
            known = evaluate(self._cases[route_id], stops, self._travel_of[route_id])
            self._prospects[key] = known
        return known

    def _with_meetings(self, route_id: str, order: Sequence[str]) -> list[Stop]:
        meeting = self._job.meeting
        met = self._met(meeting, route_id, order) if meeting else {}
        return [met.get(stop_id) or self._stops[stop_id] for stop_id in order]

    @staticmethod
    def _met(meeting: Meeting, route_id: str, order: Sequence[str]) -> dict[str, Stop]:
        taken = tuple(stop_id for stop_id in order if stop_id in meeting.stops)
        visit = meeting.ids.get(route_id, "")
        return {visit: meeting_stop(meeting.handover(route_id, taken))} if visit in order else {}

    def _handovers(self, orders: Orders) -> Iterable[Handover]:
        meeting = self._job.meeting
        if meeting is None:
            return
        for route_id in self._cases:
            order = orders[route_id]
            if meeting.ids.get(route_id, "") in order:
                taken = tuple(stop_id for stop_id in order if stop_id in meeting.stops)
                yield meeting.handover(route_id, taken)
