"""A day kept up stop by stop is the day read at once."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from tower.domain.records import NEVER, Progress, Stop, StopPlan
from tower.domain.state import State
from tower.domain.words import AttemptReason, StopState
from tower.kpi.finished import DayBook, finished_today

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
COUNT = 2_500


def finished(number: int, state: StopState, minutes_ago: float) -> Stop:
    at = NOON - timedelta(minutes=minutes_ago)
    plan = StopPlan(id=f"s{number}", lat=47.1, lon=9.5, window_end=NOON, planned_at=at)
    reason = AttemptReason.CLOSED if state is StopState.ATTEMPTED else None
    outcome = Progress(state=state, at=at, stamp=NEVER, reason=reason)
    return Stop(id=plan.id, plan=plan, route_id=f"r{number % 50}", outcome=outcome)


def busy() -> State:
    stops = [finished(n, StopState.DELIVERED, 300 - n % 200) for n in range(COUNT)]
    return State(stops={stop.id: stop for stop in stops})


def test_stops_read_again_as_they_change_make_the_same_day() -> None:
    state, book = busy(), DayBook()
    book.read(state.stops.values())
    changed = [finished(n, StopState.ATTEMPTED, 20) for n in range(0, COUNT, 7)]
    state.stops.update((stop.id, stop) for stop in changed)
    book.read(changed)

    kept, fresh = book.day(state, NOON), finished_today(state, NOON)

    assert len(kept.ids) == COUNT
    assert kept.ids.tolist() == fresh.ids.tolist()
    assert kept.rows.tolist() == fresh.rows.tolist()
    assert kept.route_ids == fresh.route_ids


def test_a_stop_called_off_or_taken_off_the_screen_counts_no_longer() -> None:
    state, book = busy(), DayBook()
    book.read(state.stops.values())
    called_off = finished(0, StopState.CANCELLED, 10)
    book.read([called_off, replace(state.stops["s1"], outcome=None)])
    book.forget("s2")

    ids = set(book.day(state, NOON).ids.tolist())

    assert ids == set(state.stops) - {"s0", "s1", "s2"}


def test_a_stop_that_was_forgotten_counts_again_once_it_is_read_again() -> None:
    state, book = busy(), DayBook()
    book.read(state.stops.values())
    before = book.day(state, NOON)
    book.forget("s1")
    book.read([replace(state.stops["s2"], outcome=None)])
    assert len(book.day(state, NOON).ids) == COUNT - 2

    book.read([state.stops["s1"], state.stops["s2"]])

    again = book.day(state, NOON)
    assert again.ids.tolist() == before.ids.tolist()
    assert again.rows.tolist() == before.rows.tolist()
