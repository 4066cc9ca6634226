"""Asks the gateway what messages would say; the newest question alone is answered."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QObject, Signal

from tower.domain.commands import MessageWish
from tower.gateway.telling.answers import Previews, PreviewsWish
from ui.answers import AnswerFault, read
from ui.exchange import Answer
from ui.outreach.wire import PREVIEWS_PATH
from ui.session import Session


class Previewer(QObject):
    """One place that shows what messages would say.

    Attributes:
        trouble: why there is no preview, "" where there is one or none was asked for.
        shown: the previews of the newest question, None while they are not here.
        changed: `shown` or `trouble` is new.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._asked: tuple[MessageWish, ...] = ()
        self._number = 0
        self.shown: Previews | None = None
        self.trouble = ""

    @property
    def is_waiting(self) -> bool:
        """True while a question is not answered."""
        return bool(self._asked) and self.shown is None and not self.trouble

    def ask(self, wishes: Sequence[MessageWish]) -> None:
        """Ask about other messages; none for nothing."""
        self._asked, self.shown, self.trouble = tuple(wishes), None, ""
        self._number += 1
        number = self._number
        self.changed.emit()
        if self._asked:
            self._session.ask(
                PREVIEWS_PATH,
                lambda answer: self._on_answer(number, answer),
                headers={"Content-Type": "application/json"},
                body=msgspec.json.encode(PreviewsWish(messages=self._asked)),
            )

    def _on_answer(self, number: int, answer: Answer) -> None:
        if number != self._number:
            return
        try:
            self.shown = read(answer, Previews)
        except AnswerFault as error:
            self.trouble = str(error)
        self.changed.emit()
