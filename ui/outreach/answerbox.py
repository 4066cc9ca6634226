"""A free answer to a customer, in the dispatcher's own words."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from tower.domain.commands import Command, MessageWish, SendMessages
from tower.gateway.telling.answers import Preview
from ui.exchange import CommandResult
from ui.outreach.phrases import CHANNEL_WORDS, joined, on_one_line, price_words, verdict_words
from ui.outreach.previews import Previewer
from ui.outreach.said import Said
from ui.outreach.wire import may_be_sent
from ui.outreach.wordsfield import LONGEST, WordsField
from ui.session import Session
from ui.theme import SMALL_PX

TYPING_MS = 400


class AnswerBox(QWidget):
    """Writes to the customer of one stop; says beforehand how it goes and what it costs.

    What is written and not sent is kept for its stop while others are looked at.

    Attributes:
        words: what is written.
        send_button: sends it.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._stop_id, self._exception_id = "", ""
        self._kept: dict[str, str] = {}
        self._commands: dict[str, Command] = {}
        self._previewer = Previewer(session, self)
        self.words = WordsField(session.theme, "Answer to the customer", (1, 8))
        self.send_button = QPushButton("Send")
        self.send_button.setToolTip("Ctrl+Enter")
        self.how, self.trouble = Said(session.theme, "muted", SMALL_PX), Said(session.theme, "late")
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._lay_out()
        self._listen()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.words, 1)
        row.addWidget(self.send_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(3)
        column.addLayout(row)
        column.addWidget(self.how)
        column.addWidget(self.trouble)
        self.send_button.setEnabled(False)

    def _listen(self) -> None:
        self.words.textChanged.connect(self._on_words_changed)
        self.words.sent.connect(self.send)
        self.words.given_up.connect(self._on_given_up)
        self.send_button.clicked.connect(self.send)
        self._typing.timeout.connect(self._ask)
        self._previewer.changed.connect(self._show_how)
        self._session.command_answered.connect(self._on_command_answered)

    def show_stop(self, stop_id: str, exception_id: str) -> None:
        """Write to the customer of another stop; "" for none."""
        self._exception_id = exception_id
        if stop_id == self._stop_id:
            return
        if self._stop_id:
            self._kept[self._stop_id] = self.words.toPlainText()
        self._stop_id = stop_id
        stop = self._session.state.stops.get(stop_id)
        name = on_one_line(stop.plan.customer, 40) if stop and stop.plan else ""
        self.words.setPlaceholderText(joined(f"Write to {name}" if name else "Write", "Ctrl+Enter"))
        self.words.setPlainText(self._kept.pop(stop_id, ""))
        self.trouble.say("")

    def send(self) -> None:
        """Send what is written."""
        if not self._may_send:
            return
        command = SendMessages(messages=(self._wish,))
        self._commands[self._stop_id] = command
        self.trouble.say("")
        self._show_how()
        self._session.run(command)

    @property
    def _wish(self) -> MessageWish:
        return MessageWish(
            stop_id=self._stop_id, exception_id=self._exception_id, words=self.words.words
        )

    @property
    def _may_send(self) -> bool:
        fits = 0 < len(self.words.words) <= LONGEST
        is_free = self._stop_id not in self._commands
        preview = self._preview
        return bool(self._stop_id) and fits and is_free and (not preview or may_be_sent(preview))

    @property
    def _preview(self) -> Preview | None:
        shown = self._previewer.shown
        return shown.previews[0] if shown and shown.previews else None

    def _ask(self) -> None:
        self._previewer.ask((self._wish,) if self.words.words else ())

    def _show_how(self) -> None:
        self.send_button.setEnabled(self._may_send)
        self.trouble.say(self._previewer.trouble)
        preview, shown = self._preview, self._previewer.shown
        if self._stop_id in self._commands:
            self.how.say("Sending…", "muted")
        elif preview is None or shown is None:
            self.how.say("")
        else:
            way = f"by {CHANNEL_WORDS[preview.channel]}" if preview.channel else ""
            price = price_words(preview, shown.currency) if may_be_sent(preview) else ""
            verdict = verdict_words(self._session, preview)
            self.how.say(joined(verdict, way, price), "at_risk" if verdict else "muted")

    def _on_words_changed(self) -> None:
        self._previewer.ask(())
        if len(self.words.words) > LONGEST:
            self.trouble.say(f"A message has {LONGEST} letters at most.")
        elif self.words.words:
            self._typing.start()
        else:
            self._typing.stop()
        self.send_button.setEnabled(self._may_send)

    def _on_given_up(self) -> None:
        """Escape leaves the field; what is written stays."""
        self.words.clearFocus()

    def _on_command_answered(self, command: Command, result: CommandResult) -> None:
        stop_id = next((one for one, sent in self._commands.items() if sent is command), None)
        if stop_id is None:
            return
        del self._commands[stop_id]
        if result.ok:
            self._kept.pop(stop_id, None)
            if stop_id == self._stop_id:
                self.words.clear()
        self._show_how()
        if not result.ok and stop_id == self._stop_id:
            self.trouble.say(result.message or "It could not be sent.")
