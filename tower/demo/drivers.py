"""How the demo's drivers take a changed sequence: when they see it, and what they say to it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from tower.carriers.sequences import DriverSequence
from tower.demo.chance import happens
from tower.demo.following import differs, upcoming, visited
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


class Lesson(NamedTuple):
    """What was agreed with customers, as a driver gets to know it.

    Attributes:
        at_s: when the driver sees it, second of the day.
        stops: those it is about, as they are now.
    """

    at_s: float
    route_id: str
    stops: tuple[DemoStop, ...]


def lesson(
    sequence: DriverSequence,
    stops: Sequence[DemoStop],
    since: datetime | None,
    heard_s: float,
    rng: np.random.Generator,
) -> Lesson | None:
    """What a driver learns from what was agreed since they looked last; None for nothing.

    Args:
        sequence: as the gateway told it.
        stops: its stops in the demo's words.
        since: when the newest of what is known was agreed, None where nothing is known.
        heard_s: when the carrier's system heard of it, second of the day.
        rng: of this lesson alone.
    """
    new = {one.stop_id for one in sequence.agreed if since is None or one.agreed_at > since}
    if not new:
        return None
    sees_s = round(heard_s + float(rng.uniform(*SEES_AFTER_S)), 1)
    return Lesson(sees_s, sequence.route_id, tuple(stop for stop in stops if stop.id in new))


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
    wanted = [stop for stop in stops if stop.id not in left]
    known = {stop.id: stop for stop in route.stops}
    is_amended = any(stop.id in known and differs(known[stop.id], stop) for stop in wanted)
    return is_amended or [stop.id for stop in wanted] != upcoming(route.life, at_s)


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
        window_start_s=_second(plan.window_start, midnight),
        window_end_s=_second(plan.window_end, midnight),
        service_s=plan.service_s,
        parcels=plan.parcels,
        weight_kg=plan.weight_kg,
        needs=plan.needs,
        access_code=plan.access_code,
        temperature_limit_c=plan.temperature_limit_c,
        safe_place=plan.safe_place,
        building=plan.building,
        floor=plan.floor,
        has_lift=plan.has_lift,
    )


def _second(at: datetime | None, midnight: float) -> float | None:
    return None if at is None else at.timestamp() - midnight
