"""Where windows of proposals stand: over the map, so that the sheet beside it stays in sight."""

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QMainWindow, QWidget

_AWAY = QPoint(380, 120)
"""In a window without a map, past where a sheet would be."""

_EDGE_PX = 20


def aside(over: QWidget, wanted: QSize) -> QRect:
    """A place (global) over the upper left of the map, within the window.

    Args:
        over: the window it lies over.
        wanted: as large as this where there is room.
    """
    centre = over.centralWidget() if isinstance(over, QMainWindow) else None
    at = centre.mapTo(over, QPoint(8, 30)) if centre is not None else _AWAY
    room = QSize(over.width() - at.x() - _EDGE_PX, over.height() - at.y() - _EDGE_PX)
    return QRect(over.mapToGlobal(at), wanted.boundedTo(room))
