"""Widgets in a row."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

_BETWEEN_PX = 8


def side_by_side(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets side by side; None takes the room that is left."""
    row = QHBoxLayout()
    row.setSpacing(_BETWEEN_PX)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row
