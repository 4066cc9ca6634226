"""What is aboard, from stop to stop."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tower.domain.records import Stop, Vehicle
from tower.domain.words import StopKind, StopState
from tower.routes.case import RouteCase


class Load(NamedTuple):
    """An amount of freight."""

    kg: float = 0.0
    m3: float = 0.0
    pieces: int = 0

    def plus(self, other: "Load") -> "Load":
        """Both together."""
        return Load(self.kg + other.kg, self.m3 + other.m3, self.pieces + other.pieces)

    def minus(self, other: "Load") -> "Load":
        """Without the other."""
        return Load(self.kg - other.kg, self.m3 - other.m3, self.pieces - other.pieces)

    def share_of(self, vehicle: Vehicle) -> float:
        """The fullest of weight, volume and pieces against the vehicle's; 0 where unknown."""
        shares = [0.0]
        if vehicle.capacity_kg:
            shares.append(self.kg / vehicle.capacity_kg)
        if vehicle.capacity_m3:
            shares.append(self.m3 / vehicle.capacity_m3)
        if vehicle.capacity_pieces:
            shares.append(self.pieces / vehicle.capacity_pieces)
        return max(shares)


def load_of(stop: Stop) -> Load:
    """What is delivered or collected at a stop."""
    plan = stop.plan
    if plan is None or not plan.kind.is_customer:
        return Load()
    return Load(plan.weight_kg, plan.volume_m3, len(plan.parcels))


class Loading(NamedTuple):
    """What is aboard on the way.

    Attributes:
        at_start: aboard when the rest of the route begins.
        after: aboard after each stop.
    """

    at_start: Load
    after: tuple[Load, ...]

    def worst_share(self, vehicle: Vehicle) -> tuple[int, float]:
        """After which stop the vehicle is fullest (-1 at the start), and how full it is."""
        amounts = [(-1, self.at_start), *enumerate(self.after)]
        shares = [(place, load.share_of(vehicle)) for place, load in amounts]
        return max(shares, key=lambda one: one[1])


def loading(case: RouteCase, remaining: Sequence[Stop]) -> Loading:
    """What is aboard before and after each remaining stop.

    Deliveries are aboard from the depot on, or from the pickup that collects them; what was
    collected, and what could not be delivered, stays aboard until the depot.
    """
    loads = {stop.id: load_of(stop) for stop in remaining}
    collected = _collected(remaining)
    aboard = (load_of(one) for one in case.settled if one.is_done and _stays_aboard(one, case))
    loaded = (loads[s.id] for s in remaining if _is_delivery(s) and s.id not in collected)
    now = at_start = _total((*aboard, *loaded))
    after = []
    for stop in remaining:
        if _is_delivery(stop):
            now = now.minus(loads[stop.id])
        elif stop.plan is not None and stop.plan.kind is StopKind.RETURN:
            now = now.plus(loads[stop.id])
        elif stop.plan is not None and stop.plan.collects:
            wanted = set(stop.plan.collects)
            now = now.plus(_total(load for id_, load in loads.items() if id_ in wanted))
        after.append(now)
    return Loading(at_start, tuple(after))


def _collected(remaining: Sequence[Stop]) -> frozenset[str]:
    """The stops whose parcels are still to be collected on the way."""
    return frozenset(
        stop_id for stop in remaining if stop.plan is not None for stop_id in stop.plan.collects
    )


def _stays_aboard(stop: Stop, case: RouteCase) -> bool:
    if not _is_delivery(stop):
        return stop.state is StopState.COLLECTED
    return case.has_left and stop.state is not StopState.DELIVERED


def _is_delivery(stop: Stop) -> bool:
    return stop.plan is not None and stop.plan.kind is StopKind.DELIVERY


def _total(loads: Iterable[Load]) -> Load:
    kg = m3 = 0.0
    pieces = 0
    for load in loads:
        kg, m3, pieces = kg + load.kg, m3 + load.m3, pieces + load.pieces
    return Load(kg, m3, pieces)
