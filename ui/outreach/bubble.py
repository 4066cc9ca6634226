"""One thing that was said, as a bubble: theirs at the left, ours at the right."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.outreach.enterbutton import EnterButton
from ui.outreach.said import Said
from ui.outreach.thread import Line
from ui.theme import BODY_PX, SMALL_PX, Theme
from ui.widgets.flow import FlowLayout

INDENT_PX = 36
LONGEST = 1500
"""Letters shown before the rest has to be asked for."""


class Choice(NamedTuple):
    """A button in a bubble."""

    words: str
    does: Callable[[], None]


class Bubble(QFrame):
    """Words, how they were said, and what can be done about them.

    Args:
        theme: colours and type.
        line: what was said.
        choices: what can be done.
    """

    def __init__(
        self, theme: Theme, line: Line, choices: Sequence[Choice], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.line, self._theme = line, theme
        self.setObjectName("bubble")
        self._words = Said(theme, "text", BODY_PX)
        self._caption = Said(theme, line.tone, SMALL_PX, bold=line.is_unread)
        self._done = Said(theme, "on_time" if line.holds else "muted", SMALL_PX)
        self.buttons: list[EnterButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 6, 10, 6)
        self._column.setSpacing(2)
        for part in (self._words, self._caption, self._done):
            self._column.addWidget(part)
        self._say()
        self._add_choices(choices)
        self._dress()

    def _say(self) -> None:
        line = self.line
        self._words.say(line.words[:LONGEST])
        self._caption.say(line.caption)
        done = f"✓ {line.done}" if line.holds else f"{line.done} · taken back since"
        self._done.say(done if line.done else "")
        whose = "We" if line.is_ours else "Customer"
        self.setAccessibleName(f"{whose}: {line.words[:LONGEST]}, {line.caption}")

    def _add_choices(self, choices: Sequence[Choice]) -> None:
        left = len(self.line.words) - LONGEST
        if left > 0:
            choices = (Choice(f"Show {left:,} more letters", self._show_all), *choices)
        if not choices:
            return
        row = QWidget()
        flow = FlowLayout(row)
        for choice in choices:
            button = EnterButton(self._theme, choice.words, choice.does)
            self.buttons.append(button)
            flow.addWidget(button)
        self._column.addWidget(row)

    def _show_all(self) -> None:
        self._words.say(self.line.words)
        self.buttons[0].hide()

    def _dress(self) -> None:
        line, theme = self.line, self._theme
        ground = theme.color("selection" if line.is_ours else "panel_raised").name()
        edge = theme.color("accent" if line.is_unread else "line").name()
        margin = f"0 0 0 {INDENT_PX}px" if line.is_ours else f"0 {INDENT_PX}px 0 0"
        self.setStyleSheet(
            f"#bubble {{ background: {ground}; border: 1px solid {edge};"
            f" border-radius: 8px; margin: {margin}; }}"
        )
