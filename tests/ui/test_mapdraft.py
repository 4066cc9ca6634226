"""A stop dragged on the map is a gesture of the draft, and the draft is drawn on the map."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import NOON, event, numbered
from tower.domain import events as e
from tower.domain.records import Depot, StopPlan, Subject
from tower.routes.change import Move
from ui.draft.draft import Draft
from ui.map.drafting import Cancel, Drop, Hover, Lift, Target
from ui.map.view import MapView
from ui.mapdraft import MapDrafting
from ui.maphost import MapHost
from ui.maptarget import MapTarget
from ui.session import Session

PATIENCE_MS = 20_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def draft(session: Session) -> Draft:
    """An empty draft of the example shift."""
    return Draft(session, session)


@pytest.fixture
def drafting(session: Session, draft: Draft) -> MapDrafting:
    """Its map's side."""
    return MapDrafting(session, draft)


def _lock(session: Session, stop_id: str) -> None:
    body = e.StopsLocked(stops=(stop_id,), locked=True, reason="promised by phone")
    session.fold_events(numbered([event(body, Subject(stop_id=stop_id))], start=200))


def test_hovering_previews_and_dropping_changes_the_draft(
    drafting: MapDrafting, draft: Draft
) -> None:
    assert drafting.step(Lift("s3")) == ""
    drafting.step(Hover(Target("r1", "s6")))
    assert draft.hovering == Move(stops=("s3",), route_id="r1", before="s6")
    assert draft.is_empty
    hovered = {route.id: route for route in drafting.picture().routes}
    assert hovered["r1"].order == ("s5", "s3", "s6", "s7", "s8", "s9")
    assert hovered["r1"].placed is None
    drafting.step(Drop(Target("r1", "s6")))
    assert draft.gestures == (Move(stops=("s3",), route_id="r1", before="s6"),)
    dropped = {route.id: route for route in drafting.picture().routes}
    assert dropped["r1"].placed == dropped["r1"].order
    assert dropped["r0"].placed == ("s0", "s1", "s2", "s4")


def test_the_picture_has_both_numbers_of_every_stop_of_changed_routes(
    drafting: MapDrafting, draft: Draft
) -> None:
    draft.add(Move(stops=("s3",), route_id="r1", before="s6"))
    found = {stop.id: (stop.route_id, stop.was, stop.would) for stop in drafting.picture().stops}
    assert found["s3"] == ("r1", 4, 2)
    assert found["s4"] == ("r0", 5, 4)
    assert found["s9"] == ("r1", 5, 6)
    assert "s10" not in found
    words = " ".join(words for line in drafting.picture().lines for words, _, _ in line)
    assert "distance" in words
    assert drafting.picture().title.startswith("Moving stop 4 to R-201, before 2")


def test_the_box_beside_the_pointer_leaves_out_what_stays_as_it_is(
    drafting: MapDrafting, draft: Draft
) -> None:
    draft.add(Move(stops=("s3",), route_id="r1", before="s6"))
    said = [words for line in drafting.picture().lines for words, _, _ in line]
    assert any(words.startswith("route end") for words in said)
    assert not [words for words in said if words.endswith(" OK") or "±0 " in words]


def test_a_stop_taken_off_its_route_is_on_none_in_the_picture(
    drafting: MapDrafting, draft: Draft
) -> None:
    drafting.step(Lift("s3"))
    drafting.step(Drop(Target("")))
    assert draft.orders[""] == ("s3",)
    found = {stop.id: stop for stop in drafting.picture().stops}
    assert (found["s3"].route_id, found["s3"].was, found["s3"].would) == ("", 4, 0)


def test_a_locked_stop_stays_and_says_why(
    drafting: MapDrafting, draft: Draft, session: Session
) -> None:
    _lock(session, "s3")
    assert "promised by phone" in drafting.step(Lift("s3"))
    drafting.step(Drop(Target("r1", "s6")))
    assert draft.is_empty


@pytest.mark.parametrize("route_id", ["r1", "nowhere"])
def test_a_route_that_is_over_or_unknown_takes_nothing(
    drafting: MapDrafting, draft: Draft, session: Session, route_id: str
) -> None:
    session.fold_events(numbered([event(e.RouteFinished(), Subject(route_id="r1"))], start=200))
    drafting.step(Lift("s3"))
    drafting.step(Hover(Target(route_id, "s6")))
    assert draft.hovering is None
    drafting.step(Drop(Target(route_id, "s6")))
    assert draft.is_empty
    assert draft.lifted == ()


def test_what_was_taken_out_of_the_hand_elsewhere_is_not_dropped(
    drafting: MapDrafting, draft: Draft
) -> None:
    drafting.step(Lift("s3"))
    draft.cancel_lift()
    draft.lift(("s4",))
    drafting.step(Cancel())
    assert draft.lifted == ("s4",), "a hand on the map put back what another one holds"


def test_the_hand_is_empty_when_the_page_is_gone(drafting: MapDrafting, draft: Draft) -> None:
    drafting.step(Lift("s3"))
    drafting.step(Hover(Target("r1", "s6")))
    drafting.let_go()
    assert draft.lifted == ()
    assert draft.hovering is None


class _Room:
    """The map of the window, a mouse on it, and the draft behind it."""

    def __init__(self, host: MapHost, qtbot: QtBot) -> None:
        self._host, self._qtbot = host, qtbot
        assert isinstance(host._view, MapView)
        target = host._view.sheet.view.focusProxy()
        assert isinstance(target, QWidget)
        self._target = target

    def script(self, source: str) -> Any:  # noqa: ANN401
        answers: list[Any] = []
        assert isinstance(self._host._view, MapView)
        assert self._host._view.sheet.page is not None
        self._host._view.sheet.page.runJavaScript(f"JSON.stringify({source})", 0, answers.append)
        self._qtbot.waitUntil(lambda: bool(answers), timeout=PATIENCE_MS)
        return json.loads(answers[0]) if answers[0] else None

    def wait_for(self, source: str) -> None:
        self._qtbot.waitUntil(lambda: self.script(source) is True, timeout=PATIENCE_MS)

    def until(self, is_so: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(is_so, timeout=PATIENCE_MS)

    def at(self, lat: float, lon: float) -> QPoint:
        place = self.script(f"window.tower.map.latLngToContainerPoint([{lat}, {lon}])")
        return QPoint(round(place["x"]), round(place["y"]))

    def press(self, at: QPoint) -> None:
        QTest.mouseMove(self._target, at)
        QTest.mousePress(self._target, LEFT, pos=at)
        QTest.mouseMove(self._target, at + QPoint(8, 1))

    def move(self, at: QPoint) -> None:
        QTest.mouseMove(self._target, at)

    def release(self, at: QPoint) -> None:
        QTest.mouseRelease(self._target, LEFT, pos=at)


@pytest.fixture
def host(session: Session, draft: Draft, qtbot: QtBot) -> Iterator[MapHost]:
    """The map's place in the window, with its map."""
    host = MapHost(session)
    host.show_draft(draft)
    qtbot.addWidget(host)
    host.resize(900, 700)
    with qtbot.waitSignal(host.map_drawn, timeout=PATIENCE_MS):
        host.show()
        host.start("")
    yield host
    host.close_map()


@pytest.fixture
def room(session: Session, host: MapHost, qtbot: QtBot) -> _Room:
    """The whole map on the example shift, route r0 selected; the depot lies away from the lines."""
    depot = Depot(id="depot-1", name="Demo Depot", lat=47.107, lon=9.55)
    moved = event(e.DepotRegistered(depot=depot), at=NOON + timedelta(seconds=1))
    session.fold_events(numbered([moved], start=150))
    session.select("route", "r0")
    room = _Room(host, qtbot)
    room.wait_for("window.tower.scene.stops.size === 15 && window.tower.selection.id === 'r0'")
    room.wait_for("window.tower.scene.depots.get('depot-1').lon > 9.54")
    room.script("(window.tower.map.setView([47.107, 9.505], 15, {animate: false}), 0)")
    room.wait_for("window.tower.markLayer.marks.some(m => m.selection.id === 's3')")
    return room


def test_a_real_mouse_drags_a_stop_onto_another_routes_line(room: _Room, draft: Draft) -> None:
    wanted = Move(stops=("s3",), route_id="r1", before="s7")
    room.press(room.at(47.103, 9.50))
    room.until(lambda: draft.lifted == ("s3",))
    between = room.at(47.1115, 9.51)
    room.move(between + QPoint(6, 0))
    room.until(lambda: draft.hovering == wanted)
    room.wait_for("window.tower.draft.title.includes('preview, not sent')")
    room.wait_for("document.querySelector('.drag-box').innerText.includes('distance')")
    room.release(between + QPoint(6, 0))
    room.until(lambda: draft.gestures == (wanted,))
    room.wait_for("window.tower.draft.route('r1')?.placed?.join() === 's5,s6,s3,s7,s8,s9'")


def test_a_locked_stop_does_not_lift_and_the_map_says_why(
    room: _Room, draft: Draft, session: Session
) -> None:
    _lock(session, "s3")
    room.wait_for("window.tower.scene.stops.get('s3').is_locked")
    room.press(room.at(47.103, 9.50))
    room.wait_for("document.querySelector('.drag-words.is-shown') !== null")
    words = room.script("document.querySelector('.drag-words').textContent")
    assert "promised by phone" in words
    room.release(room.at(47.1115, 9.51))
    assert draft.lifted == ()
    assert draft.is_empty


def test_a_stop_nobody_drives_to_is_dragged_onto_a_line(
    room: _Room, draft: Draft, session: Session
) -> None:
    plan = StopPlan(id="new", customer="Customer 9999", lat=47.1045, lon=9.507)
    session.fold_events(numbered([event(e.StopPlanned(plan=plan))], start=300))
    room.wait_for("window.tower.markLayer.marks.some(m => m.selection.id === 'new')")
    room.press(room.at(47.1045, 9.507))
    room.until(lambda: draft.lifted == ("new",))
    before = room.at(47.1015, 9.50)
    room.move(before)
    room.release(before)
    room.until(lambda: draft.gestures == (Move(stops=("new",), route_id="r0", before="s2"),))


def test_stops_dragged_in_from_a_list_are_put_onto_the_line_they_are_held_over(
    room: _Room, host: MapHost, draft: Draft
) -> None:
    target, wanted = MapTarget(host), Move(stops=("s3",), route_id="r1", before="s7")
    draft.lift(("s3",))
    place = host.mapToGlobal(room.at(47.1115, 9.51) + QPoint(6, 0))
    target.over(place, ("s3",))
    room.until(lambda: draft.hovering == wanted)
    over = target.over(place, ("s3",))
    assert over is not None
    assert over.gesture == wanted
    room.wait_for("window.tower.draftLayer.place !== null")
    target.leave()
    room.wait_for("window.tower.draftLayer.place === null")
    assert target.over(host.mapToGlobal(QPoint(-40, 10)), ("s3",)) is None
