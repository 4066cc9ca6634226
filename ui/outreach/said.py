"""Words of anybody, as they are, on as many lines as they take."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy

from ui.outreach.phrases import breakable
from ui.theme import BODY_PX, Theme


class Said(QLabel):
    """Words of anybody, as they are; takes no room while there are none.

    Args:
        theme: colours and type.
        colour: name in the palette.
        size_px: size of its type.
        bold: in bold type.
    """

    def __init__(
        self, theme: Theme, colour: str = "text", size_px: int = BODY_PX, *, bold: bool = False
    ) -> None:
        super().__init__()
        self._theme, self._colour, self._type = theme, colour, (size_px, bold)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setMinimumWidth(40)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.theme_changed.connect(self._dress)
        self._dress()
        self.hide()

    def say(self, words: str, colour: str = "") -> None:
        """Say something else, perhaps in another colour."""
        if colour and colour != self._colour:
            self._colour = colour
            self._dress()
        if (shown := breakable(words)) != self.text():
            self.setText(shown)
        self.setVisible(bool(words))

    def _dress(self) -> None:
        size_px, bold = self._type
        self.setFont(self._theme.font(size_px, bold=bold))
        self.setStyleSheet(f"color: {self._theme.color(self._colour).name()}; background: none")
