"""The exceptions as rows: those waiting, mine, snoozed or resolved. Knows no widgets."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QObject, Signal

from tower.domain.state import Changed
from tower.domain.words import ExceptionState, Severity
from tower.outreach.conversation import unread_by_stop
from ui.exceptions.rows import (
    AWAITED_WORDS,
    ExceptionRow,
    View,
    read_exception,
    sla_words,
)
from ui.exceptions.sieve import Sieve
from ui.exceptions.sorting import BY, BY_WAKING, BY_WORKED, Order, ranked_rows
from ui.exceptions.tallies import merged_by_target
from ui.keyed import KeyedModel, held_order
from ui.ranked import Slots
from ui.session import Session

FRESH_S = 10.0
"""A new exception is highlighted for this long."""

NEWS_S = 90.0
"""What was raised longer ago is no news when it arrives, as after a lost connection."""

_LINKED = frozenset({"routes", "vehicles", "carriers"})


class Counts(NamedTuple):
    """How many exceptions each tab has, whatever the filter lets through."""

    open: int
    mine: int
    snoozed: int
    resolved: int


class Held(NamedTuple):
    """What filters hold back of the tab that is shown."""

    rows: int = 0
    critical: int = 0


class ExceptionModel(KeyedModel[ExceptionRow]):
    """The exceptions of one view.

    Attributes:
        anchor: says which row must not move now; None where all may.
        counted: the numbers of `counts` and `held` are new.
    """

    titles: tuple[str, ...] = ("Kind", "Subject", "Detail", "SLA", "Owner")
    counted = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._all: dict[str, ExceptionRow] = {}
        self._ranked = ranked_rows()
        self._off_screen: dict[str, ExceptionRow] = {}
        self._came: dict[str, float] = {}
        self._woke: set[str] = set()
        self._unread, self._merged = Counter[str](), Counter[str]()
        self._view, self._order_by, self._sieve = View.OPEN, Order.SEVERITY, Sieve()
        self._held = Held()
        self.anchor: Callable[[], str | None] = lambda: None
        session.state_replaced.connect(self._on_everything_changed)
        session.hidden_changed.connect(self._on_everything_changed)
        session.actor_changed.connect(self._on_everything_changed)
        session.exceptions_changed.connect(self._on_exceptions_changed)
        session.records_changed.connect(self._on_records_changed)
        session.ticked.connect(self._on_ticked)
        self._on_everything_changed()

    # What is shown

    @property
    def view(self) -> View:
        """Which tab is shown."""
        return self._view

    @property
    def order(self) -> Order:
        """What the queue is sorted by."""
        return self._order_by

    @property
    def sieve(self) -> Sieve:
        """What is let through."""
        return self._sieve

    def show_view(self, view: View) -> None:
        """Show another tab."""
        self.show_all_of(view, self._order_by, self._sieve)

    def sort_by(self, order: Order) -> None:
        """Sort the queue by something else."""
        self.show_all_of(self._view, order, self._sieve)

    def sift(self, sieve: Sieve) -> None:
        """Let something else through."""
        self.show_all_of(self._view, self._order_by, sieve)

    def show_all_of(self, view: View, order: Order, sieve: Sieve) -> None:
        """Show a tab in an order through a sieve."""
        self._view, self._order_by, self._sieve = view, order, sieve
        self.settle(hold=False)

    @property
    def counts(self) -> Counts:
        """How many exceptions each tab has."""
        ranked = self._ranked
        slots = ranked.order()
        tab, is_mine = ranked.number("tab")[slots], ranked.number("is_mine")[slots]
        open_, snoozed, resolved = (
            tab == view for view in (View.OPEN, View.SNOOZED, View.RESOLVED)
        )
        found = (open_, open_ & (is_mine > 0), snoozed, resolved)
        return Counts(*(int(np.count_nonzero(one)) for one in found))

    @property
    def held(self) -> Held:
        """What filters hold back of the tab that is shown, the top bar's among them."""
        return self._held

    @property
    def known(self) -> Iterable[ExceptionRow]:
        """Every row, whatever is shown."""
        return self._all.values()

    def read(self, exception_id: str) -> ExceptionRow | None:
        """An exception's row, whatever is shown."""
        return self._all.get(exception_id)

    def freshness(self, exception_id: str) -> float:
        """From 1 for an exception that just came to 0 for one that is known."""
        came = self._came.get(exception_id)
        if came is None:
            return 0.0
        return max(0.0, 1.0 - (self._session.clock.time() - came) / FRESH_S)

    def has_woken(self, exception_id: str) -> bool:
        """Whether it came back from a snooze and nobody has taken it since."""
        return exception_id in self._woke

    # Words

    def text(self, row: ExceptionRow, column: int) -> str:
        """What stands in a column."""
        return (row.kind, row.subject, row.detail, self._due_words(row), row.owner)[column]

    def _due_words(self, row: ExceptionRow) -> str:
        if row.is_snoozed:
            return self.wake_words(row)
        return sla_words(row.due, self._session.clock.time()) if row.is_open else "resolved"

    def wake_words(self, row: ExceptionRow) -> str:
        """What a snoozed row waits for: `until 14:30`, `until a reply`."""
        if row.awaits is not None:
            return AWAITED_WORDS[row.awaits]
        return f"until {self._session.clock_text(row.wakes)}"

    def tip(self, row: ExceptionRow) -> str:
        """An exception in a line."""
        head = f"{row.severity.capitalize()}: {row.kind}, {row.subject}. {row.detail}"
        return " · ".join([head, *self._standing(row)])

    def _standing(self, row: ExceptionRow) -> Iterable[str]:
        if row.owner:
            yield row.owner
        if row.assigned:
            yield f"assigned to {row.assigned}"
        if row.is_escalated:
            yield "escalated"
        if row.is_snoozed:
            yield f"snoozed {self.wake_words(row)}, at the latest until " + (
                self._session.clock_text(row.wakes)
            )
        if row.unread:
            yield f"{row.unread} unread {'reply' if row.unread == 1 else 'replies'}"
        if row.merged:
            yield f"{row.merged} merged into it"

    # Arranging

    def settle(self, *, hold: bool = True) -> None:
        """Sort; while the pointer is over a row, nothing above it comes, goes or moves."""
        ids, anchor = self._in_view(), self.anchor() if hold else None
        if anchor is not None:
            kept = [id_ for id_ in self.ids if id_ in self._all]
            ids = held_order(kept, ids, anchor)
        self.line_up(ids, self._all)
        self.counted.emit()

    def _in_view(self) -> list[str]:
        """The rows of the tab that the sieve lets through, sorted."""
        in_tab, sieve, ranked = self._in_tab(), self._sieve, self._ranked
        slots = ranked.with_words(in_tab, sieve.wanted)
        if sieve.looks_closer:
            now = self._session.clock.time()
            slots = ranked.passing(slots, lambda row: sieve.lets(row, now))
        off_screen = [row for row in self._off_screen.values() if self._is_in_view(row)]
        critical = sum(row.severity is Severity.CRITICAL for row in off_screen)
        self._held = Held(
            len(off_screen) + len(in_tab) - len(slots),
            critical + self._criticals(in_tab) - self._criticals(slots),
        )
        return ranked.ids(slots)

    def _criticals(self, slots: Slots) -> int:
        return int(np.count_nonzero(self._ranked.number("rank")[slots] == Severity.CRITICAL.rank))

    def _in_tab(self) -> Slots:
        """The rows of the tab that is shown, sorted."""
        ranked, view = self._ranked, self._view
        slots = ranked.order(*self._by())
        tab = ranked.number("tab")[slots]
        if view is View.MINE:
            chosen = (tab == View.OPEN) & (ranked.number("is_mine")[slots] > 0)
        else:
            chosen = tab == view
        found: Slots = slots[chosen]
        return found

    def _by(self) -> tuple[str, ...]:
        if self._view is View.RESOLVED:
            return BY_WORKED
        return BY_WAKING if self._view is View.SNOOZED else BY[self._order_by]

    def _is_in_view(self, row: ExceptionRow) -> bool:
        if self._view is View.MINE:
            return row.is_mine and row.tab is View.OPEN
        return row.tab is self._view

    # Reading

    def _read(self, ids: Iterable[str]) -> None:
        fresh: dict[str, ExceptionRow] = {}
        for id_ in ids:
            record = self._session.state.exceptions.get(id_)
            row = None
            if record is not None and record.finding is not None:
                unread = self._unread[record.finding.subject.stop_id]
                merged = self._merged[id_]
                row = read_exception(self._session, record, unread=unread, merged=merged)
            self._off_screen.pop(id_, None)
            if row is None or record is None or not self._session.shows(record):
                self._all.pop(id_, None)
                self._ranked.drop([id_])
                if row is not None:
                    self._off_screen[id_] = row
            else:
                fresh[id_] = row
        self._all.update(fresh)
        self._ranked.put(fresh)
        if len(fresh) < len(self._all):
            self.renew(fresh)

    def _on_everything_changed(self) -> None:
        self._all.clear()
        self._ranked.clear()
        self._off_screen.clear()
        self._came.clear()
        self._woke.clear()
        state = self._session.state
        self._unread, self._merged = unread_by_stop(state), merged_by_target(state)
        self._read(state.exceptions)
        self.settle(hold=False)

    def _on_exceptions_changed(self, ids: Iterable[str]) -> None:
        before = {id_: self._all[id_] for id_ in ids if id_ in self._all}
        self._read([*ids, *self._recount_merged(ids)])
        now = self._session.clock.time()
        for id_ in ids:
            if (row := self._all.get(id_)) is not None:
                self._note_news(row, before.get(id_), now)
        self.settle()

    def _note_news(self, row: ExceptionRow, was: ExceptionRow | None, now: float) -> None:
        """What came, came back or woke is highlighted for a while."""
        is_new = was is None or not was.is_open
        woke = was is not None and was.is_snoozed and row.state is ExceptionState.OPEN
        if woke or (row.is_waiting and is_new and now - (row.raised or 0.0) < NEWS_S):
            self._came[row.id] = now
        if woke:
            self._woke.add(row.id)
        elif row.state is not ExceptionState.OPEN:
            self._woke.discard(row.id)

    def _recount_merged(self, ids: Iterable[str]) -> set[str]:
        """Count again where a duplicate came or went; whose count is another."""
        exceptions = self._session.state.exceptions
        targets = {exceptions[id_].work.merged_into for id_ in ids if id_ in exceptions}
        if not (targets - {""}) and not self._merged:
            return set()
        fresh = merged_by_target(self._session.state)
        changed = {
            id_ for id_ in fresh.keys() | self._merged.keys() if fresh[id_] != self._merged[id_]
        }
        self._merged = fresh
        return changed

    def _on_records_changed(self, changed: Iterable[Changed]) -> None:
        """A stop's number, a driver's name, or unread replies may stand in a row."""
        stops = self._recount_unread() if _touches(changed, {"replies", "seen"}) else set()
        ids = {one.id for one in changed if one.table in _LINKED}
        if ids or stops:
            self._renew_rows(ids, stops)

    def _recount_unread(self) -> set[str]:
        fresh = unread_by_stop(self._session.state)
        changed = {
            id_ for id_ in fresh.keys() | self._unread.keys() if fresh[id_] != self._unread[id_]
        }
        self._unread = fresh
        return changed

    def _renew_rows(self, linked: set[str], stops: set[str]) -> None:
        """Read again the rows that name something that changed."""
        exceptions = self._session.state.exceptions
        about = [row.id for row in self._all.values() if _names(row, linked, stops)]
        about += [
            id_
            for id_ in self._all
            if (finding := exceptions[id_].finding) and finding.subject.vehicle_id in linked
        ]
        self._read(dict.fromkeys(about))
        self.settle()

    def _on_ticked(self) -> None:
        """What is past its SLA may come through the sieve; the list itself is drawn anew."""
        if self._sieve.past_sla:
            self.settle()
        now = self._session.clock.time()
        self._came = {id_: at for id_, at in self._came.items() if now - at < FRESH_S}


def _touches(changed: Iterable[Changed], tables: set[str]) -> bool:
    return any(one.table in tables for one in changed)


def _names(row: ExceptionRow, linked: set[str], stops: set[str]) -> bool:
    place = row.place
    return place.route_id in linked or place.carrier_id in linked or place.stop_id in stops
