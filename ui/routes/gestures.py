"""What menus, keys and buttons do with the selected stops."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from tower.domain.commands import Command, LockStops
from tower.routes.change import UNASSIGNED, Move
from ui.draft.draft import Draft
from ui.draft.words import stops_words
from ui.exchange import CommandResult
from ui.routes.movedialog import MoveDialog
from ui.routes.stoplist import StopList
from ui.session import Session

LOCK_REASONS = ("Promised to the customer", "Agreed with the driver", "")
"""Why a stop is locked, at one click; the last is for no reason given."""

_SELECT_FIRST = "Select the stop first."


class StopGestures(QObject):
    """Moves, takes off and locks the selected stops; tells the draft's `notice` what cannot be.

    Args:
        session: says what is selected.
        draft: takes the gestures.
        lists: the lists of stops; the marked rows of one of them may be several.
        parent: the panel.

    Attributes:
        menu: asks why stops are to be locked.
    """

    def __init__(
        self, session: Session, draft: Draft, lists: Sequence[StopList], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._session, self._draft, self._lists, self._panel = session, draft, lists, parent
        self.menu = QMenu(parent)
        session.command_answered.connect(self._on_command_answered)

    @property
    def stops(self) -> tuple[str, ...]:
        """Ids of the stops a gesture is about: the marked rows around the selected stop.

        Of several those that are done are left out.
        """
        kind, chosen = self._session.selection
        for rows in self._lists:
            if kind == "stop" and chosen in rows.picked:
                return self._draft.movable(rows.picked)
        return (chosen,) if kind == "stop" and self._draft.stop(chosen) is not None else ()

    def shift(self, step: int) -> None:
        """Put the stops one place earlier (-1) or later (1) on their route, together."""
        self._say(self._shift(self.stops, step))

    def take_off(self) -> None:
        """Take the stops off their routes."""
        stops = self.stops
        move = Move(stops=stops, route_id=UNASSIGNED)
        self._say(self._draft.add(move) if stops else _SELECT_FIRST)

    def move_to(self) -> None:
        """Ask where to, and move them there."""
        if not self.stops:
            self._say(_SELECT_FIRST)
            return
        if why := self._draft.lift(self.stops):
            self._say(why)
            return
        MoveDialog(self._session, self._draft, self.stops, self._panel.window()).show()

    def toggle_lock(self) -> None:
        """Release the stops where all are locked, else ask why they are to be locked."""
        stops = self._open_stops()
        if not stops:
            self._say(_SELECT_FIRST)
        elif self.are_locked:
            self._session.run(LockStops(stops=stops, locked=False))
        else:
            self._ask_why(stops)

    @property
    def are_locked(self) -> bool:
        """True where every selected stop is locked."""
        found = [self._draft.stop(stop_id) for stop_id in self._open_stops()]
        return bool(found) and all(stop is not None and stop.lock is not None for stop in found)

    def _open_stops(self) -> tuple[str, ...]:
        found = (self._draft.stop(stop_id) for stop_id in self.stops)
        return tuple(stop.id for stop in found if stop is not None and not stop.is_done)

    def _shift(self, stops: Sequence[str], step: int) -> str:
        """Why stops cannot be put a place further, or "" where they were."""
        orders = self._draft.arranged
        homes = [
            route_id for route_id, order in orders.items() if route_id and set(order) & set(stops)
        ]
        fixed = next(filter(None, map(self._draft.why_fixed, stops)), "")
        if fixed or not stops:
            return fixed or _SELECT_FIRST
        if len(homes) != 1:
            return "Only stops of one route can be moved up or down together."
        order = orders[homes[0]]
        moving = tuple(stop_id for stop_id in order if stop_id in stops)
        rest = [stop_id for stop_id in order if stop_id not in moving]
        edge = order.index(moving[0] if step < 0 else moving[-1])
        place = sum(1 for stop_id in order[:edge] if stop_id not in moving) + step
        if not 0 <= place <= len(rest):
            return "It is the first already." if step < 0 else "It is the last already."
        before = rest[place] if place < len(rest) else ""
        return self._draft.add(Move(stops=moving, route_id=homes[0], before=before))

    # Locking

    def _ask_why(self, stops: tuple[str, ...]) -> None:
        """A menu of the usual reasons, below the marked row."""
        self.menu.clear()
        self.menu.addSection(f"Lock {stops_words(self._session, stops)}")
        for reason in LOCK_REASONS:
            action = self.menu.addAction(reason or "No reason given")
            action.triggered.connect(lambda _checked=False, why=reason: self._lock(stops, why))
        self.menu.addAction("Other reason…").triggered.connect(lambda: self._ask_other(stops))
        self.menu.popup(self._below(stops[0]))
        self.menu.setActiveAction(self.menu.actions()[1])

    def _ask_other(self, stops: tuple[str, ...]) -> None:
        box = QInputDialog(self._panel.window())
        box.setWindowTitle("Lock stops")
        box.setLabelText(f"Why is {stops_words(self._session, stops)} locked?")
        box.textValueSelected.connect(lambda words: self._lock(stops, words.strip()))
        box.finished.connect(box.deleteLater)
        box.open()

    def _lock(self, stops: tuple[str, ...], reason: str) -> None:
        self._session.run(LockStops(stops=stops, locked=True, reason=reason))

    def _below(self, stop_id: str) -> QPoint:
        for rows in self._lists:
            box = rows.row_box(stop_id)
            if rows.isVisible() and not box.isEmpty():
                return rows.viewport().mapToGlobal(box.bottomLeft() + QPoint(24, 0))
        return self._panel.mapToGlobal(QPoint(40, 60))

    def _on_command_answered(self, command: Command, result: CommandResult) -> None:
        if isinstance(command, LockStops) and not result.ok:
            self._say(result.message)

    def _say(self, words: str) -> None:
        if words:
            self._draft.notice.emit(words)
