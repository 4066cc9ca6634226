"""A button that is only its words, as in the line at the bottom."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from ui.theme import SMALL_PX, Theme


class WordButton(QPushButton):
    """Words without a frame, lit under the pointer and with the focus.

    Args:
        theme: colours and type.
        name: what a screen reader calls it.
    """

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._colour = theme, "muted"
        self.setObjectName("wordButton")
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.theme_changed.connect(self._dress)
        self._dress()

    def say(self, words: str, colour: str = "muted") -> None:
        """Say something else.

        Args:
            words: what it says.
            colour: name in the palette file.
        """
        self.setText(words)
        self._colour = colour
        self._dress()

    def _dress(self) -> None:
        theme = self._theme
        self.setFont(theme.font(SMALL_PX))
        self.setStyleSheet(
            "#wordButton { border: none; background: transparent; padding: 0 10px;"
            f" color: {theme.color(self._colour).name()}; }}"
            f"#wordButton:hover, #wordButton:focus {{ color: {theme.color('text').name()}; }}"
        )
