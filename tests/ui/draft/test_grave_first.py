"""What a preview says first: what would go wrong, and how much of it over many routes."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.ui.example_shift import NOON, event, numbered
from tower.domain import events as e
from tower.domain.records import Subject
from tower.routes.change import UNASSIGNED, Arrange, Move
from ui.draft.consequences import MOST_LATE, Line, as_text, brief, consequences
from ui.draft.draft import Draft
from ui.session import Session


@pytest.fixture
def draft(session: Session) -> Iterator[Draft]:
    """A draft on the example shift."""
    draft = Draft(session)
    yield draft
    draft.deleteLater()


def _window_ends(session: Session, **minutes: float) -> None:
    """The windows of stops end so many minutes after noon."""
    plans = {stop_id: session.state.stops[stop_id].plan for stop_id in minutes}
    happened = [
        event(
            e.StopPlanned(
                plan=replace(plan, window_end=NOON + timedelta(minutes=minutes[stop_id]))
            ),
            at=NOON + timedelta(seconds=1),
        )
        for stop_id, plan in plans.items()
        if plan is not None
    ]
    session.fold_events(numbered(happened, start=400))


def _lines(session: Session, draft: Draft) -> tuple[Line, ...]:
    assert draft.impact is not None
    return consequences(session, draft.impact)


def _line_with(lines: tuple[Line, ...], words: str) -> list[str]:
    return next(
        [one.words for one in line] for line in lines if any(words in one.words for one in line)
    )


def test_what_goes_wrong_is_said_before_what_gets_better(session: Session, draft: Draft) -> None:
    _window_ends(session, s0=-30, s1=5, s2=-30, s3=-30, s4=6)
    draft.hover(Move(stops=("s4",), route_id="r0", before="s0"))
    said = _line_with(_lines(session, draft), "misses its window")
    tones = [one.split()[0] for one in said]
    assert tones[0] == "lateness"
    missed = next(n for n, one in enumerate(said) if "misses its window" in one)
    later = next(n for n, one in enumerate(said) if one.startswith("stop 1 late 3"))
    kept = next(n for n, one in enumerate(said) if "back inside its window" in one)
    assert missed < later < kept


def test_of_many_stops_that_get_later_the_worst_are_named_and_the_rest_counted(
    session: Session, draft: Draft
) -> None:
    _window_ends(session, s1=-30, s2=-30, s3=-30, s4=-30, s0=-30)
    draft.hover(Move(stops=("s0",), route_id="r0"))
    found = draft.impact
    assert found is not None
    worst = max(found.stops, key=lambda one: one.shift_s)
    said = _line_with(_lines(session, draft), "lateness")
    named = [one for one in said if " late " in one and "→" in one]
    assert named[0].startswith(f"stop {int(worst.stop_id[1:]) + 1} late ")
    assert len(named) == 1 + MOST_LATE
    assert said[-1] == "1 more late stop earlier"


def test_what_stops_a_commit_is_said_before_windows_and_people(
    session: Session, draft: Draft
) -> None:
    route = session.state.routes["r0"].plan
    assert route is not None
    limited = e.RoutePlanned(plan=replace(route, duty_ends_at=NOON + timedelta(minutes=5)))
    session.fold_events(numbered([event(limited, at=NOON + timedelta(seconds=1))], start=380))
    _window_ends(session, s1=5)
    draft.hover(Move(stops=("s6", "s1"), route_id="r0"))
    said = as_text(_lines(session, draft)).splitlines()
    marks = ("■ R-200 is back", "lateness ", " to tell", "▲ R-20")
    found = [next(n for n, line in enumerate(said) if mark in line) for mark in marks]
    assert found == sorted(found)
    assert found[0] == 2, "right below the two routes"


def test_over_many_routes_the_whole_comes_first_and_the_routes_last(
    session: Session, draft: Draft
) -> None:
    orders: dict[str, tuple[str, ...]] = {
        "r0": ("s1", "s0", "s2", "s3", "s4"),
        "r1": ("s6", "s5", "s7", "s8", "s9"),
        "r2": ("s11", "s10", "s12", "s13", "s14"),
    }
    assert draft.propose(Arrange(orders=orders, title="optimise 3 routes")) == ""
    lines = _lines(session, draft)
    assert as_text(lines[:1]).startswith("3 routes · distance ")
    assert [line[0].words for line in lines[-3:]] == ["R-200", "R-201", "R-202"]


def test_in_little_room_what_stays_as_it_is_is_left_out(session: Session, draft: Draft) -> None:
    draft.hover(Move(stops=("s3",), route_id="r1", before="s6"))
    said = [one.words for line in brief(_lines(session, draft)) for one in line]
    assert any(one.startswith("route end") for one in said)
    assert not [one for one in said if one.endswith(" OK") or "±0 " in one]


def test_why_a_stop_under_way_stays_reads_on_from_its_name(session: Session, draft: Draft) -> None:
    on_its_way = event(e.StopEnRoute(), Subject(stop_id="s0", route_id="r0"))
    session.fold_events(numbered([on_its_way], start=400))
    draft.hover(Move(stops=("s0",), route_id=UNASSIGNED))
    assert "■ stop 1 has its driver on the way" in as_text(_lines(session, draft)).splitlines()
