"""Fetches the routes' lines from the gateway and keeps them current."""

import logging

from PySide6.QtCore import QObject, QTimer

from tower.domain.state import Changed
from ui.session import Answer, Session
from ui.shapes import ShapeError, read_shapes

_SOON_MS = 1500
_LATER_MS = 20_000
_OK, _SAME = 200, 304
_log = logging.getLogger(__name__)


class RouteLines(QObject):
    """Asks for the lines while some are missing, and again when a sequence changed."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._etag, self._asking = session, "", False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ask)
        session.state_replaced.connect(self._on_state_replaced)
        session.records_changed.connect(self._on_records_changed)

    def _on_state_replaced(self) -> None:
        self._etag = ""
        self._ask()

    def _on_records_changed(self, changed: frozenset[Changed]) -> None:
        if any(one.table == "routes" for one in changed) and self._missing():
            self._timer.start(_SOON_MS)

    def _missing(self) -> bool:
        shapes = self._session.shapes
        return any(
            route.id not in shapes or shapes[route.id].version != route.version
            for route in self._session.state.routes.values()
            if route.sequence
        )

    def _ask(self) -> None:
        if self._asking:
            return
        self._asking = True
        headers = {"If-None-Match": self._etag} if self._etag else {}
        self._session.ask("/v1/routes/shapes", self._on_answer, headers=headers)

    def _on_answer(self, answer: Answer) -> None:
        self._asking = False
        if answer.status == _OK:
            self._take(answer)
        elif answer.status != _SAME:
            _log.info("no route lines yet: %s", answer.message or answer.status)
        if self._missing():
            self._timer.start(_LATER_MS if answer.status == _SAME else _SOON_MS)

    def _take(self, answer: Answer) -> None:
        try:
            shapes = read_shapes(answer.body)
        except ShapeError as error:
            _log.warning("the map shows no route lines: %s", error)
            return
        self._etag = answer.etag
        self._session.set_shapes(shapes)
