"""Exactly what a provider is given for a message: the text, the e-mail, the request."""

from PySide6.QtWidgets import QPlainTextEdit, QTabWidget, QVBoxLayout, QWidget

from tower.domain.words import Channel
from tower.gateway.telling.answers import Rendering
from tower.outreach.port import Outgoing
from tower.outreach.segments import segments
from ui.answers import AnswerFault, read
from ui.exchange import Answer
from ui.outreach.letter import Letter
from ui.outreach.phrases import CHANNEL_WORDS, joined, language_words
from ui.outreach.said import Said
from ui.session import Session
from ui.theme import SMALL_PX
from ui.widgets.notice import Notice

_UNSENT = "unsent"
_LEAST_PX = 90


class RenderingView(QWidget):
    """Shows the rendering of one attempt of one message.

    Attributes:
        notice: says that it was not sent, where the account sends nothing.
        head: addresses, subject and parts.
        text: the words.
        letter: the e-mail.
        source: the provider's own request, or the source of the e-mail.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._asked = ("", 0)
        self.notice, self.head = Notice(session.theme), Said(session.theme, "muted", SMALL_PX)
        self.text, self.letter, self.source = QPlainTextEdit(), Letter(), QPlainTextEdit()
        self._tabs = QTabWidget()
        for field, title in (
            (self.text, "Text"),
            (self.letter, "E-mail"),
            (self.source, "Source"),
        ):
            self._tabs.addTab(field, title)
        for plain, name in ((self.text, "Text as sent"), (self.source, "Source as sent")):
            plain.setReadOnly(True)
            plain.setAccessibleName(name)
        for field in (self.text, self.letter, self.source):
            field.setMinimumHeight(_LEAST_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.notice)
        column.addWidget(self.head)
        column.addWidget(self._tabs, 1)

    def show_attempt(self, message_id: str, attempt: int) -> None:
        """Ask for what a provider is given.

        Args:
            message_id: of the message.
            attempt: number of the attempt, 0 for the next or newest.
        """
        if (message_id, attempt) == self._asked:
            return
        self._asked = asked = (message_id, attempt)
        which = f"?attempt={attempt}" if attempt else ""
        path = f"/v1/messages/{message_id}/rendering{which}"
        self._session.ask(path, lambda answer: self._on_answer(asked, answer))

    def forget(self) -> None:
        """Show nothing."""
        self._asked = ("", 0)
        self._show_fields("", "", "")
        self.head.say("")
        self.notice.say(_UNSENT, "")

    def _on_answer(self, asked: tuple[str, int], answer: Answer) -> None:
        if asked != self._asked:
            return
        try:
            rendering = read(answer, Rendering)
        except AnswerFault as error:
            self.forget()
            self.notice.say(_UNSENT, f"What was sent cannot be shown: {error}")
            return
        self._show(rendering)

    def _show(self, rendering: Rendering) -> None:
        sent = rendering.outgoing
        self.notice.say(_UNSENT, _unsent_words(rendering))
        self.head.say(_head_words(sent))
        self._show_fields(_text_words(sent), sent.html, rendering.request or sent.html)

    def _show_fields(self, text: str, html: str, source: str) -> None:
        self.text.setPlainText(text)
        self.letter.setHtml(html)
        self.source.setPlainText(source)
        self._tabs.setTabVisible(1, bool(html))
        self._tabs.setTabVisible(2, bool(source))
        self._tabs.tabBar().setVisible(bool(html or source))
        self._tabs.setCurrentIndex(1 if html else 0)


def _unsent_words(rendering: Rendering) -> str:
    """Why it is not sent, "" where it is."""
    if rendering.sends:
        return ""
    medium = CHANNEL_WORDS[rendering.outgoing.medium]
    return f"Not sent: this gateway has no account for {medium}. Messages are kept here."


def _head_words(sent: Outgoing) -> str:
    lines = [
        joined(f"To {sent.to}", f"from {sent.sender}" if sent.sender else ""),
        f"Reply to {sent.reply_to}" if sent.reply_to else "",
        f"Subject {sent.subject}" if sent.subject else "",
        joined(_size_words(sent), language_words(sent.language)),
    ]
    return "\n".join(line for line in lines if line)


def _size_words(sent: Outgoing) -> str:
    if sent.medium is not Channel.SMS:
        return CHANNEL_WORDS[sent.medium]
    found = segments(sent.text)
    alphabet = "GSM alphabet" if found.is_gsm else "UCS-2"
    parts = f"{found.parts} part{'' if found.parts == 1 else 's'}"
    return joined("SMS", parts, f"{len(sent.text)} letters", alphabet)


def _text_words(sent: Outgoing) -> str:
    """The words; of a WhatsApp template its name and what is put into it, too."""
    if sent.medium is not Channel.WHATSAPP or not sent.template or sent.in_session:
        return sent.text
    put_in = "\n".join(f"{{{{{number}}}}} {one}" for number, one in enumerate(sent.parameters, 1))
    return f"Template {sent.template}, {sent.language}\n{put_in}\n\n{sent.text}"
