"""Where what opens beside something may stand."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QWidget


def move_beside(opened: QWidget, owner: QWidget, at: QPoint) -> None:
    """Put a popup at a point of its owner, kept whole within the screen."""
    corner = owner.mapToGlobal(at)
    screen = QApplication.screenAt(corner) or owner.screen()
    room = screen.availableGeometry()
    corner.setX(max(room.left(), min(corner.x(), room.right() - opened.width())))
    corner.setY(max(room.top(), min(corner.y(), room.bottom() - opened.height())))
    opened.move(corner)
