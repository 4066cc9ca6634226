"""What an order costs, in parts a person understands, and how much each part matters."""

from collections.abc import Iterable, Sequence
from functools import reduce

import msgspec

from tower.routes.evaluate import Prospect
from tower.routes.violations import Rule

KM_A_LATE_MINUTE = 1.0
"""A minute of lateness, or before a window, weighs as much as so many kilometres driven."""

KM_A_VIOLATION = 15.0
"""A soft constraint newly broken weighs as much as so many kilometres; a window is lateness."""

KM_A_CALL = 1.0
"""A customer who would have to be told weighs as much as so many kilometres driven."""

KM_A_CHANGE = 0.2
"""A stop that follows another one than the driver knows weighs as much as so many kilometres."""

KM_A_HARD_VIOLATION = 50.0
"""A hard constraint that is broken, in the present order too, weighs as much as so many."""

KM_LEFT_OUT = 300.0
"""A stop that finds no place weighs as much as so many kilometres."""

_KM_M, _MINUTE_S = 1000.0, 60.0


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """What matters how much; 1 is the usual.

    Attributes:
        lateness: minutes outside the promised windows; usually one weighs as much as
            `KM_A_LATE_MINUTE` kilometres.
        distance: kilometres still to be driven.
        change: stops that follow another one than the driver knows; usually one weighs as much
            as `KM_A_CHANGE` kilometres.
    """

    lateness: float = 1.0
    distance: float = 1.0
    change: float = 1.0


class Objective(msgspec.Struct, frozen=True, kw_only=True):
    """What the orders of some routes come to.

    Attributes:
        lateness_s: seconds after the ends of the windows, all stops together.
        early_s: seconds before windows begin, of the stops where a driver would not wait for it.
        distance_m: metres still to be driven.
        changed: stops that follow another one than the driver knows, or are new to the route.
        broken: soft constraints broken, windows left out: they count as lateness.
        hard: hard constraints broken, windows included.
        left_out: stops that find no place.
    """

    lateness_s: float = 0.0
    early_s: float = 0.0
    distance_m: float = 0.0
    changed: int = 0
    broken: int = 0
    hard: int = 0
    left_out: int = 0

    def plus(self, other: "Objective") -> "Objective":
        """Both together."""
        return Objective(
            lateness_s=self.lateness_s + other.lateness_s,
            early_s=self.early_s + other.early_s,
            distance_m=self.distance_m + other.distance_m,
            changed=self.changed + other.changed,
            broken=self.broken + other.broken,
            hard=self.hard + other.hard,
            left_out=self.left_out + other.left_out,
        )

    def cost_km(self, weights: Weights) -> float:
        """All parts weighed against each other, in kilometres."""
        return (
            weights.lateness * KM_A_LATE_MINUTE * (self.lateness_s + self.early_s) / _MINUTE_S
            + weights.distance * self.distance_m / _KM_M
            + weights.change * KM_A_CHANGE * self.changed
            + KM_A_VIOLATION * self.broken
            + KM_A_HARD_VIOLATION * self.hard
            + KM_LEFT_OUT * self.left_out
        )


def objective_of(prospect: Prospect, known: Sequence[str]) -> Objective:
    """What one route comes to.

    Args:
        prospect: its rest, driven in some order.
        known: ids of its open stops in the order the driver knows.
    """
    broken = prospect.violations
    return Objective(
        lateness_s=prospect.lateness_s,
        early_s=max(0.0, prospect.outside_s - prospect.lateness_s),
        distance_m=prospect.distance_m,
        changed=changed(known, prospect.order),
        broken=sum(not one.hard and one.rule is not Rule.WINDOW for one in broken),
        hard=sum(one.hard for one in broken),
    )


def total(parts: Iterable[Objective]) -> Objective:
    """All together."""
    return reduce(Objective.plus, parts, Objective())


def changed(known: Sequence[str], order: Sequence[str]) -> int:
    """How many stops of an order follow another one than they do in the order known."""
    followed = dict(zip(known, ("", *known), strict=False))
    return sum(
        followed.get(stop_id) != before
        for stop_id, before in zip(order, ("", *order), strict=False)
    )
