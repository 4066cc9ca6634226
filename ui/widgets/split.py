"""Two parts of a panel, one above the other, with a thin line between that can be dragged."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from ui.theme import Theme


class Split(QSplitter):
    """Two widgets above each other.

    Args:
        theme: gives the line its colour.
        upper: the first of them.
        lower: the second.
        shares: how the height is divided at first.
    """

    def __init__(
        self, theme: Theme, upper: QWidget, lower: QWidget, shares: tuple[int, int]
    ) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._theme = theme
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        for place, (widget, share) in enumerate(zip((upper, lower), shares, strict=True)):
            self.addWidget(widget)
            self.setStretchFactor(place, share)
        self.setSizes([share * 100 for share in shares])
        theme.theme_changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        line, accent = self._theme.color("line_strong").name(), self._theme.color("accent").name()
        self.setStyleSheet(
            f"QSplitter::handle {{ background: {line}; }}"
            f"QSplitter::handle:hover {{ background: {accent}; }}"
        )
