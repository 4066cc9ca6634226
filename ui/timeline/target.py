"""The timeline as a place for stops dragged from elsewhere."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF

from ui.routes.targets import Over, holds
from ui.timeline.panel import TimelinePanel


class TimelineTarget:
    """Between the blocks of the row under the pointer."""

    def __init__(self, panel: TimelinePanel) -> None:
        self._panel = panel

    def over(self, at: QPoint, stops: Sequence[str]) -> Over | None:
        """What letting go here would do."""
        if not holds(self._panel.viewport(), at):
            return None
        return Over(self._panel.guest(QPointF(self._panel.viewport().mapFromGlobal(at)), stops))

    def leave(self) -> None:
        """No row is marked."""
        self._panel.guest_left()

    def open(self, name: str) -> None:
        """Nothing opens here."""
