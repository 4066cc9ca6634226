"""The map's place in the window, as the session drives it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import NOON, event, numbered
from tower.domain.events import ShiftOpened
from tower.domain.records import Shift
from tower.domain.state import State
from tower.road.pack import RegionPack
from ui.map.view import MapView
from ui.maphost import MapHost
from ui.session import Session


@pytest.fixture
def host(session: Session, qtbot: QtBot) -> Iterator[MapHost]:
    """A map that was made before anybody opened a shift."""
    session.replace_state(State(), "epoch")
    host = MapHost(session)
    qtbot.addWidget(host)
    host.start("")
    yield host
    host.close_map()


def region_of(host: MapHost) -> RegionPack | None:
    return host._region


def test_while_the_map_is_moved_long_work_of_the_window_comes_rarely(
    session: Session, host: MapHost
) -> None:
    page = host.findChild(MapView)
    assert page is not None
    seen = []
    for is_moving in (True, False, True):
        page.moving.emit(is_moving)
        seen.append(session.turns.is_hand_moving)
    assert seen == [True, False, True]
    page.page_left.emit()  # and the hand with it
    assert not session.turns.is_hand_moving


def test_a_shift_opened_after_the_map_brings_its_region(session: Session, host: MapHost) -> None:
    assert region_of(host) is None
    shift = Shift(
        id="day",
        name="Day",
        date="2026-11-20",
        timezone="Europe/Vaduz",
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=8),
        region="liechtenstein",
    )
    session.fold_events(numbered([event(ShiftOpened(shift=shift))]))
    kept = region_of(host)
    assert kept is not None
    session.replace_state(session.state, "epoch")
    assert region_of(host) is kept
