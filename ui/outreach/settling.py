"""What a person decides about messages, and does about replies. Knows no widgets."""

from PySide6.QtCore import QObject, Signal

from tower.domain.commands import (
    AmendStop,
    CancelMessage,
    Command,
    SeeReplies,
    SetConsent,
    SettleMessage,
)
from tower.outreach.deeds import Deed
from ui.exchange import CommandResult
from ui.session import Session


class Settling(QObject):
    """Sends what was decided or done, and keeps what was answered.

    Attributes:
        trouble: why the last decision was not carried out, "" where it was.
        changed: `trouble` or what is under way is another.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._sent: list[Command] = []
        self.trouble = ""
        session.command_answered.connect(self._on_command_answered)

    def choose(self, message_id: str, choice: str) -> None:
        """Decide about a message.

        Args:
            message_id: its id.
            choice: `again`, `leave` or `cancel`.
        """
        message = self._session.state.messages.get(message_id)
        if message is None:
            return
        if choice == "cancel":
            self.run(CancelMessage(message_id=message_id, version=message.version))
        else:
            again = choice == "again"
            self.run(SettleMessage(message_id=message_id, version=message.version, again=again))

    def consent(self, address: str, *, allowed: bool) -> None:
        """Write down what somebody told us on another way about being written to."""
        words = "told us on another way"
        self.run(SetConsent(address=address, allowed=allowed, words=words))

    def do(self, reply_id: str, deed: Deed) -> None:
        """Write down what a reply says about its stop; it counts as dealt with then."""
        reply = self._session.state.replies.get(reply_id)
        if reply is None:
            return
        if deed.changes is None:
            self.note(reply_id, deed)
            return
        self.run(
            AmendStop(
                stop_id=reply.stop_id,
                changes=deed.changes,
                because=deed.words,
                reply_id=reply_id,
            )
        )

    def note(self, reply_id: str, deed: Deed) -> None:
        """Write down that a reply was dealt with."""
        self.run(SeeReplies(replies=(reply_id,), deed=deed.words))

    def run(self, command: Command) -> None:
        """Send a command; the same one is not sent twice while it is under way."""
        if command in self._sent:
            return
        self._sent.append(command)
        self.trouble = ""
        self.changed.emit()
        self._session.run(command)

    def _on_command_answered(self, command: Command, result: CommandResult) -> None:
        mine = next((one for one in self._sent if one is command), None)
        if mine is None:
            return
        self._sent.remove(mine)
        if not result.ok:
            self.trouble = result.message or "It could not be done."
        self.changed.emit()
