"""The things an exception is about, as links that select them everywhere."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from ui.exceptions.facts import Link
from ui.outreach.phrases import on_a_button
from ui.theme import Theme
from ui.widgets.flow import FlowLayout


class LinkRow(QWidget):
    """Links side by side.

    Attributes:
        followed: kind and id of the thing whose link was pressed.
    """

    followed = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[Link, ...] = ()
        self._flow = FlowLayout(self)
        theme.theme_changed.connect(self._dress)
        self._dress()

    def show_links(self, links: Sequence[Link]) -> None:
        """Show other links; the same ones stay as they are."""
        if tuple(links) == self._shown:
            return
        self._shown = tuple(links)
        self._flow.clear()
        for link in links:
            self._flow.addWidget(self._make(link))

    def _make(self, link: Link) -> QPushButton:
        button = QPushButton(on_a_button(link.words))
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(f"Select this {link.kind} everywhere")
        button.setAccessibleName(f"{link.kind.capitalize()} {link.words}")
        button.clicked.connect(lambda _checked=False: self.followed.emit(link.kind, link.id))
        return button

    def _dress(self) -> None:
        accent, strong = self._theme.color("accent").name(), self._theme.color("text").name()
        self.setStyleSheet(
            "QPushButton { border: none; background: transparent; padding: 1px 0;"
            f" color: {accent}; }}"
            f"QPushButton:hover, QPushButton:focus {{ color: {strong}; }}"
        )
