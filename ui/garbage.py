"""The search for garbage happens on the window's thread only.

Python searches wherever something is made, so also in the threads that read the feed or the past,
and there it would take widgets apart that belong to the window's thread: a QObject freed in another
thread than its own ends the process sooner or later
(https://doc.qt.io/qt-6/threads-qobject.html). Here Python's own search is off, and a timer does on
the window's thread what it would have done.
"""

import gc
import time

from PySide6.QtCore import QObject, QTimer

_BEAT_MS = 200
_FULL_EVERY_S = 60.0
_OLDEST = 2


class Garbage(QObject):
    """Searches for garbage as often as Python would, a full search once a minute at most."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._full_at = time.monotonic()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(_BEAT_MS)

    def look(self) -> None:
        """Search the oldest generation that is due."""
        counts, most = gc.get_count(), gc.get_threshold()
        due = [age for age in range(len(counts)) if counts[age] > most[age] and self._may(age)]
        if due:
            gc.collect(due[-1])
        if _OLDEST in due:
            self._full_at = time.monotonic()

    def stop(self) -> None:
        """Python searches by itself again."""
        self._timer.stop()
        if self._was_enabled:
            gc.enable()

    def _may(self, age: int) -> bool:
        return age < _OLDEST or time.monotonic() - self._full_at >= _FULL_EVERY_S
