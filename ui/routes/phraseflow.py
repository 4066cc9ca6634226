"""Lines of phrases in their tones, wrapped and drawn at once; those about stops can be picked."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.draft.consequences import Line, Phrase
from ui.theme import SMALL_PX, Theme
from ui.widgets.text import draw_text, width_of

TONES = {
    "plain": "text_secondary",
    "muted": "muted",
    "after": "accent",
    "good": "on_time",
    "risk": "at_risk",
    "bad": "late",
}
"""The colour of each tone, by its name in the palette file."""

_ROW_PX, _GAP_PX = 15.0, 2.0
_BETWEEN = " · "


class _Run(NamedTuple):
    """Words of one phrase on one row."""

    box: QRectF
    words: str
    phrase: Phrase


class PhraseFlow(QWidget):
    """Shows lines; much quicker than a label with markup, for it changes with the pointer.

    Attributes:
        picked: ids of the stops a phrase speaks of.
    """

    picked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: tuple[Line, ...] = ()
        self._runs: list[_Run] = []
        self._laid_out: tuple[int, tuple[Line, ...]] = (-1, ())
        self._height, self._focused = 0, -1
        self._hovered: Phrase | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        theme.theme_changed.connect(self.update)

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Show other lines."""
        if lines != self._lines:
            self._lines, self._hovered, self._focused = lines, None, -1
            self.update()

    def heightForWidth(self, width: int) -> int:
        """Pixels all lines take at a width."""
        self._lay_out(width)
        return self._height

    @property
    def links(self) -> list[Phrase]:
        """The phrases that can be picked."""
        return [phrase for line in self._lines for phrase in line if phrase.stops]

    def box_of(self, words: str) -> QRectF:
        """Where a phrase begins; empty where it is not shown."""
        self._lay_out(self.width())
        found = (run.box for run in self._runs if run.phrase.words == words)
        return next(found, QRectF())

    # Laying out

    def _lay_out(self, width: int) -> None:
        if self._laid_out == (width, self._lines):
            return
        self._laid_out = (width, self._lines)
        self._runs, top = [], 0.0
        for line in self._lines:
            top = self._lay_line(line, width, top) + _GAP_PX
        self._height = int(top)

    def _lay_line(self, line: Line, width: int, top: float) -> float:
        """Place the words of a line from `top` on; where the next line begins."""
        x, space = 0.0, width_of(" ", SMALL_PX)
        for phrase, words in _pieces(line):
            bold = phrase.tone == "after"
            run, begun = "", x
            for word in words:
                wide = width_of(word, SMALL_PX, bold=bold)
                if x + wide > width and x > 0:
                    self._add(run, begun, x, top, phrase)
                    run, x, begun, top = "", 0.0, 0.0, top + _ROW_PX
                run, x = f"{run}{word} ", x + wide + space
            self._add(run, begun, x, top, phrase)
        return top + _ROW_PX

    def _add(self, run: str, left: float, right: float, top: float, phrase: Phrase) -> None:
        if run:
            # A pixel to spare: words are measured one by one.
            box = QRectF(left, top, right - left + 4, _ROW_PX)
            self._runs.append(_Run(box, run.rstrip(), phrase))

    # Drawing

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw every run in its tone; what can be picked is underlined under the pointer."""
        self._lay_out(self.width())
        painter, marked = QPainter(self), self._marked
        for run in self._runs:
            colour = self._theme.color(TONES[run.phrase.tone])
            bold = run.phrase.tone == "after"
            draw_text(painter, run.box, run.words, colour, size_px=SMALL_PX, bold=bold)
            if run.phrase is marked:
                right = run.box.left() + width_of(run.words, SMALL_PX, bold=bold)
                y = run.box.bottom() - 1
                painter.drawLine(QPoint(int(run.box.left()), int(y)), QPoint(int(right), int(y)))

    @property
    def _marked(self) -> Phrase | None:
        links = self.links
        if self.hasFocus() and 0 <= self._focused < len(links):
            return links[self._focused]
        return self._hovered

    # Picking

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over what can be picked."""
        found = self._phrase_at(event.position().toPoint())
        if found is not self._hovered:
            self._hovered = found
            self.setCursor(
                Qt.CursorShape.PointingHandCursor if found else Qt.CursorShape.ArrowCursor
            )
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell which stops it speaks of."""
        found = self._phrase_at(event.position().toPoint())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(found.stops)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right walk what can be picked, Enter picks it."""
        links = self.links
        if links and event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            self._focused = max(0, min(len(links) - 1, self._focused + step))
            self.update()
        elif self._marked and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.picked.emit(self._marked.stops)
        else:
            super().keyPressEvent(event)

    def _phrase_at(self, at: QPoint) -> Phrase | None:
        self._lay_out(self.width())
        found = (run.phrase for run in self._runs if run.phrase.stops and run.box.contains(at))
        return next(found, None)


def _pieces(line: Sequence[Phrase]) -> Iterator[tuple[Phrase, list[str]]]:
    """Each phrase with its words; a middle dot closes it unless it leads on to the next."""
    for number, phrase in enumerate(line):
        is_last = number == len(line) - 1
        dot = "" if is_last or phrase.words.endswith("→") else " ·"
        yield phrase, f"{phrase.words}{dot}".split()
