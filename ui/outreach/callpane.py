"""A call to a driver or a customer: the number, the call, and what came of it as a note."""

from typing import NamedTuple

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLineEdit

from tower.domain.commands import Command, NoteException
from tower.domain.words import StepAction
from ui.exchange import CommandResult
from ui.outreach.pane import Pane
from ui.outreach.phrases import joined, on_one_line
from ui.outreach.playbook import Case
from ui.session import Session

_LONGEST = 500


class Callee(NamedTuple):
    """Whom to call.

    Attributes:
        who: `driver A. Fuentes`.
        masked: the number reaches them without telling theirs.
    """

    who: str
    number: str
    masked: bool


def callee_of(case: Case, action: StepAction) -> Callee:
    """Whom a step of a playbook calls; a masked number goes before their own."""
    if action is StepAction.CALL_DRIVER:
        plan = case.route.plan if case.route else None
        name, masked = (plan.driver_name, plan.driver_masked_phone) if plan else ("", "")
        return _callee("driver", name, masked, plan.driver_phone if plan else "")
    stop = case.stop.plan if case.stop else None
    name, masked = (stop.customer, stop.masked_phone) if stop else ("", "")
    return _callee("customer", name, masked, stop.phone if stop else "")


def _callee(what: str, name: str, masked: str, own: str) -> Callee:
    return Callee(f"{what} {on_one_line(name)}".strip(), masked or own, bool(masked))


def tel_link(number: str) -> QUrl:
    """A number as a link a telephone program opens; only what can be dialled stays (RFC 3966)."""
    dialled = "".join(one for one in number if one.isascii() and (one.isdigit() or one in "+*#"))
    link = QUrl()
    link.setScheme("tel")
    link.setPath(dialled)
    return link


class CallPane(Pane):
    """Calls somebody, and notes that on the exception.

    Attributes:
        came_of_it: what was said.
        call_button: calls, and notes that somebody did.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session.theme, "Call")
        self._session = session
        self._callee, self._exception_id = Callee("", "", masked=False), ""
        self._commands: list[Command] = []
        self.number = self.small("text")
        self.said = self.small()
        self.came_of_it = QLineEdit()
        self.came_of_it.setAccessibleName("What came of the call")
        self.came_of_it.setPlaceholderText("What came of it?  Enter notes it")
        self.came_of_it.setMaxLength(_LONGEST)
        self.body.addWidget(self.came_of_it)
        self.call_button = self.add_button("Call  Enter", self.call, primary=True)
        self.add_button("Leave it  Esc", self.close_pane)
        self.end_buttons()
        session.command_answered.connect(self._on_command_answered)

    def open_call(self, case: Case, action: StepAction) -> None:
        """Show whom a step calls, ready to call."""
        self._callee, self._exception_id = callee_of(case, action), case.record.id
        callee = self._callee
        self.title.say(f"Call {callee.who}")
        masked = "masked: neither side sees the other's number" if callee.masked else ""
        self.number.say(joined(on_one_line(callee.number), masked))
        self.said.say("Opens your telephone program, and notes the call on this exception.")
        self.trouble.say("")
        self.came_of_it.clear()
        self.came_of_it.hide()
        self.call_button.show()
        self.show()
        self.call_button.setFocus()

    def accept_step(self) -> None:
        """Call, or note what came of it."""
        if self.came_of_it.isHidden():
            self.call()
        elif words := self.came_of_it.text().strip():
            self._note(f"{self._callee.who}: {words}")
            self.close_pane()
        else:
            self.close_pane()

    def call(self) -> None:
        """Open the telephone program, and ask what came of it."""
        opened = QDesktopServices.openUrl(tel_link(self._callee.number))
        self._note(f"Called {self._callee.who}")
        self.said.say(
            "Noted on this exception."
            if opened
            else "No telephone program opened: dial the number. The call is noted."
        )
        self.call_button.hide()
        self.came_of_it.show()
        self.came_of_it.setFocus()

    def _note(self, words: str) -> None:
        command = NoteException(exception_id=self._exception_id, words=words)
        self._commands.append(command)
        self._session.run(command)

    def _on_command_answered(self, command: Command, result: CommandResult) -> None:
        mine = next((one for one in self._commands if one is command), None)
        if mine is None:
            return
        self._commands.remove(mine)
        if not result.ok:
            self.show()
            self.trouble.say(f"Not noted: {result.message}")
