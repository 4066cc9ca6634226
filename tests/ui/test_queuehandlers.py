"""The Exception menu: saved views by their names, do-not-disturb, the menu of a row."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import raised
from tests.ui.exceptions.happenings import BEN, by, claimed, happen
from tests.ui.expecting import click
from tower.domain.commands import Command, SnoozeException
from tower.domain.records import Actor
from ui.alerts.button import AlertButton
from ui.alerts.sound import Sounder
from ui.alerts.toast import Toast
from ui.draft.draft import Draft
from ui.exceptions.panel import ExceptionsPanel
from ui.exceptions.rows import View
from ui.exchange import CommandResult
from ui.handlers import WindowHandlers
from ui.mainwindow import MainWindow, Parts
from ui.maphost import MapHost
from ui.panels import make_panels
from ui.replay.travel import TimeTravel
from ui.session import Session
from ui.undo import UndoLog

_ME = Actor(kind="person", id="operator", name="A. Example")


@pytest.fixture
def window(
    session: Session, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """The whole window on the screen; nothing sounds."""
    monkeypatch.setattr(Sounder, "play", lambda _self, _name, _volume: None)
    map_host, draft = MapHost(session), Draft(session)
    settings = QSettings(str(tmp_path / "desktop.ini"), QSettings.Format.IniFormat)
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
    qtbot.waitUntil(lambda: window.actions_by_id["exception_view_3"].text() == "Past SLA")
    yield window
    window.close()


@pytest.fixture
def queue(window: MainWindow) -> ExceptionsPanel:
    """The window's exception panel."""
    return window.findChildren(ExceptionsPanel)[0]


def test_saved_views_stand_in_the_menu_by_their_names(
    window: MainWindow, queue: ExceptionsPanel
) -> None:
    actions = window.actions_by_id
    assert actions["exception_view_2"].text() == "Mine"
    assert not actions["exception_view_7"].isVisible()
    queue.header.tabs.setCurrentIndex(View.SNOOZED)
    queue.filters.save_as("Asleep")
    assert actions["exception_view_7"].text() == "Asleep"
    assert actions["exception_view_7"].isVisible()
    actions["exception_view_1"].trigger()
    assert queue.header.tabs.currentIndex() == View.OPEN
    QTest.keyClick(window, Qt.Key.Key_7, Qt.KeyboardModifier.ControlModifier)
    assert queue.header.tabs.currentIndex() == View.SNOOZED


def test_do_not_disturb_by_key_is_said_everywhere(window: MainWindow) -> None:
    (button,) = window.status.findChildren(AlertButton)
    action = window.actions_by_id["alerts_quiet"]
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window, Qt.Key.Key_D, held)
    assert action.isChecked()
    assert button.text() == "Do not disturb ▾"
    button.menu_of_choices.aboutToShow.emit()
    next(one for one in button.menu_of_choices.actions() if one.text() == "Disturb again").trigger()
    assert not action.isChecked()


def test_a_notice_leads_to_its_exception(window: MainWindow, session: Session) -> None:
    happen(session, raised("x9", 3))
    (toast,) = window.findChildren(Toast)
    assert toast.isVisible()
    QTest.mouseClick(toast, Qt.MouseButton.LeftButton)
    assert session.selection == ("exception", "x9")


def test_a_lost_claim_is_shown_over_the_map(window: MainWindow, session: Session) -> None:
    happen(session, by(_ME, claimed("x1", "operator")))
    happen(session, by(BEN, claimed("x1", "ben", "B. Example", version=2)))
    (toast,) = window.findChildren(Toast)
    assert "B. Example has taken it over from you" in toast.words
    toast.findChildren(QPushButton)[0].click()
    assert not toast.isVisible()


def test_the_row_menu_works_on_the_row(
    window: MainWindow, queue: ExceptionsPanel, session: Session
) -> None:
    sent: list[Command] = []
    session.command_issued.connect(sent.append)
    click(queue.queue, "x1")
    at = queue.queue.visualRect(queue.model.index(0, 0)).center()
    queue.queue.customContextMenuRequested.emit(at)
    menus = [one for one in queue.queue.children() if one.inherits("QMenu")]
    assert len(menus) == 1
    titles = [one.text() for one in menus[0].actions() if one.text()]  # type: ignore[attr-defined]
    assert titles[0] == "&Open"
    assert "Mer&ge…" in titles
    menus[0].close()  # type: ignore[attr-defined]
    window.actions_by_id["exception_snooze"].trigger()
    QTest.keyClick(queue.prompt.field, Qt.Key.Key_Return)
    assert isinstance(sent[-1], SnoozeException)
    session.answer(sent[-1], CommandResult(status=200))
    assert window.status.currentMessage().startswith("Snoozed until")


def test_a_hidden_panel_comes_to_the_front_for_its_work(
    window: MainWindow, queue: ExceptionsPanel
) -> None:
    window.docks["exceptions"].hide()
    window.actions_by_id["exception_find"].trigger()
    assert queue.isVisible()
    assert queue.filters.box.hasFocus()
