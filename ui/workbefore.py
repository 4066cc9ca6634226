"""How things were before each command of a dispatcher, so that it can be taken back."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer

from tower.domain.commands import AmendStop, Command
from tower.domain.records import StopPlan, Work
from ui.deeds import Part
from ui.draft.words import stops_words
from ui.inverses import CALLED, Undoable, amendment_back, way_back
from ui.session import Session

_REMEMBERED = 1_000
"""Commands on their way; those beyond were lost with a connection."""


class WorkBefore(QObject):
    """Remembers what commands on exceptions and stops found, until they are answered.

    Commands sent in one turn of the event loop are one gesture, such as claiming all that is
    marked.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._before: list[tuple[Command, int, Work | StopPlan]] = []
        self._turn, self._is_going_on = 0, False

    def note(self, command: Command) -> None:
        """A command is about to be sent."""
        found = self._found(command)
        if found is None:
            return
        if not self._is_going_on:
            self._turn, self._is_going_on = self._turn + 1, True
            QTimer.singleShot(0, self, self._end_turn)
        self._before = [*self._before[-_REMEMBERED:], (command, self._turn, found)]

    def done(self, command: Command) -> Part | None:
        """A command was answered: what takes it back, None where nothing does."""
        known = next((one for one in self._before if one[0] is command), None)
        if known is not None:
            self._before.remove(known)
        found = known[2] if known else self._found(command)
        back = self._back(command, found)
        return Part(command, back, known[1] if known else 0) if back else None

    def words(self, commands: Sequence[Command]) -> str:
        """What a gesture is called."""
        first = commands[0]
        if isinstance(first, AmendStop):
            return f"agreement about {stops_words(self._session, (first.stop_id,))}"
        called = CALLED[type(first)]
        if len(commands) > 1:
            return f"{called} {len(commands)} exceptions"
        record = self._session.state.exceptions.get(getattr(first, "exception_id", ""))
        headline = record.finding.headline if record and record.finding else "exception"
        return f"{called} {headline}"

    def _end_turn(self) -> None:
        self._is_going_on = False

    def _found(self, command: Command) -> Work | StopPlan | None:
        state = self._session.state
        if isinstance(command, Undoable):
            record = state.exceptions.get(command.exception_id)
            return record.work if record else None
        if isinstance(command, AmendStop):
            stop = state.stops.get(command.stop_id)
            return stop.plan if stop else None
        return None

    def _back(self, command: Command, found: Work | StopPlan | None) -> tuple[Command, ...]:
        if isinstance(command, Undoable) and isinstance(found, Work):
            return way_back(command, found, self._session.actor_id, self._session.now)
        if isinstance(command, AmendStop) and isinstance(found, StopPlan):
            back = amendment_back(command, found)
            return (back,) if back else ()
        return ()
