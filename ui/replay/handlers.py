"""What the declared actions of time travel do."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QInputDialog

from ui.mainwindow import MainWindow, Parts
from ui.menus import Handlers
from ui.replay.words import moment_words

_SAID_MS = 8000
_WORDS_MOST = 120


class TimeHandlers(QObject):
    """Carries out travelling in time.

    Args:
        window: the window; its status bar says what was reached.
        parts: what it was assembled from.
    """

    def __init__(self, window: MainWindow, parts: Parts) -> None:
        super().__init__(window)
        self._window, self._session, self._travel = window, parts.session, parts.travel
        self._travel.said.connect(lambda words: window.status.showMessage(words, _SAID_MS))

    def table(self) -> Handlers:
        """Every handler by its action's id."""
        travel = self._travel
        return {
            "time_travel": self.toggle,
            "time_live": travel.leave,
            "time_play": lambda: travel.play(1),
            "time_play_back": lambda: travel.play(-1),
            "time_faster": lambda: travel.faster(1),
            "time_slower": lambda: travel.faster(-1),
            "time_event_next": lambda: travel.step_event(1),
            "time_event_before": lambda: travel.step_event(-1),
            "time_exception_next": lambda: travel.jump(1),
            "time_exception_before": lambda: travel.jump(-1),
            "time_go_to": self.ask_time,
            "time_bookmark": self.ask_bookmark,
        }

    def toggle(self) -> None:
        """Look at the past with the hand on the scrubber, or return to live."""
        self._travel.toggle()
        if self._travel.is_open:
            self._window.travel_bar.scrubber.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def ask_time(self) -> None:
        """Let a time be typed; enters the past first."""
        if not self._travel.is_open:
            self._travel.enter()
        if self._travel.is_open:
            self._window.travel_bar.focus_time()

    def ask_bookmark(self) -> None:
        """Ask for the words of a bookmark on the moment that is shown."""
        at = self._session.past
        if at is None:
            self._travel.said.emit("Bookmarks are put on moments of the past: Z shows it.")
            return
        self._travel.pause()
        dialog = QInputDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Bookmark")
        dialog.setLabelText(f"Words for {moment_words(self._session, at)}:")
        dialog.textValueSelected.connect(
            lambda words: self._travel.bookmarks.add(at, words[:_WORDS_MOST])
        )
        dialog.open()
