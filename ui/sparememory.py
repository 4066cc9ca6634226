"""What the window has freed is given back to the machine while it runs.

The C library keeps what a whole new state and its lists needed for a moment. Giving it back takes a
millisecond or two where it is done often. Done beside the window's thread, that would have to wait
wherever the other thread is put aside halfway.
"""

from PySide6.QtCore import QObject, QTimer

from tower import heap
from ui.turns import Turns

EVERY_MS = 15_000


class SpareMemory(QObject):
    """Gives back what is free, again and again.

    Args:
        turns: keeps this apart from other long work.
    """

    def __init__(self, turns: Turns, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turns = turns
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_due)
        self._timer.start(EVERY_MS)

    def _on_due(self) -> None:
        self._turns.take(self._timer, self._give_back)

    def _give_back(self) -> None:
        heap.give_back()
        self._timer.start(EVERY_MS)
