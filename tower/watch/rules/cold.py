"""The rule `temperature`: goods that must stay cool get too warm."""

from tower.domain.words import ExceptionKind, Severity
from tower.watch.case import VehicleCase
from tower.watch.found import Found
from tower.watch.rules.silence import is_heard
from tower.watch.words import degrees, minutes

_KIND = ExceptionKind.TEMPERATURE


def temperature(case: VehicleCase) -> Found | None:
    """A vehicle that is warmer than what it carries may be.

    Raised where its cargo is warmer than the lowest limit aboard by more than `raise_above` for
    `lasting`; kept until it is cooler than the limit by `clear_below`, or nothing that must stay
    cool is aboard. A reading that is missing is no news. Severity: major, critical from
    `critical_above`.
    """
    limit = limit_aboard(case)
    if limit is None:
        return None
    reading, record = _reading(case), case.record(_KIND)
    if reading is None:
        before = record.finding if record else None
        return Found(about=case.about, since=case.now, finding=before) if before else None
    above = reading - limit
    limits = case.limits
    is_known = record is not None
    level = (
        -limits.number(_KIND, "clear_below") if is_known else limits.number(_KIND, "raise_above")
    )
    if above <= level:
        return None
    since = case.since(_KIND)
    is_grave = above >= limits.number(_KIND, "critical_above")
    finding = case.finding(
        _KIND,
        Severity.CRITICAL if is_grave else Severity.MAJOR,
        f"{degrees(reading)} for {minutes(case.now - since)}, limit {degrees(limit)}",
        _aboard(case),
    )
    return Found(
        about=case.about, since=since, finding=finding, ripe_after=limits.span(_KIND, "lasting")
    )


def temperature_over(case: VehicleCase) -> str:
    """Why it is over."""
    limit, reading = limit_aboard(case), _reading(case)
    if limit is None:
        return "Nothing that must stay cool is aboard any more."
    if reading is None:
        return "The temperature is not told any more."
    return f"Cool enough again: {degrees(reading)}, limit {degrees(limit)}."


def limit_aboard(case: VehicleCase) -> float | None:
    """The lowest limit of what is aboard, degrees Celsius; None where nothing has one."""
    if not case.left:
        return None
    limits = [stop.plan.temperature_limit_c for stop in case.left if stop.plan]
    limits.append(case.vehicle.temperature_limit_c if case.vehicle else None)
    return min((limit for limit in limits if limit is not None), default=None)


def _reading(case: VehicleCase) -> float | None:
    """The cargo's temperature, None where nothing young says it."""
    return case.fix.temperature_c if case.fix and is_heard(case) else None


def _aboard(case: VehicleCase) -> str:
    cold = [stop for stop in case.left if stop.plan and stop.plan.temperature_limit_c is not None]
    if not cold:
        return f"{len(case.left)} stops left"
    number = case.number_of(cold[0])
    return f"{len(cold)} cold stops left, the next is stop {number}"
