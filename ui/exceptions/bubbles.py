"""What customers said about a stop, as bubbles: theirs at the left, ours at the right."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from tower.domain.records import Contact
from ui.session import Session
from ui.theme import BODY_PX

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
    def words(self) -> Sequence[str]:
        """What the bubbles say."""
        return [self._words(one) for one in self._shown]

    def _fill(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for contact in self._shown:
            self._column.addWidget(self._bubble(contact))

    def _bubble(self, contact: Contact) -> QLabel:
        theme, label = self._session.theme, QLabel(self._words(contact))
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setFont(theme.font(BODY_PX))
        ground = theme.color("panel_raised" if contact.inbound else "selection").name()
        margin = f"0 {_INDENT_PX}px 0 0" if contact.inbound else f"0 0 0 {_INDENT_PX}px"
        label.setStyleSheet(
            f"background: {ground}; color: {theme.color('text').name()};"
            f" border: 1px solid {theme.color('line').name()};"
            f" border-radius: 8px; padding: 6px 10px; margin: {margin};"
        )
        return label

    def _words(self, contact: Contact) -> str:
        whose = "customer" if contact.inbound else "we"
        by = f" by {contact.channel.replace('_', ' ')}" if contact.channel else ""
        about = contact.words or contact.topic.replace("_", " ")
        return f"{about}\n{self._session.clock_text(contact.at)} · {whose}{by}"
