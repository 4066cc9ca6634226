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
from ui.proposals.scope import breakdown, rest_of_route, selected_stops, several_routes
from ui.proposals.search import SearchState
from ui.proposals.window import ProposalWindow
from ui.session import Session

PATIENCE_MS = 30_000
_ZIGZAG = ("s0", "s3", "s1", "s4", "s2")
"""The stops of the first route lie on a line; this order drives along it three times."""


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
    there_and_back = e.RouteSequence(route_id="r0", version=2, stops=_ZIGZAG)
    shift = [
        *opening(),
        event(e.StopPlanned(plan=late), about),
        event(e.RoutesSequenced(routes=(there_and_back,))),
    ]
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


@pytest.fixture
def window(session: Session, draft: Draft, qtbot: QtBot) -> Iterator[ProposalWindow]:
    """The proposal's window, not opened yet."""
    window = ProposalWindow(session, draft)
    qtbot.addWidget(window)
    yield window
    window.close()


def _found(window: ProposalWindow, qtbot: QtBot) -> None:
    """Wait for the end of a search that found something."""
    qtbot.waitUntil(lambda: not window.search.is_running, timeout=PATIENCE_MS)
    qtbot.waitUntil(window.use_button.isEnabled, timeout=PATIENCE_MS)


def test_a_route_that_goes_to_and_fro_is_put_straight(
    session: Session, draft: Draft, window: ProposalWindow, qtbot: QtBot
) -> None:
    window.weighing.sliders["change"].setValue(0)
    window.open_scope(rest_of_route(session, "r0"))
    _found(window, qtbot)
    figures = {tile.figure.title: tile.figure for tile in window.view.figures.tiles}
    assert figures["Still to drive"].tone == "better"
    window.use_button.click()
    with qtbot.waitSignal(draft.committed, timeout=PATIENCE_MS):
        draft.commit("shorter")
    line = [f"s{n}" for n in range(5)]
    assert list(session.state.routes["r0"].sequence) in (line, line[::-1])


def test_only_the_selected_stops_move(
    session: Session, draft: Draft, window: ProposalWindow, qtbot: QtBot
) -> None:
    window.weighing.sliders["change"].setValue(0)
    window.open_scope(selected_stops(session, ["s1", "s2"]))
    _found(window, qtbot)
    window.use_button.click()
    others = [one for one in draft.orders["r0"] if one not in {"s1", "s2"}]
    assert others == [one for one in _ZIGZAG if one not in {"s1", "s2"}]
    assert set(draft.orders["r0"]) == set(_ZIGZAG)


def test_a_selected_order_without_a_route_gets_one(
    session: Session, draft: Draft, window: ProposalWindow, qtbot: QtBot
) -> None:
    window.open_scope(selected_stops(session, ["late", "s5", "s6"]))
    _found(window, qtbot)
    assert window.search.offer is not None
    window.use_button.click()
    assert "late" in draft.orders["r1"]


def test_a_search_can_be_stopped_at_any_time(
    session: Session, window: ProposalWindow, qtbot: QtBot
) -> None:
    window.open_scope(several_routes(session, ["r0", "r1", "r2"]))
    window.stop_button.click()
    qtbot.waitUntil(lambda: not window.search.is_running, timeout=PATIENCE_MS)
    assert window.search.state is SearchState.CANCELLED
    assert window.start_button.isEnabled()


def test_others_meet_a_broken_down_vehicle_and_take_its_parcels_over(
    session: Session, draft: Draft, window: ProposalWindow, qtbot: QtBot
) -> None:
    window.open_scope(breakdown(session, "r0"))
    _found(window, qtbot)
    window.use_button.click()
    assert draft.orders["r0"] == ()
    with qtbot.waitSignal(draft.committed, timeout=PATIENCE_MS):
        draft.commit("broke down", override=True)
    state = session.state
    assert state.routes["r0"].sequence == ()
    homes = {stop_id: state.stops[stop_id].route_id for stop_id in _ZIGZAG}
    assert set(homes.values()) <= {"r1", "r2", ""}
    for route_id in set(homes.values()) - {""}:
        order = state.routes[route_id].sequence
        (visit,) = [one for one in order if _collects(session, one)]
        taken = [one for one in order if homes.get(one) == route_id]
        assert set(_collects(session, visit)) == set(taken)
        assert all(order.index(visit) < order.index(one) for one in taken)


def _collects(session: Session, stop_id: str) -> tuple[str, ...]:
    plan = session.state.stops[stop_id].plan
    return plan.collects if plan is not None else ()
