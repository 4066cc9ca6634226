"""The templates the gateway has, asked for when they are needed. Knows no widgets."""

from PySide6.QtCore import QObject, Signal

from tower.gateway.telling.answers import TemplateReport
from ui.answers import AnswerFault, read
from ui.exchange import Answer
from ui.session import Session

TEMPLATES_PATH = "/v1/outreach/templates"


class Catalogue(QObject):
    """Every template by name.

    Attributes:
        reports: the templates, empty before the gateway told.
        trouble: why they are not known, "" where they are.
        changed: they are known now.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._is_asking = session, False
        self.reports: dict[str, TemplateReport] = {}
        self.trouble = ""
        session.state_replaced.connect(self._forget)

    def ask(self) -> None:
        """Have them asked for, unless they are known."""
        if not self.reports and not self._is_asking:
            self._is_asking = True
            self._session.ask(TEMPLATES_PATH, self._on_answer)

    def options(self, template: str) -> tuple[str, ...]:
        """What a template asks for besides the case itself."""
        report = self.reports.get(template)
        return report.options if report else ()

    def _forget(self) -> None:
        """Another gateway may have others."""
        self.reports = {}

    def _on_answer(self, answer: Answer) -> None:
        self._is_asking = False
        try:
            found = read(answer, list[TemplateReport])
        except AnswerFault as error:
            self.trouble = str(error)
            return
        self.trouble, self.reports = "", {one.name: one for one in found}
        self.changed.emit()
