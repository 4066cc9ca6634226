"""Keeps every panel's figures up to what the window looks at. Knows no widgets."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal

from tower.kpi.query import Answer, Ask
from ui.performance.asks import BEFORE, KNOWN, NOW, asks_of
from ui.performance.definitions import Definitions
from ui.performance.frames import Answers
from ui.performance.inquiry import Inquiry
from ui.performance.look import Look, shift_of, shift_words
from ui.performance.phrases import day_words
from ui.performance.shaping import SHAPES
from ui.session import Session

MERGE_MS = 250
"""What is changed in quick succession is asked once."""

EVERY_MS = 30_000
"""A period that reaches to today is asked again so often while it is on the screen."""

CATCH_UP_MS = 3_000
"""While the figures catch up with the journal they are asked again so often."""

RETRY_MS = 5_000
"""What could not be had is asked again after this."""


_CLOSED_DAYS = 3
"""A period may begin with so many days on which nobody drives."""


class Shown(NamedTuple):
    """A panel's question and its answer, as it is on the screen."""

    title: str
    ask: Ask
    answer: Answer


TITLES: Mapping[str, str] = {
    "tiles": "Overview",
    "hours": "By hour",
    "trend": "Trend",
    "errors": "ETA error",
    "breakdown": "Breakdown",
    "reasons": "Failed reasons",
    "exceptions": "Exceptions",
    "quality": "Data quality",
    "feedback": "Feedback",
}
"""What the panels are called, by their names."""


class Figures(QObject):
    """What the window looks at, and the figures of every panel.

    Attributes:
        look: what is looked at.
        inquiries: the questions of each panel, by its name.
        look_changed: another look; the figures follow a moment later.
        progressed: so many panels of so many are answered.
    """

    look_changed = Signal()
    progressed = Signal(int, int)

    def __init__(
        self, session: Session, definitions: Definitions, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._definitions = session, definitions
        self.look = Look()
        self.inquiries = {name: Inquiry(session, self) for name in TITLES}
        for inquiry in self.inquiries.values():
            inquiry.answered.connect(self._on_answered)
        self._merging = self._timer(MERGE_MS, self.ask, once=True)
        self._renewing = self._timer(EVERY_MS, self._on_renewal_due, once=False)
        self._retrying = self._timer(RETRY_MS, self.retry, once=True)
        self._catching_up = self._timer(CATCH_UP_MS, definitions.ask, once=True)
        self._standing: tuple[int, bool] | None = None
        definitions.changed.connect(self._merging.start)
        definitions.progressed.connect(self._on_progressed)

    def _timer(self, every_ms: int, then: object, *, once: bool) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(every_ms)
        timer.setSingleShot(once)
        timer.timeout.connect(then)
        return timer

    @property
    def today(self) -> date:
        """The local day it is in the shift's zone."""
        return self._session.local(self._session.now).date()

    @property
    def trouble(self) -> str:
        """Why figures are missing, "" where none are."""
        said = (one.trouble for one in self.inquiries.values())
        return next(filter(None, said), "")

    @property
    def before_words(self) -> str:
        """What is said where the weeks before are known in part only, "" where they are not asked.

        A change against them would compare many days with few.
        """
        answers = self.inquiries["tiles"].answers
        before, known = answers.get(BEFORE), answers.get(KNOWN)
        if before is None or known is None or not known.rows:
            return ""
        first = date.fromisoformat(min(row.keys[0] for row in known.rows))
        if (first - before.since).days <= _CLOSED_DAYS:
            return ""
        weeks = shift_words(shift_of(self.look.filters, self.today))
        return (
            f"Of {weeks} only the days from {day_words(first)} on are known: "
            "changes compare more days with fewer."
        )

    def show(self, look: Look) -> None:
        """Look at something else; a measure nobody here knows is not looked at."""
        if look.measure not in self._definitions.known:
            look = replace(look, measure=self.look.measure)
        if look != self.look:
            self.look = look
            self.look_changed.emit()
            self._merging.start()

    def ask(self) -> None:
        """Ask what is not known of what is looked at."""
        self._merging.stop()
        look, scales = self.look, self._definitions.scales
        for name, asks in asks_of(look, self.today).items():

            def shape(answers: Answers, name: str = name) -> object:
                return SHAPES[name](answers, look, scales)

            self.inquiries[name].want(asks, shape)

    def ask_again(self) -> None:
        """Ask everything once more, as after an error."""
        for inquiry in self.inquiries.values():
            if inquiry.asks:
                inquiry.ask_again()

    def retry(self) -> None:
        """Ask once more what was not answered."""
        self._retrying.stop()
        for inquiry in self.inquiries.values():
            if inquiry.trouble and not inquiry.is_waiting:
                inquiry.ask_again()

    def follow(self, *, on: bool) -> None:
        """Keep up with today, or stop, as when nobody looks."""
        if on:
            self._renewing.start()
            self._definitions.ask()
            self.ask()
        else:
            for timer in (self._renewing, self._retrying, self._catching_up):
                timer.stop()

    def answers(self) -> tuple[Shown, ...]:
        """What is on the screen: the newest answers of the panels that have some."""
        return tuple(
            Shown(TITLES[name], inquiry.asks[NOW], inquiry.answers[NOW])
            for name, inquiry in self.inquiries.items()
            if NOW in inquiry.answers and NOW in inquiry.asks
        )

    def _on_renewal_due(self) -> None:
        until = self.look.filters.until
        if not until or until >= self.today.isoformat():
            self._definitions.ask()
            self.ask_again()

    def _on_progressed(self) -> None:
        """Ask again when much came to the figures, and look again while more is to come."""
        definitions, before = self._definitions, self._standing
        missing = definitions.behind if definitions.is_catching_up else 0
        self._standing = (missing, definitions.has_simulated_past)
        if not self._renewing.isActive():
            return
        is_asking = any(inquiry.is_waiting for inquiry in self.inquiries.values())
        if before is not None and before != self._standing and not is_asking:
            self.ask_again()
        if missing:
            self._catching_up.start()

    def _on_answered(self) -> None:
        if self.trouble and self._renewing.isActive() and not self._retrying.isActive():
            self._retrying.start()
        asked = [one for one in self.inquiries.values() if one.asks]
        self.progressed.emit(sum(not one.is_waiting for one in asked), len(asked))
