"""Commands are off in the past: their actions are greyed, and say why."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from ui.session import PAST_WORDS, Session

COMMANDS: tuple[str, ...] = (
    "import_manifest",
    "undo",
    "redo",
    "room_settings",
    "route_optimise",
    "routes_optimise",
    "stop_best_place",
    "route_broke_down",
    "stop_why_arrival",
    "stop_claims",
    "stop_earlier",
    "stop_later",
    "stop_move_to",
    "stop_take_off",
    "stop_lock",
    "draft_commit",
    "draft_discard",
    "exception_claim",
    "exception_release",
    "exception_assign",
    "exception_assign_me",
    "exception_snooze",
    "exception_wake",
    "exception_escalate",
    "exception_resolve",
    "exception_false_alarm",
    "exception_merge",
    "exception_reopen",
    *(f"playbook_{number}" for number in range(1, 10)),
    "reply_write",
    "reply_choose",
    "bulk_message",
    "report_arrivals",
    "report_refused",
)
"""Ids of the actions that change something, or tell of nothing but now."""


class CommandsOff(QObject):
    """Greys actions and parts of the window while the past is shown.

    Args:
        session: says whether it is.
        actions: every action of the window by its id.
        parts: widgets that only give commands.
    """

    def __init__(
        self, session: Session, actions: Mapping[str, QAction], parts: Iterable[QWidget]
    ) -> None:
        super().__init__(session)
        self._session = session
        self._actions = [actions[name] for name in COMMANDS if name in actions]
        self._parts = list(parts)
        self._tips: dict[QAction, tuple[str, str]] = {}
        self._part_tips: dict[QWidget, str] = {}
        self._enabled: dict[QAction, bool] = {}
        self._is_off = False
        session.past_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Switch them off or on again."""
        is_past = self._session.past is not None
        if is_past == self._is_off:
            return
        self._is_off = is_past
        if is_past:
            self._switch_off()
        else:
            self._switch_on()

    def _switch_off(self) -> None:
        for action in self._actions:
            self._tips[action] = (action.toolTip(), action.statusTip())
            self._enabled[action] = action.isEnabled()
            action.setEnabled(False)
            action.setToolTip(PAST_WORDS)
            action.setStatusTip(PAST_WORDS)
            for menu in (one for one in action.associatedObjects() if isinstance(one, QMenu)):
                menu.setToolTipsVisible(True)
        for part in self._parts:
            self._part_tips[part] = part.toolTip()
            part.setEnabled(False)
            part.setToolTip(PAST_WORDS)

    def _switch_on(self) -> None:
        for action in self._actions:
            tip, status = self._tips[action]
            action.setEnabled(self._enabled[action])
            action.setToolTip(tip)
            action.setStatusTip(status)
        for part in self._parts:
            part.setEnabled(True)
            part.setToolTip(self._part_tips[part])
