"""The search for garbage happens on the window's thread only.

Python searches wherever something is made, so also in the threads that read the feed or the past,
and there it would take widgets apart that belong to the window's thread: a QObject freed in another
thread than its own ends the process sooner or later
(https://doc.qt.io/qt-6/threads-qobject.html). Here Python's own search is off, and a timer does on
the window's thread what it would have done, seldom: a search takes the longer, the longer the lists
that were just made, and with 100,000 stops those are long.
"""

import gc

from PySide6.QtCore import QObject, QTimer

from ui.turns import Turns

_BEAT_MS = 2_000


class Garbage(QObject):
    """Searches among the newest objects every few seconds, and among older ones more seldom.

    Args:
        turns: keeps a search apart from other long work.
    """

    def __init__(self, turns: Turns, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._turns = turns
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_due)
        self._timer.start(_BEAT_MS)

    def _on_due(self) -> None:
        self._turns.take(self._timer, self._look_again)

    def _look_again(self) -> None:
        self.look()
        self._timer.start(_BEAT_MS)

    def look(self) -> None:
        """Search the oldest generation that is due by Python's own thresholds."""
        due = [count > most for count, most in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if any(due):
            gc.collect(max(age for age, is_due in enumerate(due) if is_due))

    def stop(self) -> None:
        """Python searches by itself again."""
        self._timer.stop()
        if self._was_enabled:
            gc.enable()
