"""Tells every customer a late vehicle keeps waiting: the list first, then one command."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tower.domain.commands import Command, SendMessages
from tower.domain.records import Route
from tower.gateway.telling.answers import Preview, TemplateReport
from ui.exchange import CommandResult
from ui.outreach.catalogue import Catalogue
from ui.outreach.phrases import verdict_words
from ui.outreach.previews import Previewer
from ui.outreach.recipientlist import RecipientList
from ui.outreach.recipients import DELAY_NOTICE, Recipient, recipients, total_words, wishes_for
from ui.outreach.said import Said
from ui.outreach.wire import may_be_sent
from ui.proposals.aside import aside
from ui.session import Session
from ui.theme import TITLE_PX
from ui.widgets.sidebyside import side_by_side

_SIZE = QSize(900, 560)
_MOST = 500


class BulkWindow(QDialog):
    """Lists whom a message goes to; nobody is told before Send.

    Args:
        session: the shift.
        catalogue: the templates of the gateway.
        parent: the window it lies over.

    Attributes:
        template: what is said.
        everybody: list those on time, too.
        rows: the customers, each with a box.
        words: what the marked one is told.
        send_button: sends to those that are ticked.
        told: what became of it, in words.
    """

    told = Signal(str)

    def __init__(
        self, session: Session, catalogue: Catalogue, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._catalogue = session, catalogue
        self._route_id, self._exception_id = "", ""
        self._recipients: tuple[Recipient, ...] = ()
        self._command: Command | None = None
        self.previewer = Previewer(session, self)
        self.headline = Said(session.theme, "text", TITLE_PX, bold=True)
        self.template, self.everybody = QComboBox(), QCheckBox("Those on time, too")
        self.rows, self.words = RecipientList(session), QPlainTextEdit()
        self.total, self.trouble = Said(session.theme), Said(session.theme, "late", bold=True)
        self.send_button, self.close_button = QPushButton("&Send"), QPushButton("Close")
        self._lay_out()
        self._listen()

    def _lay_out(self) -> None:
        self.setWindowTitle("Tell customers")
        self.template.setAccessibleName("What they are told")
        self.words.setAccessibleName("What the marked customer is told")
        self.words.setReadOnly(True)
        self.words.setMaximumHeight(96)
        self.send_button.setProperty("primary", True)
        self.send_button.setToolTip("Ctrl+Enter")
        for button in (self.send_button, self.close_button):
            button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(self.headline)
        column.addLayout(side_by_side(self.template, self.everybody, None))
        column.addWidget(self.rows, 1)
        column.addWidget(self.words)
        column.addWidget(self.trouble)
        foot = side_by_side(self.total, self.close_button, self.send_button)
        foot.setStretch(0, 1)
        column.addLayout(foot)

    def _listen(self) -> None:
        self.template.activated.connect(self._ask)
        self.everybody.toggled.connect(self._fill)
        self.rows.ticked.connect(self._show_total)
        self.rows.walked.connect(self._show_words)
        self.previewer.changed.connect(self._show_previews)
        self.send_button.clicked.connect(self.send)
        self.close_button.clicked.connect(self.reject)
        self._catalogue.changed.connect(self._fill_templates)
        self._session.command_answered.connect(self._on_command_answered)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.send)

    # What is asked of it

    def open_route(self, route: Route, exception_id: str = "", template: str = "") -> None:
        """List the customers of a route.

        Args:
            route: whose vehicle is late.
            exception_id: why they are told, "" for no exception.
            template: what they are told, "" for a delay notice.
        """
        self._route_id, self._exception_id = route.id, exception_id
        self._command = None
        self.rows.forget_ticks()
        self.trouble.say("")
        self._catalogue.ask()
        self._fill_templates(template or DELAY_NOTICE)
        self._fill()
        over = self.parentWidget()
        if over is None:
            self.resize(_SIZE)
        else:
            self.setGeometry(aside(over.window(), _SIZE))
        self.show()
        self.raise_()
        self.activateWindow()
        self.rows.setFocus()

    def send(self) -> None:
        """Tell those that are ticked, with one command."""
        chosen = [one for one in self._recipients if one.stop.id in self.rows.chosen]
        if not chosen or self._command is not None:
            return
        wishes = wishes_for(chosen[:_MOST], self._template_name, self._exception_id)
        self._command = SendMessages(messages=wishes)
        self._show_total()
        self._session.run(self._command)

    # Showing

    @property
    def _template_name(self) -> str:
        return str(self.template.currentData() or DELAY_NOTICE)

    def _fill_templates(self, wanted: str = "") -> None:
        name = wanted or self._template_name
        known = [one for one in self._catalogue.reports.values() if not one.options]
        found = {one.name: one for one in known if one.is_notice or one.name == name}
        self.template.clear()
        for report in found.values():
            self.template.addItem(report.title, report.name)
        if name not in found:
            self.template.addItem(_title(self._catalogue.reports.get(name), name), name)
        self.template.setCurrentIndex(self.template.findData(name))

    def _fill(self) -> None:
        route = self._session.state.routes.get(self._route_id)
        everybody = self.everybody.isChecked()
        self._recipients = (
            recipients(self._session, route, everybody=everybody) if route is not None else ()
        )
        self.headline.say(_headline(route, self._recipients))
        self.rows.show_recipients(self._recipients)
        self._ask()

    def _ask(self) -> None:
        wishes = wishes_for(self._recipients[:_MOST], self._template_name, self._exception_id)
        self.previewer.ask(wishes)

    def _show_previews(self) -> None:
        asked = self.previewer
        self.rows.show_previews(asked.shown, is_waiting=asked.is_waiting)
        self.trouble.say(self.previewer.trouble)
        self._show_words()
        self._show_total()

    def _preview(self, stop_id: str) -> Preview | None:
        shown = self.previewer.shown
        found = (one for one in shown.previews if one.wish.stop_id == stop_id) if shown else ()
        return next(iter(found), None)

    def _show_words(self) -> None:
        preview = self._preview(self.rows.marked)
        self.words.setPlainText(_words(self._session, preview) if preview else "")

    def _show_total(self) -> None:
        shown = self.previewer.shown
        chosen = self.rows.chosen
        looking = "Looking…" if self._recipients else ""
        self.total.say(total_words(shown, chosen) if shown else looking)
        self.send_button.setEnabled(bool(shown and chosen) and self._command is None)
        self.send_button.setText(
            "Sending…" if self._command is not None else f"&Send to {len(chosen)}"
        )

    # Happenings

    def _on_command_answered(self, command: Command, result: CommandResult) -> None:
        if self._command is None or command is not self._command:
            return
        count = len(self._command.messages) if isinstance(self._command, SendMessages) else 0
        self._command = None
        self._show_total()
        if not result.ok:
            self.trouble.say(result.message or "It could not be sent.")
            return
        left_out = len(result.barred)
        rest = f", {left_out} left out: {result.barred[0].why}" if left_out else ""
        whom = "customer is" if count - left_out == 1 else "customers are"
        self.told.emit(f"{count - left_out} {whom} told{rest}")
        self.accept()


def _words(session: Session, preview: Preview) -> str:
    """What a customer is told, or why they are not."""
    return preview.words if may_be_sent(preview) else verdict_words(session, preview)


def _headline(route: Route | None, told: tuple[Recipient, ...]) -> str:
    name = route.name if route else ""
    late = sum(1 for one in told if one.why)
    if not late:
        return f"Nobody waits longer than promised for {name}"
    whose = "customer waits" if late == 1 else "customers wait"
    return f"{late} {whose} longer than promised for {name}"


def _title(report: TemplateReport | None, name: str) -> str:
    return report.title if report else name.replace("_", " ").capitalize()
