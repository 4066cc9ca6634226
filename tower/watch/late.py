"""The rule `late`: a stop is expected after its window."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta, tzinfo

from msgspec.structs import replace

from tower.domain.records import Finding, Stop, StopPlan, Subject
from tower.domain.state import State
from tower.domain.words import ExceptionKind, Severity
from tower.watch.found import SOURCE, Expected, Found, Known
from tower.watch.words import clock_time, minutes

RAISE_PAST_WINDOW = timedelta(minutes=5)
"""P50 this far beyond the window raises the exception."""

CLEAR_PAST_WINDOW = timedelta(minutes=2)
"""P50 closer than this to the window clears it again."""

LASTING = timedelta(seconds=60)
"""So long it must have been so: one slow traffic light is no exception."""

HORIZON = timedelta(minutes=60)
"""Only windows that end this soon: later ones may mend themselves, and nobody can act yet."""

LONG_OVER = timedelta(hours=12)
"""A window that ended longer ago belongs to a day that is over: nobody waits at the door."""

MAJOR_FROM = timedelta(minutes=15)
CRITICAL_FROM = timedelta(minutes=60)


def late(
    state: State, known: Known, arrivals: Mapping[str, Expected], now: datetime
) -> list[Found]:
    """Stops not done whose vehicle is expected well past the end of their window.

    Raised where P50 lies more than 5 min beyond the window, the window ends within the hour or
    ended in the last twelve, and it has been so for a minute; kept until P50 is less than 2 min
    beyond it or the stop is done. Severity: minor, major from 15 min or for cold chain, critical
    from 60 min or for cold chain from 15 min.

    Args:
        state: the shift.
        known: what this rule found before and is still open.
        arrivals: stop id to its predicted arrival.
        now: the present, UTC.
    """
    found = list(_expected_late(state, arrivals, known.keys(), now))
    for about, record in known.items():
        stop = state.stops.get(about)
        if about not in arrivals and stop is not None and not stop.is_done and record.finding:
            found.append(Found(about=about, since=now, finding=record.finding))
    return found


def _expected_late(
    state: State,
    arrivals: Mapping[str, Expected],
    known: AbstractSet[str],
    now: datetime,
) -> Iterator[Found]:
    zone = state.zone
    for stop_id, arrival in arrivals.items():
        stop = state.stops.get(stop_id)
        if stop is None or stop.plan is None or stop.plan.window_end is None or stop.is_done:
            continue
        past = arrival.p50 - stop.plan.window_end
        is_near = now - LONG_OVER <= stop.plan.window_end <= now + HORIZON
        if past > (CLEAR_PAST_WINDOW if stop_id in known else RAISE_PAST_WINDOW) and (
            is_near or stop_id in known
        ):
            finding = _finding(state, stop, stop.plan, arrival.p50, stop.plan.window_end, zone)
            yield Found(about=stop_id, since=now, finding=finding, ripe_after=LASTING)


def _finding(
    state: State,
    stop: Stop,
    plan: StopPlan,
    p50: datetime,
    window_end: datetime,
    zone: tzinfo,
) -> Finding:
    past = p50 - window_end
    came = "arrived" if stop.arrived_at == p50 else "ETA"
    return Finding(
        kind=ExceptionKind.LATE,
        severity=_severity(plan, past),
        subject=_subject(state, stop),
        headline=f"{minutes(past)} past its window",
        detail=f"Window ends {clock_time(window_end, zone)}, {came} {clock_time(p50, zone)}",
        source=SOURCE,
    )


def _severity(plan: StopPlan, past: timedelta) -> Severity:
    is_cold = plan.temperature_limit_c is not None
    if past >= CRITICAL_FROM or (is_cold and past >= MAJOR_FROM):
        return Severity.CRITICAL
    return Severity.MAJOR if is_cold or past >= MAJOR_FROM else Severity.MINOR


def _subject(state: State, stop: Stop) -> Subject:
    subject = Subject(stop_id=stop.id, route_id=stop.route_id)
    route = state.routes.get(stop.route_id)
    if route is None or route.plan is None:
        return subject
    return replace(subject, carrier_id=route.plan.carrier_id, vehicle_id=route.plan.vehicle_id)
