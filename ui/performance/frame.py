"""A panel of the performance window: its title, what is said beside it, and its body."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from ui.theme import BODY_PX, SMALL_PX, Theme
from ui.tips import plain_tip
from ui.widgets.empty import EmptyState
from ui.widgets.text import LEFT, draw_text

_HEADER_PX = 32


class _Note(QWidget):
    """Words beside a title, cut where there is no room for them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self.words = theme, ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, _event: QPaintEvent) -> None:
        box, muted = QRectF(self.rect()), self._theme.color("muted")
        draw_text(QPainter(self), box, self.words, muted, LEFT, SMALL_PX)


class PanelFrame(QFrame):
    """Shows its body, or words where there is nothing to show.

    Args:
        theme: colours and type.
        title: of the panel.
        body: what it shows.
        tools: widgets at the right of the title.

    Attributes:
        body: as given.
    """

    def __init__(
        self,
        theme: Theme,
        title: str,
        body: QWidget,
        tools: tuple[QWidget, ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.body = body
        self.setObjectName("figurePanel")
        self._title, self._note = QLabel(title), _Note(theme)
        self._title.setFont(theme.font(BODY_PX, bold=True))
        self._empty = EmptyState(theme, "")
        self._layers = QStackedLayout()
        self._layers.setContentsMargins(0, 0, 0, 0)
        self._layers.addWidget(self._empty)
        self._layers.addWidget(body)
        self._lay_out(tools)
        theme.theme_changed.connect(self._note.update)

    def _lay_out(self, tools: tuple[QWidget, ...]) -> None:
        header = QWidget()
        header.setFixedHeight(_HEADER_PX)
        row = QHBoxLayout(header)
        row.setContentsMargins(10, 0, 6, 0)
        row.setSpacing(8)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        row.addWidget(self._title)
        row.addWidget(self._note, 1)
        for tool in tools:
            row.addWidget(tool)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(header)
        column.addLayout(self._layers, 1)

    @property
    def title(self) -> str:
        """What the panel is called."""
        return self._title.text()

    @property
    def words(self) -> str:
        """What is said beside the title."""
        return self._note.words

    @property
    def is_empty(self) -> bool:
        """True while words stand in the place of the body."""
        return self._layers.currentWidget() is self._empty

    def set_title(self, title: str) -> None:
        """Call the panel something else."""
        self._title.setText(title)

    def set_note(self, words: str) -> None:
        """Say something beside the title."""
        self._note.words = words
        self._note.setToolTip(plain_tip(words))
        self._note.update()

    def show_body(self) -> None:
        """Show the body."""
        self._layers.setCurrentWidget(self.body)

    def show_words(self, headline: str, sentence: str = "") -> None:
        """Show words where there is nothing else to show."""
        self._empty.set_words(headline, sentence)
        self._layers.setCurrentWidget(self._empty)
