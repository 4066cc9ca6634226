"""The menu of the queue's filter: ticks for kinds, severities, carriers, depots and the like."""

from collections.abc import Callable, Mapping

from msgspec.structs import replace
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from tower.domain.words import ExceptionKind, Severity
from ui.exceptions.rows import kind_words
from ui.exceptions.sieve import Sieve
from ui.outreach.phrases import on_one_line
from ui.session import Session
from ui.topbar.filters import TickMenu, carriers, depots

FLAGS = {
    "unread": "Unread replies",
    "past_sla": "Past SLA",
    "escalated": "Escalated",
    "unclaimed": "Nobody's",
}
"""What can be switched on by itself, with its words."""

LISTS = {
    "kinds": "Kind",
    "severities": "Severity",
    "carriers": "Carrier",
    "depots": "Depot",
    "service_levels": "Service level",
}
"""What names those it lets through, with its words."""


def choices(session: Session, field: str) -> Mapping[str, str]:
    """What can be ticked for a field of the sieve, with its words."""
    match field:
        case "kinds":
            return {kind: kind_words(kind) for kind in ExceptionKind}
        case "severities":
            return {severity: severity.value for severity in Severity}
        case "carriers":
            return carriers(session)
        case "depots":
            return depots(session)
    plans = (stop.plan for stop in session.state.stops.values())
    levels = sorted({plan.service_level for plan in plans if plan and plan.service_level})
    return {level: level for level in levels}


class SieveMenu(QMenu):
    """Ticks for everything the queue can be filtered by, read anew each time it opens.

    Args:
        session: what can be ticked.
        sieve: gives what is let through now.
        sift: takes what is to be let through.
        parent: its Qt parent.
    """

    def __init__(
        self,
        session: Session,
        sieve: Callable[[], Sieve],
        sift: Callable[[Sieve], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._sieve, self._sift = session, sieve, sift
        self.aboutToShow.connect(self.refresh)

    def refresh(self) -> None:
        """Read again what can be ticked and what is."""
        self.clear()
        for field, words in FLAGS.items():
            self.addAction(self._flag(field, words))
        self.addSeparator()
        for field, words in LISTS.items():
            self._add_list(field, words)
        self.addSeparator()
        clear = self.addAction("Clear the filter")
        clear.setEnabled(bool(self._sieve()))
        clear.triggered.connect(lambda _checked=False: self._sift(Sieve()))

    def _flag(self, field: str, words: str) -> QAction:
        action = QAction(words, self)
        action.setCheckable(True)
        action.setChecked(getattr(self._sieve(), field))
        action.toggled.connect(lambda on: self._set(field, on))
        return action

    def _add_list(self, field: str, words: str) -> None:
        found = choices(self._session, field)
        menu = TickMenu(words, self)
        for id_, name in found.items():
            action = menu.addAction(on_one_line(name).replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(id_ in getattr(self._sieve(), field))
            action.toggled.connect(lambda on, which=id_: self._tick(field, which, on))
        menu.setEnabled(bool(found))
        self.addMenu(menu)

    def _tick(self, field: str, id_: str, on: bool) -> None:
        ids = getattr(self._sieve(), field)
        self._set(field, ids | {id_} if on else ids - {id_})

    def _set(self, field: str, value: object) -> None:
        self._sift(replace(self._sieve(), **{field: value}))
