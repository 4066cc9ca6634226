"""The window by mouse and keyboard, without a gateway."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QCloseEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import raised
from tower.domain.commands import ClaimException, Command
from tower.domain.words import Severity
from tower.feed.client import Link
from ui import dialogs
from ui.actions import ACTIONS, MENUS, keyboard_sheet
from ui.draft.draft import Draft
from ui.exchange import CommandResult
from ui.handlers import WindowHandlers
from ui.mainwindow import MainWindow, Parts
from ui.maphost import MapHost
from ui.panels import make_panels
from ui.replay.travel import TimeTravel
from ui.session import Session
from ui.undo import UndoLog
from ui.widgets.rowlist import RowList


@pytest.fixture
def settings() -> QSettings:
    """Settings nobody kept anything in."""
    settings = QSettings("tower-tests", "window")
    settings.clear()
    return settings


@pytest.fixture
def window(session: Session, settings: QSettings, qtbot: QtBot) -> Iterator[MainWindow]:
    """The whole window on the example shift; the map itself is not made."""
    yield from _window(session, settings, qtbot)


def _window(session: Session, settings: QSettings, qtbot: QtBot) -> Iterator[MainWindow]:
    map_host = MapHost(session)
    draft = Draft(session)
    panels = make_panels(session, map_host, draft)
    travel = TimeTravel(session, settings, parent=session)
    undo = UndoLog(session, draft)
    parts = Parts(session, draft, map_host, panels, undo, settings, "embedded gateway", travel)
    window = MainWindow(parts)
    window.bind(WindowHandlers(window, parts).table())
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.painted):
        window.open_at((1366, 768))
    window.activateWindow()
    yield window
    window.close()


def test_every_action_is_in_a_menu_of_the_bar_and_no_key_is_given_twice() -> None:
    assert {action.menu.split("/")[0] for action in ACTIONS} == set(MENUS)
    keys = [
        QKeySequence(key).toString()
        for action in ACTIONS
        for key in (action.shortcut, *action.more)
        if key
    ]
    assert all(keys)
    assert len(keys) == len(set(keys))


def test_the_keyboard_sheet_names_every_shortcut(window: MainWindow) -> None:
    shown = dialogs.keyboard_html()
    for _, rows in keyboard_sheet():
        assert rows
    assert "Ctrl+K" in shown
    window.actions_by_id["keyboard"].trigger()
    sheet = QApplication.activeModalWidget() or window.findChild(QDialog)
    assert sheet is not None
    sheet.close()


def test_ctrl_k_finds_a_customer_and_selects_the_stop(window: MainWindow, session: Session) -> None:
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.palette_popup.isVisible()
    field = window.palette_popup.findChild(QLineEdit)
    assert field is not None
    QTest.keyClicks(field, "customer 0007")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert session.selection == ("stop", "s7")
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert session.selection == ("", "")


def test_the_theme_switches_while_running(window: MainWindow, session: Session) -> None:
    before = window.grab().toImage()
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window, Qt.Key.Key_L, keys)
    assert session.theme.name == "light"
    assert window.actions_by_id["theme_light"].isChecked()
    assert window.grab().toImage() != before


def test_j_and_k_walk_the_queue_and_c_claims(window: MainWindow, session: Session) -> None:
    session.fold_events([raised("x2", stop=5, severity=Severity.MINOR)])
    sent: list[Command] = []
    session.command_issued.connect(sent.append)
    QTest.keyClick(window, Qt.Key.Key_J)
    assert session.selection == ("exception", "x1")
    QTest.keyClick(window, Qt.Key.Key_J)
    assert session.selection == ("exception", "x2")
    QTest.keyClick(window, Qt.Key.Key_K)
    QTest.keyClick(window, Qt.Key.Key_C)
    assert sent == [ClaimException(exception_id="x1", version=0)]
    session.answer(sent[0], CommandResult(status=200))
    assert window.actions_by_id["undo"].isEnabled()


def test_losing_the_gateway_is_said_and_what_is_stale_is_greyed(
    window: MainWindow, session: Session
) -> None:
    session.set_link(Link(status="live"))
    live = window.grab().toImage()
    session.set_link(Link(status="lost", reason="connection refused"))
    assert window.banner.isVisible()
    assert window.banner.words == "Gateway lost · showing 13:00:00 · retrying now"
    assert window.grab().toImage().pixelColor(680, 400) != live.pixelColor(680, 400)
    session.set_link(Link(status="live"))
    assert window.banner.words == "Back · 0 events filled"
    assert window.grab().toImage().pixelColor(680, 400) == live.pixelColor(680, 400)


def test_events_filled_after_a_loss_are_counted(window: MainWindow, session: Session) -> None:
    session.set_link(Link(status="live"))
    session.set_link(Link(status="lost"))
    session.state.seq += 214
    session.set_link(Link(status="live"))
    assert window.banner.words == "Back · 214 events filled"


def test_a_floating_panel_comes_back_and_layouts_are_kept_by_role(window: MainWindow) -> None:
    routes = window.docks["routes"]
    routes.setFloating(True)
    window.docks["exceptions"].hide()
    window.actions_by_id["layout_supervisor"].trigger()
    assert window.role == "supervisor"
    assert not routes.isFloating()
    window.actions_by_id["layout_dispatcher"].trigger()
    assert routes.isFloating()
    assert not window.docks["exceptions"].isVisible()
    window.actions_by_id["reset_layout"].trigger()
    assert not routes.isFloating()
    assert window.docks["exceptions"].isVisible()


def test_a_supervisor_sits_down_at_the_supervisors_layout(
    window: MainWindow, session: Session
) -> None:
    session.set_actor("sue", "S. Example", is_supervisor=True)
    assert window.role == "supervisor"
    assert window.top_bar.user.text_shown == "S. Example · Supervisor ▾"
    window.actions_by_id["layout_dispatcher"].trigger()
    session.set_actor("sue", "Sue Example", is_supervisor=True)
    assert window.role == "dispatcher", "what somebody chose stays"


def test_a_docks_title_covers_nothing_of_its_panel(window: MainWindow) -> None:
    for name in ("on_time", "failed_attempts"):
        dock = window.docks[name]
        assert dock.titleBarWidget().geometry().bottom() < dock.widget().geometry().top()


def test_a_panel_put_behind_a_tab_has_one_title_and_gets_it_back(
    window: MainWindow, qtbot: QtBot
) -> None:
    hours, timeline = window.docks["on_time"], window.docks["timeline"]
    shown = hours.titleBarWidget()
    window.tabifyDockWidget(timeline, hours)
    qtbot.waitUntil(lambda: hours.titleBarWidget() is not shown)
    hours.float_aside()
    qtbot.waitUntil(lambda: hours.titleBarWidget() is shown)


def test_a_window_made_small_leaves_room_for_the_map(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1900, 1000)
    qtbot.waitUntil(lambda: window.docks["routes"].width() > 420)
    window.resize(1280, 720)
    qtbot.waitUntil(lambda: window.docks["routes"].width() < 400)
    middle = window.centralWidget()
    assert middle is not None
    assert middle.width() > window.docks["exceptions"].width()


def _is_framed(focused: QWidget) -> bool:
    """Whether a frame lies on it that shows where the keyboard is."""
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    return any(
        type(one).__name__ == "_Frame" for one in focused.findChildren(QWidget, options=direct)
    )


def test_tab_walks_through_everything_and_shows_where_it_is(window: MainWindow) -> None:
    window.docks["event_log"].raise_()
    visited: list[QWidget] = []
    framed: list[QWidget] = []
    while (focused := window.focusWidget()) not in visited:
        visited.append(focused)
        if _is_framed(focused):
            framed.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    names = {widget.accessibleName() for widget in visited}
    assert {"Routes by risk", "Event log", "Depot", "Feed"} <= names
    assert "Shift timeline" not in names, "it lies behind a tab"
    assert {"Routes by risk", "Event log"} <= {widget.accessibleName() for widget in framed}


def test_after_the_palette_the_keyboard_is_where_it_was(window: MainWindow) -> None:
    routes = next(o for o in window.findChildren(RowList) if o.accessibleName() == "Routes by risk")
    routes.setFocus()
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.focusWidget() is not routes
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert window.focusWidget() is routes


def test_what_was_clicked_is_not_framed(window: MainWindow) -> None:
    queue = next(
        one for one in window.findChildren(RowList) if "Exceptions" in one.accessibleName()
    )
    QTest.mouseClick(queue.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(40, 20))
    assert window.focusWidget() is queue
    assert not _is_framed(queue)


def test_a_maximised_window_is_maximised_again_after_full_screen(window: MainWindow) -> None:
    window.showMaximized()
    for _ in range(2):
        window.actions_by_id["full_screen"].trigger()
    assert window.isMaximized()
    assert not window.isFullScreen()


def test_the_status_bar_names_the_gateway_and_the_carriers(
    window: MainWindow, session: Session
) -> None:
    session.set_link(Link(status="live"))
    assert window.status.link_words.startswith("Connected to embedded gateway · seq ")


def test_every_menu_entry_does_something(window: MainWindow, session: Session) -> None:
    quiet = {
        "quit", "import_manifest", "save_picture", "export_stops", "exception_resolve",
        "full_screen", "minimise", "about", "keyboard", "report_refused",
    }  # fmt: skip
    session.select("stop", "s7")
    for name, action in window.actions_by_id.items():
        if name not in quiet:
            action.trigger()
    assert window.isVisible()


class _ByItsFrame(QCloseEvent):
    """The user closes the window by its frame."""

    def spontaneous(self) -> bool:
        return True


def _question(window: MainWindow) -> QMessageBox:
    return next(one for one in window.findChildren(QMessageBox) if one.isVisible())


def test_a_window_with_changes_not_sent_asks_before_it_closes(
    window: MainWindow, session: Session
) -> None:
    session.select("stop", "s3")
    window.actions_by_id["stop_earlier"].trigger()
    by_frame = _ByItsFrame()
    window.closeEvent(by_frame)
    assert not by_frame.isAccepted()
    asked = _question(window)
    assert "a change that was not sent" in asked.text()
    window.actions_by_id["quit"].trigger()
    assert [_question(window)] == [asked], "it asks once"
    QTest.keyClick(asked, Qt.Key.Key_Escape)
    assert window.isVisible()
    window.actions_by_id["quit"].trigger()
    leave = next(one for one in _question(window).buttons() if "without" in one.text())
    QTest.mouseClick(leave, Qt.MouseButton.LeftButton)
    assert not window.isVisible()


def test_a_window_with_nothing_to_lose_closes_at_once(window: MainWindow) -> None:
    window.actions_by_id["quit"].trigger()
    assert not window.isVisible()
