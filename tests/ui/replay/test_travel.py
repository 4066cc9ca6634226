"""Looking at the past in the whole window, with mouse and keys."""

from datetime import timedelta
from pathlib import Path

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import NOON, raised
from tests.ui.replay.conftest import (
    BEGINS,
    HandClock,
    Pretended,
    Room,
    as_bytes,
    history,
    learnt,
    recording,
)
from tower.domain.commands import ClaimException, Command, NoteException
from tower.domain.events import Event
from tower.domain.words import StopState
from tower.feed.client import Link
from tower.replay.file import write_recording
from tower.replay.recording import Recording
from tower.replay.shapes import Shape
from tower.road.polyline import encode_polyline
from tower.routes.change import Move
from ui.alerts.news import AlertWatch
from ui.alerts.toast import Toast
from ui.exchange import Answer, CommandResult
from ui.replay.travel import Where
from ui.session import IN_THE_PAST, Session
from ui.shapes import read_shapes

HALF_PAST_TEN = NOON - timedelta(hours=1, minutes=30)


def _drag(room: Room, share: float) -> None:
    """Drag the hand of the scrubber from where it is to a share of its width."""
    scrubber = room.window.travel_bar.scrubber
    y, width = scrubber.height() - 12, scrubber.width()
    begin = QPoint(int(scrubber.x_of(room.travel.at)), y)
    QTest.mousePress(scrubber, Qt.MouseButton.LeftButton, pos=begin)
    QTest.mouseMove(scrubber, QPoint(int(width * share / 2), y))
    end = QPoint(int(width * share), y)
    QTest.mouseMove(scrubber, end)
    QTest.mouseRelease(scrubber, Qt.MouseButton.LeftButton, pos=end)


def _new(number: str, seq: int) -> Event:
    """Something critical that is learnt while the past is looked at."""
    return replace(raised(number), seq=900 + seq)


def test_z_shows_the_past_and_says_so_everywhere(room: Room) -> None:
    window = room.window
    assert not window.travel_bar.isVisible()
    room.enter()
    assert window.travel_bar.isVisible()
    assert "You are looking at 13:00:00" in window.travel_bar.banner.text()
    assert "Live goes on: no new exceptions" in window.travel_bar.banner.text()
    assert window.windowTitle().startswith("Past: 13:00:00")
    assert all(edge.isVisible() for edge in window._frames[0]._edges)
    assert room.window.actions_by_id["time_travel"].isChecked()


def test_dragging_shows_what_was_so_then(room: Room, qtbot: QtBot) -> None:
    room.enter()
    scrubber = room.window.travel_bar.scrubber
    wanted = scrubber.moment_at(scrubber.width() * 0.3)
    _drag(room, 0.3)
    qtbot.waitUntil(lambda: abs(room.session.now - wanted) < timedelta(minutes=1))
    state = room.session.state
    assert state.stops["s0"].state is StopState.DELIVERED
    assert state.stops["s1"].state is not StopState.DELIVERED
    assert not state.exceptions
    assert room.panels.queue.model.rowCount() == 0
    assert room.session.now == room.session.past
    assert len(room.session.vehicles) == 1
    assert len(room.session.live_state.exceptions) == 2


def test_one_key_returns_to_live_and_shows_it_as_it_is_now(room: Room) -> None:
    room.enter()
    room.travel.go_to(BEGINS)
    room.until(BEGINS)
    room.session.fold_events([_new("x3", 1)])
    assert "x3" not in room.session.state.exceptions
    assert room.session.meanwhile.exceptions == ("x3",)
    assert "1 new exception, 1 critical" in room.window.travel_bar.banner.text()
    QTest.keyClick(room.window, Qt.Key.Key_Backspace)
    assert room.session.past is None
    assert room.session.state is room.session.live_state
    assert room.session.now == NOON
    assert {"x1", "x2", "x3"} == set(room.panels.queue.model.ids)
    assert not room.window.travel_bar.isVisible()
    assert room.window.windowTitle() == "Tower"


def test_esc_returns_where_nothing_is_selected(room: Room) -> None:
    room.enter()
    room.session.select("exception", "x1")
    room.press("select_nothing")
    assert room.session.past is not None
    room.press("select_nothing")
    assert room.session.past is None


def test_a_live_critical_exception_alerts_while_the_past_does_not(room: Room) -> None:
    watch, told = AlertWatch(room.session, room.session), list[str]()
    watch.alerted.connect(lambda alerts: told.extend(one.id for one in alerts))
    room.enter()
    room.travel.go_to(BEGINS)
    room.until(BEGINS)
    room.travel.go_to(HALF_PAST_TEN)
    room.until(HALF_PAST_TEN)
    assert told == []
    room.session.fold_events([_new("x3", 1)])
    assert told == ["x3"]
    room.travel.leave()
    assert told == ["x3"]


def test_a_notice_of_now_says_so_and_leads_back_to_live(room: Room) -> None:
    room.enter()
    room.travel.go_to(BEGINS)
    room.until(BEGINS)
    room.session.fold_events([_new("x3", 1)])
    (toast,) = room.window.findChildren(Toast)
    assert toast.words.startswith("Live now · Critical exception")
    QTest.mouseClick(toast, Qt.MouseButton.LeftButton)
    assert room.session.past is None
    assert room.session.selection == ("exception", "x3")


def test_playing_goes_both_ways_by_the_clock_of_the_wall(room: Room, wall: HandClock) -> None:
    room.enter()
    room.travel.go_to(HALF_PAST_TEN)
    room.until(HALF_PAST_TEN)
    room.travel.set_rate(60)
    QTest.keyClick(room.window, Qt.Key.Key_P)
    wall.seconds += 10.0
    room.travel.advance()
    room.until(HALF_PAST_TEN + timedelta(minutes=10))
    assert "playing ×60" in room.window.travel_bar.banner.text()
    QTest.keyClick(room.window, Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier)
    wall.seconds += 20.0
    room.travel.advance()
    room.until(HALF_PAST_TEN - timedelta(minutes=10))
    assert "playing ×60 backwards" in room.window.travel_bar.banner.text()
    wall.seconds += 86_400.0
    room.travel.advance()
    room.until(BEGINS)
    assert room.travel.direction == 0


def test_steps_go_from_event_to_event_and_say_which(room: Room) -> None:
    said: list[str] = []
    room.travel.said.connect(said.append)
    room.enter()
    for minutes in (60, 70, 90):
        QTest.keyClick(room.window, Qt.Key.Key_Comma)
        room.until(NOON - timedelta(minutes=minutes))
    assert room.session.state.exceptions.keys() == {"x1"}
    QTest.keyClick(room.window, Qt.Key.Key_Period)
    room.until(NOON - timedelta(minutes=70))
    assert room.session.state.exceptions.keys() == {"x1", "x2"}
    assert "gate code missing" in said[-1]
    QTest.keyClick(room.window, Qt.Key.Key_Period)
    room.until(NOON - timedelta(hours=1))
    QTest.keyClick(room.window, Qt.Key.Key_Period)
    assert said[-1] == "Nothing happened further on."


def test_jumping_selects_the_exception_that_was_raised(room: Room) -> None:
    room.enter()
    room.press("time_exception_before")
    room.until(NOON - timedelta(minutes=70))
    assert room.session.selection == ("exception", "x2")
    room.press("time_exception_before")
    room.until(NOON - timedelta(hours=2))
    assert room.session.selection == ("exception", "x1")
    scrubber = room.window.travel_bar.scrubber
    place = QPoint(round(scrubber.x_of(NOON - timedelta(minutes=70))), 8)
    QTest.mouseClick(scrubber, Qt.MouseButton.LeftButton, pos=place)
    room.until(NOON - timedelta(minutes=70))
    assert room.session.selection == ("exception", "x2")


def test_commands_are_refused_in_words(room: Room, gateway: Pretended) -> None:
    room.enter()
    answers: list[tuple[Command, CommandResult]] = []
    room.session.command_answered.connect(lambda *both: answers.append(both))
    action = room.window.actions_by_id["exception_claim"]
    assert not action.isEnabled()
    assert "past" in action.toolTip()
    room.session.run(ClaimException(exception_id="x1", version=0))
    assert answers[-1][1].error == IN_THE_PAST
    assert not gateway.sent
    assert "past" in room.draft.lift(["s6"])
    assert "past" in room.draft.add(Move(stops=("s6",), route_id="r0", before=""))
    assert room.draft.is_empty
    room.travel.leave()
    assert action.isEnabled()
    assert "past" not in action.toolTip()


def test_a_note_goes_out_and_names_its_moment(room: Room, gateway: Pretended) -> None:
    room.enter()
    room.travel.go_to(HALF_PAST_TEN)
    room.until(HALF_PAST_TEN)
    record = room.session.state.exceptions["x1"]
    room.panels.queue._work.note([record], "The gate stood open")
    assert gateway.sent == [
        NoteException(
            exception_id="x1", words="The gate stood open (about 11:30:00 on 20 November)"
        )
    ]


def test_unsent_changes_keep_one_in_the_present(room: Room) -> None:
    said: list[str] = []
    room.travel.said.connect(said.append)
    assert room.draft.add(Move(stops=("s6",), route_id="r1", before="")) == ""
    QTest.keyClick(room.window, Qt.Key.Key_Z)
    assert room.session.past is None
    assert said == ["Commit or discard your changes first: they are about what is so now."]
    assert not room.draft.is_empty


def test_a_lost_link_leaves_the_past_as_it_was(room: Room) -> None:
    room.enter()
    room.session.set_link(Link(status="lost", reason="", retry_in_s=1.0, since=NOON))
    assert room.session.past is not None
    assert room.window.banner.isVisible()
    assert not room.window._veil.isVisible()
    room.travel.leave()
    assert room.window._veil.isVisible()


def test_a_whole_new_live_state_waits_behind_the_past(room: Room, session: Session) -> None:
    room.enter()
    shown = session.state
    session.replace_state(session.live_state, "epoch")
    assert session.state is shown
    session.replace_state(session.live_state, "another journal")
    assert session.past is None
    assert room.travel.recording is None


def test_what_cannot_be_fetched_is_said_and_tried_again(room: Room, gateway: Pretended) -> None:
    good, gateway.answer = gateway.answer, Answer(status=503, message="the disk is full")
    QTest.keyClick(room.window, Qt.Key.Key_Z)
    bar = room.window.travel_bar
    assert room.travel.where is Where.FAILED
    assert bar.banner.text() == "The past cannot be shown: the disk is full"
    gateway.answer = good
    QTest.mouseClick(bar.again, Qt.MouseButton.LeftButton)
    assert room.session.past is not None


def test_a_damaged_recording_is_said(room: Room, gateway: Pretended) -> None:
    gateway.answer = Answer(status=200, body=b"PK no zip at all")
    QTest.keyClick(room.window, Qt.Key.Key_Z)
    assert room.travel.where is Where.FAILED
    assert room.session.past is None


def test_fetching_can_be_cancelled(room: Room, gateway: Pretended) -> None:
    gateway.answer = None
    QTest.keyClick(room.window, Qt.Key.Key_Z)
    bar = room.window.travel_bar
    gateway.asked[0].on_progress(1_500_000, 3_000_000)
    assert bar.banner.text() == "Fetching the recording of the shift · 1.5 of 3.0 MB …"
    QTest.mouseClick(bar.cancel, Qt.MouseButton.LeftButton)
    assert gateway.asked[0].stop.is_set()
    assert not bar.isVisible()
    gateway.asked[0].on_answer(Answer(status=200, body=b""))
    assert room.travel.where is Where.LIVE


def test_coming_back_later_only_the_rest_is_fetched(
    room: Room, gateway: Pretended, session: Session
) -> None:
    room.enter()
    room.travel.leave()
    later = NOON + timedelta(minutes=20)
    session.live_clock.set(later.timestamp())  # type: ignore[attr-defined]  # the fixture's clock
    events = [*history(), learnt(_new("x3", 1), NOON + timedelta(minutes=5))]
    gateway.answer = Answer(status=200, body=as_bytes(recording(events, ends=later)))
    room.enter()
    assert gateway.asked[-1].path == f"/v1/recording?after_seq={history()[-1].seq}"
    assert "x3" in session.state.exceptions
    assert room.travel.span.ends == later


def test_a_typed_time_is_gone_to_and_nonsense_is_said(room: Room) -> None:
    said: list[str] = []
    room.travel.said.connect(said.append)
    room.press("time_go_to")
    field = room.window.travel_bar.time
    QTest.keyClicks(field, "11:30")
    QTest.keyClick(field, Qt.Key.Key_Return)
    room.until(HALF_PAST_TEN)
    QTest.keyClicks(field, "later")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert said[-1] == "'later' is no time between 09:00 and 13:00."


def test_bookmarks_are_kept_with_their_words(room: Room) -> None:
    room.enter()
    room.travel.go_to(HALF_PAST_TEN)
    room.until(HALF_PAST_TEN)
    room.travel.bookmarks.add(HALF_PAST_TEN, "the gate")
    assert room.window.travel_bar.marked.text() == "Bookmarks (1) ▾"
    room.travel.go_to(BEGINS)
    room.until(BEGINS)
    menu = room.window.travel_bar.bookmark_menu()
    assert menu.actions()[0].text() == "11:30:00  the gate"
    menu.actions()[0].trigger()
    room.until(HALF_PAST_TEN)
    room.travel.leave()
    room.enter()
    assert [one.words for one in room.travel.bookmarks.all] == ["the gate"]


def test_keys_and_wheel_move_the_hand(room: Room) -> None:
    room.enter()
    room.travel.go_to(HALF_PAST_TEN)
    room.until(HALF_PAST_TEN)
    scrubber = room.window.travel_bar.scrubber
    scrubber.setFocus()
    QTest.keyClick(scrubber, Qt.Key.Key_Left)
    room.until(HALF_PAST_TEN - timedelta(seconds=10))
    QTest.keyClick(scrubber, Qt.Key.Key_Home)
    room.until(BEGINS)
    QTest.keyClick(scrubber, Qt.Key.Key_End)
    room.until(NOON)


def test_a_file_is_opened_without_any_gateway(
    room: Room, gateway: Pretended, tmp_path: Path
) -> None:
    file = tmp_path / "shift.tower"
    write_recording(recording(history()), file)
    room.travel.open_file(file)
    room.until(NOON)
    assert not gateway.asked
    banner = room.window.travel_bar.banner.text()
    assert banner.startswith("Recording Friday 20 November, Day: you are looking at 13:00:00")
    assert banner.endswith("Nothing here is live")
    assert room.window.windowTitle().startswith("Recording Friday 20 November, Day")
    room.press("time_live")
    assert room.session.past == NOON
    room.session.run(NoteException(exception_id="x1", words="no"))
    assert not gateway.sent


def test_routes_have_the_lines_they_had_then(
    room: Room, gateway: Pretended, session: Session
) -> None:
    line = encode_polyline(np.array([[47.10, 9.50], [47.11, 9.51]]))
    shape = Shape(version=1, shape=line, stop_offsets=(0, 1))
    made = recording(history())
    lined = Recording(
        made.info,
        base=made.base,
        events=made.events,
        positions=made.positions,
        lines={"r0": (shape,)},
    )
    gateway.answer = Answer(status=200, body=as_bytes(lined))
    live = read_shapes(b"{}")
    session.set_shapes(live)
    room.enter()
    assert session.shapes["r0"].version == 1
    session.set_shapes(live)
    assert "r0" in session.shapes, "what is so now does not show in the past"
    room.travel.leave()
    assert session.shapes is live
