"""A report on one printable page of A4."""

from collections.abc import Callable, Iterable
from datetime import date

from tower.kpi.facts import Dimension
from tower.kpi.measures.catalogue import MEASURES
from tower.kpi.query import Answer, Row
from tower.kpi.report.contents import Panel, Report, Tile
from tower.kpi.report.drawing import Column, Mark, heading, hours, ranking, table, trend
from tower.kpi.report.sheet import BAR, FAINT, INK, RULE, SHORT, WIDTH_PT, Box, Sheet
from tower.kpi.report.wording import (
    change_words,
    filter_words,
    is_on_target,
    key_words,
    period_words,
    target_words,
    value_words,
)

_LEFT = 36.0
_FULL = WIDTH_PT - 2 * _LEFT
_GUTTER = 18.0
_HALF = (_FULL - _GUTTER) / 2
_TILES_A_ROW, _TILE_PT, _TILE_GAP = 5, 52.0, 6.0
_SMALL = 6.5
_SHOWN = 8
_MOST_WORST = 8
_MOST_CARRIERS = 5
_LEAST_SHARE = 0.1
"""A driver or postcode with fewer stops than a tenth of the usual is no example of anything."""

_FOOT_SIZE = 6.0
_NAMED_DAYS = 8
_TRUE = "Figures are counted from the journal, so that later edits of a record move none of them."


def pdf_bytes(report: Report) -> bytes:
    """The report as a PDF of one page; the same report gives the same bytes."""
    sheet = Sheet(f"{report.title}, {_period(report)}")
    _head(sheet, report)
    top = _tiles(sheet, report.tiles, 94.0)
    rows: tuple[tuple[float, tuple[_Draw, _Draw]], ...] = (
        (140.0, (_by_hour, _over_time)),
        (112.0, (_reasons, _exceptions)),
        (112.0, (_worst("drivers"), _worst("postcodes"))),
        (80.0, (_carriers, _data)),
    )
    for height, pair in rows:
        for number, draw in enumerate(pair):
            x = _LEFT + number * (_HALF + _GUTTER)
            draw(sheet, Box(x, top, _HALF, height), report)
        top += height + 10.0
    _foot(sheet, report)
    return sheet.pdf()


_Draw = Callable[[Sheet, Box, Report], None]


def _head(sheet: Sheet, report: Report) -> None:
    right = _LEFT + _FULL
    sheet.words(_LEFT, 48, report.title, 16, width=0.62 * _FULL, bold=True)
    sheet.words(right, 48, _period(report), 10, width=0.36 * _FULL, align="right")
    counts = f"Counts: {filter_words(report.filters, _all_names(report))}"
    sheet.words(_LEFT, 64, counts, 7.5, width=0.75 * _FULL, colour=FAINT)
    made = f"made {report.made_at:%Y-%m-%d %H:%M %Z}"
    sheet.words(right, 64, made, 7.5, width=0.24 * _FULL, colour=FAINT, align="right")
    compared = f"Changes are against the period {report.before_days} days earlier."
    told = " ".join(filter(None, (compared, report.remark)))
    sheet.words(_LEFT, 75, told, 7.5, width=_FULL, colour=FAINT)
    sheet.rule((_LEFT, 82), (right, 82), INK, width=0.8)


def _period(report: Report) -> str:
    return period_words(report.summary.since, report.summary.until)


def _all_names(report: Report) -> dict[str, str]:
    names = dict(report.summary.names)
    for panel in report.panels:
        names.update(panel.answer.names)
    return names


def _tiles(sheet: Sheet, tiles: Iterable[Tile], top: float) -> float:
    """Draw the tiles; where what comes next may begin."""
    width = (_FULL - (_TILES_A_ROW - 1) * _TILE_GAP) / _TILES_A_ROW
    bottom = top
    for number, tile in enumerate(tiles):
        row, place = divmod(number, _TILES_A_ROW)
        x = _LEFT + place * (width + _TILE_GAP)
        box = Box(x, top + row * (_TILE_PT + _TILE_GAP), width, _TILE_PT)
        _tile(sheet, box, tile)
        bottom = box.bottom
    return bottom + 16.0


def _tile(sheet: Sheet, box: Box, tile: Tile) -> None:
    met = is_on_target(tile)
    edge = RULE if met is None else BAR if met else SHORT
    sheet.bar(Box(box.x, box.y, 2.5, box.height), edge)
    x, width = box.x + 8, box.width - 8
    sheet.words(x, box.y + 9, tile.definition.title, 7, width=width, colour=FAINT)
    value = value_words(tile.definition, tile.value)
    sheet.words(x, box.y + 26, value, 13, width=width, bold=True)
    verdict = {None: "", True: "  met", False: "  missed"}[met]
    sheet.words(x, box.y + 37, f"{target_words(tile)}{verdict}", _SMALL, width=width)
    sheet.words(x, box.y + 47, _rests_on(tile), _SMALL, width=width, colour=FAINT)


def _rests_on(tile: Tile) -> str:
    """How it changed, and on how much it rests where it is no count itself."""
    below = tile.definition.below
    is_many = below is not None and not below.endswith("_s") and tile.counted > 0
    counted = f"from {tile.counted:,.0f}" if is_many else ""
    return ", ".join(filter(None, (change_words(tile), counted)))


def _by_hour(sheet: Sheet, box: Box, report: Report) -> None:
    panel = report.panel("by_hour")
    inner = heading(sheet, box, f"{panel.title}, %")
    ordered = sorted(panel.answer.rows, key=lambda row: int(row.keys[0] or 0))
    marks = [Mark(f"{int(row.keys[0] or 0)}:00", row.values[0]) for row in ordered]
    hours(sheet, inner, marks, _target(report))


def _over_time(sheet: Sheet, box: Box, report: Report) -> None:
    panel = report.panel("trend")
    inner = heading(sheet, box, f"{panel.title}, %")
    rows = sorted(panel.answer.rows, key=lambda row: row.keys[0])
    by = panel.answer.by[0]
    names_days = by is Dimension.DAY and len(rows) <= _NAMED_DAYS
    trend(
        sheet,
        inner,
        [Mark(_moment(row.keys[0], by, names_days), row.values[0]) for row in rows],
        _target(report),
    )


def _moment(key: str, by: Dimension, names_days: bool) -> str:
    """A day as `Mon 2.3.` or `2.3.`, a week by its first day, a month as `Mar 26`."""
    if by is Dimension.MONTH:
        return f"{date.fromisoformat(f'{key}-01'):%b %y}"
    day = date.fromisoformat(key)
    name = f"{day:%a} " if names_days else ""
    return f"{name}{day.day}.{day.month}."


def _target(report: Report) -> float | None:
    return next(one.target for one in report.tiles if one.definition.key == "on_time")


def _reasons(sheet: Sheet, box: Box, report: Report) -> None:
    panel = report.panel("reasons")
    inner = heading(sheet, box, panel.title)
    most = sorted(panel.answer.rows, key=lambda row: -(row.values[0] or 0.0))[:_SHOWN]
    ranking(sheet, inner, [Mark(_named(panel.answer, row), row.values[0]) for row in most])


def _exceptions(sheet: Sheet, box: Box, report: Report) -> None:
    panel = report.panel("exceptions")
    inner = heading(sheet, box, panel.title)
    most = sorted(panel.answer.rows, key=lambda row: -(row.values[0] or 0.0))[:_SHOWN]
    titles = ("raised", "to claim", "to resolve", "SLA kept")
    shares = (0.15, 0.17, 0.18, 0.16)
    table(sheet, inner, _columns(panel, most, "kind", titles, shares))


def _carriers(sheet: Sheet, box: Box, report: Report) -> None:
    panel = report.panel("carriers")
    inner = heading(sheet, box, panel.title)
    titles = ("on time", "stops", "stops per h", "CO2e per stop")
    shares = (0.16, 0.12, 0.18, 0.22)
    rows = list(panel.answer.rows[:_MOST_CARRIERS])
    table(sheet, inner, _columns(panel, rows, "carrier", titles, shares))


def _data(sheet: Sheet, box: Box, report: Report) -> None:
    panel = report.panel("data")
    inner = heading(sheet, box, panel.title)
    titles = ("fixes per min", "lag", "silence", "refused")
    shares = (0.22, 0.16, 0.16, 0.16)
    rows = list(panel.answer.rows[:_MOST_CARRIERS])
    table(sheet, inner, _columns(panel, rows, "carrier", titles, shares))


def _worst(key: str) -> _Draw:
    """Draws those of a panel that were on time least."""

    def draw(sheet: Sheet, box: Box, report: Report) -> None:
        panel = report.panel(key)
        inner = heading(sheet, box, f"Least on time {panel.title.lower()}")
        titles = ("on time", "at dispatch", "1st attempt", "stops")
        shares = (0.16, 0.18, 0.18, 0.14)
        table(sheet, inner, _columns(panel, _least(panel), key[:-1], titles, shares))

    return draw


def _least(panel: Panel) -> list[Row]:
    """The rows with the lowest first measure, of those that rest on enough."""
    known = [row for row in panel.answer.rows if row.values[0] is not None and row.keys[0]]
    counts = sorted(row.counted[0] for row in known)
    enough = _LEAST_SHARE * counts[len(counts) // 2] if counts else 0.0
    kept = [row for row in known if row.counted[0] >= enough]
    return sorted(kept, key=lambda row: (row.values[0] or 0.0, row.keys[0]))[:_MOST_WORST]


def _columns(
    panel: Panel,
    rows: list[Row],
    first: str,
    titles: tuple[str, ...],
    shares: tuple[float, ...],
) -> list[Column]:
    definitions = [MEASURES[key] for key in panel.answer.measures]
    names = Column(first, 1.0 - sum(shares), [_named(panel.answer, row) for row in rows])
    return [
        names,
        *(
            Column(title, share, [value_words(one, row.values[place]) for row in rows])
            for place, (title, share, one) in enumerate(
                zip(titles, shares, definitions, strict=True)
            )
        ),
    ]


def _named(answer: Answer, row: Row) -> str:
    return key_words(answer, row.keys[0])


def _foot(sheet: Sheet, report: Report) -> None:
    summary = report.summary
    lineage = sorted({tag for tile in report.tiles for tag in tile.definition.lineage})
    said = (
        f"Definitions version {summary.definitions}, journal up to event {summary.seq:,}. {_TRUE} "
        f"Rests on the events {', '.join(lineage)}."
    )
    sheet.rule((_LEFT, 786), (_LEFT + _FULL, 786))
    for number, line in enumerate(sheet.wrapped(said, _FOOT_SIZE, _FULL)):
        sheet.words(_LEFT, 796 + 8.5 * number, line, _FOOT_SIZE, colour=FAINT)
