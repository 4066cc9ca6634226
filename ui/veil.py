"""The grey veil over everything that may be out of date."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.session import Session

_OPACITY = 0.42


class StaleVeil(QWidget):
    """Lies over the panels while the feed is not live; lets every click through.

    A moment of the past is what it was, however the feed stands.

    Args:
        session: says whether what is shown is live.
        window: covered from its central part down.
        top: the topmost widget it covers.
    """

    def __init__(self, session: Session, window: QWidget, top: QWidget) -> None:
        super().__init__(window)
        self._session, self._window, self._top = session, window, top
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for watched in (window, top):
            watched.installEventFilter(self)
        session.link_changed.connect(self.refresh)
        session.past_changed.connect(self.refresh)
        self.hide()

    def refresh(self) -> None:
        """Cover or uncover."""
        if self._session.is_stale and self._session.past is None:
            self._cover()
            self.show()
            self.raise_()
        else:
            self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep covering when the window changes its size."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and self.isVisible():
            self._cover()
        return super().eventFilter(watched, event)

    def _cover(self) -> None:
        window = self._window
        top = self._top.mapTo(window, self._top.rect().topLeft()).y()
        self.setGeometry(QRect(0, top, window.width(), window.height() - top))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the veil."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._session.theme.faded("disabled", _OPACITY * 0.5))
        painter.fillRect(self.rect(), self._session.theme.faded("ground", _OPACITY))
