"""A strip over a panel that says what it cannot show, and why."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from ui.theme import BODY_PX, Theme


class Notice(QLabel):
    """Hidden while there is nothing to say.

    Args:
        theme: its colours.
        parent: its Qt parent.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._said: dict[str, str] = {}
        self.setObjectName("notice")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setMargin(6)
        theme.theme_changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def say(self, topic: str, words: str) -> None:
        """Say something about a topic, instead of what was said about it before; "" for nothing."""
        self._said[topic] = words
        self.setText("\n".join(said for said in self._said.values() if said))
        self.setVisible(bool(self.text()))

    def said(self, topic: str) -> str:
        """What is said about a topic now."""
        return self._said.get(topic, "")

    def _restyle(self) -> None:
        colour, ground = self._theme.color("at_risk"), self._theme.color("panel_raised")
        self.setFont(self._theme.font(BODY_PX))
        self.setStyleSheet(
            f"#notice {{ color: {colour.name()}; background: {ground.name()};"
            f" border-bottom: 1px solid {colour.name()}; }}"
        )
