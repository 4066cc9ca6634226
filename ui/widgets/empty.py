"""What a panel shows while it has nothing to show: why, and what to do."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ui.theme import BODY_PX, TITLE_PX, Theme


class EmptyState(QWidget):
    """A headline and a sentence in the middle of an empty panel."""

    def __init__(
        self, theme: Theme, headline: str, sentence: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._headline, self._sentence = QLabel(headline), QLabel(sentence)
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        for label in (self._headline, self._sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            layout.addWidget(label)
        layout.addStretch(2)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme.theme_changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def set_words(self, headline: str, sentence: str = "") -> None:
        """Say something else."""
        self._headline.setText(headline)
        self._sentence.setText(sentence)

    def _on_theme_changed(self) -> None:
        ground = self._theme.color("panel").name()
        self.setStyleSheet(f"EmptyState {{ background: {ground}; }}")
        self._headline.setFont(self._theme.font(TITLE_PX, bold=True))
        self._sentence.setFont(self._theme.font(BODY_PX))
        self._headline.setStyleSheet(f"color: {self._theme.color('text_secondary').name()}")
        self._sentence.setStyleSheet(f"color: {self._theme.color('muted').name()}")
