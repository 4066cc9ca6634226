"""Charts and tiles as they are drawn: gaps, outlines, colours, room for words."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tower.kpi.measure import Mood
from ui.performance.bars import LyingBars, StandingBars
from ui.performance.chart import ChartView
from ui.performance.figuretable import FigureTable
from ui.performance.lines import TrendLine
from ui.performance.pictures import Cell, Chart, FigureRow, Mark, Table
from ui.performance.plotting import Plotting
from ui.session import Session
from ui.widgets.text import width_of


def mark(key: str, value: float | None, before: float | None = None) -> Mark:
    """A mark of a share."""
    text = "—" if value is None else f"{value:.1f} %"
    return Mark(key, key, f"Hour {key}", value, text, "12", before, mood=Mood.GOOD)


def shown(kind: type[ChartView], chart: Chart, session: Session, qtbot: QtBot) -> ChartView:
    """A chart on the screen."""
    view = kind(session.theme, Plotting(session, session), "Demo")
    qtbot.addWidget(view)
    view.resize(420, 220)
    view.show()
    view.show_chart(chart)
    qtbot.waitUntil(lambda: view.plot is not None)
    qtbot.wait(0)
    return view


@pytest.mark.parametrize("kind", [StandingBars, LyingBars, TrendLine])
def test_the_keyboard_walks_along_the_marks_and_says_each(
    kind: type[ChartView], session: Session, qtbot: QtBot
) -> None:
    marks = (mark("9", 90.0, 88.0), mark("10", None), mark("11", 80.0))
    view = shown(kind, Chart(marks, 95.0), session, qtbot)
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.accessibleDescription() == "Hour 9: 90.0 %, from 12"
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.accessibleDescription() == "Hour 10: —, from 12"
    QTest.keyClick(view, Qt.Key.Key_End)
    with qtbot.waitSignal(view.mark_opened) as opened:
        QTest.keyClick(view, Qt.Key.Key_Enter)
    assert opened.args == [marks[2]]


def test_the_cursor_stays_on_its_hour_when_figures_are_new(session: Session, qtbot: QtBot) -> None:
    view = shown(StandingBars, Chart((mark("9", 90.0), mark("10", 80.0))), session, qtbot)
    QTest.keyClick(view, Qt.Key.Key_End)
    view.show_chart(Chart((mark("8", 70.0), mark("9", 91.0), mark("10", 82.0))))
    assert view.cursor_mark is not None
    assert view.cursor_mark.key == "10"


def test_figures_stand_above_bars_only_where_there_is_room(session: Session, qtbot: QtBot) -> None:
    few = Chart(tuple(mark(str(hour), 90.0) for hour in range(5)))
    many = Chart(tuple(mark(str(hour), 90.0) for hour in range(60)))
    view = shown(StandingBars, few, session, qtbot)
    assert isinstance(view, StandingBars)
    assert sum(one.isVisible() for one in view._figures) == 5
    view.show_chart(many)
    assert sum(one.isVisible() for one in view._figures) == 0
    ticks = view.plot.getAxis("bottom")._tickLevels[0]
    assert 5 < len(ticks) < 60


def test_a_day_without_figures_breaks_the_line(session: Session, qtbot: QtBot) -> None:
    chart = Chart((mark("9", 90.0), mark("10", None), mark("11", 80.0)))
    view = shown(TrendLine, chart, session, qtbot)
    assert isinstance(view, TrendLine)
    assert len(view._points.points()) == 2
    _, values = view._line.getOriginalDataset()
    assert values[1] != values[1]


def test_a_chart_takes_on_another_theme(session: Session, qtbot: QtBot) -> None:
    view = shown(StandingBars, Chart((mark("9", 90.0),)), session, qtbot)
    session.theme.set_name("light")
    assert view.grab().toImage().pixelColor(2, 2) == session.theme.color("panel")


def test_columns_are_as_wide_as_their_figures_before_titles_have_room(
    session: Session, qtbot: QtBot
) -> None:
    cells = tuple(Cell("on_time", 90.0, "1,234.5 points") for _ in range(3))
    rows = (FigureRow("a", "A driver with a rather long name", cells),)
    table = FigureTable(session.theme, "Demo")
    qtbot.addWidget(table)
    table.resize(420, 200)
    table.show()
    table.show_table(Table(("Driver", *("A title that is very long" for _ in range(3))), rows))
    for column in range(1, 4):
        assert table.columnWidth(column) > width_of("1,234.5 points", 11)
    assert sum(table.columnWidth(column) for column in range(4)) <= table.viewport().width()
