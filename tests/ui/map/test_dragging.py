"""Dragging a stop on the map with real mouse events: what the page says of it and shows."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.map.conftest import PATIENCE_MS, MapMaker, MapUnderTest
from tower.domain.words import Punctuality, StopState
from ui.map.drafting import (
    Cancel,
    DraftRoute,
    DraftStop,
    DragStep,
    Drop,
    Hover,
    Lift,
    MapDraft,
    Target,
)
from ui.map.scene import MapDepot, MapRoute, MapScene, MapStop, shape_bytes

LEFT = Qt.MouseButton.LeftButton
STOPS = 6
WEST, EAST = 9.505, 9.525


def _stop(route: str, place: int, lon: float) -> MapStop:
    state = StopState.DELIVERED if place == 0 else StopState.PLANNED
    return MapStop(
        f"{route}{place}",
        route,
        place + 1,
        47.14 - 0.005 * place,
        lon,
        state,
        label=f"{route} {place}",
    )


def _route(name: str, lon: float, colour: int) -> MapRoute:
    """From the depot in the north straight down by its stops, and back."""
    line = [
        (47.15, 9.515),
        *((47.14 - 0.005 * place, lon) for place in range(STOPS)),
        (47.15, 9.515),
    ]
    points = np.array(line)
    steps = np.hypot(np.diff(points[:, 0]), np.diff(points[:, 1]) * np.cos(np.radians(47.13)))
    along = np.concatenate(([0.0], np.cumsum(steps))) / steps.sum()
    return MapRoute(
        name,
        f"R-{name}",
        colour,
        shape_bytes(points),
        done_fraction=float(along[1]),
        depot_id="depot",
        stop_at=tuple(along[1:-1].tolist()),
    )


def _scene() -> MapScene:
    """A route in the west and one in the east, six stops each, the first done; one on neither."""
    return MapScene(
        1,
        depots=(MapDepot("depot", 47.15, 9.515, "Demo Depot"),),
        routes=(_route("w", WEST, 0), _route("e", EAST, 3)),
        stops=(
            *(_stop("w", place, WEST) for place in range(STOPS)),
            *(_stop("e", place, EAST) for place in range(STOPS)),
            MapStop("loose", "", 0, 47.1275, 9.515, label="Nobody's"),
        ),
    )


class Hand:
    """A hand on the map: a real mouse, and what the page makes of it."""

    def __init__(self, shown: MapUnderTest, qtbot: QtBot) -> None:
        self.shown, self._qtbot = shown, qtbot
        self.steps: list[DragStep] = []
        shown.view.stop_dragged.connect(self.steps.append)
        target = shown.view.sheet.view.focusProxy()
        assert isinstance(target, QWidget)
        self.target = target

    def at(self, lat: float, lon: float) -> QPoint:
        """Where a place is on the map."""
        place = self.shown.script(f"window.tower.map.latLngToContainerPoint([{lat}, {lon}])")
        return QPoint(round(place["x"]), round(place["y"]))

    def stop(self, stop_id: str) -> QPoint:
        """Where a stop is drawn."""
        stop = next(one for one in _scene().stops if one.id == stop_id)
        return self.at(stop.lat, stop.lon)

    def press(self, at: QPoint) -> None:
        """Press the left button."""
        QTest.mouseMove(self.target, at)
        QTest.mousePress(self.target, LEFT, pos=at)

    def move(self, *path: QPoint) -> None:
        """Move with the button held."""
        for at in path:
            QTest.mouseMove(self.target, at)

    def release(self, at: QPoint) -> None:
        """Let go."""
        QTest.mouseRelease(self.target, LEFT, pos=at)

    def wait_for(self, step: DragStep) -> None:
        """Wait until the page said this last."""
        self._qtbot.waitUntil(lambda: self.steps[-1:] == [step], timeout=PATIENCE_MS)

    def lift(self, stop_id: str, *others: str) -> None:
        """Press a stop, move a little, and let the program allow it."""
        at = self.stop(stop_id)
        self.press(at)
        self.move(at + QPoint(4, 0), at + QPoint(9, 2))
        self.wait_for(Lift(stop_id))
        lifted = (stop_id, *others)
        self.shown.view.show_draft(MapDraft(lifted=lifted, title="Moving — choose a place"))
        self.shown.wait_for("document.querySelector('.drag-hand.is-shown') !== null")

    @contextmanager
    def map_staying(self) -> Iterator[None]:
        """The map is not dragged along."""
        before = self.shown.script("window.tower.map.getCenter()")
        yield
        assert self.shown.script("window.tower.map.getCenter()") == before


@pytest.fixture
def hand(make_map: MapMaker, qtbot: QtBot) -> Hand:
    """A hand over a map of the two routes, the western one selected."""
    shown = make_map(None)
    shown.view.show_scene(_scene())
    shown.view.select("route", "w")
    shown.wait_for("window.tower.scene.stops.size > 0 && window.tower.selection.id === 'w'")
    shown.script("(window.tower.map.setView([47.128, 9.515], 14, {animate: false}), 0)")
    shown.wait_for("window.tower.markLayer.marks.some(m => m.selection.id === 'w3')")
    return Hand(shown, qtbot)


def _shown(selector: str) -> str:
    return f"document.querySelector('{selector}.is-shown') !== null"


def test_a_stop_is_dragged_onto_another_routes_line(hand: Hand) -> None:
    with hand.map_staying():
        hand.lift("w3")
        between = hand.at(47.1325, EAST)
        hand.move(between - QPoint(60, 0), between + QPoint(8, 0))
        hand.wait_for(Hover(Target("e", "e2")))
        hand.release(between + QPoint(8, 0))
        hand.wait_for(Drop(Target("e", "e2")))
    hand.shown.wait_for(f"!({_shown('.drag-hand')})")
    assert hand.shown.script("window.tower.selection.id") == "w"


def test_earlier_and_later_on_its_own_route(hand: Hand) -> None:
    hand.lift("w4")
    up = hand.at(47.1375, WEST)
    hand.move(up)
    hand.wait_for(Hover(Target("w", "w1")))
    home = hand.at(47.132, 9.5097)
    hand.move(home)
    hand.wait_for(Hover(Target("w", "")))
    hand.release(home)
    hand.wait_for(Drop(Target("w", "")))


def test_a_stop_on_no_route_is_dragged_onto_a_line(hand: Hand) -> None:
    hand.lift("loose")
    assert not hand.shown.script(_shown(".drag-strip"))
    before = hand.at(47.1225, WEST)
    hand.move(before)
    hand.wait_for(Hover(Target("w", "w4")))
    hand.release(before)
    hand.wait_for(Drop(Target("w", "w4")))


def test_the_strip_at_the_edge_takes_a_stop_off_its_route(hand: Hand) -> None:
    hand.lift("w3")
    assert hand.shown.script(_shown(".drag-strip"))
    strip = QPoint(400, hand.shown.view.height() - 12)
    hand.move(strip)
    hand.wait_for(Hover(Target("")))
    hand.release(strip)
    hand.wait_for(Drop(Target("")))


def test_let_go_away_from_every_line_it_goes_back(hand: Hand) -> None:
    hand.lift("w3")
    on_line, nowhere = hand.at(47.1325, EAST), hand.at(47.1400, 9.5400)
    hand.move(on_line)
    hand.wait_for(Hover(Target("e", "e2")))
    hand.move(nowhere)
    hand.wait_for(Hover(None))
    hand.release(nowhere)
    hand.wait_for(Cancel())


def test_a_line_that_is_not_shown_takes_nothing(hand: Hand) -> None:
    hand.shown.script("(window.tower.layers.set('routes', false), 0)")
    hand.lift("w3")
    on_line = hand.at(47.1325, EAST)
    hand.move(on_line)
    hand.release(on_line)
    hand.wait_for(Cancel())


def test_esc_puts_it_back_and_the_mouse_that_is_still_held_moves_nothing(hand: Hand) -> None:
    with hand.map_staying():
        hand.lift("w3")
        on_line = hand.at(47.1325, EAST)
        hand.move(on_line)
        hand.wait_for(Hover(Target("e", "e2")))
        QTest.keyClick(hand.target, Qt.Key.Key_Escape)
        hand.wait_for(Cancel())
        hand.move(on_line + QPoint(40, 40), on_line + QPoint(80, 60))
        hand.release(on_line + QPoint(80, 60))
    hand.shown.wait_for(f"!({_shown('.drag-hand')})")
    assert hand.steps[-1] == Cancel()
    assert hand.shown.script("window.tower.selection.id") == "w"


def test_a_press_without_a_move_still_selects(hand: Hand, qtbot: QtBot) -> None:
    with qtbot.waitSignal(hand.shown.view.selected, timeout=PATIENCE_MS) as heard:
        QTest.mouseClick(hand.target, LEFT, pos=hand.stop("w3"))
    assert heard.args == ["stop", "w3"]
    assert hand.steps == []


def test_beside_the_stops_the_map_is_dragged_as_ever(hand: Hand) -> None:
    start = hand.at(47.1400, 9.5150)
    hand.press(start)
    hand.move(*(start + QPoint(12 * step, 0) for step in range(1, 8)))
    hand.release(start + QPoint(84, 0))
    hand.shown.wait_for("window.tower.map.getCenter().lng < 9.514")
    assert hand.steps == []


def test_why_a_stop_cannot_be_lifted_is_said_on_the_map(hand: Hand) -> None:
    at = hand.stop("w0")
    with hand.map_staying():
        hand.press(at)
        hand.move(at + QPoint(4, 0), at + QPoint(9, 2))
        hand.wait_for(Lift("w0"))
        hand.shown.view.refuse_drag("Stop 1 is delivered; <b>it</b> stays where it is.")
        hand.shown.wait_for(_shown(".drag-words"))
        hand.shown.wait_for("window.tower.map.getContainer().classList.contains('is-refused')")
        hand.move(hand.at(47.1325, EAST))
        hand.release(hand.at(47.1325, EAST))
    words = hand.shown.script("document.querySelector('.drag-words').textContent")
    assert words == "Stop 1 is delivered; <b>it</b> stays where it is."
    assert hand.steps == [Lift("w0")]


def test_taken_out_of_the_hand_elsewhere_the_drag_is_over(hand: Hand) -> None:
    hand.lift("w3")
    hand.shown.view.show_draft(MapDraft())
    hand.shown.wait_for(f"!({_shown('.drag-hand')})")
    on_line = hand.at(47.1325, EAST)
    hand.move(on_line)
    hand.release(on_line)
    hand.shown.wait_for("!window.tower.dragging.drag.isPressed")
    assert not any(isinstance(step, Drop) for step in hand.steps)


def test_the_box_beside_the_pointer_says_what_the_place_does(hand: Hand) -> None:
    hand.lift("w3", "w4")
    assert hand.shown.script("document.querySelector('.drag-count').textContent") == "2"
    draft = MapDraft(
        routes=(DraftRoute("e", ("e1", "w3", "e2")),),
        lifted=("w3", "w4"),
        title="Moving 2 stops to R-e — preview, not sent",
        lines=((("stop 4 would miss the window", "bad", ("w3",)),),),
    )
    hand.shown.view.show_draft(draft)
    hand.shown.wait_for(_shown(".drag-box"))
    words = hand.shown.script("document.querySelector('.drag-box').innerText")
    assert "Moving 2 stops to R-e — preview, not sent" in words
    assert "stop 4 would miss the window" in words
    box = hand.shown.script("document.querySelector('.drag-box').getBoundingClientRect()")
    assert box["left"] >= 0
    assert box["right"] <= hand.shown.view.width()


def test_after_a_drop_hits_go_by_the_order_of_the_draft(hand: Hand) -> None:
    """Stop w3 was put between e1 and e2; the way from e1 leads by it now, not along the line."""
    draft = MapDraft(
        routes=(
            DraftRoute(
                "e", ("e1", "w3", "e2", "e3", "e4", "e5"), ("e1", "w3", "e2", "e3", "e4", "e5")
            ),
            DraftRoute("w", ("w1", "w2", "w4", "w5"), ("w1", "w2", "w4", "w5")),
        ),
        stops=(DraftStop("w3", "e", 4, 3, Punctuality.LATE),),
    )
    hand.shown.view.show_draft(draft)
    hand.shown.wait_for("window.tower.draft.changed.length === 2")
    at = hand.stop("w5")
    hand.press(at)
    hand.move(at + QPoint(4, 0), at + QPoint(9, 2))
    hand.wait_for(Lift("w5"))
    hand.shown.view.show_draft(msgspec.structs.replace(draft, lifted=("w5",), title="Moving"))
    hand.shown.wait_for(_shown(".drag-hand"))
    # Half way between e1 in the east and w3 in the west.
    hand.move(hand.at(47.130, 9.515))
    hand.wait_for(Hover(Target("e", "w3")))


def test_a_draft_shows_both_numbers_and_survives_a_reload(hand: Hand, qtbot: QtBot) -> None:
    order = ("w1", "w3", "w2", "w4", "w5")
    draft = MapDraft(
        routes=(DraftRoute("w", order, order),),
        stops=(DraftStop("w2", "w", 3, 4), DraftStop("w3", "w", 4, 3)),
        title="Moving stop 4 before 3 — not sent",
    )
    hand.shown.view.show_draft(draft)
    numbers = (
        "(t => { const s = t.scene.stops.get('w3');"
        " return s ? [t.draft.struckNumber(s), t.draft.numberOf(s)] : null; })(window.tower)"
    )
    hand.shown.wait_for("window.tower.draft.changed.length === 1")
    assert hand.shown.script(numbers) == [4, 3]
    with qtbot.waitSignal(hand.shown.view.map_drawn, timeout=PATIENCE_MS):
        hand.shown.view.reload()
    hand.shown.wait_for("window.tower.draft.changed.length === 1")
    hand.shown.wait_for("window.tower.scene.stops.size > 0")
    assert hand.shown.script(numbers) == [4, 3]
