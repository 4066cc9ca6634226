"""The rules `no_signal` and `carrier_silent`: nothing was heard for too long."""

from datetime import datetime, timedelta

from tower.domain.timezones import clock_time
from tower.domain.words import ExceptionKind, Severity
from tower.watch.case import CarrierCase, VehicleCase, earliest_window_end
from tower.watch.found import Found
from tower.watch.words import count

_SIGNAL, _CARRIER = ExceptionKind.NO_SIGNAL, ExceptionKind.CARRIER_SILENT

LIMIT = timedelta(seconds=300)
"""The limit of a vehicle whose carrier is not known; otherwise the carrier's own counts."""


def carrier_silent(case: CarrierCase) -> Found | None:
    """A carrier with vehicles under way of whom nothing was heard for longer than its limit.

    Raised after `raise_after` (0: the carrier's own limit), cleared by a message less than
    `clear_within` old, or when none of its routes is under way. Severity: major.
    """
    if not case.under_way:
        return None
    own = timedelta(seconds=case.carrier.silent_after_s)
    limit = case.limits.span(_CARRIER, "raise_after") or own
    within = min(limit, case.limits.span(_CARRIER, "clear_within"))
    if case.now - case.heard_at <= (within if case.is_known(_CARRIER) else limit):
        return None
    heard = clock_time(case.heard_at, case.zone)
    finding = case.finding(
        _CARRIER,
        Severity.MAJOR,
        f"{case.carrier.name} silent since {heard}",
        f"Last message {heard}, {count(case.under_way, 'route', 'routes')} under way",
    )
    return Found(
        about=case.about,
        since=case.heard_at,
        finding=finding,
        ripe_after=case.limits.span(_CARRIER, "lasting"),
    )


def carrier_silent_over(_case: CarrierCase) -> str:
    """Why it is over."""
    return "The carrier is heard again, or none of its routes is under way."


def no_signal(case: VehicleCase) -> Found | None:
    """A vehicle under way without a position for longer than its limit.

    Raised after `raise_after` (0: its carrier's own limit); a vehicle that never said anything
    counts from the start of its route. A silent carrier's vehicles are not named one by one.
    Cleared by a fix less than `clear_within` old. Severity: minor, major where a window ends
    within `major_ahead`.
    """
    if case.plan.carrier_id in case.look.silent or not case.left:
        return None
    heard, limit = heard_at(case), _limit(case)
    within = min(limit, case.limits.span(_SIGNAL, "clear_within"))
    if heard is None or case.now - heard <= (within if case.is_known(_SIGNAL) else limit):
        return None
    end = earliest_window_end(case.left)
    is_urgent = end is not None and end <= case.now + case.limits.span(_SIGNAL, "major_ahead")
    finding = case.finding(
        _SIGNAL,
        Severity.MAJOR if is_urgent else Severity.MINOR,
        f"No signal since {clock_time(heard, case.zone)}",
        f"Last position {clock_time(heard, case.zone)}, "
        f"{count(len(case.left), 'stop', 'stops')} left",
    )
    return Found(
        about=case.about,
        since=heard,
        finding=finding,
        ripe_after=case.limits.span(_SIGNAL, "lasting"),
    )


def no_signal_over(case: VehicleCase) -> str:
    """Why it is over."""
    if case.plan.carrier_id in case.look.silent:
        return "Its whole carrier is silent now."
    return "The vehicle is heard again." if is_heard(case) else "It has no stops left."


def heard_at(case: VehicleCase) -> datetime | None:
    """When a vehicle said last where it is; the start of its route where it never did since."""
    started = case.route.started_at
    if case.fix is None or started is None:
        return started
    return max(started, case.fix.at)


def is_heard(case: VehicleCase) -> bool:
    """True while the vehicle's newest fix is young enough to say something about now."""
    return case.fix is not None and case.now - case.fix.at <= _limit(case)


def _limit(case: VehicleCase) -> timedelta:
    own = timedelta(seconds=case.carrier.silent_after_s) if case.carrier else LIMIT
    return case.limits.span(_SIGNAL, "raise_after") or own
