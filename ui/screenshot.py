"""`tower --screenshot`: wait for live data, save the window, say what it showed."""

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QPixmap

from tower.gateway.options import ExitCode, TowerError
from ui.maphost import MapHost
from ui.session import Session
from ui.timings import Timings

_WAIT_S = 90


class ScreenshotError(TowerError):
    """The picture could not be taken or saved."""


def facts(session: Session, timings: Timings, external_requests: int) -> dict[str, object]:
    """What `tower --screenshot` prints: counts, age of the data, times of the start."""
    exceptions = session.state.exceptions.values()
    return {
        "vehicles": len(session.vehicles),
        "stops": len(session.state.stops),
        "routes": len(session.state.routes),
        "exceptions": sum(one.is_open for one in exceptions),
        "data_age_s": session.data_age_s,
        **timings.seconds(),
        "external_requests": external_requests,
    }


class Screenshot(QObject):
    """Waits for live data, then a while, then takes the picture.

    Args:
        session: tells when data is live.
        timings: tells when the map and its vehicles are drawn.
        map_host: counts the map's requests.
        grab: takes the picture of the window.
        file: where it goes.
        after_s: seconds of live data before it is taken.

    Attributes:
        taken: the line to print.
        failed: the `TowerError` that says why there is no picture.
    """

    taken = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        session: Session,
        timings: Timings,
        map_host: MapHost,
        grab: Callable[[], QPixmap],
        file: str,
        after_s: float,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._timings, self._map = session, timings, map_host
        self._grab, self._file, self._after_s = grab, file, after_s
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.timeout.connect(self._on_waited)
        self._waiting.start(_WAIT_S * 1000)
        timings.completed.connect(self._on_live)

    def _on_live(self) -> None:
        self._waiting.stop()
        QTimer.singleShot(round(self._after_s * 1000), self, self._take)

    def _on_waited(self) -> None:
        reached = [name for name, seconds in self._timings.seconds().items() if seconds]
        error = ScreenshotError(
            f"No live data within {_WAIT_S} s (reached: {', '.join(reached) or 'nothing'}; "
            f"link: {self._session.link.status} {self._session.link.reason}). No picture taken."
        )
        error.exit_code = ExitCode.UNREACHABLE
        self.failed.emit(error)

    def _take(self) -> None:
        target = Path(self._file)
        line = facts(self._session, self._timings, self._map.external_requests)
        if not self._grab().save(str(target), "PNG"):
            error = ScreenshotError(f"The picture cannot be written to {target}.")
            error.exit_code = ExitCode.DATA
            self.failed.emit(error)
            return
        self.taken.emit(json.dumps(line))
