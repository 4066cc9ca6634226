"""One panel's questions to the gateway, answered together. Knows no widgets."""

import logging
from collections.abc import Callable, Mapping
from functools import partial

import msgspec
from PySide6.QtCore import QObject, Signal

from tower.kpi.query import Answer, Ask
from ui.answers import AnswerFault, read
from ui.exchange import Answer as Reply
from ui.session import Session

QUERY = "/v1/kpi/query"
_log = logging.getLogger(__name__)

Shape = Callable[[Mapping[str, Answer]], object]
"""Makes of the answers what a panel draws; runs in a worker."""


class Inquiry(QObject):
    """Asks, waits for every answer, and has them shaped off the GUI thread.

    Answers to what is not asked any more are dropped; what was drawn stays until there is better.

    Attributes:
        asks: what is asked now, by the names of the questions.
        answers: what was answered last, by the same names.
        picture: what the panel draws, None before the first answers.
        trouble: why there is no fresh picture, "" where there is one.
        is_waiting: something is asked and not answered.
        answered: any of these is another.
    """

    answered = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._ticket, self._replies = 0, dict[str, Reply]()
        self._shape: Shape | None = None
        self.asks: Mapping[str, Ask] = {}
        self.answers: Mapping[str, Answer] = {}
        self.picture: object = None
        self.trouble, self.is_waiting = "", False

    def want(self, asks: Mapping[str, Ask], shape: Shape) -> None:
        """Ask these questions; what is asked already is only shaped again."""
        is_known = asks == self.asks and bool(self.answers) and not self.trouble
        self.asks, self._shape = asks, shape
        if is_known and not self.is_waiting:
            self._compute(self._ticket, lambda: self.answers)
        else:
            self.ask_again()

    def ask_again(self) -> None:
        """Ask the same questions once more."""
        self._ticket += 1
        self._replies = {}
        self.is_waiting = True
        ticket = self._ticket
        for name, ask in self.asks.items():
            taking = partial(self._on_reply, ticket, name)
            self._session.ask(QUERY, taking, body=msgspec.json.encode(ask))
        self.answered.emit()

    def _on_reply(self, ticket: int, name: str, reply: Reply) -> None:
        if ticket != self._ticket:
            return
        self._replies[name] = reply
        if len(self._replies) == len(self.asks):
            replies = dict(self._replies)
            self._compute(ticket, lambda: _read(replies))

    def _compute(self, ticket: int, answers: Callable[[], Mapping[str, Answer]]) -> None:
        shape = self._shape

        def work() -> tuple[Mapping[str, Answer], object, str]:
            try:
                read = answers()
                return read, shape(read) if shape is not None else None, ""
            except AnswerFault as error:
                return {}, None, str(error)
            except (ValueError, LookupError) as error:
                _log.warning("an answer about figures cannot be drawn", exc_info=error)
                return {}, None, f"the gateway's answer cannot be drawn ({error})"

        self._session.compute(work, lambda done: self._on_shaped(ticket, *done))

    def _on_shaped(
        self, ticket: int, answers: Mapping[str, Answer], picture: object, trouble: str
    ) -> None:
        if ticket != self._ticket:
            return
        self.is_waiting, self.trouble = False, trouble
        if not trouble:
            self.answers, self.picture = answers, picture
        self.answered.emit()


def _read(replies: Mapping[str, Reply]) -> Mapping[str, Answer]:
    return {name: read(reply, Answer) for name, reply in replies.items()}
