"""What the Route menu's proposals are about: what is selected."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Fleet
from tests.ui.example_shift import event, numbered
from tests.ui.expecting import expect, place_of
from tests.ui.proposals.recorded import RecordedGateway
from tower.domain import events as e
from tower.domain.records import Subject
from tower.domain.words import Punctuality
from ui.draft.draft import Draft
from ui.proposals.desk import ProposalDesk
from ui.proposals.picker import RoutePicker
from ui.routes.panel import RoutesPanel
from ui.session import Session
from ui.widgets.rowlist import RowList


class Desk(ProposalDesk):
    """A desk over the routes panel, with what it said.

    Attributes:
        panel: the routes and the sheet.
        heard: everything that was said.
    """

    def __init__(self, session: Session, draft: Draft, panel: RoutesPanel) -> None:
        self.panel = panel
        self.heard: list[str] = []
        super().__init__(session, draft, (panel.sheet.list, panel.loose_list), None, panel)
        self.said.connect(self.heard.append)


@pytest.fixture
def desk(session: Session, draft: Draft, qtbot: QtBot) -> Iterator[Desk]:
    """Nothing is selected yet."""
    panel = RoutesPanel(session, draft)
    qtbot.addWidget(panel)
    panel.resize(460, 700)
    with qtbot.waitExposed(panel):
        panel.show()
    desk = Desk(session, draft, panel)
    yield desk
    desk.window.close()
    desk.places.close()
    panel.close()


def click(rows: RowList, id_: str, keys: Qt.KeyboardModifier | None = None) -> None:
    """Click a row, with a key held down."""
    held = keys if keys is not None else Qt.KeyboardModifier.NoModifier
    at = place_of(rows, id_).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, held, at)


def _picker(desk: Desk) -> RoutePicker:
    (picker,) = desk.panel.findChildren(RoutePicker)
    return picker


def _finish(session: Session, route: int) -> None:
    for place in range(5):
        about = Subject(stop_id=f"s{5 * route + place}", route_id=f"r{route}")
        session.fold_events(numbered([event(e.StopDelivered(), about)], 600))


def test_a_selected_route_is_optimised_to_its_end(
    session: Session, gateway: RecordedGateway, desk: Desk
) -> None:
    session.select("route", "r1")
    desk.optimise()
    assert gateway.wishes[0].routes == ("r1",)
    assert desk.window.title.text() == "The rest of R-201 · Driver A1"


def test_a_selected_stop_means_its_route(
    session: Session, gateway: RecordedGateway, desk: Desk
) -> None:
    session.select("stop", "s6")
    desk.optimise()
    assert (gateway.wishes[0].routes, gateway.wishes[0].stops) == (("r1",), None)


def test_several_selected_stops_are_optimised_and_the_others_stay(
    session: Session, gateway: RecordedGateway, desk: Desk
) -> None:
    session.select("route", "r1")
    click(desk.panel.sheet.list, "s6")
    click(desk.panel.sheet.list, "s8", Qt.KeyboardModifier.ControlModifier)
    click(desk.panel.sheet.list, "s9", Qt.KeyboardModifier.ControlModifier)
    desk.optimise()
    assert gateway.wishes[0].stops == ("s6", "s8", "s9")
    assert desk.window.title.text() == "3 selected stops"


def test_with_nothing_selected_routes_are_picked_the_late_ones_first(
    session: Session, gateway: RecordedGateway, desk: Desk, fleet: Fleet
) -> None:
    expect(session, fleet, {"s1": (150.0, Punctuality.LATE), "s11": (30.0, Punctuality.AT_RISK)})
    desk.optimise()
    picker = _picker(desk)
    assert picker.checked == ("r0", "r2")
    picker.start_button.click()
    assert gateway.wishes[0].routes == ("r0", "r2")


def test_picking_follows_the_filter_and_needs_a_route(
    session: Session, gateway: RecordedGateway, desk: Desk
) -> None:
    _finish(session, 2)
    desk.optimise_several()
    picker = _picker(desk)
    assert picker.list.count() == 2
    assert not picker.start_button.isEnabled()
    picker.filter_box.setText("driver a1")
    picker.all_button.click()
    assert picker.checked == ("r1",)
    picker.none_button.click()
    assert not picker.start_button.isEnabled()
    picker.list.item(0).setCheckState(Qt.CheckState.Checked)
    picker.start_button.click()
    assert gateway.wishes[0].routes == ("r0",)


def test_a_route_that_is_over_cannot_be_optimised(
    session: Session, gateway: RecordedGateway, desk: Desk
) -> None:
    _finish(session, 0)
    session.select("route", "r0")
    desk.optimise()
    desk.broke_down()
    assert gateway.wishes == []
    assert desk.heard == [
        "R-200 has no stops left whose order could change.",
        "R-200 has no stops left to take over.",
    ]


def test_a_broken_down_vehicles_stops_are_spread_over_the_others(
    session: Session, gateway: RecordedGateway, desk: Desk
) -> None:
    session.select("vehicle", "own:v0")
    desk.broke_down()
    wish = gateway.wishes[0]
    assert wish.out_of_service == "r0"
    assert set(wish.routes) == {"r0", "r1", "r2"}
    assert desk.window.title.text() == "R-200 · Driver A0 broke down"
    assert not desk.window.several_button.isVisible()


def test_best_places_need_a_stop(session: Session, desk: Desk) -> None:
    session.select("route", "r0")
    desk.best_place()
    assert desk.heard == ["Select a stop that is not done yet to see where it fits best."]
    session.select("stop", "s3")
    desk.best_place()
    assert "Customer 0003" in desk.places.title.text()
