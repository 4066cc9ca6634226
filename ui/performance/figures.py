"""Keeps every panel's figures up to what the window looks at. Knows no widgets."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal

from tower.kpi.query import Answer, Ask
from ui.performance.asks import NOW, asks_of
from ui.performance.definitions import Definitions
from ui.performance.frames import Answers
from ui.performance.inquiry import Inquiry
from ui.performance.look import Look
from ui.performance.shaping import SHAPES
from ui.session import Session

MERGE_MS = 250
"""What is changed in quick succession is asked once."""

EVERY_MS = 30_000
"""A period that reaches to today is asked again so often while it is on the screen."""

RETRY_MS = 5_000
"""What could not be had is asked again after this."""


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
        definitions.changed.connect(self._merging.start)

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
            self._renewing.stop()
            self._retrying.stop()

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

    def _on_answered(self) -> None:
        if self.trouble and self._renewing.isActive() and not self._retrying.isActive():
            self._retrying.start()
        asked = [one for one in self.inquiries.values() if one.asks]
        self.progressed.emit(sum(not one.is_waiting for one in asked), len(asked))
