"""A panel of the performance window: its title, what is said beside it, and its body."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from ui.theme import BODY_PX, SMALL_PX, Theme
from ui.widgets.empty import EmptyState

_HEADER_PX = 32


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
        self._theme, self.body = theme, body
        self.setObjectName("figurePanel")
        self._title, self._note = QLabel(title), QLabel()
        self._empty = EmptyState(theme, "")
        self._layers = QStackedLayout()
        self._layers.setContentsMargins(0, 0, 0, 0)
        self._layers.addWidget(self._empty)
        self._layers.addWidget(body)
        self._lay_out(tools)
        theme.theme_changed.connect(self._dress)
        self._dress()

    def _lay_out(self, tools: tuple[QWidget, ...]) -> None:
        header = QWidget()
        header.setFixedHeight(_HEADER_PX)
        row = QHBoxLayout(header)
        row.setContentsMargins(10, 0, 6, 0)
        row.setSpacing(8)
        for label in (self._title, self._note):
            label.setTextFormat(Qt.TextFormat.PlainText)
            row.addWidget(label)
        self._note.setMinimumWidth(0)
        row.setStretch(1, 1)
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
        return self._note.text()

    @property
    def is_empty(self) -> bool:
        """True while words stand in the place of the body."""
        return self._layers.currentWidget() is self._empty

    def set_title(self, title: str) -> None:
        """Call the panel something else."""
        self._title.setText(title)

    def set_note(self, words: str) -> None:
        """Say something beside the title."""
        self._note.setText(words)
        self._note.setToolTip(words)

    def show_body(self) -> None:
        """Show the body."""
        self._layers.setCurrentWidget(self.body)

    def show_words(self, headline: str, sentence: str = "") -> None:
        """Show words where there is nothing else to show."""
        self._empty.set_words(headline, sentence)
        self._layers.setCurrentWidget(self._empty)

    def _dress(self) -> None:
        theme = self._theme
        ground, line = theme.color("panel").name(), theme.color("line").name()
        self.setStyleSheet(f"#figurePanel {{ background: {ground}; border: 1px solid {line}; }}")
        self._title.setFont(theme.font(BODY_PX, bold=True))
        self._note.setFont(theme.font(SMALL_PX))
        self._note.setStyleSheet(f"color: {theme.color('muted').name()}")
