"""Keys of the window that move stops, send what was changed, or forget it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from tests.ui.expecting import click
from tower.domain.commands import Command, SequenceRoutes
from tower.routes.change import UNASSIGNED
from ui.draft.draft import Draft
from ui.handlers import WindowHandlers
from ui.mainwindow import MainWindow, Parts
from ui.maphost import MapHost
from ui.panels import make_panels
from ui.replay.travel import TimeTravel
from ui.routes.panel import RoutesPanel
from ui.session import Session
from ui.undo import UndoLog

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def draft(session: Session) -> Draft:
    """The desktop's draft."""
    return Draft(session, session)


@pytest.fixture
def panel(session: Session, draft: Draft, qtbot: QtBot, tmp_path: Path) -> Iterator[RoutesPanel]:
    """The routes panel in its window, the third stop of the first route selected."""
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    map_host = MapHost(session)
    panels = make_panels(session, map_host, draft)
    travel = TimeTravel(session, settings, parent=session)
    parts = Parts(
        session, draft, map_host, panels, UndoLog(session, draft), settings, "here", travel
    )
    window = MainWindow(parts)
    window.bind(WindowHandlers(window, parts).table())
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.open_at((1366, 768))
    panel = panels.docked["routes"]
    assert isinstance(panel, RoutesPanel)
    session.select("route", "r0")
    click(panel.sheet.list, "s2")
    panel.sheet.list.setFocus()
    yield panel
    window.close()


def _press(
    panel: RoutesPanel, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.keyClick(panel.sheet.list, key, modifiers)


def test_alt_and_the_arrows_move_the_stop(panel: RoutesPanel, draft: Draft) -> None:
    _press(panel, Qt.Key.Key_Up, ALT)
    assert draft.orders["r0"] == ("s0", "s2", "s1", "s3", "s4")
    _press(panel, Qt.Key.Key_Down, ALT)
    _press(panel, Qt.Key.Key_Down, ALT)
    assert draft.orders["r0"] == ("s0", "s1", "s3", "s2", "s4")
    _press(panel, Qt.Key.Key_Z, CTRL)
    assert draft.orders["r0"] == ("s0", "s1", "s2", "s3", "s4")


def test_shift_and_the_arrows_mark_several(panel: RoutesPanel, draft: Draft) -> None:
    _press(panel, Qt.Key.Key_Down, SHIFT)
    assert panel.sheet.picked == ("s2", "s3")
    _press(panel, Qt.Key.Key_Delete)
    assert draft.orders[UNASSIGNED] == ("s2", "s3")


def test_control_return_sends_the_draft(session: Session, panel: RoutesPanel, draft: Draft) -> None:
    sent: list[Command] = []
    session.command_issued.connect(sent.append)
    _press(panel, Qt.Key.Key_Up, ALT)
    _press(panel, Qt.Key.Key_Return, CTRL)
    (command,) = sent
    assert isinstance(command, SequenceRoutes)
    assert command.routes[0].stops == ("s0", "s2", "s1", "s3", "s4")
    assert draft.is_sending


def test_escape_forgets_one_gesture_and_then_the_selection(
    session: Session, panel: RoutesPanel, draft: Draft
) -> None:
    _press(panel, Qt.Key.Key_Up, ALT)
    _press(panel, Qt.Key.Key_Escape)
    assert draft.orders == draft.base
    assert session.selection == ("stop", "s2")
    _press(panel, Qt.Key.Key_Escape)
    assert session.selection == ("", "")


@pytest.mark.parametrize(("answer", "left"), [("&Keep", 2), ("&Discard", 0)])
def test_escape_asks_before_it_forgets_several(
    panel: RoutesPanel, draft: Draft, qtbot: QtBot, answer: str, left: int
) -> None:
    _press(panel, Qt.Key.Key_Up, ALT)
    _press(panel, Qt.Key.Key_Up, ALT)
    _press(panel, Qt.Key.Key_Escape)
    (box,) = panel.window().findChildren(QMessageBox)
    assert "2 changes" in box.text()
    button = next(one for one in box.buttons() if one.text() == answer)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not box.isVisible())
    assert len(draft.gestures) == left


def test_what_cannot_be_done_is_said_in_the_status_bar(
    session: Session, panel: RoutesPanel
) -> None:
    session.select("stop", "s0")
    _press(panel, Qt.Key.Key_Up, ALT)
    window = panel.window()
    assert isinstance(window, MainWindow)
    assert window.status.currentMessage() == "It is the first already."


def test_the_buttons_of_the_sheet_do_what_the_keys_do(
    panel: RoutesPanel, draft: Draft, qtbot: QtBot
) -> None:
    undo, commit = (panel.sheet.header.buttons[name] for name in ("undo", "commit"))
    assert not undo.isEnabled()
    _press(panel, Qt.Key.Key_Up, ALT)
    assert "move stop 3 of R-200 before 2" in undo.toolTip()
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: draft.is_empty)
    _press(panel, Qt.Key.Key_Up, ALT)
    QTest.mouseClick(commit, Qt.MouseButton.LeftButton)
    assert draft.is_sending
