"""Ctrl+C in the terminal and a system that ends the session close the window like its button."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

_SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


@contextmanager
def closing_on_interrupt(window: QWidget) -> Iterator[None]:
    """Close a window on the first signal to end, so that its layout is kept; obey the second.

    Args:
        window: closed from the event loop, never in the middle of something else.
    """

    def on_signal(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        QTimer.singleShot(0, window, window.close)

    before = {number: signal.signal(number, on_signal) for number in _SIGNALS}
    # Python looks for signals only between its own steps, and an idle event loop takes none.
    pulse = QTimer(window)
    pulse.timeout.connect(lambda: None)
    pulse.start(200)
    try:
        yield
    finally:
        pulse.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
