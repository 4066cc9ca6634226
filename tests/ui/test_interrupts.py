"""Ctrl+C ends the desktop as its close button does."""

import os
import signal

import pytest
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.interrupts import closing_on_interrupt


class Window(QWidget):
    """Notes that it was asked to close."""

    closed = 0

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """As the main window, which keeps its layout here."""
        self.closed += 1
        super().closeEvent(event)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_window_from_the_event_loop(
    number: signal.Signals, qtbot: QtBot
) -> None:
    window = Window()
    qtbot.addWidget(window)
    window.show()
    before = signal.getsignal(number)
    with closing_on_interrupt(window):
        os.kill(os.getpid(), number)
        assert window.closed == 0
        qtbot.waitUntil(lambda: window.closed == 1)
        assert signal.getsignal(number) is signal.SIG_DFL, "a second one ends it at once"
    assert signal.getsignal(number) is before
