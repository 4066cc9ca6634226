"""What a vehicle was doing at a moment, in words."""

from datetime import datetime, timedelta

import pytest

from tests.ui.example_shift import NOON, event
from tests.ui.exceptions.happenings import happen
from tests.ui.trails.driving import VEHICLE, Drive
from tower.domain.events import StopDelivered
from tower.domain.records import Subject
from ui.session import Session
from ui.trails.standing import standings
from ui.trails.trail import trail_of
from ui.trails.words import doing_words, room_of, shift_words, span_words, stay_words


def said(session: Session, drive: Drive, at: datetime) -> str:
    room, trail = room_of(session, VEHICLE), trail_of(drive.fixes)
    return doing_words(room, trail, standings(trail, room.stops, room.depot), at)


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def test_it_drove_towards_its_next_stop(session: Session) -> None:
    drive = Drive(lat=47.05).north_to(47.09)
    words = said(session, drive, after(3))
    assert words.startswith("Was driving at 36 km/h ")
    assert words.endswith(" from stop 1 · Customer 0000, its next.")


def test_it_stood_between_stops_while_the_door_would_have_taken_two_minutes(
    session: Session,
) -> None:
    drive = Drive(lat=47.09).stand(12).north_to(47.10)
    words = said(session, drive, after(10))
    assert words == (
        "Had stood for 10 min 1.1 km from stop 1 · Customer 0000, its next, "
        "expected door time 2 min, and for 2 min more."
    )


def test_it_stood_at_a_stop(session: Session) -> None:
    words = said(session, Drive(lat=47.102).stand(8), after(8))
    assert words.startswith("Had stood for 8 min at stop 3 · Customer 0002, expected door time")


def test_it_was_silent(session: Session) -> None:
    drive = Drive(lat=47.05).north_to(47.06).silent(12).north_to(47.07)
    words = said(session, drive, after(8))
    assert words.startswith("Gave no signal since 13:0")
    assert "it was heard again at" in words


def test_nothing_is_known(session: Session) -> None:
    room = room_of(session, VEHICLE)
    assert doing_words(room, trail_of(()), (), NOON).startswith("No position")
    later = said(session, Drive(at=after(30)).stand(5), NOON)
    assert later == "The first position known of the vehicle is of 13:30."


def test_a_stop_that_was_over_by_then_is_not_its_next(session: Session) -> None:
    happen(session, event(StopDelivered(), Subject(stop_id="s0"), at=after(1)))
    words = said(session, Drive(lat=47.05).north_to(47.09), after(3))
    assert "stop 2 · Customer 0001" in words


def test_a_vehicle_without_a_route_is_said_without_stops(session: Session) -> None:
    trail = trail_of(Drive().stand(5).fixes)
    room = room_of(session, "own:unknown")
    assert room.route is None
    assert doing_words(room, trail, standings(trail), after(4)) == (
        "Had stood for 4 min not at a stop, and for 1 min more."
    )


def test_a_stay_says_from_when_until_when_and_where(session: Session) -> None:
    room, trail = room_of(session, VEHICLE), trail_of(Drive(lat=47.09).stand(12).fixes)
    (stay,) = standings(trail, room.stops, room.depot)
    assert stay_words(room, stay) == "Stood 13:00–13:12 (12 min), not at a stop"


@pytest.mark.parametrize(
    ("shift", "words"),
    [(None, ""), (30, "on plan"), (-30, "on plan"), (720, "+12 min"), (-180, "−3 min")],
)
def test_shifts_against_the_plan(shift: float | None, words: str) -> None:
    assert shift_words(None if shift is None else timedelta(seconds=shift)) == words


def test_spans_are_said_in_the_unit_that_fits() -> None:
    spans = [timedelta(seconds=35), timedelta(minutes=4), timedelta(hours=1, minutes=40)]
    assert [span_words(one) for one in spans] == ["35 s", "4 min", "1 h 40 min"]
