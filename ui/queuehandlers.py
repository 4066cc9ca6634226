"""What the declared actions on the exception queue and its alerts do."""

from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer

from ui.alerts.desk import AlertDesk
from ui.exceptions.claims import ClaimWatch
from ui.mainwindow import MainWindow, Parts
from ui.menus import Handlers
from ui.proposals.menus import RowMenu

_SAID_MS = 8000

WORK = (
    "claim",
    "release",
    "assign",
    "assign_me",
    "snooze",
    "wake",
    "escalate",
    "note",
    "resolve",
    "false_alarm",
    "merge",
    "reopen",
)
"""The work on exceptions that has an action of its own."""

QUEUE_MENU = (
    "exception_open",
    "",
    "exception_claim",
    "exception_release",
    "exception_assign",
    "exception_assign_me",
    "",
    "exception_snooze",
    "exception_wake",
    "exception_escalate",
    "exception_note",
    "",
    "exception_resolve",
    "exception_false_alarm",
    "exception_merge",
    "exception_reopen",
)
"""Actions of an exception's menu; "" is a line."""

VIEWS = 9
"""Saved views that have a key."""


class QueueHandlers(QObject):
    """Carries out work on exceptions, and shows saved views of the queue.

    Args:
        window: the window; its status bar says what became of the work.
        parts: what it was assembled from.
    """

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window, self._session = window, parts.session
        self._queue = parts.panels.queue
        self._queue.told.connect(self._say)
        self._queue.views.changed.connect(self._name_views)
        self._queue.keep_views_in(parts.settings)
        self.alerts = AlertDesk(parts.session, parts.settings, window, parts.map)
        self._claims = ClaimWatch(parts.session, self)
        self._listen(window)
        # The window has its actions only once every handler is known.
        QTimer.singleShot(0, self, self._dress_actions)

    def _listen(self, window: MainWindow) -> None:
        window.status.add_before_undo(self.alerts.button)
        window.closing.connect(self.alerts.tray.close_tray)
        self.alerts.opened.connect(self._open)
        self.alerts.quiet.changed.connect(self._show_quiet)
        self._claims.lost.connect(
            lambda id_, words: self.alerts.toast.say("No longer yours", words, id_, "at_risk")
        )

    def table(self) -> Handlers:
        """Every handler by its action's id."""
        queue = self._queue
        work = {f"exception_{name}": partial(self._act, name) for name in WORK}
        views = {
            f"exception_view_{number}": partial(self._show_view, number)
            for number in range(1, VIEWS + 1)
        }
        return {
            **work,
            **views,
            "exception_next": lambda: self._walk(1),
            "exception_previous": lambda: self._walk(-1),
            "exception_open": queue.open_current,
            "exception_find": self._find,
            "exception_select_all": self._select_all,
            "exception_save_view": queue.filters.ask_name,
            "alerts_quiet": self.alerts.toggle_quiet,
        }

    def _walk(self, step: int) -> None:
        self._window.show_dock("exceptions")
        self._queue.walk(step)

    def _act(self, name: str) -> None:
        self._window.show_dock("exceptions")
        self._queue.act(name)

    def _find(self) -> None:
        self._window.show_dock("exceptions")
        self._queue.find_in_queue()

    def _select_all(self) -> None:
        self._window.show_dock("exceptions")
        self._queue.select_shown()

    def _show_view(self, number: int) -> None:
        self._window.show_dock("exceptions")
        self._queue.show_numbered(number)

    def _open(self, exception_id: str) -> None:
        """Bring the window to the front, with the exception in it.

        One that was raised after the moment of the past that is shown is looked at live.
        """
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()
        if exception_id:
            if exception_id not in self._session.state.exceptions:
                window.actions_by_id["time_live"].trigger()
            window.show_dock("exceptions")
            self._session.select("exception", exception_id)

    def _show_quiet(self) -> None:
        self._window.actions_by_id["alerts_quiet"].setChecked(self.alerts.quiet.is_on)

    def _dress_actions(self) -> None:
        RowMenu(self._queue.queue, QUEUE_MENU, self._window.actions_by_id)
        self._name_views()
        self._show_quiet()

    def _name_views(self) -> None:
        views = self._queue.views.all
        for number in range(1, VIEWS + 1):
            action = self._window.actions_by_id.get(f"exception_view_{number}")
            if action is not None:
                view = views[number - 1] if number <= len(views) else None
                action.setText(view.name.replace("&", "&&") if view else "")
                action.setVisible(view is not None)

    def _say(self, words: str) -> None:
        self._window.status.showMessage(words, _SAID_MS)
