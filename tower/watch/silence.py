"""The rules `no_signal` and `carrier_silent`: nothing was heard for too long."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta, tzinfo

from tower.domain.records import Carrier, Finding, Route, RoutePlan, Stop, Subject
from tower.domain.state import State
from tower.domain.words import ExceptionKind, Severity
from tower.watch.found import SOURCE, Found, Known
from tower.watch.words import clock_time, count

HEARD_AGAIN = timedelta(seconds=60)
"""A fix or message newer than this ends the silence; between this and the limit it stays."""

LIMIT = timedelta(seconds=300)
"""The limit of a vehicle whose carrier is not known; otherwise the carrier's own counts."""

SOON = timedelta(minutes=60)
"""A silent vehicle is a major matter where one of its windows ends this soon."""


def carrier_silent(
    state: State,
    known: Known,
    last_heard: Mapping[str, datetime],
    watching_since: datetime,
    now: datetime,
) -> list[Found]:
    """Carriers with vehicles under way of whom nothing was heard for longer than their limit.

    Cleared by a message less than a minute old, or when none of their routes is under way.

    Args:
        state: the shift.
        known: what this rule found before and is still open.
        last_heard: carrier id to when its last message came.
        watching_since: counts for carriers never heard: nobody listened before.
        now: the present, UTC.
    """
    zone = state.zone
    under_way = _under_way_by_carrier(state)
    found = []
    for carrier_id, routes in under_way.items():
        entry = state.carriers.get(carrier_id)
        heard = last_heard.get(carrier_id, watching_since)
        limit = _limit(entry.value if entry else None)
        if entry is not None and now - heard > (HEARD_AGAIN if carrier_id in known else limit):
            finding = _carrier_finding(entry.value, heard, len(routes), zone)
            found.append(Found(about=carrier_id, since=heard, finding=finding))
    return found


def _carrier_finding(carrier: Carrier, heard: datetime, routes: int, zone: tzinfo) -> Finding:
    return Finding(
        kind=ExceptionKind.CARRIER_SILENT,
        severity=Severity.MAJOR,
        subject=Subject(carrier_id=carrier.id),
        headline=f"{carrier.name} silent since {clock_time(heard, zone)}",
        detail=f"Last message {clock_time(heard, zone)}, "
        f"{count(routes, 'route', 'routes')} under way",
        source=SOURCE,
    )


def no_signal(
    state: State,
    known: Known,
    last_fix: Mapping[str, datetime],
    silent_carriers: AbstractSet[str],
    now: datetime,
) -> list[Found]:
    """Vehicles under way without a position for longer than their carrier's limit (300 s).

    Under way: their route has begun, has not ended and has stops left. A vehicle that never
    said anything counts from the start of its route. A silent carrier's vehicles are not named
    one by one. Cleared by a fix less than a minute old. Severity: minor, major where a window
    ends within the hour.

    Args:
        state: the shift.
        known: what this rule found before and is still open.
        last_fix: vehicle id to the time of its newest fix.
        silent_carriers: ids of the carriers found silent now.
        now: the present, UTC.
    """
    zone = state.zone
    found = []
    for started, route in _under_way(state):
        plan = route.plan
        if plan is None or not plan.vehicle_id or plan.carrier_id in silent_carriers:
            continue
        heard = max(started, last_fix.get(plan.vehicle_id, started))
        entry = state.carriers.get(plan.carrier_id)
        limit = _limit(entry.value if entry else None)
        if now - heard <= (HEARD_AGAIN if plan.vehicle_id in known else limit):
            continue
        left = [stop for stop in state.stops_of(route) if not stop.is_done]
        if left:
            finding = _vehicle_finding(plan, heard, left, now, zone)
            found.append(Found(about=plan.vehicle_id, since=heard, finding=finding))
    return found


def _vehicle_finding(
    plan: RoutePlan, heard: datetime, left: list[Stop], now: datetime, zone: tzinfo
) -> Finding:
    ends = [stop.plan.window_end for stop in left if stop.plan and stop.plan.window_end]
    is_urgent = any(end <= now + SOON for end in ends)
    subject = Subject(carrier_id=plan.carrier_id, vehicle_id=plan.vehicle_id, route_id=plan.id)
    return Finding(
        kind=ExceptionKind.NO_SIGNAL,
        severity=Severity.MAJOR if is_urgent else Severity.MINOR,
        subject=subject,
        headline=f"No signal since {clock_time(heard, zone)}",
        detail=f"Last position {clock_time(heard, zone)}, {count(len(left), 'stop', 'stops')} left",
        source=SOURCE,
    )


def _limit(carrier: Carrier | None) -> timedelta:
    return timedelta(seconds=carrier.silent_after_s) if carrier else LIMIT


def _under_way(state: State) -> Iterator[tuple[datetime, Route]]:
    for route in state.routes.values():
        if route.started_at is not None and route.finished_at is None:
            yield route.started_at, route


def _under_way_by_carrier(state: State) -> dict[str, list[Route]]:
    by_carrier: dict[str, list[Route]] = {}
    for _, route in _under_way(state):
        if route.plan is not None:
            by_carrier.setdefault(route.plan.carrier_id, []).append(route)
    return by_carrier
