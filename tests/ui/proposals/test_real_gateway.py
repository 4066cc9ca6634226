"""Proposals from a real gateway, taken into the draft and committed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.gateway.running import RunningGateway, running_gateway
from tests.ui.example_shift import NOON, event, opening
from tests.ui.proposals.joined import Joined
from tower.domain import events as e
from tower.domain.records import StopPlan, Subject
from ui.draft.draft import Draft
from ui.proposals.places import BestPlaceWindow
from ui.session import Session

PATIENCE_MS = 30_000


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningGateway]:
    """A gateway with the example shift and an order that came in late."""
    late = StopPlan(
        id="late",
        customer="Customer 0099",
        lat=47.1105,
        lon=9.5101,
        window_start=NOON,
        window_end=NOON + timedelta(hours=3),
    )
    about = Subject(stop_id="late")
    shift = [*opening(), event(e.StopPlanned(plan=late), about)]
    with running_gateway(tmp_path / "data", shift=shift) as gateway:
        yield gateway


@pytest.fixture
def joined(session: Session, running: RunningGateway) -> Joined:
    """The session asks that gateway."""
    return Joined(session, running)


@pytest.fixture
def draft(session: Session, joined: Joined) -> Draft:
    """Nothing is tried out yet."""
    joined.catch_up()
    return Draft(session, session)


def test_a_late_order_gets_its_place_by_keyboard(
    session: Session, draft: Draft, qtbot: QtBot
) -> None:
    assert draft.base[""] == ("late",)
    window = BestPlaceWindow(session, draft)
    qtbot.addWidget(window)
    window.open_stops(["late"])
    assert window.places.rowCount() >= 3
    best = window.places.record(0)
    assert best.move.route_id == "r1"
    QTest.keyClick(window.list, Qt.Key.Key_Return)
    with qtbot.waitSignal(draft.committed, timeout=PATIENCE_MS):
        draft.commit("late order", override=True)
    assert session.state.stops["late"].route_id == "r1"
    assert "late" in session.state.routes["r1"].sequence
