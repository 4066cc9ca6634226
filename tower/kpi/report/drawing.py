"""The parts of a printed report: tiles, bars by hour, a line over time, bars by name, tables."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from tower.kpi.report.sheet import BAR, FAINT, RULE, SHORT, Box, Sheet

_TITLE_PT, _TITLE_SIZE = 16.0, 8.5
_SMALL, _ROW_PT = 6.5, 10.5
_AXIS_PT, _TICKS_PT = 22.0, 11.0
_MOST_TICKS = 8
_MOST_LINES = 4
_NO_ROWS = "Nothing was counted in this period."


class Mark(NamedTuple):
    """One value of a picture.

    Attributes:
        name: what stands under or beside it.
        value: None where there is none.
    """

    name: str
    value: float | None


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        share: how much of the width it takes.
    """

    title: str
    share: float
    cells: Sequence[str]


def heading(sheet: Sheet, box: Box, title: str) -> Box:
    """Write what a picture shows over it; what is left of the box."""
    sheet.words(box.x, box.y + _TITLE_SIZE, title, _TITLE_SIZE, width=box.width, bold=True)
    return box.below(_TITLE_PT)


def hours(sheet: Sheet, box: Box, marks: Sequence[Mark], target: float | None) -> None:
    """Upright bars; those under the target in the colour of what falls short, and its line."""
    scale = _Scale.of(box, marks, target)
    if scale is None:
        _say_nothing(sheet, box)
        return
    scale.draw(sheet, target)
    step = scale.inner.width / len(marks)
    for number, mark in enumerate(marks):
        left = scale.inner.x + number * step
        if mark.value is not None:
            top = scale.y(mark.value)
            colour = SHORT if target is not None and mark.value < target else BAR
            height = max(0.4, scale.inner.bottom - top)
            sheet.bar(Box(left + 0.15 * step, top, 0.7 * step, height), colour)
    _ticks(sheet, scale.inner, marks, step)


def trend(sheet: Sheet, box: Box, marks: Sequence[Mark], target: float | None) -> None:
    """A line over time, broken where nothing was counted, and the target's line."""
    scale = _Scale.of(box, marks, target)
    if scale is None:
        _say_nothing(sheet, box)
        return
    scale.draw(sheet, target)
    step = scale.inner.width / len(marks)
    run: list[tuple[float, float]] = []
    for number, mark in enumerate((*marks, Mark("", None))):
        if mark.value is not None:
            run.append((scale.inner.x + (number + 0.5) * step, scale.y(mark.value)))
        elif run:
            sheet.path(run)
            run = []
    _ticks(sheet, scale.inner, marks, step)


def ranking(sheet: Sheet, box: Box, marks: Sequence[Mark]) -> None:
    """Bars that lie, each with its name before it and its count after it."""
    largest = max((mark.value or 0.0 for mark in marks), default=0.0)
    if not largest:
        _say_nothing(sheet, box)
        return
    names, counts = 0.36 * box.width, 0.12 * box.width
    for number, mark in enumerate(marks):
        y = box.y + number * _ROW_PT
        value = mark.value or 0.0
        sheet.words(box.x, y + 7.5, mark.name, _SMALL, width=names - 4)
        long = (box.width - names - counts) * value / largest
        sheet.bar(Box(box.x + names, y + 1.5, max(0.4, long), _ROW_PT - 3.5))
        sheet.words(box.x + names + long + 4, y + 7.5, f"{value:,.0f}", _SMALL)


def table(sheet: Sheet, box: Box, columns: Sequence[Column]) -> None:
    """Rows of words; the first column stands left, the others right."""
    if not columns[0].cells:
        _say_nothing(sheet, box)
        return
    x = box.x
    for number, column in enumerate(columns):
        width = column.share * box.width
        at, align = (x, "left") if number == 0 else (x + width, "right")
        sheet.words(at, box.y + 6.5, column.title, _SMALL, width=width, colour=FAINT, align=align)
        for row, cell in enumerate(column.cells, start=1):
            y = box.y + row * _ROW_PT + 7.5
            sheet.words(at, y, cell, _SMALL, width=width - 4, align=align)
        x += width
    for row in range(len(columns[0].cells)):
        y = box.y + (row + 1) * _ROW_PT - 1
        sheet.rule((box.x, y), (box.right, y))


class _Scale(NamedTuple):
    """Where values stand in a picture: over its inner box, between lines a step apart.

    Attributes:
        first: the lowest line, in steps; last: the highest.
    """

    inner: Box
    step: float
    first: int
    last: int

    @classmethod
    def of(cls, box: Box, marks: Sequence[Mark], target: float | None) -> "_Scale | None":
        values = [mark.value for mark in marks if mark.value is not None]
        if not values:
            return None
        reached = [*values, *([target] if target is not None else [])]
        low, high = min(reached), max(reached)
        step = _round_step((high - low) / _MOST_LINES)
        width, height = box.width - _AXIS_PT, box.height - _TICKS_PT
        inner = Box(box.x + _AXIS_PT, box.y, width, height)
        first, last = math.floor(low / step), math.ceil(high / step)
        return cls(inner, step, first, max(last, first + 1))

    def y(self, value: float) -> float:
        """How far down the sheet a value stands."""
        up = (value / self.step - self.first) / (self.last - self.first)
        return self.inner.bottom - self.inner.height * up

    def draw(self, sheet: Sheet, target: float | None) -> None:
        """The lines behind a picture, with what they stand for."""
        for number in range(self.first, self.last + 1):
            value = number * self.step
            y = self.y(value)
            sheet.rule((self.inner.x, y), (self.inner.right, y))
            at = self.inner.x - 3
            sheet.words(at, y + 2, f"{value:,g}", _SMALL, colour=FAINT, align="right")
        if target is not None:
            y = self.y(target)
            sheet.rule((self.inner.x, y), (self.inner.right, y), FAINT, width=0.8, dashed=True)


def _round_step(least: float) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that is not less; at least 1."""
    if least <= 1.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * part for part in (1.0, 2.0, 5.0, 10.0) if power * part >= least)


def _ticks(sheet: Sheet, inner: Box, marks: Sequence[Mark], step: float) -> None:
    every = -(-len(marks) // _MOST_TICKS)
    for number in range(0, len(marks), every):
        x = inner.x + (number + 0.5) * step
        words = marks[number].name
        sheet.words(x, inner.bottom + 9, words, _SMALL, colour=FAINT, align="middle")


def _say_nothing(sheet: Sheet, box: Box) -> None:
    sheet.words(box.x, box.y + 14, _NO_ROWS, _SMALL + 0.5, width=box.width, colour=FAINT)
    sheet.rule((box.x, box.y), (box.right, box.y), RULE)
