"""The card of one exception: what, when, why, who, and what can be done about it."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from tower.domain.records import ExceptionRecord
from tower.domain.state import Changed
from tower.gateway.forecasting.answers import ArrivalAnswer
from ui.exceptions.buttons import WorkButtons
from ui.exceptions.facts import Facts, facts_of
from ui.exceptions.history import History
from ui.exceptions.links import LinkRow
from ui.exceptions.room import Room
from ui.exceptions.work import ExceptionWork
from ui.forecast.asking import Asked, arrival_path
from ui.forecast.words import told_words, why_words
from ui.outreach.conversation import Conversation
from ui.outreach.playbookarea import PlaybookArea
from ui.outreach.said import Said
from ui.session import Session
from ui.theme import BODY_PX, SMALL_PX, TITLE_PX
from ui.widgets.empty import EmptyState
from ui.widgets.scrolled import ScrolledBody

_HISTORY_MOST = 12
_AROUND_PX = 8
_ARRIVAL_MS = 10_000
_SETTLED_MS = 100
"""A new bubble has its place by then: nested layouts take several rounds to agree."""
_MARGINS_PX = (13, 10, 12, 10)


class ExceptionCard(QWidget):
    """Shows one exception and works on it.

    Attributes:
        headline, measures, why, agreed, standing: what is known.
        arrival: what makes its stop earlier or later, and what its customer sees.
        trouble: why the last command was not done.
        buttons: what can be done; the panel does it.
        past: what happened, newest first.
        playbook: the steps a good dispatcher would take, once `offer_playbook` was called.
        bubbles: what was said with the customer.
    """

    def __init__(
        self, session: Session, work: ExceptionWork, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._work, self._id = session, work, ""
        self._history = History(session, self)
        theme = session.theme
        self.headline = Said(theme, "text", TITLE_PX, bold=True)
        self.measures = Said(theme, "text_secondary", BODY_PX)
        self.why = Said(theme, "text_secondary", BODY_PX)
        self.arrival = Said(theme, "text_secondary", BODY_PX)
        self._predicted: Asked[ArrivalAnswer] = Asked(session, ArrivalAnswer, _ARRIVAL_MS, self)
        self.agreed = Said(theme, "text", BODY_PX)
        self.standing = Said(theme, "muted", SMALL_PX)
        self.trouble = Said(theme, "late", BODY_PX, bold=True)
        self.past = Said(theme, "muted", SMALL_PX)
        self.links, self.buttons = LinkRow(theme), WorkButtons()
        self.bubbles = Conversation(session)
        self.playbook: PlaybookArea | None = None
        self._scrolled_px: int | None = None
        self._was_spoken = False
        self._empty = EmptyState(theme, "Nothing to work on", "J and K walk the queue.")
        self._scroll, self._room = self._make_scroll(), Room(self)
        self._layers = QStackedLayout(self)
        self._layers.addWidget(self._empty)
        self._layers.addWidget(self._scroll)
        self._listen()
        self.refresh()

    def _make_scroll(self) -> QScrollArea:
        self._body = ScrolledBody()
        self._body.setObjectName("exceptionCard")
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(*_MARGINS_PX)
        self._column.setSpacing(6)
        for part in (
            self.headline, self.measures, self.why, self.arrival, self.agreed, self.standing,
            self.buttons, self.trouble, self.links, self.bubbles, self.past,
        ):  # fmt: skip
            self._column.addWidget(part)
        self._column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._body)
        return scroll

    def _listen(self) -> None:
        session = self._session
        self._history.changed.connect(self._show_past)
        self._predicted.changed.connect(self._show_arrival)
        self.bubbles.pane_opened.connect(self._on_pane_opened)
        self.bubbles.pane_closed.connect(self._on_pane_closed)
        self.bubbles.spoken.connect(self._on_spoken)
        self._work.answered.connect(self._on_answered)
        self.links.followed.connect(session.select)
        session.exceptions_changed.connect(self._on_exceptions_changed)
        session.records_changed.connect(self._on_records_changed)
        session.ticked.connect(self._on_ticked)
        session.state_replaced.connect(self.refresh)
        session.theme.theme_changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        ground = self._session.theme.color("panel").name()
        self._body.setStyleSheet(f"#exceptionCard {{ background: {ground}; }}")

    # What the panel asks

    def offer_playbook(self, playbook: PlaybookArea) -> None:
        """Offer the steps of its playbook, right below what is known."""
        self.playbook = playbook
        self._column.insertWidget(self._column.indexOf(self.standing), playbook)
        playbook.pane_opened.connect(self._on_pane_opened)
        playbook.pane_closed.connect(self._on_pane_closed)
        self.refresh()

    @property
    def exception_id(self) -> str:
        """The exception shown, "" for none."""
        return self._id

    def show_exception(self, exception_id: str) -> None:
        """Show another exception; "" shows none."""
        if exception_id != self._id:
            self._work.forget_trouble(self._id)
            self._scroll.verticalScrollBar().setValue(0)
        self._id = exception_id
        self._history.show(exception_id)
        self.refresh()

    def write(self) -> bool:
        """Put the cursor into the answer to the customer; False where there is none."""
        return self._lead_to(self.bubbles.focus_answer())

    def choose(self) -> bool:
        """Put the focus on what the newest reply offers; False where nothing is offered."""
        return self._lead_to(self.bubbles.focus_choice())

    def _lead_to(self, focused: QWidget | None) -> bool:
        if focused is not None:
            self._scroll.ensureWidgetVisible(focused, 0, _AROUND_PX)
        return focused is not None

    # Showing

    @property
    def _record(self) -> ExceptionRecord | None:
        return self._session.state.exceptions.get(self._id)

    def refresh(self) -> None:
        """Say what is known now."""
        record = self._record
        self._layers.setCurrentWidget(self._empty if record is None else self._scroll)
        if self.playbook is not None:
            self.playbook.show_record(record)
        if record is None or record.finding is None:
            return
        self._say(facts_of(self._session, record))
        self._predicted.look_at(self._arrival_path(record))
        self.trouble.say(self._work.trouble(record.id))
        is_waiting = self._work.is_waiting(record.id)
        self.buttons.show_record(
            record,
            self._session.actor_id,
            is_waiting=is_waiting,
            is_past=self._session.past is not None,
        )
        self.bubbles.show_stop(record.finding.subject.stop_id, record.id)

    def _say(self, facts: Facts) -> None:
        self.headline.say(facts.headline)
        self.measures.say(facts.measures)
        self.why.say(facts.why)
        self.agreed.say(facts.agreed)
        self.standing.say(facts.standing)
        self.links.show_links(facts.links)

    def _arrival_path(self, record: ExceptionRecord) -> str:
        """Where the arrival of its stop is asked for, "" where none is to come."""
        stop_id = record.finding.subject.stop_id if record.finding else ""
        stop = self._session.state.stops.get(stop_id)
        is_coming = stop is not None and stop.arrived_at is None and not stop.is_done
        return arrival_path(stop_id) if is_coming else ""

    def _show_arrival(self) -> None:
        answer = self._predicted.told
        words = (why_words(answer), told_words(answer, self._session.clock_text)) if answer else ()
        self.arrival.say(" · ".join(filter(None, words)))

    def _show_past(self) -> None:
        text = self._session.clock_text
        entries = self._history.entries()[:_HISTORY_MOST]
        lines = [f"{text(entry.at)}   {entry.words}" for entry in entries]
        if self._history.trouble:
            lines.append(self._history.trouble)
        self.past.say("\n".join(lines))

    # Happenings

    def _on_pane_opened(self, pane: QWidget) -> None:
        """Bring what a step or a reply shows into sight, once it has its size."""
        if self._scrolled_px is None:
            self._scrolled_px = self._scroll.verticalScrollBar().value()
            self._was_spoken = False
        self._room.make(pane.height() + 2 * _AROUND_PX)
        QTimer.singleShot(0, pane, lambda: self._lead_to(pane))

    def _on_pane_closed(self) -> None:
        """Show what was seen before the step; where something was said by it, that."""
        self._room.give_back()
        if self._was_spoken:
            self._on_spoken()
        elif self._scrolled_px is not None:
            self._scroll.verticalScrollBar().setValue(self._scrolled_px)
        self._scrolled_px = None

    def _on_spoken(self) -> None:
        """Show what was said to the customer, and no more what was seen before the step."""
        self._was_spoken = True
        QTimer.singleShot(_SETTLED_MS, self, self._lead_to_newest)

    def _lead_to_newest(self) -> None:
        if bubbles := self.bubbles.bubbles:
            self._lead_to(bubbles[-1])

    def _on_answered(self, exception_id: str) -> None:
        if exception_id == self._id:
            self.refresh()

    def _on_exceptions_changed(self, ids: Iterable[str]) -> None:
        if self._id in ids:
            self.refresh()

    def _on_records_changed(self, changed: Iterable[Changed]) -> None:
        """What was agreed about its stop, or a playbook that was set, shows at once."""
        record = self._record
        stop_id = record.finding.subject.stop_id if record and record.finding else ""
        if any(one.table == "playbooks" or one == ("stops", stop_id) for one in changed):
            self.refresh()

    def _on_ticked(self) -> None:
        if self.isVisible():
            self.refresh()
