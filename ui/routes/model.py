"""The routes of the shift as rows, sorted by risk. Knows no widgets."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from ui.keyed import KeyedModel, held_order
from ui.routes.standing import RouteRow
from ui.routes.standings import Standings
from ui.session import Session

_AT_ONCE = 500
"""Beyond so many routes new ones are in the list when all are read, or with the next tick."""

SORT_EVERY_TICKS = 2
"""Rows are sorted at most every two seconds, and never under the pointer."""


class RouteModel(KeyedModel[RouteRow]):
    """Every route on the screen that the filter lets through.

    Attributes:
        standings: reads the rows, for others too.
        anchor: says which row must not move now; None where all may.
        longest_name: the longest name of a route.
        counted: how many routes there are, or that the filter lets through, is new.
    """

    titles: tuple[str, ...] = ("Route", "Driver", "Vehicle", "Done", "Next", "Standing")
    counted = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.standings = Standings(session, self)
        self._wanted: tuple[str, ...] = ()
        self._ticks, self._sorted, self.longest_name = 0, 0, ""
        self.anchor: Callable[[], str | None] = lambda: None
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.timeout.connect(self._on_due)
        self.standings.renewed.connect(self._on_renewed)
        self.standings.replaced.connect(self._on_replaced)
        session.ticked.connect(self._on_ticked)
        self._on_replaced()

    @property
    def total(self) -> int:
        """How many routes there are on the screen, whatever the filter."""
        return len(self.standings.rows)

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
        ids = self.standings.by_risk(self._wanted)
        self._sorted = len(self.standings.rows)
        anchor = self.anchor()
        if anchor is not None:
            known = set(ids)
            ids = held_order([id_ for id_ in self.ids if id_ in known], ids, anchor)
        self.line_up(ids, self.standings.rows)
        self.counted.emit()

    def refresh(self) -> None:
        """Read again what may have changed; the rest in the next turns of the event loop."""
        self.standings.refresh()

    def _on_replaced(self) -> None:
        self.longest_name = ""
        self._note_names(self.standings.rows)
        self.settle()

    def _on_renewed(self, fresh: Mapping[str, RouteRow]) -> None:
        self._note_names(fresh)
        self.renew(fresh)
        is_whole = not self.standings.is_behind
        if self._lacks_rows and (is_whole or len(self.standings.rows) <= _AT_ONCE):
            self.settle()

    def _note_names(self, rows: Mapping[str, RouteRow]) -> None:
        names = (row.name for row in rows.values())
        self.longest_name = max((self.longest_name, *names), key=len)

    @property
    def _lacks_rows(self) -> bool:
        return self._sorted != len(self.standings.rows)

    def _on_ticked(self) -> None:
        self._ticks += 1
        if self._lacks_rows or (self._ticks % SORT_EVERY_TICKS == 0 and self.anchor() is None):
            self._due.start(0)

    def _on_due(self) -> None:
        self._session.turns.take(self._due, self.settle)
