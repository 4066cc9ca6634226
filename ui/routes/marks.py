"""What a stop asks of vehicle, crew and clock, as short marks with their meaning."""

from collections.abc import Iterator
from typing import NamedTuple

from tower.domain.records import Stop, StopPlan
from tower.domain.words import Requirement
from ui.session import Session


class Mark(NamedTuple):
    """A few letters in a row.

    Attributes:
        says: what they mean, in a sentence.
    """

    letters: str
    says: str


_NEEDS = {
    Requirement.TAIL_LIFT: Mark("lift", "Needs a vehicle with a tail lift"),
    Requirement.AGE_CHECK: Mark("18+", "Needs a driver who may check ages"),
    Requirement.TWO_PEOPLE: Mark("2 p", "Needs two people"),
    Requirement.REFRIGERATION: Mark("cold", "Needs a refrigerated vehicle"),
}


def marks_of(session: Session, stop: Stop) -> tuple[Mark, ...]:
    """The marks of a stop, the ones that bind hardest first."""
    plan = stop.plan
    if plan is None:
        return ()
    return (
        *_lock(stop),
        *_window(plan),
        *(_NEEDS[need] for need in plan.needs),
        *_access(plan),
        *_aboard(session, stop),
    )


def _lock(stop: Stop) -> Iterator[Mark]:
    if stop.lock is not None:
        by = f" by {stop.lock.by}" if stop.lock.by else ""
        why = f": {stop.lock.reason}" if stop.lock.reason else ""
        yield Mark("locked", f"Locked{by}{why}")


def _window(plan: StopPlan) -> Iterator[Mark]:
    if plan.window_is_hard:
        yield Mark("hard", "Hard window: nobody is there before or after it")


def _access(plan: StopPlan) -> Iterator[Mark]:
    if plan.bikes_only:
        yield Mark("bike", "Only bikes get there")
    if plan.low_emission_zone:
        yield Mark("LEZ", "Lies in a low-emission zone")
    if plan.height_limit_m:
        yield Mark(f"↕ {plan.height_limit_m:g} m", f"Height limit {plan.height_limit_m:g} m")


def _aboard(session: Session, stop: Stop) -> Iterator[Mark]:
    if stop.plan is not None and stop.plan.longest_aboard_s:
        hours = stop.plan.longest_aboard_s / 3600
        yield Mark(f"{hours:.2g} h", f"At most {hours:.2g} hours on the way since loading")
    holder = session.state.routes.get(stop.parcels_on)
    if stop.parcels_on and stop.parcels_on != stop.route_id:
        name = holder.plan.name if holder and holder.plan else stop.parcels_on
        yield Mark("hand-over", f"Its parcels are aboard {name}")
