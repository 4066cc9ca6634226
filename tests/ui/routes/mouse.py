"""A mouse for the tests of dragging."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.expecting import place_of
from ui.widgets.rowlist import RowList

LEFT = Qt.MouseButton.LeftButton


class Mouse:
    """A mouse whose left button is pressed on a widget and let go wherever it is then."""

    def __init__(self, on: QWidget) -> None:
        self._on = on
        self._at = QPoint()

    def press(self, rows: RowList, id_: str) -> None:
        self._on = rows.viewport()
        self._at = place_of(rows, id_).center()
        QTest.mousePress(self._on, LEFT, pos=self._at)

    def to(self, widget: QWidget, at: QPoint) -> None:
        """Move there in two steps, as a hand does."""
        self._at = self._on.mapFromGlobal(widget.mapToGlobal(at))
        for step in (self._at + QPoint(12, 12), self._at):
            QTest.mouseMove(self._on, step)

    def over(self, rows: RowList, id_: str, *, lower: bool = False) -> None:
        """Over the upper (or lower) half of a row."""
        box = place_of(rows, id_)
        self.to(
            rows.viewport(), QPoint(box.center().x(), box.bottom() - 5 if lower else box.top() + 5)
        )

    def release(self) -> None:
        QTest.mouseRelease(self._on, LEFT, pos=self._at)


def turn_down(widget: QWidget, at: QPoint, notches: int) -> None:
    """Turn the wheel towards oneself over a point of a widget."""
    turned = QWheelEvent(
        QPointF(at),
        QPointF(widget.mapToGlobal(at)),
        QPoint(),
        QPoint(0, -120 * notches),
        LEFT,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, turned)
