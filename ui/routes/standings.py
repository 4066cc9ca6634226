"""How every route stands, read once for everybody who lists routes. Knows no widgets."""

import time
from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer, Signal

from tower.domain.state import Changed
from tower.domain.words import Punctuality
from ui.routes.outlook import Outlook
from ui.routes.standing import BY_RISK, RouteRow, ranked_by_risk, read_route
from ui.session import Session
from ui.shares import share_of, without

REFRESH_MS = 200
"""Changes are gathered for so long."""

AT_LEAST = 32
"""Routes read in one turn of the event loop, whatever it takes; some ten take a millisecond."""

_BETWEEN_CLOCKS = 8

SHARE_S, REST_MS = 0.005, 30
"""Seconds of processor time for further ones, and the milliseconds the others have then before the
next turn."""

PAST_SHARE_S = 0.020
"""The same for a moment of the past, which is waited for: the next turn comes at once, and whoever
lists routes is drawn anew after each."""


class Standings(QObject):
    """Keeps a row of every route on the screen, made anew when something about it changed.

    Of a large shift a share is read in each turn of the event loop, so that the window answers
    meanwhile.

    Attributes:
        rows: the rows by route id.
        ranked: the same, to be sorted and searched.
        renewed: rows were read; a dict of them by route id.
        replaced: another state or filter; all rows are read anew.
    """

    renewed = Signal(object)
    replaced = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._rows: dict[str, RouteRow] = {}
        self.ranked = ranked_by_risk()
        self._stale: dict[str, None] = {}
        self._lasting: set[str] = set()
        self._of_moment: set[str] = set()
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.timeout.connect(self._on_due)
        session.past_changed.connect(self._of_moment.clear)
        session.state_replaced.connect(self._on_everything_changed)
        session.hidden_changed.connect(self._on_everything_changed)
        session.records_changed.connect(self._on_records_changed)
        session.arrivals_changed.connect(self._on_arrivals_changed)
        session.ticked.connect(self._on_ticked)
        self._on_everything_changed()

    @property
    def rows(self) -> dict[str, RouteRow]:
        """The rows by route id; to be read only."""
        return self._rows

    def by_risk(self, words: Iterable[str] = ()) -> list[str]:
        """Ids of the routes, those in trouble first; with words only where all of them stand."""
        return self.ranked.ids(self.ranked.with_words(self.ranked.order(*BY_RISK), words))

    @property
    def is_behind(self) -> bool:
        """True while routes that changed were not read again yet."""
        return bool(self._stale)

    def _on_due(self) -> None:
        self._session.turns.take(self._due, self.refresh)

    def refresh(self) -> None:
        """Read again what may have changed; the rest in the next turns of the event loop."""
        self._read(SHARE_S if self._session.past is None else PAST_SHARE_S)

    def _read(self, share_s: float) -> None:
        self._due.stop()
        is_past, fresh = self._session.past is not None, self._read_some(share_s)
        self._rows.update(fresh)
        self.ranked.put(fresh)
        self._lasting.difference_update(fresh)
        self._lasting.update(id_ for id_, row in fresh.items() if _lasts(row))
        if is_past:
            self._of_moment.update(fresh)
        if fresh:
            self.renewed.emit(fresh)
        if self._stale:
            self._due.start(0 if is_past else REST_MS)

    def _read_some(self, share_s: float) -> dict[str, RouteRow]:
        """Rows of routes that may have changed, for as long as there is time."""
        ends, outlook = time.thread_time() + share_s, Outlook(self._session.arrivals)
        fresh, read = dict[str, RouteRow](), list[str]()
        for route_id in share_of(
            self._stale, ends, at_least=AT_LEAST, between_clocks=_BETWEEN_CLOCKS
        ):
            read.append(route_id)
            route = self._session.state.routes.get(route_id)
            if route is not None and self._session.shows(route):
                fresh[route_id] = read_route(self._session, route, outlook)
        self._stale = without(self._stale, read)
        return fresh

    def _on_everything_changed(self) -> None:
        self._rows.clear()
        self.ranked.clear()
        self._lasting.clear()
        self._of_moment.clear()
        self._stale = dict.fromkeys(self._session.state.routes)
        self._read(SHARE_S)  # everybody else has much to do in this turn too
        self.replaced.emit()

    def _on_records_changed(self, changed: Iterable[Changed]) -> None:
        for table, id_ in changed:
            if table == "routes":
                self._stale[id_] = None
            elif table == "stops":
                self._touch(id_)
        self._soon()

    def _on_arrivals_changed(self, stop_ids: Iterable[str]) -> None:
        for stop_id in stop_ids:
            self._touch(stop_id)
        self._soon()

    def _touch(self, stop_id: str) -> None:
        stop = self._session.state.stops.get(stop_id)
        if stop is not None and stop.route_id:
            self._stale[stop.route_id] = None

    def _soon(self) -> None:
        for route_id in self._of_moment:  # what is said of a moment is all so when it begins
            self._stale.pop(route_id, None)
        if self._stale and not self._due.isActive():
            self._due.start(REFRESH_MS if self._session.past is None else 0)

    def _on_ticked(self) -> None:
        """Silence goes on, and so does waiting for a driver, without any other word about it."""
        vehicles, code = self._session.vehicles, Punctuality.NO_SIGNAL.code
        ids, route_of = vehicles.ids, self._session.links.route_of_vehicle
        silent = (vehicles.columns["punctuality"][: len(ids)] == code).nonzero()[0]
        routes = dict.fromkeys(route_of.get(ids[handle], "") for handle in silent.tolist())
        routes.pop("", None)
        self._stale.update(routes)
        self._stale.update(dict.fromkeys(self._lasting))
        self._soon()


def _lasts(row: RouteRow) -> bool:
    """Whether what a row says grows older with each second."""
    return row.standing is Punctuality.NO_SIGNAL or row.notice.is_waiting
