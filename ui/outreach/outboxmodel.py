"""The rows of the outbox: every message and reply of the shift, newest first."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from tower.domain.events import Event, MessageBarred
from tower.domain.messages import Message
from tower.domain.records import StopPlan
from tower.domain.state import Changed
from ui.eventlog.past import Past
from ui.keyed import KeyedModel
from ui.outreach.outboxrows import (
    Group,
    OutboxRow,
    newest_first,
    read_barred,
    read_message,
    read_reply,
)
from ui.session import Session

_TABLES = frozenset({"messages", "replies", "seen", "consents"})


class _Made(NamedTuple):
    """What was made of a message, and what it rests on: its stop's plan and number too."""

    of: Message
    plan: StopPlan | None
    number: int
    row: OutboxRow


class OutboxModel(KeyedModel[OutboxRow]):
    """Keeps the rows up to date and shows those of one group.

    Attributes:
        counted: how many rows each group has may be another number.
    """

    titles: tuple[str, ...] = ("When", "Who", "Words", "Standing")
    counted = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._every: dict[str, OutboxRow] = {}
        self._held: dict[str, datetime] = {}
        self._made: dict[str, _Made] = {}
        self._group, self._words = Group.ALL, ""
        self._past: Past | None = None
        session.records_changed.connect(self._on_records_changed)
        session.events_arrived.connect(self._on_events_arrived)
        session.state_replaced.connect(self._on_state_replaced)
        session.ticked.connect(self._on_ticked)
        self._on_state_replaced()

    def text(self, row: OutboxRow, column: int) -> str:
        """What stands in a column."""
        return (self._session.clock_text(row.at), row.who, row.words, row.standing)[column]

    @property
    def counts(self) -> Counter[Group]:
        """How many rows each group has."""
        found = Counter(group for row in self._every.values() for group in row.groups)
        found[Group.ALL] = len(self._every)
        return found

    @property
    def unread(self) -> int:
        """Replies nobody has read."""
        return sum(1 for row in self._every.values() if row.is_unread)

    def read(self, id_: str) -> OutboxRow | None:
        """A row whether it is shown or not."""
        return self._every.get(id_)

    def narrow(self, group: Group, words: str) -> None:
        """Show only rows of a group that have every one of some words."""
        self._group, self._words = group, words.casefold()
        self._show()

    # Happenings

    def _on_state_replaced(self) -> None:
        state = self._session.state
        self._every, self._held = {}, {}
        if self._session.past is None:
            self._made = {}
        if self._past is not None:
            self._past.dismiss()
        self._past = Past(self._session, state.seq, self._on_past_known) if state.seq else None
        self._renew(state.messages, state.replies)
        self._show()

    def _on_past_known(self, events: Sequence[Event]) -> None:
        self._past = None
        self._take_barred(events)

    def _on_events_arrived(self, events: Sequence[Event]) -> None:
        if self._past is not None:
            self._past.hold(events)
        else:
            self._take_barred(events)

    def _take_barred(self, events: Iterable[Event]) -> None:
        """What was barred is kept for the audit only, so it is read from the events."""
        fresh = {
            event.id: read_barred(self._session, event, event.body)
            for event in events
            if isinstance(event.body, MessageBarred)
        }
        if fresh:
            self._every.update(fresh)
            self._show()

    def _on_records_changed(self, changed: Iterable[Changed]) -> None:
        mine = [one for one in changed if one.table in _TABLES]
        if not mine:
            return
        messages = {one.id for one in mine if one.table == "messages"}
        replies = {one.id for one in mine if one.table in ("replies", "seen")}
        self._renew(messages, replies)
        self._show_again(messages | replies)

    def _on_ticked(self) -> None:
        """A message that is held says so until it is not."""
        now = self._session.now
        due = {id_ for id_, until in self._held.items() if until <= now}
        if due:
            self._renew(due, ())
            self._show_again(due)

    def _renew(self, messages: Iterable[str], replies: Iterable[str]) -> None:
        state = self._session.state
        for id_ in messages:
            if message := state.messages.get(id_):
                self._take_message(message)
        for id_ in replies:
            if reply := state.replies.get(id_):
                self._every[id_] = read_reply(self._session, reply)

    def _take_message(self, message: Message) -> None:
        row = self._row(message)
        if row is None:
            return
        self._every[message.id] = row
        until = message.plan.send_after if message.plan else None
        if until is not None and Group.WAITING in row.groups and until > self._session.now:
            self._held[message.id] = until
        else:
            self._held.pop(message.id, None)

    def _row(self, message: Message) -> OutboxRow | None:
        """A message as a row; what was made of the same before is shown again."""
        stop = self._session.state.stops.get(message.plan.stop_id) if message.plan else None
        number = self._session.links.number_of_stop.get(stop.id, 0) if stop else 0
        plan, known = stop.plan if stop else None, self._made.get(message.id)
        if known and known.of is message and known.plan is plan and known.number == number:
            return known.row
        row = read_message(self._session, message)
        if row is not None and message.last is not None:  # else it depends on the time
            self._made[message.id] = _Made(message, plan, number, row)
        return row

    def _show_again(self, ids: Iterable[str]) -> None:
        """Show some rows as they are now; all are arranged only where one comes or goes."""
        rows = {id_: self._every[id_] for id_ in ids if id_ in self._every}
        if any(self._passes(row) != (self.place_of(id_) >= 0) for id_, row in rows.items()):
            self._show()
        else:
            self.renew(rows)
            self.counted.emit()

    def _show(self) -> None:
        passing = [row for row in self._every.values() if self._passes(row)]
        self.arrange({row.id: row for row in sorted(passing, key=newest_first)})
        self.counted.emit()

    def _passes(self, row: OutboxRow) -> bool:
        if self._group is not Group.ALL and self._group not in row.groups:
            return False
        text = f"{row.who} {row.words} {row.standing}".casefold() if self._words else ""
        return all(word in text for word in self._words.split())
