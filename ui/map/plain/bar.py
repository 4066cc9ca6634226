"""Says that the map is a plainer one, and offers the full one again."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from ui.theme import BODY_PX, Theme

WORDS = (
    "A plainer map, because the full one ended twice within a minute. All on it is live; stops "
    "cannot be dragged here."
)


class PlainBar(QFrame):
    """A strip over the plainer map.

    Args:
        theme: its colours.
        parent: its Qt parent.

    Attributes:
        full_wanted: somebody wants to try the full map again.
    """

    full_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("plainBar")
        self._words = QLabel(WORDS)
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        again = QPushButton("Try the full map again")
        again.clicked.connect(self.full_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.addWidget(self._words, 1)
        row.addWidget(again)
        theme.theme_changed.connect(self._restyle)
        self._restyle()
        self.hide()

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.text()

    def _restyle(self) -> None:
        colour, ground = self._theme.color("at_risk"), self._theme.color("panel_raised")
        self._words.setFont(self._theme.font(BODY_PX))
        self.setStyleSheet(
            f"#plainBar {{ background: {ground.name()};"
            f" border-bottom: 1px solid {colour.name()}; }}"
            f" #plainBar QLabel {{ color: {colour.name()}; }}"
        )
