"""Fetches the routes' lines from the gateway and keeps them current."""

import logging
from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, QTimer

from tower.domain.records import Route
from tower.domain.state import Changed
from ui.exchange import Answer
from ui.session import Session
from ui.shapes import RouteShape, ShapeError, read_shapes

STALE_S = 90.0
"""Seconds of the gateway's clock after which the legs of the lines are worth another look."""

_SOON_MS = 1500
_LATER_MS = 20_000
_OK, _SAME = 200, 304
_log = logging.getLogger(__name__)


class RouteLines(QObject):
    """Asks for the lines while some are missing, and again when a sequence changed."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._etag, self._asking = session, "", False
        self._asked_at = float("-inf")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ask)
        session.live_replaced.connect(self._on_state_replaced)
        session.records_changed.connect(self._on_records_changed)

    def renew(self) -> None:
        """The legs are needed as they are expected now: ask, unless that was just done."""
        if self._session.live_clock.time() - self._asked_at > STALE_S:
            self._ask()

    def _on_state_replaced(self) -> None:
        self._etag = ""
        self._ask()

    def _on_records_changed(self, changed: frozenset[Changed]) -> None:
        if self._session.past is not None:
            return
        known = self._session.live_state.routes
        routes = (known.get(one.id) for one in changed if one.table == "routes")
        if self._missing(route for route in routes if route is not None):
            self._timer.start(_SOON_MS)

    def _missing(self, routes: Iterable[Route]) -> bool:
        shapes = self._session.shapes
        return any(
            route.id not in shapes or shapes[route.id].version != route.version
            for route in routes
            if route.sequence
        )

    def _ask(self) -> None:
        if self._asking:
            return
        self._asking, self._asked_at = True, self._session.live_clock.time()
        headers = {"If-None-Match": self._etag} if self._etag else {}
        self._session.ask("/v1/routes/shapes", self._on_answer, headers=headers)

    def _on_answer(self, answer: Answer) -> None:
        if answer.status == _OK:
            self._session.compute(
                lambda: _read(answer.body), lambda found: self._on_read(found, answer.etag)
            )
            return
        if answer.status != _SAME:
            _log.info("no route lines yet: %s", answer.message or answer.status)
        self._end(_LATER_MS if answer.status == _SAME else _SOON_MS)

    def _on_read(self, found: Mapping[str, RouteShape] | ShapeError, etag: str) -> None:
        if isinstance(found, ShapeError):
            _log.warning("the map shows no route lines: %s", found)
        else:
            self._etag = etag
            self._session.set_shapes(found)
        self._end(_SOON_MS)

    def _end(self, again_ms: int) -> None:
        """Ask again where some line is still missing."""
        self._asking = False
        if self._missing(self._session.live_state.routes.values()):
            self._timer.start(again_ms)


def _read(body: bytes) -> Mapping[str, RouteShape] | ShapeError:
    try:
        return read_shapes(body)
    except ShapeError as error:
        return error
