"""What can be done about an exception, as buttons that fit its state."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from tower.domain.records import ExceptionRecord
from tower.domain.words import ExceptionState
from ui.session import PAST_WORDS
from ui.widgets.flow import FlowLayout

_TITLES = {
    "claim": "Claim  C",
    "wake": "Wake  W",
    "resolve": "Resolve  R",
    "release": "Release  U",
    "snooze": "Snooze  S",
    "reopen": "Reopen  ⇧R",
    "moment": "That moment  H",
}
_MORE = {
    "assign": "Assign…\tA",
    "escalate": "Escalate…\tE",
    "note": "Note…\tN",
    "merge": "Merge…\tShift+M",
    "false_alarm": "False alarm…\tX",
}
_TIPS = {"moment": "Go to when it was raised, and show what its vehicle was doing"}
_ALWAYS = frozenset({"moment"})
"""What makes sense for every exception, and can be pressed whatever is on its way."""

_GAP_PX = 6


class WorkButtons(QWidget):
    """The buttons of the card, with the keys that do the same; the rest behind `…`.

    Attributes:
        by_name: the buttons by the name of their work.
        more: the button of the menu, and `menu` the menu's actions by the name of their work.
        wanted: the name of the work whose button was pressed.
    """

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.by_name = {name: self._make(name, title) for name, title in _TITLES.items()}
        self.more, menu = QPushButton("…"), QMenu(self)
        self.menu = {name: self._entry(menu, name, title) for name, title in _MORE.items()}
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.setAccessibleName("More that can be done")
        self.more.setToolTip("Assign, escalate, note, merge, false alarm")
        self.more.clicked.connect(
            lambda _checked=False: menu.popup(
                self.more.mapToGlobal(QPoint(0, self.more.height() + 2))
            )
        )
        row = FlowLayout(self, gap_px=_GAP_PX, line_px=_GAP_PX)
        for button in (*self.by_name.values(), self.more):
            row.addWidget(button)

    def _make(self, name: str, title: str) -> QPushButton:
        button = QPushButton(title)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(_TIPS.get(name, ""))
        button.clicked.connect(lambda _checked=False: self.wanted.emit(name))
        return button

    def _entry(self, menu: QMenu, name: str, title: str) -> QAction:
        action = menu.addAction(title)
        action.triggered.connect(lambda _checked=False: self.wanted.emit(name))
        return action

    def show_record(
        self,
        record: ExceptionRecord,
        actor_id: str,
        *,
        is_waiting: bool,
        is_past: bool = False,
    ) -> None:
        """Show what can be done with an exception as it stands.

        Args:
            record: the exception.
            actor_id: who sits here.
            is_waiting: a command on it is on its way; nothing can be pressed meanwhile.
            is_past: it is shown as it was, and only a note can be written.
        """
        shown, primary = _fitting(record, actor_id)
        is_off = is_waiting or is_past
        for name, button in self.by_name.items():
            button.setVisible(name in shown or name in _ALWAYS)
            button.setEnabled(not is_off or name in _ALWAYS)
            button.setToolTip(
                PAST_WORDS if is_past and name not in _ALWAYS else _TIPS.get(name, "")
            )
            _set_primary(button, is_primary=name == primary)
        for name, action in self.menu.items():
            action.setEnabled(name == "note" or (record.is_open and not is_off))


def _fitting(record: ExceptionRecord, actor_id: str) -> tuple[frozenset[str], str]:
    """The work that fits an exception as it stands, and what is done first."""
    match record.work.state:
        case ExceptionState.RESOLVED:
            return frozenset({"reopen"}), "reopen"
        case ExceptionState.SNOOZED:
            return frozenset({"wake", "claim", "resolve"}), "wake"
        case ExceptionState.CLAIMED:
            is_mine = record.work.owner == actor_id
            return frozenset({"release", "resolve", "snooze"}), "resolve" if is_mine else ""
    return frozenset({"claim", "resolve", "snooze"}), "claim"


def _set_primary(button: QPushButton, *, is_primary: bool) -> None:
    if button.property("primary") != is_primary:
        button.setProperty("primary", is_primary)
        button.style().unpolish(button)
        button.style().polish(button)
