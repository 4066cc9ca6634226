"""The map as a place for stops dragged from a list."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint

from ui.maphost import MapHost
from ui.routes.targets import Over, holds


class MapTarget:
    """On the line of a route, or on the strip that takes stops off theirs.

    The page finds what lies under the pointer and says so a moment later.
    """

    def __init__(self, host: MapHost) -> None:
        self._host = host

    def over(self, at: QPoint, stops: Sequence[str]) -> Over | None:
        """What letting go here would do."""
        if not holds(self._host, at):
            return None
        return Over(self._host.carry(self._host.mapFromGlobal(at), stops))

    def leave(self) -> None:
        """Nothing is held over the map any more."""
        self._host.carry_end()

    def open(self, name: str) -> None:
        """Nothing opens here."""
