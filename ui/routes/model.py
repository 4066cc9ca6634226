"""The routes of the shift as rows, sorted by risk. Knows no widgets."""

from collections.abc import Callable, Iterable
from itertools import islice

from PySide6.QtCore import QObject, QTimer, Signal

from tower.domain.state import Changed
from tower.domain.words import Punctuality
from ui.keyed import KeyedModel, held_order
from ui.routes.outlook import Outlook
from ui.routes.standing import RouteRow, read_route, risk
from ui.session import Session

REFRESH_MS = 200
BATCH = 150
"""Routes read in one turn of the event loop; each takes a sixteenth of a millisecond."""

SORT_EVERY_TICKS = 2
"""Rows are sorted at most every two seconds, and never under the pointer."""


class RouteModel(KeyedModel[RouteRow]):
    """Every route on the screen that the filter lets through.

    Attributes:
        anchor: says which row must not move now; None where all may.
        longest_name: the longest name of a route that is shown.
        counted: how many routes there are, or that the filter lets through, is new.
    """

    titles: tuple[str, ...] = ("Route", "Driver", "Vehicle", "Done", "Next", "Standing")
    counted = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._all: dict[str, RouteRow] = {}
        self._stale: set[str] = set()
        self._wanted: tuple[str, ...] = ()
        self._ticks, self.longest_name = 0, ""
        self.anchor: Callable[[], str | None] = lambda: None
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.timeout.connect(self.refresh)
        session.state_replaced.connect(self._on_everything_changed)
        session.hidden_changed.connect(self._on_everything_changed)
        session.records_changed.connect(self._on_records_changed)
        session.arrivals_changed.connect(self._on_arrivals_changed)
        session.ticked.connect(self._on_ticked)
        self._on_everything_changed()

    @property
    def total(self) -> int:
        """How many routes there are on the screen, whatever the filter."""
        return len(self._all)

    def text(self, row: RouteRow, column: int) -> str:
        """What stands in a column."""
        at = self._session.clock_text(row.at)
        progress = f"{row.done}/{row.total}"
        return (row.name, row.driver, row.vehicle, progress, at, row.words)[column]

    def tip(self, row: RouteRow) -> str:
        """A route in a line."""
        failed = f", {row.failed} of them failed" if row.failed else ""
        told = f"\nThe driver and the new order: {row.notice.words}" if row.notice.words else ""
        return (
            f"{row.name} · {row.driver} · {row.vehicle}: {row.words}, "
            f"{row.done} of {row.total} stops done{failed}{told}"
        )

    def filter(self, words: str) -> None:
        """Show only the routes in which every one of these words stands."""
        self._wanted = tuple(words.casefold().split())
        self.settle()

    def settle(self) -> None:
        """Sort, as far as no row under the pointer moves."""
        shown = [row for row in self._all.values() if self._passes(row)]
        self.longest_name = max((row.name for row in shown), key=len, default="")
        rows = {row.id: row for row in sorted(shown, key=risk)}
        anchor = self.anchor()
        if anchor is not None:
            kept = [id_ for id_ in self.ids if id_ in rows]
            rows = {id_: rows[id_] for id_ in held_order(kept, list(rows), anchor)}
        self.arrange(rows)
        self.counted.emit()

    def refresh(self) -> None:
        """Read again what may have changed; the rest in the next turns of the event loop."""
        batch = set(islice(self._stale, BATCH))
        self._stale -= batch
        fresh = self._read(batch)
        has_come = any(id_ not in self._all for id_ in fresh)
        self._all.update(fresh)
        self.renew(fresh)
        if has_come:
            self.settle()
        self._due.stop()
        if self._stale:
            self._due.start(0)

    def _read(self, route_ids: Iterable[str]) -> dict[str, RouteRow]:
        session, outlook = self._session, Outlook(self._session.arrivals)
        routes = (session.state.routes.get(route_id) for route_id in route_ids)
        shown = (route for route in routes if route is not None and session.shows(route))
        return {route.id: read_route(session, route, outlook) for route in shown}

    def _passes(self, row: RouteRow) -> bool:
        return all(word in row.search for word in self._wanted)

    def _on_everything_changed(self) -> None:
        self._all.clear()
        self._stale = set(self._session.state.routes)
        self.refresh()
        self.settle()

    def _on_records_changed(self, changed: Iterable[Changed]) -> None:
        for table, id_ in changed:
            if table == "routes":
                self._stale.add(id_)
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
            self._stale.add(stop.route_id)

    def _soon(self) -> None:
        if self._stale and not self._due.isActive():
            self._due.start(REFRESH_MS)

    def _on_ticked(self) -> None:
        self._ticks += 1
        self._touch_silent()
        self._soon()
        if self._ticks % SORT_EVERY_TICKS == 0 and self.anchor() is None:
            self.settle()

    def _touch_silent(self) -> None:
        """Silence goes on, and so does waiting for a driver, without any other word about it."""
        vehicles, code = self._session.vehicles, Punctuality.NO_SIGNAL.code
        for handle in (vehicles.columns["punctuality"] == code).nonzero()[0]:
            route_id = self._session.links.route_of_vehicle.get(vehicles.id_of(int(handle)))
            if route_id:
                self._stale.add(route_id)
        for id_, row in self._all.items():
            if row.standing is Punctuality.NO_SIGNAL or row.notice.is_waiting:
                self._stale.add(id_)
