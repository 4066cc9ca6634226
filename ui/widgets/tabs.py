"""The tabs in a panel's title, with a caption at the right."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QTabBar, QWidget

from ui.theme import SMALL_PX, Theme

_HEIGHT_PX = 30


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
        self._theme = theme
        self.tabs, self._caption = QTabBar(), QLabel()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setAccessibleName(name)
        for title in titles:
            self.tabs.addTab(title)
        self.tabs.currentChanged.connect(self.tab_chosen)
        self._caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._caption.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(2, 0, 6, 0)
        self._row.setSpacing(6)
        self._row.addWidget(self.tabs)
        self._row.addWidget(self._caption, 1)
        self.setFixedHeight(_HEIGHT_PX)
        theme.theme_changed.connect(self._dress)
        self._dress()

    def add_widget(self, widget: QWidget) -> None:
        """Put a widget at the right end."""
        self._row.addWidget(widget)

    def set_title(self, tab: int, title: str) -> None:
        """Say something else on a tab."""
        if self.tabs.tabText(tab) != title:
            self.tabs.setTabText(tab, title)

    def set_caption(self, words: str) -> None:
        """Say something at the right."""
        self._caption.setText(words)

    def _dress(self) -> None:
        self._caption.setFont(self._theme.font(SMALL_PX))
        self._caption.setStyleSheet(f"color: {self._theme.color('muted').name()}")
