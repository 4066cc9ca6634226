"""The tabs in a panel's title, with a caption at the right."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QTabBar, QWidget

from ui.theme import SMALL_PX, Theme
from ui.widgets.text import RIGHT, draw_text, width_of

_HEIGHT_PX = 30


class _Caption(QWidget):
    """Words at the right of what room is left; none where they do not fit."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self.words = theme, ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        theme.theme_changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if width_of(self.words, SMALL_PX) <= self.width():
            box, muted = QRectF(self.rect()), self._theme.color("muted")
            draw_text(QPainter(self), box, self.words, muted, RIGHT, SMALL_PX)


class TabHeader(QWidget):
    """Stands in a dock's title: a panel's views as tabs, and what is to be said beside them.

    Args:
        theme: colours and type.
        titles: words of the tabs.
        name: what a screen reader calls the tabs.

    Attributes:
        tab_chosen: number of the tab the user chose.
    """

    tab_chosen = Signal(int)

    def __init__(
        self, theme: Theme, titles: Sequence[str], name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.tabs, self._caption = QTabBar(), _Caption(theme)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setAccessibleName(name)
        for title in titles:
            self.tabs.addTab(title)
        self.tabs.currentChanged.connect(self.tab_chosen)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(2, 0, 6, 0)
        self._row.setSpacing(6)
        self._row.addWidget(self.tabs)
        self._row.addWidget(self._caption, 1)
        self.setFixedHeight(_HEIGHT_PX)
        self.setStyleSheet("QTabBar { background: transparent; }")

    def add_widget(self, widget: QWidget) -> None:
        """Put a widget at the right end."""
        self._row.addWidget(widget)

    def set_title(self, tab: int, title: str) -> None:
        """Say something else on a tab."""
        if self.tabs.tabText(tab) != title:
            self.tabs.setTabText(tab, title)

    def set_caption(self, words: str) -> None:
        """Say something at the right."""
        self._caption.words = words
        self._caption.update()
