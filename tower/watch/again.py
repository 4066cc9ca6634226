"""How soon what was looked at is looked at again, where nothing else calls for it."""

from datetime import datetime, timedelta

from tower.domain.words import ExceptionKind, StopKind
from tower.watch.case import StopCase, VehicleCase

SOON = timedelta(seconds=10)
"""What changes with time alone, as a vehicle at a door, is looked at this often."""

NOW_AND_THEN = timedelta(seconds=30)
"""What holds, and what moves slowly, is looked at this often."""

SELDOM = timedelta(minutes=2)
"""What happened once and stays so is looked at this often."""


def sooner(*times: datetime | None) -> datetime | None:
    """The earliest of some times, None where there is none."""
    return min((at for at in times if at is not None), default=None)


def stop_again(case: StopCase) -> datetime | None:
    """When a stop is looked at again though nothing was found; None for not by itself."""
    if case.stop.state.is_at_the_door:
        return case.now + SOON
    is_open_return = case.plan.kind is StopKind.RETURN and not case.stop.is_done
    return case.now + NOW_AND_THEN if is_open_return and case.is_passed else None


def vehicle_again(case: VehicleCase) -> datetime | None:
    """When a vehicle is looked at again though nothing was found; None for not by itself.

    One that never said where it is, that runs on charge, or that stands for long.
    """
    if case.fix is None or (case.vehicle is not None and case.vehicle.range_m > 0):
        return case.now + NOW_AND_THEN
    stood = case.now - case.stood_since if case.stood_since else timedelta(0)
    limit = case.limits.span(ExceptionKind.LONG_DWELL, "elsewhere")
    return case.now + NOW_AND_THEN if stood >= limit and not case.is_at_a_door else None
