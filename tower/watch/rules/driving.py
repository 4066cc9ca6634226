"""The rules about a vehicle on its way: `off_route`, `long_dwell` elsewhere, `vehicle`."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tower.domain.records import Break
from tower.domain.timezones import clock_time
from tower.domain.words import ExceptionKind, Severity, StopKind
from tower.watch.case import VehicleCase, earliest_window_end
from tower.watch.found import Found
from tower.watch.rules.silence import is_heard
from tower.watch.words import count, metres, minutes

_OFF, _DWELL, _VEHICLE = (
    ExceptionKind.OFF_ROUTE,
    ExceptionKind.LONG_DWELL,
    ExceptionKind.VEHICLE,
)

NEAR_DEPOT_M = 300.0
"""So near to its depot a standing vehicle is loaded, or waits for its turn."""

AT_A_STOP_M = 100.0
"""So near to the next stop a standing vehicle waits for its window."""


def off_route(case: VehicleCase) -> Found | None:
    """A vehicle that drives somewhere else.

    Raised where it is under way, heard, at no door, not within `near_depot` of its depot, and
    further than `raise_away` from the line of its route for `lasting`; cleared nearer than
    `clear_away`. Severity: minor, major for ten times as far.
    """
    limits = case.limits
    if not case.left or case.is_at_a_door or not is_heard(case):
        return None
    if case.is_near_depot(limits.number(_OFF, "near_depot")):
        return None
    away = case.away_m
    level = "clear_away" if case.is_known(_OFF) else "raise_away"
    if away is None or away <= limits.number(_OFF, level):
        return None
    is_far = away > 10 * limits.number(_OFF, "raise_away")
    since = case.since(_OFF)
    finding = case.finding(
        _OFF,
        Severity.MAJOR if is_far else Severity.MINOR,
        f"{metres(away)} from its route since {clock_time(since, case.zone)}",
        _ahead_words(case),
    )
    return Found(
        about=case.about, since=since, finding=finding, ripe_after=limits.span(_OFF, "lasting")
    )


def off_route_over(case: VehicleCase) -> str:
    """Why it is over."""
    return _under_way_no_more(case) or "The vehicle is back on its route."


def standing_elsewhere(case: VehicleCase) -> Found | None:
    """A vehicle that stands where nothing is to be done.

    Raised where it has stood for longer than `elsewhere`, heard, with stops left, at no door, not
    at its depot and not waiting for the next window; a break that falls into the time counts
    extra. Cleared when it moves further than `moved`; gives way to `vehicle`. Severity: minor.
    """
    stood = _stands(case)
    if stood is None or stood < case.limits.span(_DWELL, "elsewhere") + _breaks(case, stood):
        return None
    finding = case.finding(_DWELL, Severity.MINOR, _stands_words(case, stood), _ahead_words(case))
    return Found(
        about=case.about,
        since=case.now - stood,
        finding=finding,
        ripe_after=case.limits.span(_DWELL, "lasting"),
    )


def standing_elsewhere_over(case: VehicleCase) -> str:
    """Why it is over."""
    if _VEHICLE in case.ripe:
        return "It has stood for so long that it may have broken down."
    return _under_way_no_more(case) or "The vehicle moves again."


def vehicle(case: VehicleCase) -> Found | None:
    """A vehicle that will hardly finish its route.

    Raised where it has stood between stops for longer than `standing` (breaks extra) though it
    is heard, or where its charge is below what the way ahead takes by less than
    `raise_reserve` percent; cleared when it moves, or from `clear_reserve` on. Severity: major,
    critical where it carries cold goods.
    """
    found = _standing_words(case) or _charge_words(case)
    if found is None:
        return None
    since, words = found
    is_cold = any(stop.plan and stop.plan.temperature_limit_c is not None for stop in case.left)
    severity = Severity.CRITICAL if is_cold else Severity.MAJOR
    finding = case.finding(_VEHICLE, severity, words, _ahead_words(case))
    return Found(
        about=case.about,
        since=since,
        finding=finding,
        ripe_after=case.limits.span(_VEHICLE, "lasting"),
    )


def vehicle_over(case: VehicleCase) -> str:
    """Why it is over."""
    return _under_way_no_more(case) or "The vehicle moves, and gets as far as it has to."


def _standing_words(case: VehicleCase) -> tuple[datetime, str] | None:
    stood = _stands(case)
    if stood is None or stood < case.limits.span(_VEHICLE, "standing") + _breaks(case, stood):
        return None
    return case.now - stood, _stands_words(case, stood)


def _charge_words(case: VehicleCase) -> tuple[datetime, str] | None:
    known = case.vehicle
    charge = case.fix.battery_pct if case.fix else None
    if known is None or known.range_m <= 0 or charge is None or not case.left:
        return None
    if _charges(case):
        return None
    ahead_m = case.look.sight.ahead(case.route)
    level = "clear_reserve" if case.is_known(_VEHICLE) else "raise_reserve"
    reserve = case.limits.number(_VEHICLE, level)
    need = 100.0 * (ahead_m or 0.0) / known.range_m
    if ahead_m is None or charge - need >= reserve:
        return None
    words = f"Charge {charge:.0f} %, needs {need:.0f} % for the {metres(ahead_m)} ahead"
    return case.since(_VEHICLE), words


def _charges(case: VehicleCase) -> bool:
    standing = (stop for stop in case.left if stop.state.is_at_the_door)
    return any(stop.plan and stop.plan.kind is StopKind.CHARGE for stop in standing)


def _stands(case: VehicleCase) -> timedelta | None:
    """For how long a vehicle has stood where nothing is to be done; None where it does not."""
    if case.stood_since is None or not case.left or case.is_at_a_door or not is_heard(case):
        return None
    if case.is_near_depot(NEAR_DEPOT_M) or _waits_for_window(case):
        return None
    return case.now - max(case.stood_since, _left_last_door(case) or case.stood_since)


def _left_last_door(case: VehicleCase) -> datetime | None:
    ended = (stop.finished_at for stop in case.stops)
    return max((at for at in ended if at is not None), default=case.route.started_at)


def _waits_for_window(case: VehicleCase) -> bool:
    plan = case.left[0].plan
    opens = plan.window_start if plan else None
    if plan is None or opens is None or opens <= case.now:
        return False
    return case.distance_to(plan.position) <= AT_A_STOP_M or opens - case.now > timedelta(minutes=5)


def _breaks(case: VehicleCase, stood: timedelta) -> timedelta:
    """How much of the time may be breaks that fall into it."""
    spans = (
        timedelta(seconds=one.duration_s)
        for one in case.plan.breaks
        if _overlaps(one, case.now - stood, case.now)
    )
    return sum(spans, timedelta(0))


def _overlaps(one: Break, begins: datetime, ends: datetime) -> bool:
    return one.earliest <= ends and begins <= one.latest + timedelta(seconds=one.duration_s)


def _stands_words(case: VehicleCase, stood: timedelta) -> str:
    return f"Standing for {minutes(stood)}, since {clock_time(case.now - stood, case.zone)}"


def _ahead_words(case: VehicleCase) -> str:
    return ", ".join(_ahead(case))


def _ahead(case: VehicleCase) -> Iterator[str]:
    if not case.left:
        return
    yield f"next stop {case.number_of(case.left[0])}"
    yield f"{count(len(case.left), 'stop', 'stops')} left"
    end = earliest_window_end(case.left)
    if end is not None:
        yield f"next window ends {clock_time(end, case.zone)}"


def _under_way_no_more(case: VehicleCase) -> str:
    if not case.left:
        return "The route has no stops left."
    if not is_heard(case):
        return "The vehicle is not heard any more."
    return "The vehicle is at a stop." if case.is_at_a_door else ""
