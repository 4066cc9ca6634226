"""The lower part of an exception's card: its playbook, what a step shows, the conversation."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from shiboken6 import isValid

from tower.domain.records import ExceptionRecord
from tower.domain.words import StepAction
from tower.outreach.case import POINT
from ui.draft.draft import Draft
from ui.outreach.callpane import CallPane
from ui.outreach.messagepane import MessagePane
from ui.outreach.movepane import MovePane
from ui.outreach.pane import Pane
from ui.outreach.playbook import Case, Offered, case_of, offered_steps
from ui.outreach.playbookrow import PlaybookRow
from ui.outreach.pointpane import PointPane
from ui.outreach.said import Said
from ui.session import Session

_TEMPLATES = {StepAction.SAFE_PLACE: "safe_place", StepAction.PICKUP_POINT: "pickup_point"}
"""What is said by steps that name no template."""


class PlaybookArea(QWidget):
    """The buttons of the playbook, and below them the step that is about to be done.

    Attributes:
        row: the buttons; `row.fire(n)` does what key n does.
        message, call, points, moving: what the steps show.
        pane_opened: a step shows what it would do, or takes more room for it; the widget.
        pane_closed: it is put away.
        bulk_wanted: the exception whose route's customers are to be told together, and the step.
        spread_wanted: id of the route whose stops other vehicles are to take over.
    """

    pane_opened = Signal(object)
    pane_closed = Signal()
    bulk_wanted = Signal(object, object)
    spread_wanted = Signal(str)

    def __init__(self, session: Session, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._draft = session, draft
        self._case: Case | None = None
        self._point_template = ""
        self._before: QWidget | None = None
        self.row = PlaybookRow(session.theme)
        self.declined = Said(session.theme, "at_risk")
        self.message, self.call = MessagePane(session), CallPane(session)
        self.points, self.moving = PointPane(session), MovePane(session, draft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self.row, self.declined, *self._panes):
            column.addWidget(part)
        self._listen()

    def _listen(self) -> None:
        self.row.fired.connect(self._on_fired)
        self.row.declined.connect(self.declined.say)
        self.message.failed.connect(self.declined.say)
        self.points.asked.connect(self._on_point_asked)
        for pane in self._panes:
            pane.closed.connect(self._on_closed)
            pane.resized.connect(partial(self._on_resized, pane))
        self._draft.changed.connect(self.refresh)

    @property
    def _panes(self) -> tuple[Pane, ...]:
        return self.message, self.call, self.points, self.moving

    @property
    def open_pane(self) -> Pane | None:
        """What a step shows now, None while none was fired."""
        return next((pane for pane in self._panes if not pane.isHidden()), None)

    def show_record(self, record: ExceptionRecord | None) -> None:
        """Show the playbook of an exception; of another one, what was open is put away."""
        was = self._case.record.id if self._case else ""
        self._case = case_of(self._session, record) if record is not None else None
        if (record.id if record else "") != was:
            self._put_away()
        self.refresh()

    def refresh(self) -> None:
        """Offer the steps as they make sense now."""
        case = self._case
        self.row.show_steps(offered_steps(self._session, self._draft, case) if case else ())

    def _put_away(self) -> None:
        self.declined.say("")
        for pane in self._panes:
            pane.close_pane()

    def _on_fired(self, offered: Offered) -> None:
        if self._case is None:
            return
        before = self._before or QApplication.focusWidget()
        self._put_away()
        self._before = before
        self._open(offered, self._case)
        if pane := self.open_pane:
            self.pane_opened.emit(pane)

    def _open(self, offered: Offered, case: Case) -> None:
        step = offered.step
        template = step.template or _TEMPLATES.get(step.action, "")
        asks_point = POINT in self.message.catalogue.options(template)
        match step.action:
            case StepAction.MESSAGE if asks_point:
                self._point_template = template
                self.points.open_points(case)
            case StepAction.MESSAGE | StepAction.SAFE_PLACE:
                self._open_message(step.title, template, {})
            case StepAction.CALL_DRIVER | StepAction.CALL_CUSTOMER:
                self.call.open_call(case, step.action)
            case StepAction.PICKUP_POINT:
                self._point_template = template
                self.points.open_points(case)
            case StepAction.SERVE_EARLIER:
                self.moving.open_earlier(case)
            case StepAction.RETURN_TO_DEPOT:
                self.moving.open_return(case)
            case StepAction.BULK_MESSAGE:
                self.bulk_wanted.emit(case, step)
            case StepAction.SPREAD_STOPS if case.route is not None:
                self.spread_wanted.emit(case.route.id)

    def _open_message(self, title: str, template: str, options: dict[str, str]) -> None:
        case = self._case
        if case is not None and case.stop is not None:
            self.message.open_message(title, case.stop.id, case.record.id, template, options)

    def _on_point_asked(self, point_id: str) -> None:
        title = self.points.title.text().split(" · ")[0]
        template, before = self._point_template, self._before
        self.points.close_pane()
        self._before = before
        self._open_message(title, template, {POINT: point_id})
        self.pane_opened.emit(self.message)

    def _on_resized(self, pane: Pane) -> None:
        if not pane.isHidden():
            self.pane_opened.emit(pane)

    def _on_closed(self) -> None:
        """The keyboard goes on where it was before a step was fired."""
        before, self._before = self._before, None
        if self.open_pane is None:
            self.pane_closed.emit()
        if self.open_pane is None and before is not None and isValid(before):
            before.setFocus(Qt.FocusReason.OtherFocusReason)
