"""A field for one threshold's value, in its unit and within its limits."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox

from tower.watch.thresholds import Declared

_WIDTH_PX = 100


class NumberField(QDoubleSpinBox):
    """Takes a value between the limits of a threshold.

    Args:
        declared: the threshold.
        value: the one to begin with.

    Attributes:
        changed: the value typed, in the threshold's unit.
    """

    changed = Signal(float)

    def __init__(self, declared: Declared, value: float) -> None:
        super().__init__()
        self.setFixedWidth(_WIDTH_PX)
        self.take(declared, value)
        self.valueChanged.connect(self.changed)

    def take(self, declared: Declared, value: float) -> None:
        """Be the field of another threshold."""
        self.blockSignals(True)
        is_whole = all(float(n).is_integer() for n in (declared.default, value))
        self.setDecimals(0 if is_whole and declared.most >= 40 else 1)
        self.setRange(declared.least, declared.most)
        self.setSuffix(f" {declared.unit}")
        self.setValue(value)
        self.setAccessibleName(declared.words)
        self.blockSignals(False)

    def text_of(self, value: float) -> str:
        """A value as the field writes it."""
        return f"{value:g}{self.suffix()}"

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the page; it changes a value only in the field one is typing in."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
