"""How long the strip over the map takes on a large day, and how long reading all of it would.

Half of the stops are finished. Only stops that changed since the last time are read again; the
naive way, reading the whole state each time, runs beside it.
"""

import random
import time
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.report import Line, argument_parser, show
from tower.domain.records import NEVER, Progress, Route, RoutePlan, Stop, StopPlan
from tower.domain.state import State
from tower.domain.words import StopState
from tower.kpi.breakdown import failed_reasons, on_time_by_hour
from tower.kpi.finished import DayBook, finished_today
from tower.kpi.strip import strip

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
STOPS_A_ROUTE = 100
MINUTES_APART = 6
CHANGED = 300
ROUNDS = 9
FRAME_MS = 50.0


def large_day(count: int) -> State:
    """A shift at noon: the first half of each route is finished, some of it late or in vain."""
    chance, state = random.Random(1), State()
    for number in range(count // STOPS_A_ROUTE):
        route_id = f"R{number}"
        plan = RoutePlan(id=route_id, name=route_id, carrier_id="own")
        state.routes[route_id] = Route(id=route_id, plan=plan)
        for index in range(STOPS_A_ROUTE):
            stop = _stop(f"{route_id}-{index}", route_id, index, chance)
            state.stops[stop.id] = stop
    return state


def _stop(stop_id: str, route_id: str, index: int, chance: random.Random) -> Stop:
    at = NOON + timedelta(minutes=MINUTES_APART * (index - STOPS_A_ROUTE / 2) - 5 * chance.random())
    plan = StopPlan(
        id=stop_id,
        lat=47.0 + chance.random() / 10,
        lon=9.4 + chance.random() / 10,
        window_end=at + timedelta(minutes=chance.choice((-5, 10, 60))),
        planned_at=at,
    )
    failed = chance.random() < 1 / 14
    state = StopState.ATTEMPTED if failed else StopState.DELIVERED
    outcome = Progress(state=state, at=at, stamp=NEVER) if at <= NOON else None
    return Stop(id=stop_id, plan=plan, route_id=route_id, outcome=outcome)


def measure(options: Namespace) -> list[Line]:
    """Measure the strip, the bars by hour and the reasons on one day."""
    state, book = large_day(options.stops), DayBook()
    book.read(state.stops.values())
    changed = list(state.stops.values())[:CHANGED]
    day = book.day(state, NOON)

    def renewed() -> None:
        book.read(changed)
        strip(state, {}, NOON, day=book.day(state, NOON))

    def naive() -> None:
        strip(state, {}, NOON, day=finished_today(state, NOON))

    strip_ms = _least_ms(renewed)
    return [
        Line("strip_ms", strip_ms, f"The strip after {CHANGED} changes (goal {FRAME_MS:g})", "ms"),
        Line("hours_ms", _least_ms(lambda: on_time_by_hour(day, UTC)), "On time by hour", "ms"),
        Line("reasons_ms", _least_ms(lambda: failed_reasons(day)), "Failed reasons", "ms"),
        Line("naive_ms", _least_ms(naive), "The strip, reading the whole day", "ms"),
        Line("stops", len(state.stops), "Stops"),
        Line("finished", len(day.ids), "Of these finished"),
    ]


def _least_ms(work: Callable[[], object]) -> float:
    """The shortest of several rounds: what the work takes while nobody else is at it."""
    return min(_took_ms(work) for _ in range(ROUNDS))


def _took_ms(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return 1_000.0 * (time.perf_counter() - begun)


def main() -> None:
    """Run it from the command line."""
    parser = argument_parser("tests.benchmarks.strip", __doc__ or "")
    parser.add_argument("--stops", type=int, default=100_000)
    options = parser.parse_args()
    show(measure(options), as_json=options.json)


if __name__ == "__main__":
    main()
