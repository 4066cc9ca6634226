"""Our problem in PyVRP's words, and its answers in ours."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from pyvrp import (
    Activity,
    ActivityType,
    Client,
    CostEvaluator,
    Depot,
    Location,
    ProblemData,
    Route,
    Shipment,
    Solution,
    VehicleType,
)

from tower.routes.solver.problem import (
    Call,
    Carrier,
    Errand,
    IntMatrix,
    Plan,
    Problem,
    Tours,
)


class Model:
    """A problem written for PyVRP.

    Attributes:
        problem: what it was written from.
        data: what PyVRP solves.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        ends = sorted({place for one in problem.carriers for place in (one.start, one.end)})
        depots = {place: index for index, place in enumerate(ends)}
        self.data = ProblemData(
            locations=[Location(0, 0) for _ in range(len(problem.costs[0]))],
            clients=[_client(call) for call in problem.calls],
            depots=[Depot(place) for place in ends],
            vehicle_types=[_vehicle_type(one, depots) for one in problem.carriers],
            distance_matrices=_matrices(problem.costs),
            duration_matrices=_matrices(problem.durations),
            shipments=[_shipment(errand) for errand in problem.errands],
        )
        self._cost = CostEvaluator([0.0] * self.data.num_load_dimensions, 0.0, 0.0)

    def solution(self, tours: Tours) -> Solution:
        """Our tours as PyVRP's solution."""
        routes = [
            Route(self.data, [self._activity(call) for call in tour], carrier)
            for carrier, tour in enumerate(tours)
            if tour
        ]
        return Solution(self.data, routes)

    def plan(self, solution: Solution) -> Plan:
        """PyVRP's solution as our tours."""
        tours: list[tuple[int, ...]] = [()] * len(self.problem.carriers)
        for route in solution.routes():
            tours[route.vehicle_type()] = self._numbers(route.schedule())
        return Plan(
            tours=tuple(tours),
            left_out=self._numbers(solution.unplanned()),
            cost=self._cost.penalised_cost(solution),
            lateness=solution.time_warp(),
            excess=tuple(solution.excess_load()),
            is_feasible=solution.is_feasible(),
        )

    def _activity(self, call: int) -> Activity:
        over = call - len(self.problem.calls)
        if over < 0:
            return Activity(ActivityType.CLIENT, call)
        way = ActivityType.DELIVERY if over % 2 else ActivityType.PICKUP
        return Activity(way, over // 2)

    def _numbers(self, activities: Sequence[Activity]) -> tuple[int, ...]:
        return tuple(self._number(one) for one in activities if not one.is_depot())

    def _number(self, activity: Activity) -> int:
        if activity.is_client():
            return activity.idx
        return self.problem.pickup(activity.idx) + activity.is_delivery()


def _client(call: Call) -> Client:
    return Client(
        call.place,
        delivery=list(call.brings),
        pickup=list(call.collects),
        service_duration=call.takes,
        tw_early=call.opens,
        tw_late=call.closes,
        prize=call.forgoing or 0,
        required=call.forgoing is None,
    )


def _shipment(errand: Errand) -> Shipment:
    pickup, delivery = errand.pickup, errand.delivery
    return Shipment(
        pickup.place,
        delivery.place,
        pickup_tw_early=pickup.opens,
        pickup_tw_late=pickup.closes,
        pickup_service_duration=pickup.takes,
        delivery_tw_early=delivery.opens,
        delivery_tw_late=delivery.closes,
        delivery_service_duration=delivery.takes,
        amount=list(errand.amount),
        prize=errand.forgoing or 0,
        required=errand.forgoing is None,
    )


def _vehicle_type(carrier: Carrier, depots: dict[int, int]) -> VehicleType:
    return VehicleType(
        capacity=list(carrier.capacity),
        start_depot=depots[carrier.start],
        end_depot=depots[carrier.end],
        tw_early=carrier.ready,
        tw_late=carrier.due,
        unit_duration_cost=carrier.duration_cost,
        profile=carrier.profile,
        start_late=carrier.starts_by,
        initial_load=list(carrier.aboard),
    )


def _matrices(matrices: Sequence[IntMatrix]) -> list[Any]:
    """Copies with nothing from a place to itself, which nobody drives and PyVRP refuses.

    PyVRP's stub names numpy's types in a way no array fits.
    """
    copies = [np.array(matrix, dtype=np.int64) for matrix in matrices]
    for copy in copies:
        np.fill_diagonal(copy, 0)
    return copies
