"""A button among words: as many lines as it needs, pressed by Enter while it has the focus."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from ui.outreach.phrases import on_one_line
from ui.theme import BODY_PX, Theme
from ui.widgets.enterpressed import EnterPressed

_WIDEST_PX, _LONGEST = 250, 240
_WRAP = int(
    Qt.AlignmentFlag.AlignLeft
    | Qt.AlignmentFlag.AlignTop
    | Qt.TextFlag.TextWordWrap
    | Qt.TextFlag.TextWrapAnywhere
)


class EnterButton(EnterPressed):
    """Words in the colour of a link; Enter is its own, whatever it does in the window.

    Args:
        theme: colours and type.
        words: what a press does.
        does: does it.

    Attributes:
        words: what it says; a stranger's words are on one line, with nothing hidden in them.
    """

    def __init__(self, theme: Theme, words: str, does: Callable[[], None]) -> None:
        super().__init__()
        self._theme, self.words = theme, ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda _checked=False: does())
        theme.theme_changed.connect(self.update)
        self.say(words)

    def say(self, words: str) -> None:
        """Say something else."""
        self.words = on_one_line(words, _LONGEST)
        self.setAccessibleName(self.words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its words, up to a limit; then they take another line."""
        metrics = QFontMetrics(self._theme.font(BODY_PX, bold=True))
        room = QRect(0, 0, _WIDEST_PX, 1000)
        return metrics.boundingRect(room, _WRAP, self.words).size() + QSize(2, 3)

    def minimumSizeHint(self) -> QSize:
        """Its words are never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the words, underlined where a press would be theirs."""
        painter = QPainter(self)
        is_lit = self.underMouse() or self.hasFocus()
        font = self._theme.font(BODY_PX, bold=True)
        font.setUnderline(is_lit)
        painter.setFont(font)
        painter.setPen(self._theme.color("text" if is_lit else "accent"))
        painter.drawText(self.rect(), _WRAP, self.words)
