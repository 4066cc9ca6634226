"""What was said with the customer of a stop, and the answer to it."""

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from tower.domain.state import Changed
from tower.outreach.deeds import Deed
from ui.outreach.answerbox import AnswerBox
from ui.outreach.bubble import Bubble, Choice
from ui.outreach.enterbutton import EnterButton
from ui.outreach.messagepane import MessagePane
from ui.outreach.reading import Reading
from ui.outreach.said import Said
from ui.outreach.settling import Settling
from ui.outreach.thread import CHOICES, Line, stop_of, thread_lines
from ui.session import Session
from ui.theme import SMALL_PX

_RECENT = 6
"""Bubbles shown before the earlier ones are asked for."""


class Conversation(QWidget):
    """Bubbles of one stop, the newest last, and a box to answer.

    Attributes:
        answer: where an answer is written; `reply_pane` shows one made from a template.
        settling: decides about messages and replies.
        focus_gone: what had the focus is there no more: it was done, or put away.
        pane_opened: an answer is shown before it is sent, or takes more room.
        pane_closed: it is put away.
        spoken: we said something more to the customer shown.
    """

    focus_gone = Signal()
    pane_opened = Signal(QWidget)
    pane_closed = Signal()
    spoken = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._stop_id, self._listed = "", ""
        self._lines: tuple[Line, ...] = ()
        self._answering: tuple[str, Deed] | None = None
        self._bubbles: dict[str, Bubble] = {}
        self._shows_all = False
        self.settling = Settling(session, self)
        self.trouble = Said(session.theme, "late", bold=True)
        self.reply_pane, self.answer = MessagePane(session), AnswerBox(session)
        self._title = Said(session.theme, "accent", SMALL_PX, bold=True)
        self._earlier = EnterButton(session.theme, "", self._show_earlier)
        self._thread = QVBoxLayout()
        self._thread.setSpacing(5)
        self._reading = Reading(session, self.unread_in_sight, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(5)
        column.addWidget(self._title)
        column.addWidget(self._earlier)
        column.addLayout(self._thread)
        column.addWidget(self.trouble)
        column.addWidget(self.reply_pane)
        column.addWidget(self.answer)
        self._listen()

    def _listen(self) -> None:
        session = self._session
        session.records_changed.connect(self._on_records_changed)
        session.state_replaced.connect(self.refresh)
        session.ticked.connect(self._on_ticked)
        session.theme.theme_changed.connect(self._on_theme_changed)
        self.settling.changed.connect(self._on_settled)
        self.reply_pane.failed.connect(self.trouble.say)
        self.reply_pane.sent.connect(self._on_reply_sent)
        self.reply_pane.resized.connect(self._on_pane_resized)
        self.reply_pane.closed.connect(self._on_pane_closed)

    # What is asked of it

    def show_stop(self, stop_id: str, exception_id: str = "") -> None:
        """Show what was said about a stop; "" shows nothing."""
        if stop_id != self._stop_id:
            self._stop_id, self._shows_all = stop_id, False
            self.reply_pane.close_pane()
            self.trouble.say("")
            self.refresh()
        self.answer.show_stop(stop_id, exception_id)

    @property
    def words(self) -> Sequence[tuple[str, str]]:
        """What the bubbles shown say, and when and how it was said."""
        return [(line.words, line.caption) for line in self._shown]

    @property
    def bubbles(self) -> list[Bubble]:
        """The bubbles shown, in their order."""
        return [self._bubbles[line.id] for line in self._shown]

    def unread_in_sight(self) -> list[str]:
        """Ids of the unread replies somebody sitting here can see now."""
        if not (self.isVisible() and self.window().isActiveWindow()):
            return []
        return [
            line.id
            for line in self._shown
            if line.is_unread and not self._bubbles[line.id].visibleRegion().isEmpty()
        ]

    def focus_choice(self) -> QWidget | None:
        """Put the focus on what the newest line offers; None where nothing is offered."""
        for bubble in reversed(self.bubbles):
            if bubble.buttons:
                bubble.buttons[0].setFocus(Qt.FocusReason.ShortcutFocusReason)
                return bubble
        return None

    def focus_answer(self) -> QWidget | None:
        """Put the cursor into the answer; None where there is nobody to answer."""
        if not self._stop_id:
            return None
        self.answer.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return self.answer

    # Showing

    @property
    def _shown(self) -> tuple[Line, ...]:
        return self._lines if self._shows_all else self._lines[-_RECENT:]

    def refresh(self) -> None:
        """Say what was said by now; bubbles that stay the same are left alone."""
        known = {line.id for line in self._lines} if self._listed == self._stop_id else None
        self._listed = self._stop_id
        self._lines = thread_lines(self._session, self._stop_id) if self._stop_id else ()
        new = sum(1 for line in self._lines if line.is_unread)
        self._title.say(f"{new} new {'reply' if new == 1 else 'replies'}" if new else "")
        hidden = len(self._lines) - len(self._shown)
        self._earlier.setVisible(hidden > 0)
        self._earlier.say(f"{hidden} earlier")
        self._renew()
        self.setVisible(bool(self._stop_id))
        last = self._lines[-1] if self._lines else None
        if last and last.is_ours and known is not None and last.id not in known:
            self.spoken.emit()

    def _renew(self) -> None:
        wanted = {line.id: line for line in self._shown}
        for id_ in [one for one, bubble in self._bubbles.items() if bubble.line != wanted.get(one)]:
            self._drop(id_)
        for place, line in enumerate(self._shown):
            if line.id not in self._bubbles:
                bubble = Bubble(self._session.theme, line, self._choices(line))
                self._bubbles[line.id] = bubble
                self._thread.insertWidget(place, bubble)

    def _drop(self, id_: str) -> None:
        bubble = self._bubbles.pop(id_)
        focused = QApplication.focusWidget()
        self._thread.removeWidget(bubble)
        bubble.hide()
        bubble.deleteLater()
        if focused is not None and bubble.isAncestorOf(focused):
            self.focus_gone.emit()

    def _choices(self, line: Line) -> list[Choice]:
        decided = [
            Choice(CHOICES[name], partial(self.settling.choose, line.id, name))
            for name in line.choices
        ]
        done = [Choice(deed.words, partial(self._do, line.id, deed)) for deed in line.deeds]
        return [*decided, *done]

    def _do(self, reply_id: str, deed: Deed) -> None:
        """Do what a reply asks for; an answer is shown before it is sent."""
        if not deed.template:
            self.settling.do(reply_id, deed)
            return
        self._answering = reply_id, deed
        reply = self._session.state.replies[reply_id]
        self.reply_pane.open_message(deed.words, reply.stop_id, reply.exception_id, deed.template)
        self.pane_opened.emit(self.reply_pane)

    def _on_pane_resized(self) -> None:
        if not self.reply_pane.isHidden():
            self.pane_opened.emit(self.reply_pane)

    def _on_pane_closed(self) -> None:
        self.pane_closed.emit()
        self.focus_gone.emit()

    def _on_reply_sent(self) -> None:
        """With the answer sent, what was asked has been dealt with."""
        if self._answering is not None:
            self.settling.note(*self._answering)

    def _show_earlier(self) -> None:
        self._shows_all = True
        self.refresh()

    # Happenings

    def _on_records_changed(self, changed: Iterable[Changed]) -> None:
        if any(stop_of(self._session.state, one) == self._stop_id for one in changed):
            self.refresh()

    def _on_ticked(self) -> None:
        """Words such as `held until` pass with the time."""
        if self.isVisible():
            self.refresh()

    def _on_theme_changed(self) -> None:
        for id_ in list(self._bubbles):
            self._drop(id_)
        self._renew()

    def _on_settled(self) -> None:
        self.trouble.say(self.settling.trouble)
