"""A frame around what the keyboard works on, for those who came there by keyboard."""

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from ui.theme import Theme
from ui.widgets.pill import Pill

_WIDTH_PX = 2
_FRAMED_ALREADY = (QComboBox, QLineEdit, QPlainTextEdit, QPushButton, Pill)
"""These light their own frame."""


class FocusRing(QObject):
    """Frames the widget in a window that got the focus without the mouse.

    Args:
        theme: gives the colour.
        window: whose widgets are framed.
        apart: what shows its focus itself, such as the map's page.
    """

    def __init__(self, theme: Theme, window: QWidget, apart: QWidget) -> None:
        super().__init__(window)
        self._theme, self._window, self._apart = theme, window, apart
        self._frame: _Frame | None = None
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._frame is not None and shiboken6.isValid(self._frame):
            self._frame.deleteLater()
        self._frame = None
        clicked = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        if now is not None and not clicked and self._wants_frame(now):
            self._frame = _Frame(self._theme, now)

    def _wants_frame(self, widget: QWidget) -> bool:
        if isinstance(widget, _FRAMED_ALREADY) or widget is self._window:
            return False
        if not self._window.isAncestorOf(widget):
            return False
        return widget is not self._apart and not self._apart.isAncestorOf(widget)


class _Frame(QWidget):
    """Lies over a widget, lets everything through, and keeps to its size."""

    def __init__(self, theme: Theme, framed: QWidget) -> None:
        super().__init__(framed)
        self._theme, self._framed = theme, framed
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        framed.installEventFilter(self)
        self._fit()
        self.show()

    def _fit(self) -> None:
        framed = self._framed.rect()
        self.setGeometry(framed)
        inner = framed.adjusted(_WIDTH_PX, _WIDTH_PX, -_WIDTH_PX, -_WIDTH_PX)
        self.setMask(QRegion(framed).subtracted(QRegion(inner)))
        self.raise_()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Follow the framed widget's size."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame."""
        painter = QPainter(self)
        painter.setPen(QPen(self._theme.color("accent"), _WIDTH_PX))
        half = _WIDTH_PX // 2
        painter.drawRect(self.rect().adjusted(half, half, -half, -half))
