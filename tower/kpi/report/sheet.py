"""A sheet of paper to draw on: words, lines and bars in points from its upper left corner.

reportlab is loaded with the first sheet.
"""

import io
from collections.abc import Sequence
from typing import NamedTuple

from tower.kpi.report.fonts import BOLD, REGULAR, letters

WIDTH_PT, HEIGHT_PT = 595.28, 841.89
"""ISO A4, upright."""

Colour = tuple[float, float, float]

INK: Colour = (0.10, 0.12, 0.16)
FAINT: Colour = (0.36, 0.40, 0.46)
RULE: Colour = (0.80, 0.82, 0.85)
BAR: Colour = (0.16, 0.42, 0.66)
SHORT: Colour = (0.76, 0.33, 0.05)
"""Blue for what is as it should be, orange for what falls short: told apart by everybody, and in
black and white by their lightness."""


class Box(NamedTuple):
    """A part of the sheet, in points from the upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    def below(self, top: float) -> "Box":
        """What is left of it under its first `top` points."""
        return Box(self.x, self.y + top, self.width, self.height - top)


class Sheet:
    """One page of A4.

    Args:
        title: what the document is called.
    """

    def __init__(self, title: str) -> None:
        from reportlab.pdfbase.pdfmetrics import stringWidth  # noqa: PLC0415 - see the top
        from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - see the top

        self._letters = letters()
        self._measured = stringWidth
        self._out = io.BytesIO()
        self._canvas = Canvas(self._out, pagesize=(WIDTH_PT, HEIGHT_PT), invariant=1, lang="en")
        self._canvas.setTitle(title)
        self._canvas.setAuthor("Tower")

    def words(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        *,
        width: float = WIDTH_PT,
        bold: bool = False,
        colour: Colour = INK,
        align: str = "left",
    ) -> None:
        """Write one line, cut with an ellipsis where it is wider than `width`.

        Args:
            x: its left or right end, or its middle, as `align` says.
            y: the line the letters stand on.
            words: what is written.
            size: of the letters, points.
            width: what it may be wide at the most, points.
            bold: in the heavier letters.
            colour: of the letters.
            align: `left`, `right` or `middle`: which part of it `x` is.
        """
        font = BOLD if bold else REGULAR
        fitted = self._cut(self._letters.fit(words), font, size, width)
        shift = {"left": 0.0, "middle": 0.5, "right": 1.0}[align]
        self._canvas.setFont(font, size)
        self._canvas.setFillColorRGB(*colour)
        start = x - shift * self._measured(fitted, font, size)
        self._canvas.drawString(start, HEIGHT_PT - y, fitted)

    def wrapped(self, words: str, size: float, width: float) -> list[str]:
        """Words as lines no wider than `width`."""
        lines: list[str] = []
        for word in words.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self._measured(longer, REGULAR, size) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def bar(self, box: Box, colour: Colour = BAR) -> None:
        """Fill a box."""
        self._canvas.setFillColorRGB(*colour)
        upside = HEIGHT_PT - box.bottom
        self._canvas.rect(box.x, upside, box.width, box.height, stroke=0, fill=1)

    def rule(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        colour: Colour = RULE,
        *,
        width: float = 0.5,
        dashed: bool = False,
    ) -> None:
        """Draw a straight line."""
        self._pen(colour, width, dashed=dashed)
        self._canvas.line(start[0], HEIGHT_PT - start[1], end[0], HEIGHT_PT - end[1])

    def path(
        self, points: Sequence[tuple[float, float]], colour: Colour = BAR, width: float = 1.2
    ) -> None:
        """Draw a line from point to point; a single one is a dot."""
        self._pen(colour, width, dashed=False)
        upside = [(x, HEIGHT_PT - y) for x, y in points]
        if len(upside) == 1:
            self._canvas.setFillColorRGB(*colour)
            self._canvas.circle(*upside[0], width, stroke=0, fill=1)
            return
        line = self._canvas.beginPath()
        line.moveTo(*upside[0])
        for point in upside[1:]:
            line.lineTo(*point)
        self._canvas.drawPath(line)

    def pdf(self) -> bytes:
        """The sheet as a document; the same drawing gives the same bytes."""
        self._canvas.showPage()
        self._canvas.save()
        return self._out.getvalue()

    def _pen(self, colour: Colour, width: float, *, dashed: bool) -> None:
        self._canvas.setStrokeColorRGB(*colour)
        self._canvas.setLineWidth(width)
        self._canvas.setDash([2, 2] if dashed else [])

    def _cut(self, words: str, font: str, size: float, width: float) -> str:
        if self._measured(words, font, size) <= width:
            return words
        while words and self._measured(words + "…", font, size) > width:
            words = words[:-1]
        return words.rstrip() + "…"
