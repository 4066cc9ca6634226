"""The card of one exception: what, when, why, who, and what can be done about it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from tower.domain.records import ExceptionRecord
from tower.domain.words import ExceptionState
from ui.exceptions.facts import facts_of
from ui.exceptions.history import History
from ui.exceptions.work import ExceptionWork
from ui.session import Session
from ui.theme import BODY_PX, SMALL_PX, TITLE_PX
from ui.widgets.empty import EmptyState
from ui.widgets.flow import FlowLayout

_OWN_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape})
_HISTORY_MOST = 12


class CauseField(QLineEdit):
    """Asks for the cause, on the card itself.

    Attributes:
        given_up: Escape: it stays open.
    """

    given_up = Signal()

    def event(self, event: QEvent) -> bool:
        """Enter and Escape are the field's own while it has the focus, not the window's."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() in _OWN_KEYS
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up."""
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)


class ExceptionCard(QScrollArea):
    """Shows one exception and works on it."""

    def __init__(
        self, session: Session, work: ExceptionWork, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._work = session, work
        self._id = ""
        self._history = History(session, self)
        self._link_words: tuple[object, ...] = ()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.headline, self._times, self._why = QLabel(), QLabel(), QLabel()
        self._standing, self.trouble, self.history_words = QLabel(), QLabel(), QLabel()
        self.cause = CauseField()
        self._links = FlowLayout()
        self.buttons = self._make_buttons()
        self._body = self._assemble()
        self._empty = EmptyState(
            session.theme, "No exception selected", "J and K walk the queue, Enter opens."
        )
        self._cause_row.hide()
        self._listen()
        self._dress()
        self.show_exception("")

    # Assembling

    def _make_buttons(self) -> dict[str, QPushButton]:
        made: dict[str, Callable[[], None]] = {
            "Claim  C": self.claim,
            "Resolve…  R": self.resolve,
            "Release  U": self.release,
            "Reopen  ⇧R": self.reopen,
        }
        buttons = {}
        for title, slot in made.items():
            button = QPushButton(title)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(slot)
            buttons[title.split("  ", maxsplit=1)[0].removesuffix("…").lower()] = button
        return buttons

    def _assemble(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(5)
        for label in (self.headline, self._times, self._why):
            column.addWidget(label)
        column.addLayout(self._links)
        column.addWidget(self._standing)
        row = QHBoxLayout()
        row.setSpacing(6)
        for button in self.buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        column.addSpacing(3)
        column.addLayout(row)
        column.addWidget(self._make_cause_row())
        column.addWidget(self.trouble)
        column.addSpacing(3)
        column.addWidget(self.history_words)
        column.addStretch(1)
        for label in (
            self.headline, self._times, self._why, self._standing, self.trouble, self.history_words,
        ):  # fmt: skip
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return body

    def _make_cause_row(self) -> QWidget:
        self._cause_row = QWidget()
        row = QHBoxLayout(self._cause_row)
        row.setContentsMargins(0, 0, 0, 0)
        self.cause.setPlaceholderText("What was the cause?  Enter resolves, Esc leaves it open")
        self.cause.setAccessibleName("Cause")
        self.cause.returnPressed.connect(self._on_cause_given)
        self.cause.given_up.connect(self._close_cause)
        done = QPushButton("Resolve")
        done.setProperty("primary", True)
        done.clicked.connect(self._on_cause_given)
        row.addWidget(self.cause, 1)
        row.addWidget(done)
        return self._cause_row

    def _listen(self) -> None:
        session = self._session
        self._history.changed.connect(self._show_history)
        self._work.answered.connect(self._on_answered)
        session.exceptions_changed.connect(self._on_exceptions_changed)
        session.arrivals_changed.connect(self._on_arrivals_changed)
        session.state_replaced.connect(self.refresh)
        session.theme.theme_changed.connect(self._dress)

    # What the panel asks

    @property
    def exception_id(self) -> str:
        """The exception shown, "" for none."""
        return self._id

    def show_exception(self, exception_id: str) -> None:
        """Show another exception; "" shows none."""
        if exception_id != self._id:
            self._close_cause()
        self._id = exception_id
        self._history.show(exception_id)
        self.refresh()

    def claim(self) -> None:
        """Take it."""
        if record := self._record:
            self._work.claim(record)

    def release(self) -> None:
        """Give it back."""
        if record := self._record:
            self._work.release(record)

    def resolve(self) -> None:
        """Ask for the cause."""
        record = self._record
        if record is not None and record.is_open:
            self._cause_row.show()
            self.cause.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.ensureWidgetVisible(self._cause_row)

    def reopen(self) -> None:
        """Put it back into the queue."""
        if record := self._record:
            self._work.reopen(record)

    # Showing

    @property
    def _record(self) -> ExceptionRecord | None:
        return self._session.state.exceptions.get(self._id)

    def refresh(self) -> None:
        """Say what is known now."""
        record = self._record
        wanted = self._empty if record is None else self._body
        if self.widget() is not wanted:
            self.takeWidget()
            self.setWidget(wanted)
            wanted.show()
        if record is None:
            return
        facts = facts_of(self._session, record)
        for label, words in (
            (self.headline, facts.headline),
            (self._times, facts.times),
            (self._why, facts.why),
            (self._standing, facts.standing),
            (self.trouble, self._work.trouble(record.id)),
        ):
            label.setText(words)
            label.setVisible(bool(words))
        self._show_links(facts.links)
        self._show_buttons(record)

    def _show_links(self, links: tuple[object, ...]) -> None:
        if links == self._link_words:
            return
        self._link_words = links
        self._links.clear()
        record = self._record
        for link in facts_of(self._session, record).links if record else ():
            button = QPushButton(link.words)
            button.setProperty("link", True)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setToolTip(f"Select this {link.kind} everywhere")
            button.clicked.connect(
                lambda _checked=False, one=link: self._session.select(one.kind, one.id)
            )
            self._links.addWidget(button)

    def _show_buttons(self, record: ExceptionRecord) -> None:
        work, mine = record.work, record.work.owner == self._session.actor_id
        is_claimed = work.state is ExceptionState.CLAIMED
        shown = {
            "claim": record.is_open and not (is_claimed and mine),
            "resolve": record.is_open,
            "release": is_claimed,
            "reopen": not record.is_open,
        }
        primary = "resolve" if is_claimed and mine else "claim" if record.is_open else "reopen"
        waiting = self._work.is_waiting(record.id)
        for name, button in self.buttons.items():
            button.setVisible(shown[name])
            button.setEnabled(not waiting)
            if button.property("primary") != (name == primary):
                button.setProperty("primary", name == primary)
                button.style().unpolish(button)
                button.style().polish(button)

    def _show_history(self) -> None:
        text = self._session.clock_text
        entries = self._history.entries()
        lines = [f"{text(entry.at)}  {entry.words}" for entry in entries[:_HISTORY_MOST]]
        if self._history.trouble:
            lines.append(self._history.trouble)
        self.history_words.setText("\n".join(lines))
        self.history_words.setVisible(bool(lines))

    def _dress(self) -> None:
        theme = self._session.theme
        for label, size, bold, colour in (
            (self.headline, TITLE_PX, True, "text"),
            (self._times, BODY_PX, False, "text_secondary"),
            (self._why, BODY_PX, False, "text_secondary"),
            (self._standing, SMALL_PX, False, "muted"),
            (self.trouble, BODY_PX, True, "late"),
            (self.history_words, SMALL_PX, False, "muted"),
        ):
            label.setFont(theme.font(size, bold=bold))
            label.setStyleSheet(f"color: {theme.color(colour).name()}")
        self._body.setStyleSheet(
            'QPushButton[link="true"] { border: none; background: transparent; padding: 1px 0;'
            f" color: {theme.color('accent').name()}; text-align: left; }}"
            f'QPushButton[link="true"]:hover {{ text-decoration: underline; }}'
        )
        self.setStyleSheet(f"QScrollArea {{ background: {theme.color('panel').name()}; }}")

    # Happenings

    def _on_cause_given(self) -> None:
        if record := self._record:
            self._work.resolve(record, self.cause.text())
        self._close_cause()

    def _close_cause(self) -> None:
        self.cause.clear()
        self._cause_row.hide()

    def _on_answered(self, exception_id: str) -> None:
        if exception_id == self._id:
            self.refresh()

    def _on_exceptions_changed(self, ids: frozenset[str]) -> None:
        if self._id in ids:
            self.refresh()

    def _on_arrivals_changed(self, stop_ids: set[str]) -> None:
        record = self._record
        if record and record.finding and record.finding.subject.stop_id in stop_ids:
            self.refresh()
