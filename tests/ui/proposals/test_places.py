"""The best places for a stop, tried out and taken."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import NOON, event, numbered
from tests.ui.expecting import column, point_at
from tests.ui.proposals.recorded import RecordedGateway
from tower.domain import events as e
from tower.domain.records import Subject
from tower.gateway.answers import PlaceAnswer, PlacesAnswer
from tower.routes.change import Move
from tower.routes.violations import Rule, Violation
from ui.draft.draft import Draft
from ui.exchange import Answer
from ui.proposals.places import BestPlaceWindow
from ui.proposals.wire import SUGGESTIONS
from ui.session import Session

_WHERE, _AT, _COST, _HURTS, _BREAKS = 1, 2, 3, 4, 5
_ANYWHERE = PlaceAnswer(
    route_id="r2",
    before="",
    arrives_at=NOON + timedelta(minutes=90),
    lateness_s=0.0,
    distance_m=0.0,
    broken=(),
    saved=(),
    to_tell=(),
    violations=(),
    estimated=False,
    words="",
)
_NEAR = replace(
    _ANYWHERE,
    route_id="r1",
    before="s7",
    arrives_at=NOON + timedelta(minutes=42),
    lateness_s=180.0,
    distance_m=1240.0,
    broken=("s8",),
    to_tell=("s8", "s9", "s1", "s2"),
)
_FAR = replace(
    _ANYWHERE,
    estimated=True,
    distance_m=9000.0,
    violations=(
        Violation(
            rule=Rule.SKILLS, hard=True, route_id="r2", stop_id="s1", words="needs two people"
        ),
    ),
)


@pytest.fixture
def window(session: Session, draft: Draft, qtbot: QtBot) -> Iterator[BestPlaceWindow]:
    """The window, not opened yet."""
    window = BestPlaceWindow(session, draft)
    QAbstractItemModelTester(
        window.places, QAbstractItemModelTester.FailureReportingMode.Fatal, window.places
    )
    qtbot.addWidget(window)
    yield window
    window.close()


def _suggests(gateway: RecordedGateway, *found: PlacesAnswer) -> None:
    gateway.answers[SUGGESTIONS] = Answer(status=200, body=msgspec.json.encode(found))


def _words(window: BestPlaceWindow) -> list[str]:
    return [label.text() for label in window.findChildren(QLabel) if label.isVisible()]


def test_each_place_says_where_what_it_costs_and_whom_it_hurts(
    gateway: RecordedGateway, window: BestPlaceWindow
) -> None:
    _suggests(gateway, PlacesAnswer(stop_id="s1", places=(_NEAR, _FAR)))
    window.open_stops(["s1"])
    rows = window.places
    assert column(rows, _WHERE) == [
        "between stop 2 · Customer 0006 and stop 3 · Customer 0007",
        "last, after stop 5 · Customer 0014",
    ]
    assert column(rows, _AT) == ["13:42", "14:30"]
    assert column(rows, _COST) == ["+3 min late · +1.2 km", "+9.0 km (estimate)"]
    assert column(rows, _HURTS) == [
        (
            "misses its window: 4 · Customer 0008"
            " · to be told: 5 · Customer 0009, R-200 3 · Customer 0002"
        ),
        "",
    ]
    assert column(rows, _BREAKS) == ["", "hard: needs two people"]


def test_the_marked_place_is_previewed_and_put_back_when_the_window_closes(
    gateway: RecordedGateway, window: BestPlaceWindow, draft: Draft
) -> None:
    _suggests(gateway, PlacesAnswer(stop_id="s1", places=(_NEAR, _FAR)))
    window.open_stops(["s1"])
    assert draft.hovering == Move(stops=("s1",), route_id="r1", before="s7")
    assert "s1" in draft.orders["r1"]
    assert window.preview.words.startswith("Moving stop 2 to R-201, before 3 — preview, not sent\n")
    window.close()
    assert draft.gestures == ()
    assert draft.orders == draft.base


def test_the_place_under_the_pointer_is_previewed(
    gateway: RecordedGateway, window: BestPlaceWindow, draft: Draft, qtbot: QtBot
) -> None:
    _suggests(gateway, PlacesAnswer(stop_id="s1", places=(_NEAR, _FAR)))
    window.open_stops(["s1"])
    qtbot.waitExposed(window)
    point_at(window.list, "2")
    qtbot.waitUntil(lambda: draft.hovering == Move(stops=("s1",), route_id="r2"))


def test_the_keyboard_walks_tries_and_takes(
    gateway: RecordedGateway, window: BestPlaceWindow, draft: Draft
) -> None:
    _suggests(gateway, PlacesAnswer(stop_id="s1", places=(_NEAR, _FAR)))
    window.open_stops(["s1"])
    QTest.keyClick(window.list, Qt.Key.Key_Down)
    assert draft.hovering == Move(stops=("s1",), route_id="r2")
    QTest.keyClick(window.list, Qt.Key.Key_Return)
    assert draft.gestures == (Move(stops=("s1",), route_id="r2"),)
    assert draft.orders["r2"][-1] == "s1"
    assert not window.isVisible()


def test_several_stops_are_placed_one_after_the_other(
    gateway: RecordedGateway, window: BestPlaceWindow, draft: Draft
) -> None:
    other = replace(_ANYWHERE, before="s10")
    _suggests(
        gateway,
        PlacesAnswer(stop_id="s1", places=(_NEAR,)),
        PlacesAnswer(stop_id="s2", places=(other,)),
    )
    window.open_stops(["s1", "s2"])
    assert "(1 more to come)" in window.title.text()
    window.take_button.click()
    assert "Customer 0002" in window.title.text()
    window.take_button.click()
    assert [move.stops for move in draft.gestures if isinstance(move, Move)] == [("s1",), ("s2",)]
    assert draft.orders["r2"][0] == "s2"


def test_a_stop_without_a_place_says_why(gateway: RecordedGateway, window: BestPlaceWindow) -> None:
    _suggests(gateway, PlacesAnswer(stop_id="s1", why="Every vehicle in reach is full."))
    window.open_stops(["s1"])
    assert {"There is no place for it", "Every vehicle in reach is full."} <= set(_words(window))
    assert not window.take_button.isEnabled()


def test_a_gateway_that_is_away_is_told(gateway: RecordedGateway, window: BestPlaceWindow) -> None:
    gateway.is_away = True
    window.open_stops(["s1"])
    assert "No places can be suggested" in _words(window)


def test_a_stop_that_is_done_stays_where_it_is(
    session: Session, gateway: RecordedGateway, window: BestPlaceWindow
) -> None:
    about = Subject(stop_id="s1", route_id="r0")
    session.fold_events(numbered([event(e.StopDelivered(), about)], 500))
    window.open_stops(["s1"])
    assert "This stop cannot be moved" in _words(window)
    assert SUGGESTIONS not in gateway.asked
