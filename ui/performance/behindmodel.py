"""The facts behind a number: one question, one page of lines. Knows no widgets."""

from typing import NamedTuple

import msgspec
from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt, Signal

from tower.kpi.measures.definition import Definition
from tower.kpi.query import Behind, BehindAnswer, FactLine
from ui.answers import AnswerFault, read
from ui.exchange import Answer
from ui.keyed import ID_ROLE, NO_INDEX, Index
from ui.performance.definitions import Definitions
from ui.performance.phrases import day_words, label_words, value_words
from ui.session import Session
from ui.sortedrows import SortedModel

BEHIND = "/v1/kpi/behind"
PAGE = 200


class Line(NamedTuple):
    """A fact as the list shows it: in words, and what it is sorted by."""

    fact: FactLine
    words: tuple[str, ...]
    ranks: tuple[float | str, ...]


TITLES = (
    "When",
    "Stop",
    "Value",
    "What",
    "Route",
    "Driver",
    "Carrier",
    "Postcode",
    "Customer",
    "Depot",
)


VALUE = TITLES.index("Value")


class BehindModel(SortedModel[Line]):
    """Asks for the facts behind a number and shows them.

    Attributes:
        wanted: the question, None before there is one.
        total: how many facts there are.
        trouble: why there are none, "" where there are.
        is_waiting: asked and not answered.
        answered: any of these is another.
    """

    titles: tuple[str, ...] = TITLES
    answered = Signal()

    def __init__(
        self, session: Session, definitions: Definitions, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._definitions = session, definitions
        self.wanted: Behind | None = None
        self.total, self.trouble, self.is_waiting = 0, "", False
        self._ticket = 0

    @property
    def definition(self) -> Definition | None:
        """The measure's whose facts these are."""
        return self._definitions.known.get(self.wanted.measure) if self.wanted else None

    def want(self, wanted: Behind) -> None:
        """Ask for the facts behind a number."""
        self.wanted = replace(wanted, limit=PAGE)
        self._ticket += 1
        ticket = self._ticket
        self.is_waiting, self.trouble = True, ""
        body = msgspec.json.encode(self.wanted)
        self._session.ask(BEHIND, lambda reply: self._on_reply(ticket, reply), body=body)
        self.answered.emit()

    def ask_again(self) -> None:
        """Ask the same once more."""
        if self.wanted is not None:
            self.want(self.wanted)

    def turn(self, pages: int) -> None:
        """Go on by so many pages, or back."""
        if self.wanted is not None:
            last = max(0, self.total - 1) // PAGE * PAGE
            offset = max(0, min(self.wanted.offset + pages * PAGE, last))
            if offset != self.wanted.offset:
                self.want(replace(self.wanted, offset=offset))

    def _on_reply(self, ticket: int, reply: Answer) -> None:
        if ticket != self._ticket:
            return
        self.is_waiting = False
        try:
            answer = read(reply, BehindAnswer)
        except AnswerFault as error:
            self.trouble, answer = str(error), BehindAnswer(total=0, lines=())
        self.total = answer.total
        self.give({fact.id: self._line(fact, answer.names) for fact in answer.lines})
        self.answered.emit()

    def _line(self, fact: FactLine, names: dict[str, str]) -> Line:
        definition, at = self.definition, self._session.local(fact.at)
        value = "" if definition is None else value_words(fact.value, definition)
        if definition is not None and definition.is_share:
            value = "missed" if fact.missed else "kept"
        what = label_words(fact.label) if fact.label else ""
        told = (
            fact.stop_id and self._stop_name(fact.stop_id),
            value,
            what,
            *(names.get(one, one) for one in (fact.route, fact.driver, fact.carrier)),
            fact.postcode,
            *(names.get(one, one) for one in (fact.account, fact.depot)),
        )
        ranks = list[float | str](one.casefold() for one in told)
        ranks[VALUE - 1] = float("inf") if fact.value is None else fact.value
        when = f"{day_words(at.date())} {at:%H:%M}"
        return Line(fact, (when, *told), (fact.at.timestamp(), *ranks))

    def _stop_name(self, stop_id: str) -> str:
        stop = self._session.state.stops.get(stop_id)
        plan = stop.plan if stop is not None else None
        return (plan.customer or plan.reference or stop_id) if plan is not None else stop_id

    def rank(self, row: Line, column: int, *, descending: bool) -> float | str:  # noqa: ARG002
        """What a column of the page is sorted by."""
        return row.ranks[column]

    def text(self, row: Line, column: int) -> str:
        """What stands in a column."""
        return row.words[column]

    def data(self, index: Index, role: int = ID_ROLE) -> object:
        """Words, and the colour of what counts against the measure."""
        if not index.isValid() or index.row() >= self.rowCount(NO_INDEX):
            return None
        line, column = self.record(index.row()), index.column()
        if role == Qt.ItemDataRole.ForegroundRole:
            is_bad = line.fact.missed and column == VALUE
            return self._session.theme.color("late" if is_bad else "text")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column == VALUE else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return super().data(index, role)
