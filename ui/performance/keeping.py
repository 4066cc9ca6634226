"""Targets, saved views and schedules, kept for the whole room. Knows no widgets."""

import secrets
from collections import deque
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import NamedTuple

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from tower.domain.commands import Command, SetReporting
from tower.domain.reporting import Reporting, SavedView
from tower.domain.state import Changed
from ui.exchange import CommandResult
from ui.session import Session

Change = Callable[[Reporting], Reporting]
"""What is to be other than it is; done again on what somebody else set meanwhile."""


class _Wish(NamedTuple):
    change: Change
    words: str


class Keeping(QObject):
    """Sends changes one after the other, each against what holds then.

    Attributes:
        changed: what is kept is other than it was.
        said: what became of a change, in words.
    """

    changed = Signal()
    said = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._wishes = deque[_Wish]()
        self._sent: Command | None = None
        self._version_sent, self._seq_awaited = -1, 0
        session.command_answered.connect(self._on_command_answered)
        session.records_changed.connect(self._on_records_changed)
        session.state_replaced.connect(self._on_state_replaced)

    @property
    def held(self) -> Reporting:
        """What holds now."""
        return self._session.state.room_reporting.reporting

    @property
    def may_change(self) -> bool:
        """Whether who sits here may change it."""
        return self._session.is_supervisor

    def change(self, change: Change, words: str) -> None:
        """Change what is kept.

        Args:
            change: makes what is wanted of what holds; may be called more than once.
            words: what it does, such as `View “Mondays” saved`.
        """
        self._wishes.append(_Wish(change, words))
        self._send()

    def save_view(self, view: SavedView) -> None:
        """Keep a view, in the place of the one with its id."""

        def change(held: Reporting) -> Reporting:
            views = {one.id: one for one in held.views} | {view.id: view}
            return replace(held, views=tuple(views.values()))

        self.change(change, f"View “{view.name}” saved")

    def delete_view(self, view: SavedView) -> None:
        """Forget a view; where a scheduled report has its filters the gateway says so."""

        def change(held: Reporting) -> Reporting:
            return replace(held, views=tuple(one for one in held.views if one.id != view.id))

        self.change(change, f"View “{view.name}” deleted")

    def _send(self) -> None:
        """Send the first wish, once what is known is as new as what was answered last."""
        entry = self._session.state.room_reporting
        if self._sent is not None or not self._wishes or self._is_behind:
            return
        wanted = self._wishes[0].change(entry.reporting)
        if wanted == entry.reporting:
            self.said.emit(self._wishes.popleft().words)
            self._send()
            return
        self._version_sent = entry.version
        self._sent = SetReporting(version=entry.version, reporting=wanted)
        self._session.run(self._sent)

    @property
    def _is_behind(self) -> bool:
        """True while the event that made our knowledge old has not come yet."""
        is_same = self._session.state.room_reporting.version == self._version_sent
        return is_same and self._session.state.seq < self._seq_awaited

    def _on_command_answered(self, command: Command, result: CommandResult) -> None:
        if command is not self._sent:
            return
        self._sent = None
        if result.ok:
            self._seq_awaited = result.seq
            self.said.emit(self._wishes.popleft().words)
        elif result.status == HTTPStatus.CONFLICT:
            # Whoever was faster is told of by an event that is on its way.
            self._seq_awaited = self._session.state.seq + 1
        else:
            self.said.emit(f"Not kept: {result.message}")
            self._wishes.popleft()
        self._send()

    def _on_records_changed(self, changed: Iterable[Changed]) -> None:
        if any(one.table == "reportings" for one in changed):
            self.changed.emit()
        self._send()

    def _on_state_replaced(self) -> None:
        self._version_sent, self._seq_awaited = -1, 0
        self.changed.emit()
        self._send()


def new_id() -> str:
    """An id for a view or a schedule."""
    return secrets.token_hex(8)
