"""A row's menu opens at the pointer and by the keyboard, on the row it is about."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.expecting import place_of
from ui.draft.draft import Draft
from ui.proposals.menus import STOP_MENU, RowMenu
from ui.routes.panel import RoutesPanel
from ui.session import Session
from ui.widgets.rowlist import RowList


@pytest.fixture
def rows(session: Session, draft: Draft, qtbot: QtBot) -> Iterator[RowList]:
    """The stops of the first route."""
    panel = RoutesPanel(session, draft)
    qtbot.addWidget(panel)
    panel.resize(460, 700)
    with qtbot.waitExposed(panel):
        panel.show()
    session.select("route", "r0")
    yield panel.sheet.list
    panel.close()


@pytest.fixture
def menu(rows: RowList) -> Iterator[RowMenu]:
    """The stops' menu with two of its actions."""
    actions = {name: QAction(name, rows) for name in ("stop_best_place", "route_optimise")}
    menu = RowMenu(rows, STOP_MENU, actions)
    yield menu
    menu.menu.close()


def _open(rows: RowList, reason: QContextMenuEvent.Reason, at: QPoint) -> None:
    viewport = rows.viewport()
    QApplication.sendEvent(viewport, QContextMenuEvent(reason, at, viewport.mapToGlobal(at)))


def test_the_row_under_the_pointer_is_selected_and_its_menu_opens(
    session: Session, rows: RowList, menu: RowMenu
) -> None:
    _open(rows, QContextMenuEvent.Reason.Mouse, place_of(rows, "s2").center())
    assert session.selection == ("stop", "s2")
    assert menu.menu.isVisible()
    titles = [one.text() for one in menu.menu.actions() if not one.isSeparator()]
    assert titles == ["stop_best_place", "route_optimise"]


def test_the_menu_key_opens_it_at_the_marked_row(
    session: Session, rows: RowList, menu: RowMenu
) -> None:
    session.select("stop", "s1")
    _open(rows, QContextMenuEvent.Reason.Keyboard, QPoint(5, rows.viewport().height() - 2))
    assert session.selection == ("stop", "s1")
    assert menu.menu.isVisible()
    below = rows.viewport().mapFromGlobal(menu.menu.pos())
    assert abs(below.y() - place_of(rows, "s1").bottom()) < 8


def test_where_there_is_no_row_nothing_opens(rows: RowList, menu: RowMenu) -> None:
    _open(rows, QContextMenuEvent.Reason.Mouse, QPoint(5, rows.viewport().height() - 2))
    assert not menu.menu.isVisible()
