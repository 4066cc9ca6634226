"""The panels' docks: a slim title that drags, floats and closes them."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QDockWidget, QHBoxLayout, QLabel, QWidget

from ui.session import Session
from ui.theme import BODY_PX, Theme

_TITLE_PX = 28
_ASIDE_PX = 32


class _Corner(QAbstractButton):
    """A small drawn button of a dock's title."""

    def __init__(self, theme: Theme, shape: str, says: str) -> None:
        super().__init__()
        self._theme, self._shape = theme, shape
        self.setFixedSize(QSize(18, 18))
        self.setToolTip(says)
        self.setAccessibleName(says)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self._theme.color("text" if self.underMouse() else "disabled")
        painter.setPen(QPen(colour, 1.2))
        box = QRectF(5.5, 5.5, 7, 7)
        if self._shape == "close":
            painter.drawLine(box.topLeft(), box.bottomRight())
            painter.drawLine(box.topRight(), box.bottomLeft())
        else:
            painter.drawRect(box)


class DockTitle(QWidget):
    """Title of a dock; drags it by where there is no button."""

    def __init__(self, theme: Theme, dock: "Dock", header: QWidget | None) -> None:
        super().__init__(dock)
        self._theme = theme
        self._line = header is None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0 if header else 10, 0, 4, 0)
        layout.setSpacing(0)
        if header is None:
            self.setFixedHeight(_TITLE_PX)
            title = QLabel(dock.windowTitle())
            title.setFont(theme.font(BODY_PX, bold=True))
            layout.addWidget(title, 1)
        else:
            layout.addWidget(header, 1)
        self._float = _Corner(theme, "float", "Float or dock this panel")
        self._close = _Corner(theme, "close", "Hide this panel (Window brings it back)")
        for button in (self._float, self._close):
            layout.addWidget(button)
        self._float.clicked.connect(dock.float_aside)
        self._close.clicked.connect(dock.close)
        theme.theme_changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """The dock puts its panel below this height; a fixed height alone it does not heed."""
        return super().sizeHint().expandedTo(QSize(0, self.minimumHeight()))

    def minimumSizeHint(self) -> QSize:
        """As low as the size hint."""
        return super().minimumSizeHint().expandedTo(QSize(0, self.minimumHeight()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and the line below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("panel_raised"))
        if self._line:
            painter.setPen(self._theme.color("line"))
            painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)


class Dock(QDockWidget):
    """A panel in the window.

    Args:
        session: gives the theme.
        name: stable name, for saved layouts.
        title: what menus and tabs call it.
        panel: the panel; one with a `header` widget shows that as its title.
    """

    def __init__(self, session: Session, name: str, title: str, panel: QWidget) -> None:
        super().__init__(title)
        self.setObjectName(name)
        self.setWidget(panel)
        header = getattr(panel, "header", None)
        self._title = DockTitle(
            session.theme, self, header if isinstance(header, QWidget) else None
        )
        self._bare = QWidget(self)
        self._bare.setFixedHeight(0)
        self.setTitleBarWidget(self._title)
        # Whether docks share a place is known only after Qt has put them there.
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.timeout.connect(self._on_arranged)
        for signal in (self.topLevelChanged, self.dockLocationChanged, self.visibilityChanged):
            signal.connect(self._on_moved)
        # Qt only moves a panel behind a tab aside; Tab must not lead to what nobody sees.
        self.visibilityChanged.connect(panel.setEnabled)

    def show_title(self, *, shown: bool) -> None:
        """Show the title, or leave it to the tabs when docks share a place."""
        self.setTitleBarWidget(self._title if shown else self._bare)
        self._title.setVisible(shown)

    def _on_moved(self) -> None:
        """Who comes or goes changes with whom the others share a place, too."""
        window = self.parent()
        for dock in window.findChildren(Dock) if window is not None else [self]:
            dock.settle()

    def settle(self) -> None:
        """Show the title or leave it to the tabs, once Qt has arranged everything."""
        self._settling.start(0)

    def _on_arranged(self) -> None:
        window = self.parent()
        tabbed = bool(getattr(window, "tabifiedDockWidgets", lambda _dock: [])(self))
        wanted = self.isFloating() or not tabbed
        if wanted != (self.titleBarWidget() is self._title):
            self.show_title(shown=wanted)

    def float_aside(self) -> None:
        """Float a little off its place, so that one sees that it floats; or dock it again."""
        self.setFloating(not self.isFloating())
        if self.isFloating():
            self.move(self.pos() + QPoint(_ASIDE_PX, -_ASIDE_PX))
