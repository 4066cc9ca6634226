"""What doors really take, by building, floor, parcels, carrier, hour, rain, and by driver.

Trees are grown on `log(taken / planned)` of doors that were served; the mean of a door, which is
what adds up along a route, is their answer times one factor for all (Duan's smearing estimate,
1983). A driver has a factor of his own: the mean of what is left of the logarithms, drawn towards
0 by empirical Bayes, `n / (n + within / between)`.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from tower.eta.doors import DOOR_FEATURES, door_columns
from tower.eta.learning.quantiles import Table
from tower.eta.learning.trees import Growth, grown
from tower.eta.model import Door, Floats

if TYPE_CHECKING:
    import xgboost

LEAST_DOORS = 500
"""With fewer doors, what was planned holds."""

LEAST_S, LONGEST_S = 5.0, 2_700.0
"""What was shorter was a slip of the finger, what was longer was not only a door."""

LARGEST_RATIO = 8.0
"""A door that took more, or less, than so many times its plan counts as so many times."""

_LEAST_PLANNED_S = 10.0
_GROWTH = Growth(depth=5, rate=0.07, leaf=25.0, l2=3.0)
_FEW_DOORS = 3
_MOST_TRUST = 400.0


class Served(NamedTuple):
    """A door that was served.

    Attributes:
        taken_s: seconds from arriving to leaving, waiting for a window taken off.
    """

    door: Door
    taken_s: float


class DoorFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside the trees.

    Attributes:
        features: what the trees were asked, in this order.
        carriers: number of each carrier.
        drivers: what each driver's doors take over what they take with others.
        mean: the mean of a door over its middle.
        usual: what all doors took over what was planned for them.
        doors: how many it rests on.
    """

    features: tuple[str, ...] = DOOR_FEATURES
    carriers: dict[str, int] = {}
    drivers: dict[str, float] = {}
    mean: float = 1.0
    usual: float = 1.0
    doors: int = 0


class DoorLaw(NamedTuple):
    """What doors take; without trees, what was planned."""

    trees: "xgboost.Booster | None" = None
    facts: DoorFacts = DoorFacts()

    def seconds(self, doors: Sequence[Door]) -> Floats:
        """`(n,)` expected seconds at each door."""
        planned = np.array([max(0.0, one.plan.service_s) for one in doors], dtype=np.float64)
        if self.trees is None or not doors:
            return planned
        logs = _logs(self.trees, doors, self.facts.carriers)
        own = np.array([self.driver_factor(one.driver) for one in doors])
        seconds: Floats = np.maximum(_LEAST_PLANNED_S, planned) * np.exp(logs) * own
        return seconds * self.facts.mean

    def driver_factor(self, driver: str) -> float:
        """What a driver's doors take over what they take with others; 1 where not known."""
        return self.facts.drivers.get(driver, 1.0)


def learnt_doors(served: Sequence[Served], threads: int = 0) -> DoorLaw:
    """What doors take, from doors that were served."""
    good = [one for one in served if LEAST_S <= one.taken_s <= LONGEST_S]
    if len(good) < LEAST_DOORS:
        return DoorLaw(facts=DoorFacts(doors=len(good)))
    doors = [one.door for one in good]
    carriers = {key: place for place, key in enumerate(sorted({d.carrier_id for d in doors}))}
    planned = np.array([max(_LEAST_PLANNED_S, door.plan.service_s) for door in doors])
    taken = np.array([one.taken_s for one in good])
    logs = np.log(np.clip(taken / planned, 1.0 / LARGEST_RATIO, LARGEST_RATIO))
    trees = grown(_columns(doors, carriers), logs, _GROWTH, _huber(logs), threads)
    rest = logs - _logs(trees, doors, carriers)
    drivers = _by_driver([door.driver for door in doors], rest)
    own = np.array([drivers.get(door.driver, 1.0) for door in doors])
    told = planned * np.exp(logs - rest) * own
    facts = DoorFacts(
        carriers=carriers,
        drivers=drivers,
        mean=float(taken.sum() / told.sum()),
        usual=float(taken.sum() / planned.sum()),
        doors=len(good),
    )
    return DoorLaw(trees, facts)


def _columns(doors: Sequence[Door], carriers: dict[str, int]) -> Table:
    """`(n, len(DOOR_FEATURES) + 1)`: the door's columns, then the number of the carrier."""
    numbers = np.array(
        [carriers.get(door.carrier_id, float("nan")) for door in doors], dtype=np.float32
    )
    return np.column_stack((door_columns(doors), numbers))


def _logs(trees: "xgboost.Booster", doors: Sequence[Door], carriers: dict[str, int]) -> Floats:
    told = trees.inplace_predict(_columns(doors, carriers))
    return np.asarray(told, dtype=np.float64).reshape(len(doors))


def _huber(logs: Floats) -> dict[str, object]:
    """What is made small: errors squared, but large ones only by their size."""
    return {
        "objective": "reg:pseudohubererror",
        "huber_slope": 0.7,
        "base_score": float(np.median(logs)),
    }


def _by_driver(drivers: Sequence[str], rest: Floats) -> dict[str, float]:
    """The factor of each driver with at least three doors, by empirical Bayes."""
    own: dict[str, list[float]] = defaultdict(list)
    for driver, log in zip(drivers, rest.tolist(), strict=True):
        if driver:
            own[driver].append(log)
    known = {driver: np.array(logs) for driver, logs in own.items() if len(logs) >= _FEW_DOORS}
    if len(known) < _FEW_DOORS:
        return {}
    trust = _trust(list(known.values()))
    return {
        driver: float(np.exp(logs.mean() * len(logs) / (len(logs) + trust)))
        for driver, logs in known.items()
    }


def _trust(groups: Sequence[Floats]) -> float:
    """How many doors weigh as much as the word that a driver is like the others.

    `within / between`, the variances of one way analysis of variance.
    """
    sizes = np.array([len(one) for one in groups], dtype=np.float64)
    within = sum(float(one.var()) * len(one) for one in groups) / max(
        1.0, sizes.sum() - len(groups)
    )
    means = np.array([one.mean() for one in groups])
    spread = float(np.average((means - np.average(means, weights=sizes)) ** 2, weights=sizes))
    between = spread - within * len(groups) / sizes.sum()
    return min(_MOST_TRUST, within / between) if between > 0.0 else _MOST_TRUST
