"""A manifest whose entries were checked: what the planning system hands over for a day."""

import msgspec

from tower.carriers.manifest.entries import Problem
from tower.domain.records import (
    Carrier,
    Depot,
    PickupPoint,
    RoutePlan,
    Shift,
    StopPlan,
    Vehicle,
)


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Routes and stops of a day, as records, and what was wrong with the file.

    Attributes:
        form: `csv`, `json`, `amazon_lmrrc`, or "" where the file was none of these.
        historical: True for recordings, which are imported as of today.
        named_only: ids of carriers and vehicles the file only names; they are registered where
            Tower does not know them, and left as they are where it does.
        sequences: stop ids of each route in driving order, by route id.
        problems: what was refused or looks wrong, by line.
    """

    form: str
    historical: bool = False
    shift: Shift | None = None
    carriers: tuple[Carrier, ...] = ()
    depots: tuple[Depot, ...] = ()
    pickup_points: tuple[PickupPoint, ...] = ()
    vehicles: tuple[Vehicle, ...] = ()
    routes: tuple[RoutePlan, ...] = ()
    stops: tuple[StopPlan, ...] = ()
    named_only: frozenset[str] = frozenset()
    sequences: dict[str, tuple[str, ...]] = {}
    problems: tuple[Problem, ...] = ()

    @property
    def refused(self) -> int:
        """How many problems kept something out."""
        return sum(problem.refused for problem in self.problems)
