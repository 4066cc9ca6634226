"""The bright frame around everything that shows the past."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.session import Session

FRAME_PX = 4
"""How thick the frame is."""


class _Edge(QWidget):
    """One side of the frame; lets every click through."""

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """One colour."""
        QPainter(self).fillRect(self.rect(), self._session.theme.color("past"))


class PastFrame(QObject):
    """Four narrow edges over a window; nothing between them is drawn twice.

    Args:
        session: says whether the past is shown.
        window: framed whole.
    """

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self._edges = [_Edge(session, window) for _ in range(4)]
        for edge in self._edges:
            edge.hide()
        window.installEventFilter(self)
        session.past_changed.connect(self.refresh)
        session.theme.theme_changed.connect(self._repaint)
        self.refresh()

    @property
    def is_shown(self) -> bool:
        """Whether the window is framed now."""
        return not self._edges[0].isHidden()

    def refresh(self) -> None:
        """Frame the window, or take the frame off."""
        is_past = self._session.past is not None and self._window.isWindow()
        if is_past == self.is_shown:
            return
        if is_past:
            self._place()
        for edge in self._edges:
            edge.setVisible(is_past)
            edge.raise_()

    def _repaint(self) -> None:
        for edge in self._edges:
            edge.update()

    def _place(self) -> None:
        width, height = self._window.width(), self._window.height()
        boxes = (
            QRect(0, 0, width, FRAME_PX),
            QRect(0, height - FRAME_PX, width, FRAME_PX),
            QRect(0, 0, FRAME_PX, height),
            QRect(width - FRAME_PX, 0, FRAME_PX, height),
        )
        for edge, box in zip(self._edges, boxes, strict=True):
            edge.setGeometry(box)
            edge.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep around the window when it changes its size, or becomes one."""
        if event.type() == QEvent.Type.Resize and self.is_shown:
            self._place()
        elif event.type() in (QEvent.Type.Show, QEvent.Type.ParentChange):
            self.refresh()
        return super().eventFilter(watched, event)
