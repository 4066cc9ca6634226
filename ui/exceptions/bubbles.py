"""What customers said about a stop, as bubbles: theirs at the left, ours at the right."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from tower.domain.records import Contact
from ui.session import Session
from ui.theme import BODY_PX, SMALL_PX

_MOST = 3
_INDENT_PX = 36


class Bubbles(QWidget):
    """The last contacts with the customer of a stop."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: tuple[Contact, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(5)
        session.theme.theme_changed.connect(self._fill)

    def show_stop(self, stop_id: str) -> None:
        """Show what was said about a stop; "" shows nothing."""
        contacts = self._session.state.contacts.values()
        said = [one for one in contacts if stop_id and one.stop_id == stop_id]
        said.sort(key=lambda one: one.at)
        wanted = tuple(said[-_MOST:])
        if wanted != self._shown:
            self._shown = wanted
            self._fill()
        self.setVisible(bool(wanted))

    @property
    def words(self) -> Sequence[tuple[str, str]]:
        """What the bubbles say, and when and how it was said."""
        return [(_said(one), self._when(one)) for one in self._shown]

    def _fill(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for contact in self._shown:
            self._column.addWidget(self._bubble(contact))

    def _bubble(self, contact: Contact) -> QFrame:
        theme, bubble = self._session.theme, QFrame()
        bubble.setObjectName("bubble")
        ground = theme.color("panel_raised" if contact.inbound else "selection").name()
        margin = f"0 {_INDENT_PX}px 0 0" if contact.inbound else f"0 0 0 {_INDENT_PX}px"
        line = theme.color("line").name()
        bubble.setStyleSheet(
            f"#bubble {{ background: {ground}; border: 1px solid {line};"
            f" border-radius: 8px; margin: {margin}; }}"
        )
        column = QVBoxLayout(bubble)
        column.setContentsMargins(10, 6, 10, 6)
        column.setSpacing(2)
        column.addWidget(self._line(_said(contact), BODY_PX, "text"))
        column.addWidget(self._line(self._when(contact), SMALL_PX, "muted"))
        return bubble

    def _line(self, words: str, size_px: int, colour: str) -> QLabel:
        label = QLabel(words)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setFont(self._session.theme.font(size_px))
        label.setStyleSheet(f"color: {self._session.theme.color(colour).name()}")
        return label

    def _when(self, contact: Contact) -> str:
        whose = "customer" if contact.inbound else "we"
        by = f" by {contact.channel.replace('_', ' ')}" if contact.channel else ""
        return f"{self._session.clock_text(contact.at)} · {whose}{by}"


def _said(contact: Contact) -> str:
    return contact.words or contact.topic.replace("_", " ")
