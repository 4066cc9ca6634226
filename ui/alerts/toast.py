"""A notice at the top of the map: what is new, a click opens it."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from tower.domain.words import Severity
from ui.alerts.bell import Call
from ui.outreach.phrases import breakable
from ui.theme import BODY_PX, TITLE_PX, Theme

_WIDTH_PX = 360
_MARGIN_PX = 14
_STAYS_MS = {Severity.CRITICAL: 20_000}
_STAYS_USUALLY_MS = 8_000


class Toast(QFrame):
    """Lies over the middle of a widget's upper edge for a while; takes no keys.

    Args:
        theme: its colours.
        over: what it lies over, such as the map.

    Attributes:
        opened: id of the exception that is to be looked at.
    """

    opened = Signal(str)

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self._theme, self._over = theme, over
        self._exception_id, self._colour = "", "accent"
        self._title, self._words = QLabel(), QLabel()
        self._hiding = QTimer(self)
        self._hiding.setSingleShot(True)
        self._hiding.timeout.connect(self.hide)
        self.setObjectName("toast")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._assemble()
        over.installEventFilter(self)
        theme.theme_changed.connect(self._dress)
        self._dress()
        self.hide()

    def _assemble(self) -> None:
        close = QPushButton("×")
        close.setObjectName("toastClose")
        close.setAccessibleName("Close this notice")
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.hide)
        for label in (self._title, self._words):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        text, row = QVBoxLayout(), QHBoxLayout(self)
        text.addWidget(self._title)
        text.addWidget(self._words)
        text.setSpacing(3)
        row.setContentsMargins(14, 9, 6, 10)
        row.addLayout(text, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)

    @property
    def words(self) -> str:
        """What it says."""
        return f"{self._title.text()}\n{self._words.text()}"

    def show_call(self, call: Call) -> None:
        """Show a call in the place of the one before."""
        stays_ms = _STAYS_MS.get(call.severity, _STAYS_USUALLY_MS)
        self.say(call.title, call.words, call.exception_id, call.severity.value, stays_ms)

    def say(
        self,
        title: str,
        words: str,
        exception_id: str = "",
        colour: str = "accent",
        stays_ms: int = _STAYS_USUALLY_MS,
    ) -> None:
        """Say something for a while."""
        self._exception_id, self._colour = exception_id, colour
        self._title.setText(title)
        self._words.setText(breakable(words))
        self._words.setVisible(bool(words))
        self._dress()
        self._place()
        self.show()
        self.raise_()
        self._hiding.start(stays_ms)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Open what it is about."""
        self.hide()
        if self._exception_id:
            self.opened.emit(self._exception_id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the middle."""
        if watched is self._over and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        width = min(_WIDTH_PX, self._over.width() - 2 * _MARGIN_PX)
        self.setFixedWidth(max(120, width))
        layout = self.layout()
        if layout is not None:
            self.setFixedHeight(layout.heightForWidth(self.width()))
        self.move((self._over.width() - self.width()) // 2, _MARGIN_PX)

    def _dress(self) -> None:
        theme = self._theme
        self._title.setFont(theme.font(TITLE_PX, bold=True))
        self._words.setFont(theme.font(BODY_PX))
        edge = theme.color(self._colour).name()
        self.setStyleSheet(
            f"#toast {{ background: {theme.color('panel_raised').name()};"
            f" border: 1px solid {theme.color('line_strong').name()};"
            f" border-left: 4px solid {edge}; border-radius: 6px; }}"
            "#toast QLabel { background: transparent; }"
            "#toastClose { border: none; background: transparent; padding: 0 6px; }"
        )
