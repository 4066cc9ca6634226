"""How the demo's drivers take a changed sequence: when they see it, and what they say to it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tower.carriers.sequences import DriverSequence
from tower.demo.chance import happens
from tower.demo.following import upcoming, visited
from tower.demo.plan import DemoRoute, DemoStop
from tower.domain.records import StopPlan

SEES_AFTER_S = (8.0, 60.0)
"""A driver looks at the phone at the next stop, or when it rings, seconds after the change."""

ANSWERS_AFTER_S = (2.0, 55.0)
"""And thinks about it for so long."""

DECLINE_SHARE = 0.05

RELUCTANT = (
    "I promised the next customer to come straight away",
    "The van is loaded in the other order",
    "That road is closed, I was just there",
)
"""What drivers say who decline."""

AT_HOME = "I am back at the depot"
STANDS = "The vehicle does not move"


class Reaction(NamedTuple):
    """What a driver makes of a sequence.

    Attributes:
        stops: what is still to be visited, in the new order.
        sees_s: when the driver sees it, seconds of the day.
        answers_s: when the driver says yes or no, and acts on it.
        declines: why not, "" for yes.
    """

    route_id: str
    version: int
    stops: tuple[DemoStop, ...]
    sees_s: float
    answers_s: float
    declines: str


def reaction(
    sequence: DriverSequence,
    stops: Sequence[DemoStop],
    changed_s: float,
    heard_s: float,
    rng: np.random.Generator,
) -> Reaction:
    """How a driver takes a sequence; the same one always in the same way.

    Args:
        sequence: as the gateway told it.
        stops: its stops in the demo's words.
        changed_s: second of the day it was set.
        heard_s: when the carrier's system heard of it.
        rng: of this route and version alone.
    """
    sees_s = max(heard_s, changed_s + float(rng.uniform(*SEES_AFTER_S)))
    answers_s = sees_s + float(rng.uniform(*ANSWERS_AFTER_S))
    declines = happens(DECLINE_SHARE, rng)
    why = RELUCTANT[int(rng.integers(len(RELUCTANT)))]
    return Reaction(
        route_id=sequence.route_id,
        version=sequence.version,
        stops=tuple(stops),
        sees_s=round(sees_s, 1),
        answers_s=round(answers_s, 1),
        declines=why if declines else "",
    )


def objection(route: DemoRoute, stops: Sequence[DemoStop], at_s: float) -> str:
    """Why a driver cannot follow a sequence whatever they think of it, "" where they can."""
    life = route.life
    if life.stands_s is not None and at_s >= life.stands_s:
        ours = {stop.id for stop in route.stops} - visited(life, at_s)
        return "" if {stop.id for stop in stops} <= ours else STANDS
    if life.stands_s is None and at_s >= life.ends_s:
        return AT_HOME if any(stop.id not in visited(life, at_s) for stop in stops) else ""
    return ""


def is_new(route: DemoRoute, stops: Sequence[DemoStop], at_s: float) -> bool:
    """True where following the sequence changes what the vehicle will do."""
    left = visited(route.life, at_s)
    return [stop.id for stop in stops if stop.id not in left] != upcoming(route.life, at_s)


def stop_of(plan: StopPlan, midnight: float) -> DemoStop:
    """A stop as the driver's phone shows it.

    Args:
        plan: as the gateway told it.
        midnight: epoch seconds of the shift's local midnight.
    """
    return DemoStop(
        id=plan.id,
        kind=plan.kind,
        customer=plan.customer,
        address=plan.address,
        lat=plan.lat,
        lon=plan.lon,
        window_start_s=plan.window_start.timestamp() - midnight if plan.window_start else None,
        service_s=plan.service_s,
        parcels=plan.parcels,
        access_code=plan.access_code,
        temperature_limit_c=plan.temperature_limit_c,
    )
