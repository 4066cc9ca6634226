"""A real window to be measured: waiting for it, and whether it keeps anybody waiting."""

import json
import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, SignalInstance

from ui.desktop import Desktop
from ui.embedded import EmbeddedGateway

SIZE = (1920, 1080)
BEAT_MS = 5
LONG_MS = 50.0
PATIENCE_MS = 180_000


class TimedOut(Exception):
    """What a benchmark waits for did not happen."""


class KnownGateway(EmbeddedGateway):
    """The window's own gateway, whose address somebody else wants to know as well."""

    url = ""

    def wait_ready(self) -> str:
        """Wait until it answers; its address."""
        self.url = self.url or super().wait_ready()
        return self.url


class Heart:
    """Beats on the window's thread; a beat that is late says how long the thread was busy.

    Attributes:
        block_ms: between two beats, longest.
        work_ms: processor time of the thread between two beats, longest: what a machine that is
            busy otherwise does not lengthen.
        over: how many beats were more than 50 ms late.
    """

    def __init__(self, parent: QObject) -> None:
        self.forget()
        self._timer = QTimer(parent)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start(BEAT_MS)

    def forget(self) -> None:
        """Begin anew."""
        self.block_ms = self.work_ms = 0.0
        self.over = 0
        self._seen, self._worked = time.perf_counter(), time.thread_time()

    def _on_timeout(self) -> None:
        seen, worked = time.perf_counter(), time.thread_time()
        late_ms = (seen - self._seen) * 1000 - BEAT_MS
        self.block_ms = max(self.block_ms, late_ms)
        self.work_ms = max(self.work_ms, (worked - self._worked) * 1000)
        self.over += late_ms > LONG_MS
        self._seen, self._worked = seen, worked


def wait(milliseconds: float, meanwhile: Callable[[], object] | None = None) -> None:
    """Let the window live for so long; `meanwhile` is called when that begins."""
    loop = QEventLoop()
    QTimer.singleShot(int(milliseconds), loop.quit)
    if meanwhile is not None:
        QTimer.singleShot(0, loop, meanwhile)
    loop.exec()


def until(signal: SignalInstance, begin: Callable[[], object]) -> None:
    """Begin something, and let the window live until it says that it is done.

    Raises:
        TimedOut: it never did.
    """
    loop = QEventLoop()
    signal.connect(loop.quit)
    QTimer.singleShot(PATIENCE_MS, loop, lambda: loop.exit(1))
    begin()
    if loop.exec():
        raise TimedOut(f"it did not come within {PATIENCE_MS // 1000} s")


def until_live(desktop: Desktop) -> None:
    """Open a desktop and wait for live vehicles on its map.

    Raises:
        TimedOut: there never were any.
    """
    try:
        until(desktop.timings.completed, desktop.open)
    except TimedOut as error:
        reached = json.dumps(desktop.timings.seconds())
        raise TimedOut(f"the window was not live: {error}; it reached {reached}") from error
