"""Opens the performance window, one for the whole desktop, and closes it with the desktop."""

from PySide6.QtCore import QObject, QSettings, Signal

from ui.performance.exporting import Exporting
from ui.performance.riskmap import RiskMap
from ui.performance.window import PerformanceWindow
from ui.session import Session


class PerformanceDesk(QObject):
    """Makes the window the first time it is wanted.

    Args:
        session: the shift.
        settings: keeps the window's place.
        parent: its Qt parent.

    Attributes:
        map_wanted: a stop was selected, the main window is to show it.
    """

    map_wanted = Signal()

    def __init__(
        self, session: Session, settings: QSettings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._settings = session, settings
        self._window: PerformanceWindow | None = None

    def open(self) -> PerformanceWindow:
        """Show the window, or bring it to the front."""
        if self._window is None:
            self._window = make_window(self._session, self._settings)
            self._window.map_wanted.connect(self.map_wanted)
        self._window.open_at_last_place()
        return self._window

    def close(self) -> None:
        """Close the window, as when the desktop closes."""
        if self._window is not None:
            self._window.close()


def make_window(session: Session, settings: QSettings) -> PerformanceWindow:
    """The window with all its pages and exports."""
    window = PerformanceWindow(session, settings)
    window.add_page("Risk map", RiskMap(window, session))
    Exporting(window, session, settings)
    return window
