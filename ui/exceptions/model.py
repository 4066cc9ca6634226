"""The exceptions as rows: those open, mine, or resolved, gravest first. Knows no widgets."""

from collections.abc import Callable, Iterable
from enum import IntEnum

from PySide6.QtCore import QObject, Signal

from tower.domain.state import Changed
from ui.exceptions.rows import (
    ExceptionRow,
    newest_first,
    read_exception,
    sla_words,
    urgency,
)
from ui.keyed import KeyedModel, held_order
from ui.session import Session

FRESH_S = 10.0
"""A new exception is highlighted for this long."""

NEWS_S = 90.0
"""What was raised longer ago is no news when it arrives, as after a lost connection."""


class View(IntEnum):
    """Which exceptions are shown."""

    OPEN = 0
    MINE = 1
    RESOLVED = 2


class ExceptionModel(KeyedModel[ExceptionRow]):
    """The exceptions of one view.

    Attributes:
        anchor: says which row must not move now; None where all may.
        counted: the numbers of `counts` are new.
    """

    titles: tuple[str, ...] = ("Kind", "Subject", "Detail", "SLA", "Owner")
    counted = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._all: dict[str, ExceptionRow] = {}
        self._came: dict[str, float] = {}
        self._view = View.OPEN
        self.anchor: Callable[[], str | None] = lambda: None
        session.state_replaced.connect(self._on_everything_changed)
        session.hidden_changed.connect(self._on_everything_changed)
        session.exceptions_changed.connect(self._on_exceptions_changed)
        session.records_changed.connect(self._on_records_changed)
        session.ticked.connect(self._on_ticked)
        self._on_everything_changed()

    @property
    def view(self) -> View:
        """Which exceptions are shown."""
        return self._view

    def show_view(self, view: View) -> None:
        """Show other exceptions."""
        self._view = view
        self.settle(hold=False)

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many are open, mine, resolved."""
        rows = self._all.values()
        is_open = sum(row.is_open for row in rows)
        return is_open, sum(row.is_mine for row in rows), len(rows) - is_open

    def read(self, exception_id: str) -> ExceptionRow | None:
        """An exception's row, whatever is shown."""
        return self._all.get(exception_id)

    def freshness(self, exception_id: str) -> float:
        """From 1 for an exception that just came to 0 for one that is known."""
        came = self._came.get(exception_id)
        if came is None:
            return 0.0
        return max(0.0, 1.0 - (self._session.clock.time() - came) / FRESH_S)

    def text(self, row: ExceptionRow, column: int) -> str:
        """What stands in a column."""
        sla = sla_words(row.due, self._session.clock.time()) if row.is_open else "resolved"
        return (row.kind, row.subject, row.detail, sla, row.owner)[column]

    def tip(self, row: ExceptionRow) -> str:
        """An exception in a line."""
        owner = f" · {row.owner}" if row.owner else ""
        return f"{row.severity.capitalize()}: {row.kind}, {row.subject}. {row.detail}{owner}"

    def settle(self, *, hold: bool = True) -> None:
        """Sort; while the pointer is over a row, nothing above it comes, goes or moves."""
        wanted = {row.id: row for row in self._in_view()}
        anchor = self.anchor() if hold else None
        if anchor is not None:
            kept = [id_ for id_ in self.ids if id_ in self._all]
            wanted = {id_: self._all[id_] for id_ in held_order(kept, list(wanted), anchor)}
        self.arrange(wanted)
        self.counted.emit()

    def _in_view(self) -> list[ExceptionRow]:
        rows = self._all.values()
        if self._view is View.RESOLVED:
            return sorted((row for row in rows if not row.is_open), key=newest_first)
        is_mine_only = self._view is View.MINE
        shown = (row for row in rows if row.is_open and (row.is_mine or not is_mine_only))
        return sorted(shown, key=urgency)

    def _read(self, ids: Iterable[str]) -> None:
        for id_ in ids:
            record = self._session.state.exceptions.get(id_)
            shown = record is not None and self._session.shows(record)
            row = read_exception(self._session, record) if record and shown else None
            if row is None:
                self._all.pop(id_, None)
            else:
                self._all[id_] = row

    def _on_everything_changed(self) -> None:
        self._all.clear()
        self._came.clear()
        self._read(self._session.state.exceptions)
        self.settle(hold=False)

    def _on_exceptions_changed(self, ids: Iterable[str]) -> None:
        before = {id_ for id_, row in self._all.items() if row.is_open}
        self._read(ids)
        now = self._session.clock.time()
        for id_ in ids:
            row = self._all.get(id_)
            is_news = row is not None and row.is_open and id_ not in before
            if row is not None and is_news and now - (row.raised or 0.0) < NEWS_S:
                self._came[id_] = now
        self.settle()

    def _on_records_changed(self, changed: Iterable[Changed]) -> None:
        """A stop's number or a driver's name may stand in a row."""
        if any(table in {"routes", "vehicles", "carriers"} for table, _ in changed):
            self._read(list(self._all))
            self.renew({id_: self._all[id_] for id_ in self.ids if id_ in self._all})

    def _on_ticked(self) -> None:
        """The SLA runs in every row."""
        self.tell(range(len(self.ids)))
        now = self._session.clock.time()
        self._came = {id_: at for id_, at in self._came.items() if now - at < FRESH_S}
