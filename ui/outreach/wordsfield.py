"""A field for words to a customer: as tall as they are, sent with Ctrl+Enter, left with Escape."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from ui.theme import BODY_PX, Theme
from ui.widgets.ownkeys import ENTERS

LONGEST = 2000
"""Letters a message may have."""

_PAD_PX = 20


class WordsField(QPlainTextEdit):
    """Plain words over a few lines; Tab leaves the field.

    Args:
        theme: its type.
        name: what a screen reader calls it.
        lines: the lines it has at least, and at most.

    Attributes:
        sent: Ctrl+Enter was pressed.
        given_up: Escape was pressed.
    """

    sent = Signal()
    given_up = Signal()

    def __init__(
        self, theme: Theme, name: str, lines: tuple[int, int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._lines = theme, lines
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        theme.theme_changed.connect(self._dress)
        self._dress()

    @property
    def words(self) -> str:
        """What was written, without blanks around it."""
        return self.toPlainText().strip()

    def show_most(self, lines: int) -> None:
        """Have at most so many lines; the rest is scrolled."""
        self._lines = self._lines[0], lines
        self._fit()

    def _dress(self) -> None:
        self.setFont(self._theme.font(BODY_PX))
        self._fit()

    def _fit(self) -> None:
        least, most = self._lines
        wrapped = int(self.document().size().height())
        line = QFontMetrics(self.font()).lineSpacing()
        self.setFixedHeight(line * max(least, min(most, wrapped)) + _PAD_PX)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(120, self.height())

    def event(self, event: QEvent) -> bool:
        """Escape and Ctrl+Enter are the field's own while it has the focus, not the window's."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and (event.key() == Qt.Key.Key_Escape or _is_send(event))
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter sends, Escape gives up, everything else is written."""
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif _is_send(event):
            self.sent.emit()
        else:
            super().keyPressEvent(event)


def _is_send(event: QKeyEvent) -> bool:
    is_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    return is_control and event.key() in ENTERS
