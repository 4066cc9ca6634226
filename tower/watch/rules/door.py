"""The rules about a driver at the door: `no_access`, `long_dwell` there, `address`."""

import re
from datetime import datetime, timedelta

from tower.domain.geometry import distance_m
from tower.domain.records import Progress, Stop
from tower.domain.words import AttemptReason, ExceptionKind, Severity, StopKind, StopState
from tower.watch.case import StopCase
from tower.watch.found import Found
from tower.watch.words import metres, minutes

_CODE = re.compile(
    r"\b(code|gate|gated|locked|intercom|access|barrier|tor|schranke|klingel|schl\wssel"
    r"|zugang|digicode|portail|acc[eè]s|interphone|port[oó]n|clave|c[oó]digo|cancello|citofono"
    r"|codice|port[aã]o)\b",
    re.IGNORECASE,
)
"""A driver's note that asks how to get in, in the languages drivers here write."""

_PARKS = timedelta(minutes=2)
"""Who came where the vehicle stands within this of the arrival parked there to serve the stop."""

_SEARCHES = timedelta(minutes=1)
"""Who came there later and stands for so long looks for the door, unless it is at another stop."""

_AT_ANOTHER_M = 100.0
"""So near to another stop a vehicle has gone on: that this one is done is just not told yet."""

_RECENT = timedelta(seconds=90)
"""A fix so long before the arrival still tells where the vehicle stood."""

_NO_ACCESS, _DWELL, _ADDRESS = (
    ExceptionKind.NO_ACCESS,
    ExceptionKind.LONG_DWELL,
    ExceptionKind.ADDRESS,
)


def no_access(case: StopCase) -> Found | None:
    """A driver who cannot get to the door, or could not.

    Raised where the stop was attempted with `no_access`, or where the driver stands at the door
    for longer than `at_door` and their note asks for a code. Cleared when the driver gets in or
    tries again, when the stop is moved, and when its route has ended. Severity: major.
    """
    lasting = case.limits.span(_NO_ACCESS, "lasting")
    failed = failed_because(case, AttemptReason.NO_ACCESS, _NO_ACCESS)
    if failed is not None and case.plan.kind is not StopKind.RETURN:
        if case.route is None or case.route.finished_at is not None:
            return None
        words = "The driver could not get in"
        finding = case.finding(_NO_ACCESS, Severity.MAJOR, words, _what_helps(case, failed.note))
        return Found(
            about=case.about, since=failed.at, finding=finding, ripe_after=lasting, is_fact=True
        )
    came, note = at_the_door_since(case.stop), _note(case.stop)
    if came is None or not _CODE.search(note):
        return None
    waits = case.now - came
    if waits < case.limits.span(_NO_ACCESS, "at_door"):
        return None
    words = f"At the door for {minutes(waits)}, asks how to get in"
    finding = case.finding(_NO_ACCESS, Severity.MAJOR, words, _what_helps(case, note))
    return Found(about=case.about, since=came, finding=finding, ripe_after=lasting)


def no_access_over(case: StopCase) -> str:
    """Why it is over."""
    if case.stop.state is StopState.ATTEMPTED and case.route and case.route.finished_at:
        return "The route has ended; the parcel comes back."
    return _door_over(case, "The driver got in, or goes there again.")


def long_dwell(case: StopCase) -> Found | None:
    """A vehicle that stands at a door for longer than it should.

    Raised where it stands there longer than `at_door` and longer than `times_planned` the
    planned service, waiting for the window not counted; not at charge stops. Cleared when the
    stop is done or the vehicle goes on. Severity: minor, major at twice as long or for cold
    chain.
    """
    came = at_the_door_since(case.stop)
    if came is None or case.plan.kind is StopKind.CHARGE:
        return None
    opens = case.plan.window_start
    begins = max(came, opens) if opens is not None else came
    stands, limit = case.now - begins, _longest(case)
    if stands < limit:
        return None
    is_major = stands >= 2 * limit or case.is_cold
    planned = minutes(timedelta(seconds=case.plan.service_s))
    words = f"At the door for {minutes(stands)}, planned {planned}"
    severity = Severity.MAJOR if is_major else Severity.MINOR
    return Found(
        about=case.about,
        since=begins,
        finding=case.finding(_DWELL, severity, words, _note(case.stop)),
        ripe_after=case.limits.span(_DWELL, "lasting"),
    )


def long_dwell_over(case: StopCase) -> str:
    """Why it is over."""
    return _door_over(case, "The vehicle has gone on.")


def address(case: StopCase) -> Found | None:
    """An address that is not where the pin is.

    Raised where the stop was attempted with `address_not_found`, or where the driver reports to
    be at the door and the vehicle stands further than `raise_away` from the pin, and from where
    the roads reach it, for `lasting`.
    Cleared when the vehicle is nearer than `clear_away`, the pin is moved, the stop is done, or
    it is moved to another route. Severity: minor, major where it was not found.
    """
    failed = failed_because(case, AttemptReason.ADDRESS_NOT_FOUND, _ADDRESS)
    if failed is not None and case.plan.kind is not StopKind.RETURN:
        if _was_corrected(case, failed):
            return None
        detail = ", ".join(filter(None, (case.plan.address, failed.note)))
        finding = case.finding(_ADDRESS, Severity.MAJOR, "Address not found", detail)
        return Found(about=case.about, since=failed.at, finding=finding, is_fact=True)
    level = "clear_away" if case.is_known(_ADDRESS) else "raise_away"
    away = _away_m(case, case.limits.number(_ADDRESS, level))
    if away is None:
        return None
    finding = case.finding(
        _ADDRESS, Severity.MINOR, f"The driver is {metres(away)} from the pin", case.plan.address
    )
    return Found(
        about=case.about,
        since=at_the_door_since(case.stop) or case.now,
        finding=finding,
        ripe_after=case.limits.span(_ADDRESS, "lasting"),
    )


def address_over(case: StopCase) -> str:
    """Why it is over."""
    failed = case.stop.outcome
    if failed is not None and case.stop.state is StopState.ATTEMPTED:
        return "The address was corrected." if _was_corrected(case, failed) else _moved(case)
    return _door_over(case, "The driver is at the pin now, or goes there again.")


def at_the_door_since(stop: Stop) -> datetime | None:
    """Since when the driver stands at a stop; None where they do not."""
    return stop.arrived_at if stop.state.is_at_the_door else None


def failed_because(case: StopCase, reason: AttemptReason, kind: ExceptionKind) -> Progress | None:
    """The attempt that failed for a reason and was not followed up; None for none."""
    stop = case.stop
    if stop.state is not StopState.ATTEMPTED or stop.reason is not reason or not stop.route_id:
        return None
    failed = stop.outcome
    return failed if failed is not None and not case.was_moved(kind, failed.at) else None


def _longest(case: StopCase) -> timedelta:
    planned = timedelta(seconds=case.plan.service_s)
    return max(
        case.limits.span(_DWELL, "at_door"),
        planned * case.limits.number(_DWELL, "times_planned"),
    )


def _away_m(case: StopCase, limit_m: float) -> float | None:
    """How far from the pin the vehicle is while the driver is at the door.

    None where that is within the limit, or where the roads come no nearer to the pin.
    """
    came, fix = at_the_door_since(case.stop), case.fix
    if came is None or fix is None or case.plan.kind is StopKind.CHARGE:
        return None
    if fix.at < came - _RECENT or not _still_stands(case, came):
        return None
    away = distance_m(fix.position, case.plan.position)
    reached = case.reached_at if away > limit_m else None
    is_there = reached is not None and distance_m(fix.position, reached) <= limit_m
    return None if away <= limit_m or is_there else away


def _still_stands(case: StopCase, came: datetime) -> bool:
    """True while the vehicle is where the driver serves this stop, or looks for its door."""
    since = case.stood_since
    if case.is_known(_ADDRESS) or since is None:
        return case.is_known(_ADDRESS)
    if since <= came + _PARKS:
        return True
    return case.now - since >= _SEARCHES and not _is_at_another(case)


def _is_at_another(case: StopCase) -> bool:
    plans = (stop.plan for stop in case.stops if stop.id != case.stop.id)
    places = [plan.position for plan in plans if plan is not None]
    here = case.fix.position if case.fix else None
    return here is not None and any(distance_m(here, one) <= _AT_ANOTHER_M for one in places)


def _was_corrected(case: StopCase, failed: Progress) -> bool:
    """True where another place was agreed after the attempt."""
    stamp = case.stop.change_stamps.get("lat") or case.stop.change_stamps.get("address")
    return stamp is not None and stamp.order > failed.at.timestamp()


def _what_helps(case: StopCase, note: str) -> str:
    code = f"code known: {case.plan.access_code}" if case.plan.access_code else "no code known"
    return ", ".join(filter(None, (note, code)))


def _note(stop: Stop) -> str:
    return stop.underway.note.strip() if stop.underway else ""


def _door_over(case: StopCase, otherwise: str) -> str:
    stop = case.stop
    if stop.state is StopState.ATTEMPTED and not stop.route_id:
        return _moved(case)
    return f"The stop is done: {stop.state}." if stop.is_done else otherwise


def _moved(case: StopCase) -> str:
    return "The stop is on another route now." if case.stop.route_id else "The stop was taken off."
