"""Replies count as read once somebody really looked at them."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject

from tower.domain.commands import Command, SeeReplies
from ui.exchange import CommandResult
from ui.session import Session

LOOKED_TICKS = 2
"""Seconds a reply has to be in sight."""

_MOST = 500


class Reading(QObject):
    """Tells the gateway which replies were read at this desktop.

    Args:
        session: its seconds are counted.
        in_sight: ids of the unread replies somebody can see now.
        parent: its Qt parent.
    """

    def __init__(
        self,
        session: Session,
        in_sight: Callable[[], Iterable[str]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._in_sight = session, in_sight
        self._looked: dict[str, int] = {}
        self._told: set[str] = set()
        session.ticked.connect(self._on_ticked)
        session.command_answered.connect(self._on_command_answered)
        session.live_replaced.connect(self._told.clear)

    def _on_ticked(self) -> None:
        if self._session.past is not None:
            return
        seen = [one for one in self._in_sight() if one not in self._told]
        self._looked = {one: self._looked.get(one, 0) + 1 for one in seen}
        read = tuple(one for one, ticks in self._looked.items() if ticks >= LOOKED_TICKS)[:_MOST]
        if read:
            self._told.update(read)
            self._session.run(SeeReplies(replies=read))

    def _on_command_answered(self, command: Command, result: CommandResult) -> None:
        """What the gateway did not hear is told again; what it refused is not."""
        if isinstance(command, SeeReplies) and result.status == 0:
            self._told.difference_update(command.replies)
