"""A report as an Excel workbook: a sheet a panel, and one with the definitions.

XlsxWriter is loaded with the first workbook.
"""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tower.kpi.measures.catalogue import DEFINITIONS_VERSION, MEASURES
from tower.kpi.report.contents import Panel, Report, Tile
from tower.kpi.report.wording import (
    filter_words,
    key_words,
    period_words,
)

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_LONGEST_NAME = 31
"""Letters Excel allows in the name of a sheet."""

_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_WIDE, _NARROW, _WORDY = 28, 16, 60
_MOST_DECIMALS = 4


def xlsx_bytes(report: Report) -> bytes:
    """The report as a workbook; figures are numbers, and nothing in it is a formula."""
    import xlsxwriter  # noqa: PLC0415 - see the top of the file

    out = io.BytesIO()
    words_as_they_are = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, words_as_they_are)
    made_at = report.made_at.replace(tzinfo=None)
    book.set_properties({"title": report.title, "author": "Tower", "created": made_at})
    looks = _Looks(book)
    _summary(book.add_worksheet("Summary"), looks, report)
    for panel in report.panels:
        name = panel.title.translate(_FORBIDDEN)[:_LONGEST_NAME]
        _panel(book.add_worksheet(name), looks, panel)
    _definitions(book.add_worksheet("Definitions"), looks)
    book.close()
    return out.getvalue()


class _Looks:
    """How cells look: each way is written into the workbook once."""

    def __init__(self, book: "Workbook") -> None:
        self.bold: Format = book.add_format({"bold": True, "bottom": 1})
        self._numbers: list[Format] = [
            book.add_format({"num_format": f"#,##0{'.' + '0' * decimals if decimals else ''}"})
            for decimals in range(_MOST_DECIMALS + 1)
        ]

    def number(self, decimals: int) -> "Format":
        """With so many decimals."""
        return self._numbers[min(decimals, _MOST_DECIMALS)]


def _summary(sheet: "Worksheet", looks: _Looks, report: Report) -> None:
    summary = report.summary
    about = (
        ("Report", report.title),
        ("Period", period_words(summary.since, summary.until)),
        ("Counts", filter_words(report.filters, summary.names)),
        ("Made", f"{report.made_at:%Y-%m-%d %H:%M %Z}"),
        ("Definitions", f"version {summary.definitions}"),
        *((("Remark", report.remark),) if report.remark else ()),
    )
    for number, (what, words) in enumerate(about):
        sheet.write_string(number, 0, what, looks.bold)
        sheet.write_string(number, 1, words)
    top = len(about) + 1
    before = f"{report.before_days} days before"
    titles = ("Measure", "Value", "Unit", before, "Change", "Target", "Counted")
    _headings(sheet, looks, top, titles)
    for number, tile in enumerate(report.tiles, start=top + 1):
        _tile(sheet, looks, number, tile)
    sheet.set_column(0, 0, _WIDE)
    sheet.set_column(1, 6, _NARROW)


def _tile(sheet: "Worksheet", looks: _Looks, row: int, tile: Tile) -> None:
    look = looks.number(tile.definition.decimals)
    words = {0: tile.definition.title, 2: tile.definition.unit}
    for place, word in words.items():
        sheet.write_string(row, place, word)
    _number(sheet, (row, 1), tile.value, look)
    _number(sheet, (row, 3), tile.before, look)
    _number(sheet, (row, 4), tile.change, look)
    _number(sheet, (row, 5), tile.target, look)
    _number(sheet, (row, 6), tile.counted, looks.number(0))


def _panel(sheet: "Worksheet", looks: _Looks, panel: Panel) -> None:
    answer = panel.answer
    measures = [MEASURES[key] for key in answer.measures]
    titles = [f"{one.title} ({one.unit})" if one.unit else one.title for one in measures]
    counted = [f"{one.title}: counted" for one in measures]
    by = answer.by[0].value.replace("_", " ").capitalize()
    _headings(sheet, looks, 0, ("Key", by, *titles, *counted))
    for number, row in enumerate(answer.rows, start=1):
        sheet.write_string(number, 0, row.keys[0])
        sheet.write_string(number, 1, key_words(answer, row.keys[0]))
        for place, (value, definition) in enumerate(zip(row.values, measures, strict=True), 2):
            _number(sheet, (number, place), value, looks.number(definition.decimals))
        for place, count in enumerate(row.counted, 2 + len(measures)):
            _number(sheet, (number, place), count, looks.number(0))
    sheet.set_column(0, 1, _WIDE)
    sheet.set_column(2, 1 + 2 * len(measures), _NARROW)
    sheet.freeze_panes(1, 2)


def _definitions(sheet: "Worksheet", looks: _Looks) -> None:
    sheet.write_string(0, 0, f"Version {DEFINITIONS_VERSION}", looks.bold)
    titles = ("Key", "Measure", "Unit", "Meaning", "Formula", "Rests on")
    _headings(sheet, looks, 1, titles)
    for number, one in enumerate(MEASURES.values(), start=2):
        rests_on = ", ".join(one.lineage)
        words = (one.key, one.title, one.unit, one.words, one.formula, rests_on)
        for place, word in enumerate(words):
            sheet.write_string(number, place, word)
    sheet.set_column(0, 2, _WIDE)
    sheet.set_column(3, 5, _WORDY)


def _headings(sheet: "Worksheet", looks: _Looks, row: int, titles: Sequence[str]) -> None:
    for place, title in enumerate(titles):
        sheet.write_string(row, place, title, looks.bold)


def _number(sheet: "Worksheet", cell: tuple[int, int], value: float | None, look: "Format") -> None:
    """A figure as Excel counts with it; an empty cell where nobody knows it."""
    if value is not None:
        sheet.write_number(*cell, value, look)
