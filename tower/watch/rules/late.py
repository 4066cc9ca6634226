"""The rules `late_risk` and `late`: a stop is likely to be, or is, reached after its window.

As long as the window is open it is a risk, told with its probability. Once the window is over the
risk becomes `late`: the one is resolved, saying so, and the other is raised for whoever worked on
it. A stop never has both.
"""

from datetime import datetime, timedelta

from tower.domain.records import Stop
from tower.domain.timezones import clock_time
from tower.domain.words import ExceptionKind, Severity, StopKind
from tower.feed.arrivals import Arrival
from tower.watch.case import StopCase
from tower.watch.found import Found
from tower.watch.odds import probability_late
from tower.watch.rules.reasons import why_late
from tower.watch.words import minutes, percent

LONG_OVER = timedelta(hours=12)
"""A window that ended longer ago belongs to a day that is over: nobody waits at the door."""

_RISK, _LATE = ExceptionKind.LATE_RISK, ExceptionKind.LATE


def late_risk(case: StopCase) -> Found | None:
    """A stop whose window is open still and will probably be missed.

    Raised where P(arrival after the window's end) is at least `raise_at` for `lasting`, for
    windows that end within `ahead`; kept until it falls below `clear_at`, the vehicle arrives or
    the stop is late. Severity: minor; major from `major_at` or for cold chain; critical for
    cold chain from `major_at`.
    """
    end, arrival = case.plan.window_end, case.arrival
    if end is None or case.stop.is_done or case.stop.state.is_at_the_door or end <= case.now:
        return _kept_for_now(case) if end is not None and end <= case.now else None
    if arrival is None:
        return _as_before(case, _RISK)
    limits, is_known = case.limits, case.is_known(_RISK)
    chance = 100.0 * chance_late(arrival, end)
    level = limits.number(_RISK, "clear_at" if is_known else "raise_at")
    is_near = is_known or end - case.now <= limits.span(_RISK, "ahead")
    if chance < level or not is_near:
        return None
    is_major = chance >= limits.number(_RISK, "major_at")
    finding = case.finding(
        _RISK,
        _graver(Severity.MAJOR if is_major else Severity.MINOR, is_cold=case.is_cold),
        f"Window ends {clock_time(end, case.zone)}, ETA {clock_time(arrival.p50, case.zone)}, "
        f"P(late) {percent(chance)}",
        _why(case),
    )
    return Found(
        about=case.about, since=case.now, finding=finding, ripe_after=limits.span(_RISK, "lasting")
    )


def late(case: StopCase) -> Found | None:
    """A stop whose window is over and whose vehicle is expected, or came, well after it.

    Raised where P50 lies more than `raise_past` beyond the window, the window ended in the last
    twelve hours, and it has been so for `lasting`; kept until P50 is less than `clear_past`
    beyond it or the stop is done. Severity: minor, major from `major_past` or for cold chain,
    critical from `critical_past` or for cold chain from `major_past`.
    """
    end, arrival = case.plan.window_end, case.arrival
    if end is None or case.stop.is_done or _is_missed_return(case):
        return None
    if arrival is None:
        return _as_before(case, _LATE)
    limits, is_known = case.limits, case.is_known(_LATE)
    past = arrival.p50 - end
    is_over = case.now - LONG_OVER <= end <= case.now
    if past <= limits.span(_LATE, "clear_past" if is_known else "raise_past"):
        return None
    if not is_over and not is_known:
        return None
    came = "arrived" if _has_come(case.stop, arrival) else "ETA"
    finding = case.finding(
        _LATE,
        _late_severity(case, past),
        f"{minutes(past)} past its window",
        _joined(
            f"Window ended {clock_time(end, case.zone)}, {came} "
            f"{clock_time(arrival.p50, case.zone)}",
            _why(case),
        ),
    )
    return Found(
        about=case.about, since=case.now, finding=finding, ripe_after=limits.span(_LATE, "lasting")
    )


def late_risk_over(case: StopCase) -> str:
    """Why a risk is none any more."""
    stop, end = case.stop, case.plan.window_end
    came = stop.arrived_at or stop.finished_at
    if _LATE in case.ripe or case.is_known(_LATE):
        return "It became late."
    if end is None:
        return "The stop has no window any more."
    if came is not None and (stop.is_done or stop.state.is_at_the_door):
        past = came - end
        if past <= timedelta(0):
            return f"The vehicle came in time, at {clock_time(came, case.zone)}."
        return f"The vehicle came {minutes(past)} past the window."
    return _back_in_time(case, end)


def late_over(case: StopCase) -> str:
    """Why a stop is late no more."""
    if case.stop.is_done:
        return f"The stop is done: {case.stop.state}."
    if case.plan.window_end is None:
        return "The stop has no window any more."
    if _is_missed_return(case):
        return "The vehicle has gone on: the return was missed."
    return _back_in_time(case, case.plan.window_end)


def chance_late(arrival: Arrival, window_end: datetime) -> float:
    """The probability that an arrival lies beyond the window, 0 to 1."""
    return probability_late(
        window_end.timestamp(),
        arrival.p50.timestamp(),
        (arrival.p50 - arrival.p10).total_seconds(),
        (arrival.p90 - arrival.p50).total_seconds(),
    )


def _back_in_time(case: StopCase, end: datetime) -> str:
    arrival = case.arrival
    if arrival is None:
        return "Nobody drives there any more."
    return (
        f"Expected in time again: ETA {clock_time(arrival.p50, case.zone)}, "
        f"window ends {clock_time(end, case.zone)}."
    )


def _kept_for_now(case: StopCase) -> Found | None:
    """A risk whose window has just ended: kept until it is late, or the vehicle has come."""
    came = case.stop.is_done or case.stop.state.is_at_the_door
    return None if came or case.is_known(_LATE) else _as_before(case, _RISK)


def _as_before(case: StopCase, kind: ExceptionKind) -> Found | None:
    """A missing prediction is no news."""
    record = case.record(kind)
    if record is None or record.finding is None or case.stop.route_id == "":
        return None
    return Found(about=case.about, since=case.now, finding=record.finding)


def _is_missed_return(case: StopCase) -> bool:
    return case.plan.kind is StopKind.RETURN and case.is_passed


def _has_come(stop: Stop, arrival: Arrival) -> bool:
    """True where the vehicle is there; the table knows arrivals to the second."""
    came = stop.arrived_at
    return came is not None and abs(came - arrival.p50) <= timedelta(seconds=1)


def _why(case: StopCase) -> str:
    if case.route is None or case.place < 0:
        return ""
    return why_late(case.stops, case.place, case.route, case.expected, case.now)


def _late_severity(case: StopCase, past: timedelta) -> Severity:
    if past >= case.limits.span(_LATE, "critical_past"):
        return Severity.CRITICAL
    is_major = past >= case.limits.span(_LATE, "major_past")
    return _graver(Severity.MAJOR if is_major else Severity.MINOR, is_cold=case.is_cold)


def _graver(severity: Severity, *, is_cold: bool) -> Severity:
    """One step graver for what must stay cool."""
    if not is_cold:
        return severity
    return Severity.CRITICAL if severity is Severity.MAJOR else Severity.MAJOR


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
