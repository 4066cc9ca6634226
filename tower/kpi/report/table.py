"""A report as CSV: one line a figure, for other people's tables."""

import csv
import io
from collections.abc import Iterator

from tower.kpi.measures.catalogue import MEASURES
from tower.kpi.report.cells import plain
from tower.kpi.report.contents import Report
from tower.kpi.report.wording import key_words

HEADINGS = ("panel", "by", "key", "name", "measure", "unit", "value", "counted", "since", "until")


def csv_bytes(report: Report) -> bytes:
    """The report's figures, UTF-8 with a byte order mark, lines ended by CR LF (RFC 4180).

    Values have all their digits and a full stop; a figure nobody knows is an empty cell. Words
    that a spreadsheet would take for a formula get a leading apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    writer.writerows(_lines(report))
    return out.getvalue().encode("utf-8-sig")


def _lines(report: Report) -> Iterator[tuple[object, ...]]:
    days = (report.summary.since.isoformat(), report.summary.until.isoformat())
    for tile in report.tiles:
        definition = tile.definition
        figure = (definition.key, definition.unit, tile.value, tile.counted)
        yield ("summary", "", "", "", *figure, *days)
    if report.remark:
        yield ("remark", "", "", report.remark, "", "", None, None, *days)
    for panel in report.panels:
        answer = panel.answer
        for row in answer.rows:
            (key,) = row.keys
            place = (panel.key, answer.by[0].value, plain(key), plain(key_words(answer, key)))
            for measure, value, counted in zip(
                answer.measures, row.values, row.counted, strict=True
            ):
                yield (*place, measure, MEASURES[measure].unit, value, counted, *days)
