"""One row of the outbox: what was sent exactly, what may be decided, and the conversation."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from tower.domain.messages import Message
from ui.outreach.conversation import Conversation
from ui.outreach.enterbutton import EnterButton
from ui.outreach.outboxmodel import OutboxModel
from ui.outreach.outboxrows import OutboxRow
from ui.outreach.phrases import CHANNEL_WORDS, STATE_WORDS, joined
from ui.outreach.reading import Reading
from ui.outreach.rendering import RenderingView
from ui.outreach.said import Said
from ui.outreach.settling import Settling
from ui.outreach.thread import CHOICES, address_of, choices_of, consent_choices
from ui.session import Session
from ui.theme import SMALL_PX
from ui.widgets.flow import FlowLayout

_SENT, _SAID = 0, 1
_NOTHING = "Choose a message to see exactly what was sent."


class MessageDetail(QWidget):
    """Shows one message or reply.

    Attributes:
        rendering: what a provider is given.
        conversation: everything said with the customer.
        trouble: why the last decision was not carried out.
    """

    def __init__(self, session: Session, model: OutboxModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._model = session, model
        self._id, self._choices = "", tuple[str, ...]()
        self.title = Said(session.theme, bold=True)
        self.words, self.attempts = Said(session.theme), Said(session.theme, "muted", SMALL_PX)
        self.trouble = Said(session.theme, "late", bold=True)
        self.settling = Settling(session, self)
        self.rendering, self.conversation = RenderingView(session), Conversation(session)
        self._buttons = QWidget()
        self._flow = FlowLayout(self._buttons)
        self.tabs = QTabWidget()
        self._reading = Reading(session, self._unread_in_sight, self)
        self.setObjectName("outboxDetail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._lay_out()
        self.settling.changed.connect(lambda: self.trouble.say(self.settling.trouble))
        self.refresh()

    def _lay_out(self) -> None:
        self.tabs.addTab(self.rendering, "As sent")
        # A page of its own: the conversation hides and shows itself.
        page = QWidget()
        within = QVBoxLayout(page)
        within.setContentsMargins(0, 0, 0, 0)
        within.addWidget(self.conversation)
        within.addStretch(1)
        self.tabs.addTab(page, "Conversation")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 6)
        column.setSpacing(4)
        for part in (self.title, self.words, self.attempts, self._buttons, self.trouble):
            column.addWidget(part)
        column.addWidget(self.tabs, 1)

    def show_row(self, id_: str) -> None:
        """Show another row; "" shows none."""
        if id_ != self._id:
            self._id = id_
            self.trouble.say("")
            self.rendering.forget()
            row = self._model.read(id_)
            self.tabs.setCurrentIndex(_SENT if row is not None and row.is_message else _SAID)
        self.refresh()

    def refresh(self) -> None:
        """Say what is known of it now."""
        row = self._model.read(self._id)
        message = self._session.state.messages.get(self._id)
        self.title.say(joined(row.who, row.standing) if row else _NOTHING)
        self.words.say("" if row is None or row.is_message else self._all_words(row))
        self.attempts.say(self._attempts_words(message) if message else "")
        decided = choices_of(message) if message else ()
        state = self._session.state
        self._show_choices((*decided, *consent_choices(state, address_of(state, self._id))))
        self.tabs.setVisible(row is not None and (row.is_message or bool(row.stop_id)))
        self.tabs.setTabVisible(_SENT, row is not None and row.is_message)
        self.conversation.show_stop(row.stop_id if row else "", row.exception_id if row else "")
        if message is not None:
            self.rendering.show_attempt(message.id, message.last.number if message.last else 0)

    def _all_words(self, row: OutboxRow) -> str:
        reply = self._session.state.replies.get(row.id)
        return reply.words if reply else row.words

    def _attempts_words(self, message: Message) -> str:
        """Every attempt on a line of its own."""
        text = self._session.clock_text
        return "\n".join(
            joined(
                f"{one.number}. {CHANNEL_WORDS[one.channel]} to {one.address}",
                f"{STATE_WORDS[one.state]} {text(one.at)}",
                one.why,
            )
            for one in message.attempts
        )

    def _show_choices(self, choices: tuple[str, ...]) -> None:
        if choices == self._choices:
            return
        self._choices = choices
        self._flow.clear()
        for name in choices:
            self._flow.addWidget(self._button(name))
        self._buttons.setVisible(bool(choices))

    def _button(self, name: str) -> EnterButton:
        return EnterButton(self._session.theme, CHOICES[name], partial(self._choose, name))

    def _choose(self, name: str) -> None:
        if name in ("stop", "start"):
            address = address_of(self._session.state, self._id)
            self.settling.consent(address, allowed=name == "start")
        else:
            self.settling.choose(self._id, name)

    def _unread_in_sight(self) -> list[str]:
        """The reply that is shown here, where somebody looks at it."""
        row = self._model.read(self._id)
        is_seen = self.words.isVisible() and self.window().isActiveWindow()
        return [row.id] if row is not None and row.is_unread and is_seen else []
