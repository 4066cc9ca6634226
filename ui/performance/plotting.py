"""pyqtgraph, imported by a worker once somebody wants to draw; charts are made one at a time."""

import importlib
from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer

from ui.session import Session


class Plotting(QObject):
    """Hands the library to whoever wants to draw, one in each turn of the event loop."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._library: Any = None
        self._is_asked = False
        self._waiting = deque[Callable[[Any], None]]()
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._serve)

    def when_ready(self, build: Callable[[Any], None]) -> None:
        """Call `build` with the library, soon."""
        self._waiting.append(build)
        if self._library is not None:
            self._next.start(0)
        elif not self._is_asked:
            self._is_asked = True
            self._session.compute(lambda: importlib.import_module("pyqtgraph"), self._on_imported)

    def _on_imported(self, library: Any) -> None:  # noqa: ANN401 - untyped library
        self._library = library
        self._next.start(0)

    def _serve(self) -> None:
        if self._waiting:
            self._waiting.popleft()(self._library)
        if self._waiting:
            self._next.start(0)
