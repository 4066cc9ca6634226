"""A route that is over takes no stops, wherever one would let them go."""

from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import event, numbered
from tests.ui.routes.mouse import Mouse
from tower.domain import events as e
from tower.domain.records import Subject
from ui.draft.draft import Draft
from ui.routes.panel import RoutesPanel
from ui.session import Session


def test_a_stop_is_not_let_go_on_a_route_that_is_finished(
    panel: RoutesPanel, session: Session, draft: Draft, mouse: Mouse, qtbot: QtBot
) -> None:
    finished = event(e.RouteFinished(), Subject(route_id="r2"))
    session.fold_events(numbered([finished], start=300))
    panel.routes.refresh()
    mouse.press(panel.sheet.list, "s1")
    mouse.over(panel.list, "r1")
    mouse.over(panel.list, "r2")
    assert draft.headline == "Moving stop 2 — choose a place"
    qtbot.waitUntil(lambda: "R-202 was finished at" in QToolTip.text())
    mouse.release()
    assert draft.is_empty


def test_a_stop_is_not_let_go_in_the_sheet_of_a_finished_route(
    panel: RoutesPanel, session: Session, draft: Draft, mouse: Mouse
) -> None:
    finished = event(e.RouteFinished(), Subject(route_id="r2"))
    session.fold_events(numbered([finished], start=300))
    mouse.press(panel.sheet.list, "s1")
    session.select("route", "r2")
    mouse.over(panel.sheet.list, "s12")
    assert draft.hovering is None
    mouse.release()
    assert draft.is_empty
