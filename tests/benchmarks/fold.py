"""How fast the journal is folded, and how fast a journal of 200,000 events opens.

The events are those of one very large shift: stops planned, driven to, served or attempted,
late ones raised as exceptions and cleared, customers asking. The naive way of opening, folding
everything, runs beside it.
"""

import shutil
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from tests.report import Line, argument_parser, show
from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.fold import fold
from tower.domain.identity import derived_event_id
from tower.domain.records import Actor, Finding, RoutePlan, StopPlan, Subject
from tower.domain.state import State
from tower.domain.words import AttemptReason, ExceptionKind, ExceptionState, Severity
from tower.journal.journal import Journal

MORNING = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
CARRIER = Actor(kind="carrier", id="own", name="Own fleet")
STOPS_A_ROUTE = 25
SNAPSHOT_EVERY = 5_000
BATCH = 1_000
ROUNDS = 3


class StandingClock:
    """A clock for recording; the journal keeps its times apart."""

    def now(self) -> datetime:
        """The time, UTC."""
        return MORNING + timedelta(hours=12)


def shift_events(count: int) -> list[Event]:
    """The first `count` events of an endless shift."""
    events: list[Event] = []
    route = 0
    while len(events) < count:
        events += _route_events(route)
        route += 1
    return events[:count]


def _route_events(number: int) -> Iterator[Event]:
    route_id = f"R-{number:04d}"
    stops = tuple(f"{route_id}-{index:02d}" for index in range(STOPS_A_ROUTE))
    plan = RoutePlan(id=route_id, name=route_id, carrier_id="own", vehicle_id=f"own:{number}")
    yield _event(0, e.RoutePlanned(plan=plan), route_id)
    sequence = e.RouteSequence(route_id=route_id, version=1, stops=stops)
    for index, stop_id in enumerate(stops):
        yield _event(0, _planned(number, index, stop_id), route_id, stop_id)
    yield _event(1, e.RoutesSequenced(routes=(sequence,)), route_id)
    yield _event(2, e.RouteStarted(), route_id)
    for index, stop_id in enumerate(stops):
        yield from _stop_events(number + index, 10 + 18 * index, route_id, stop_id)
    yield _event(20 + 18 * STOPS_A_ROUTE, e.RouteFinished(), route_id)


def _planned(number: int, index: int, stop_id: str) -> e.StopPlanned:
    at = MORNING + timedelta(minutes=18 * index)
    return e.StopPlanned(
        plan=StopPlan(
            id=stop_id,
            reference=f"ORDER-{stop_id}",
            customer=f"Customer {number:04d}-{index:02d}",
            address=f"Street {index}, {number}",
            lat=47.0 + (number % 100) / 500,
            lon=9.4 + index / 300,
            window_start=at,
            window_end=at + timedelta(hours=2),
            planned_at=at + timedelta(hours=1),
            parcels=(f"P-{stop_id}-1", f"P-{stop_id}-2"),
        )
    )


def _stop_events(dice: int, minute: int, route_id: str, stop_id: str) -> Iterator[Event]:
    yield _event(minute, e.StopEnRoute(), route_id, stop_id)
    if dice % 9 == 0:
        yield from _late(minute, route_id, stop_id)
    if dice % 40 == 0:
        yield _event(minute + 2, e.CustomerContacted(topic="wismo"), route_id, stop_id)
    yield _event(minute + 9, e.StopArrived(), route_id, stop_id)
    if dice % 14 == 0:
        failed = e.StopAttempted(reason=AttemptReason.NOT_HOME)
        yield _event(minute + 12, failed, route_id, stop_id)
    else:
        yield _event(minute + 11, e.StopDelivered(), route_id, stop_id)


def _late(minute: int, route_id: str, stop_id: str) -> Iterator[Event]:
    subject = Subject(route_id=route_id, stop_id=stop_id)
    for late_min in (6, 8):
        finding = Finding(
            kind=ExceptionKind.LATE,
            severity=Severity.MINOR,
            subject=subject,
            headline=f"{late_min} min past its window",
            detail="Window ends 14:45, ETA 14:51",
            source="tower:watch",
        )
        raised = e.ExceptionRaised(finding=finding)
        yield _event(minute + late_min, raised, route_id, stop_id, f"x{stop_id}")
    done = e.ExceptionWorked(state=ExceptionState.RESOLVED, version=1, by_rule=True)
    yield _event(minute + 9, done, route_id, stop_id, f"x{stop_id}")


def _event(
    minute: int, body: e.AnyBody, route_id: str, stop_id: str = "", exception_id: str = ""
) -> Event:
    at = MORNING + timedelta(minutes=minute)
    subject = Subject(
        carrier_id="own", route_id=route_id, stop_id=stop_id, exception_id=exception_id
    )
    mark = type(body).__name__ + str(minute)
    return Event(
        id=derived_event_id(at, mark, route_id, stop_id, exception_id),
        at=at,
        recorded_at=at,
        actor=CARRIER,
        subject=subject,
        body=body,
    )


def measure(options: Namespace) -> list[Line]:
    """Fold, append and open; every time is the middle one of three."""
    events = shift_events(options.events)
    fold_s = _middle_s(lambda: fold(events))
    folder = Path(tempfile.mkdtemp(prefix="tower-fold-"))
    try:
        append_s, naive_s, open_s, state = _journal_times(folder / "journal.db", events)
    finally:
        shutil.rmtree(folder)
    return [
        Line("events", len(events), "Events"),
        Line("stops", len(state.stops), "Stops in the shift"),
        Line("events_per_s", len(events) / fold_s, "Folded", "events/s"),
        Line("append_per_s", len(events) / append_s, "Appended, synced to disk", "events/s"),
        Line("open_200k_s", open_s, f"Opened from a snapshot and {SNAPSHOT_EVERY:,} events", "s"),
        Line("naive_open_200k_s", naive_s, "Opened the naive way, folding everything", "s"),
        Line("speedup", naive_s / open_s, "Naive over ours", "times"),
    ]


def _journal_times(path: Path, events: list[Event]) -> tuple[float, float, float, State]:
    journal = Journal.open(path, StandingClock())
    cut = len(events) - SNAPSHOT_EVERY
    append_s = _timed_s(lambda: _append(journal, events[:cut]))
    state = journal.load_state()
    append_s += _timed_s(lambda: _append(journal, events[cut:]))
    journal.close()
    naive_s = _middle_s(lambda: _open(path))
    journal = Journal.open(path, StandingClock())
    journal.save_snapshot(state).result()
    journal.close()
    open_s = _middle_s(lambda: _open(path))
    return append_s, naive_s, open_s, _open(path)


def _append(journal: Journal, events: list[Event]) -> None:
    starts = range(0, len(events), BATCH)
    for job in [journal.append(events[start : start + BATCH]) for start in starts]:
        job.result()


def _open(path: Path) -> State:
    journal = Journal.open(path, StandingClock())
    try:
        return journal.load_state()
    finally:
        journal.close()


def _timed_s(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _middle_s(work: Callable[[], object]) -> float:
    return median(_timed_s(work) for _ in range(ROUNDS))


def main() -> None:
    """Run from the command line."""
    parser = argument_parser("tests.benchmarks.fold", str(__doc__))
    parser.add_argument("--events", type=int, default=200_000, help="how many (%(default)s)")
    options = parser.parse_args()
    show(measure(options), as_json=options.json)


if __name__ == "__main__":
    main()
