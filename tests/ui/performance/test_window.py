"""The performance window by mouse and keyboard: every number opens the stops behind it."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import event
from tests.ui.performance.gateway import KpiGateway, answer_to
from tower.domain import events as e
from tower.domain.commands import Command, SetReporting
from tower.domain.reporting import Filters, Reporting, SavedView, Target
from tower.kpi.facts import Dimension
from ui.performance.aboutmeasure import AboutMeasure
from ui.performance.asks import KNOWN, TILES
from ui.performance.chart import ChartView
from ui.performance.desk import PerformanceDesk, make_window
from ui.performance.figures import MERGE_MS
from ui.performance.figuretable import FigureTable
from ui.performance.look import look_of
from ui.performance.viewsmenu import DEFAULT_KEY
from ui.performance.window import PerformanceWindow
from ui.session import Session

_D = Dimension


def chart(window: PerformanceWindow, name: str) -> ChartView:
    """A panel's chart."""
    body = window.panels.frames[name].body
    assert isinstance(body, ChartView)
    return body


def table(window: PerformanceWindow, name: str) -> FigureTable:
    """A panel's table."""
    body = window.panels.frames[name].body
    assert isinstance(body, FigureTable)
    return body


def settle(qtbot: QtBot, kpi: KpiGateway) -> None:
    """Wait for the questions of another look."""
    kpi.asks.clear()
    qtbot.waitUntil(lambda: bool(kpi.asks))


def test_the_strip_tells_value_target_and_change(window: PerformanceWindow) -> None:
    assert tuple(window.tiles.tiles) == TILES
    said = window.tiles.tiles["on_time"].accessibleName()
    assert said == "On time: 93.0 %, target ≥ 95.0 %, ▲ 1.5 points, from 1,204"
    assert "80.4 % of 1,204 arrivals" in window.panels.frames["errors"].words


def test_a_click_on_a_tile_shows_its_measure_everywhere_and_the_stops_behind_it(
    window: PerformanceWindow, kpi: KpiGateway, qtbot: QtBot
) -> None:
    QTest.mouseClick(window.tiles.tiles["first_attempt"], Qt.MouseButton.LeftButton)
    assert kpi.behinds[-1].measure == "first_attempt"
    assert kpi.behinds[-1].at == {}
    assert window.behind_dock.isVisible()
    assert window.behind.count.text() == "1–200 of 450"
    settle(qtbot, kpi)
    asked = {ask.by: ask.measures for ask in kpi.asks}
    assert asked[(_D.HOUR,)] == ("first_attempt",)
    assert window.tiles.tiles["first_attempt"].isChecked()
    assert window.panels.frames["hours"].title == "First attempt by hour"


@pytest.mark.parametrize(
    ("panel", "dimension", "key", "measure"),
    [
        ("hours", _D.HOUR, "8", "on_time"),
        ("trend", _D.DAY, "2026-10-24", "on_time"),
        ("errors", _D.ETA_ERROR, "-30", "eta_error_60"),
        ("reasons", _D.LABEL, "not_home", "failed"),
    ],
)
def test_every_bar_and_point_opens_its_stops_by_keyboard(
    window: PerformanceWindow,
    kpi: KpiGateway,
    panel: str,
    dimension: Dimension,
    key: str,
    measure: str,
) -> None:
    view = chart(window, panel)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(view, Qt.Key.Key_Home)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert kpi.behinds[-1].at == {dimension: key}
    assert kpi.behinds[-1].measure == measure


def test_a_click_on_a_bar_opens_the_stops_of_its_hour(
    window: PerformanceWindow, kpi: KpiGateway, qtbot: QtBot
) -> None:
    view = chart(window, "hours")
    box = view.plot.vb
    scene = box.mapViewToScene(box.viewRect().center())
    with qtbot.waitSignal(view.mark_opened):
        at = view._widget.mapFromScene(scene)
        QTest.mouseClick(view._widget.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert kpi.behinds[-1].at == {_D.HOUR: "13"}


def test_every_cell_opens_its_stops_those_of_the_weeks_before_too(
    window: PerformanceWindow, kpi: KpiGateway
) -> None:
    drivers = table(window, "breakdown")
    worst = drivers.figures.id_at(0)
    for column, shift in ((1, 0), (3, 7)):
        box = drivers.visualRect(drivers.figures.index(0, column))
        pos = box.center()
        QTest.mouseClick(drivers.viewport(), Qt.MouseButton.LeftButton, pos=pos)
        assert kpi.behinds[-1].at == {_D.DRIVER: worst}
        assert kpi.behinds[-1].shift_days == shift


@pytest.mark.parametrize(
    ("panel", "row", "at", "measure"),
    [
        ("exceptions", "late_risk", {_D.LABEL: "late_risk"}, "time_to_claim"),
        ("quality", "gig", {_D.CARRIER: "gig"}, "lag"),
        ("feedback", "nps", {}, "nps"),
    ],
)
def test_tables_are_worked_by_keyboard(
    window: PerformanceWindow,
    kpi: KpiGateway,
    panel: str,
    row: str,
    at: dict[Dimension, str],
    measure: str,
) -> None:
    figures = table(window, panel)
    QAbstractItemModelTester(
        figures.figures, QAbstractItemModelTester.FailureReportingMode.Fatal, figures
    )
    figures.setFocus()
    figures.setCurrentIndex(figures.figures.index(figures.figures.place_of(row), 1))
    QTest.keyClick(figures, Qt.Key.Key_Right)
    QTest.keyClick(figures, Qt.Key.Key_Return)
    assert (kpi.behinds[-1].at, kpi.behinds[-1].measure) == (at, measure)


def test_a_click_on_a_title_sorts(window: PerformanceWindow) -> None:
    figures = table(window, "breakdown").figures
    QAbstractItemModelTester(figures, QAbstractItemModelTester.FailureReportingMode.Fatal, figures)
    names = [figures.record(row).name for row in range(figures.rowCount())]
    figures.sort(0, Qt.SortOrder.AscendingOrder)
    assert [figures.record(row).name for row in range(figures.rowCount())] == sorted(names)
    figures.sort(2, Qt.SortOrder.DescendingOrder)
    counted = [figures.record(row).cells[1].value or 0 for row in range(figures.rowCount())]
    assert counted == sorted(counted, reverse=True)
    figures.sort(-1)
    assert [figures.record(row).name for row in range(figures.rowCount())] == names


def test_changes_in_quick_succession_are_asked_once_and_old_answers_are_dropped(
    window: PerformanceWindow, kpi: KpiGateway, qtbot: QtBot
) -> None:
    kpi.is_held = True
    for days in (1, 28, 91):
        look = window.figures.look
        window.figures.show(replace(look, filters=replace(look.filters, days=days)))
    settle(qtbot, kpi)
    assert {ask.filters.days for ask in kpi.asks} == {91}
    old = kpi._held
    kpi._held = []
    window.figures.show(replace(window.figures.look, filters=Filters(days=28)))
    settle(qtbot, kpi)
    qtbot.wait(MERGE_MS)
    kpi.release()
    for answer in old:
        answer()
    answer_ = window.figures.inquiries["hours"].answers["now"]
    assert (answer_.until - answer_.since).days == 27


def test_without_an_answer_the_window_says_why_and_tries_again(
    window: PerformanceWindow, kpi: KpiGateway
) -> None:
    kpi.trouble = "the figures are being counted anew"
    window.figures.ask_again()
    assert "the figures are being counted anew" in window.notice.text()
    assert window.panels.frames["hours"].is_empty
    tile = window.tiles.tiles["on_time"]
    assert "On time: —" in tile.accessibleName()
    kpi.trouble = ""
    QTest.mouseClick(window.retry_button, Qt.MouseButton.LeftButton)
    assert not window.notice.text()
    assert "On time: —" not in tile.accessibleName()
    assert not window.panels.frames["hours"].is_empty


def test_an_answer_that_makes_no_sense_is_said_and_the_other_panels_go_on(
    window: PerformanceWindow, session: Session, kpi: KpiGateway
) -> None:
    assert kpi.asks
    inquiry = window.figures.inquiries["hours"]
    odd = replace(inquiry.answers["now"], rows=(replace(inquiry.answers["now"].rows[0]),))
    odd = replace(odd, rows=(replace(odd.rows[0], keys=("noon",)),))
    kpi.odd = {inquiry.asks["now"]: odd}
    window.figures.ask_again()
    assert "cannot be drawn" in window.notice.text()
    assert window.panels.frames["hours"].is_empty
    assert not window.panels.frames["trend"].is_empty
    assert session is not None


def test_a_view_of_a_measure_nobody_knows_keeps_the_measure(window: PerformanceWindow) -> None:
    view = SavedView(id="v", name="V", filters=Filters(days=28), measure="of_tomorrow")
    window.figures.show(look_of(view, window.figures.look))
    assert window.figures.look.measure == "on_time"
    assert window.figures.look.filters.days == 28


def test_weeks_before_that_are_known_in_part_only_are_told_of(
    window: PerformanceWindow, kpi: KpiGateway, qtbot: QtBot
) -> None:
    assert not window.notice.text()
    ask = window.figures.inquiries["tiles"].asks[KNOWN]
    whole = answer_to(ask)
    kpi.odd[ask] = replace(whole, rows=whole.rows[-2:])
    window.figures.ask_again()
    assert "Of the week before only the days from" in window.notice.text()
    window.filters.compare.setChecked(False)
    settle(qtbot, kpi)
    assert not window.notice.text()


def test_figures_that_catch_up_are_asked_again_and_empty_panels_say_so(
    window: PerformanceWindow, kpi: KpiGateway
) -> None:
    reasons = window.figures.inquiries["reasons"].asks["now"]
    kpi.odd[reasons] = replace(answer_to(reasons), rows=())
    for behind in (1_890, 900):
        kpi.behind = behind
        kpi.asks.clear()
        window.definitions.ask()
        assert reasons in kpi.asks
        assert f"{behind:,} events not counted yet" in window._days.text()
    assert window.panels.frames["reasons"].is_empty
    said = window.panels.frames["reasons"].findChildren(QLabel)
    assert "Counting" in [label.text() for label in said]


def test_the_weeks_before_are_left_away(
    window: PerformanceWindow, kpi: KpiGateway, qtbot: QtBot
) -> None:
    QTest.mouseClick(window.filters.compare, Qt.MouseButton.LeftButton, pos=QPoint(8, 12))
    settle(qtbot, kpi)
    assert {ask.shift_days for ask in kpi.asks} == {0}
    assert table(window, "breakdown").figures.titles == ("Driver", "On time", "Counted")


# Filters


def test_a_carrier_is_ticked_and_everything_is_asked_about_it_alone(
    window: PerformanceWindow, kpi: KpiGateway, qtbot: QtBot
) -> None:
    pill = window.filters.pills[_D.CARRIER]
    picker = pill.open()
    QTest.keyClicks(picker.box, "own")
    qtbot.waitUntil(lambda: picker.list.count() == 1)
    QTest.keyClick(picker.box, Qt.Key.Key_Down)
    QTest.keyClick(picker.list, Qt.Key.Key_Space)
    settle(qtbot, kpi)
    panels = [ask for ask in kpi.asks if ask != window.figures.inquiries["tiles"].asks[KNOWN]]
    assert {ask.filters.carriers for ask in panels} == {("own",)}
    assert pill.text_shown == "Carrier Own vans"
    picker.close()
    QTest.mouseClick(window.filters.clear_button, Qt.MouseButton.LeftButton)
    assert pill.text_shown == "Carrier any"


def test_hours_are_chosen_without_asking_anybody(
    window: PerformanceWindow, kpi: KpiGateway
) -> None:
    kpi.paths.clear()
    picker = window.filters.pills[_D.HOUR].open()
    picker.list.item(9).setCheckState(Qt.CheckState.Checked)
    assert 9 in window.figures.look.filters.hours
    assert kpi.paths == []
    picker.clear_button.click()
    assert not window.figures.look.filters.hours


def test_days_are_chosen_from_a_calendar(window: PerformanceWindow) -> None:
    days = window.filters.period.open_days()
    days.first.setDate(days.last.date().addDays(-9))
    QTest.mouseClick(days.done_button, Qt.MouseButton.LeftButton)
    filters = window.figures.look.filters
    assert (filters.since, filters.until) == ("2026-11-11", "2026-11-20")
    assert "Wed 11 Nov 2026 – Fri 20 Nov 2026" in window.filters.period.text_shown
    assert window.filters.compare.text() == "Compare with the 2 weeks before"


def test_escape_closes_the_list_and_ctrl_f_goes_to_the_filters(
    window: PerformanceWindow, qtbot: QtBot
) -> None:
    window.tiles.tiles["on_time"].click()
    assert window.behind_dock.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.behind_dock.isVisible()
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.filters.period.hasFocus)


def test_tab_walks_from_the_filters_over_the_tiles_to_the_panels(
    window: PerformanceWindow,
) -> None:
    walked: list[QWidget] = []
    at: QWidget = window.filters.period
    for _ in range(60):
        walked.append(at)
        at.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(at, Qt.Key.Key_Tab)
        focused = window.focusWidget()
        assert focused is not None
        at = focused
    wanted = (
        window.filters.pills[_D.CARRIER],
        window.filters.pills[_D.HOUR],
        window.tiles.tiles["on_time"],
        window.tiles.tiles["sla_kept"],
        chart(window, "hours"),
        chart(window, "trend"),
        table(window, "breakdown"),
        table(window, "feedback"),
    )
    places = [walked.index(one) for one in wanted]
    assert places == sorted(places)


# Stops behind


def test_the_list_pages_narrows_and_tells_a_stops_history(
    window: PerformanceWindow, kpi: KpiGateway, session: Session, qtbot: QtBot
) -> None:
    window.tiles.tiles["on_time"].click()
    panel = window.behind
    QAbstractItemModelTester(
        panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal, panel
    )
    panel.on_button.click()
    assert panel.count.text() == "201–400 of 450"
    panel.only_missed.setChecked(True)
    assert kpi.behinds[-1].only_missed
    assert panel.count.text() == "1–40 of 40"
    panel.table.setCurrentIndex(panel.model.index(2, 0))
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    story = panel.story
    assert kpi.paths[-1] == "/v1/stops/s2/history"
    assert story.title.text() == "History of Customer 0002"
    assert story.model.rowCount() == 3
    story.copy_button.click()
    assert "left with <b>neighbour</b>" in QGuiApplication.clipboard().text()
    with qtbot.waitSignal(window.map_wanted):
        story.map_button.click()
    assert session.selection == ("stop", "s2")


def test_what_cannot_be_missed_is_listed_whole_though_only_missed_is_ticked(
    window: PerformanceWindow, kpi: KpiGateway
) -> None:
    window.tiles.tiles["on_time"].click()
    panel = window.behind
    panel.only_missed.setChecked(True)
    window.tiles.tiles["stops_per_hour"].click()
    assert not kpi.behinds[-1].only_missed
    assert not panel.only_missed.isEnabled()
    window.tiles.tiles["first_attempt"].click()
    assert kpi.behinds[-1].only_missed


def test_a_stop_of_another_day_is_told_of_and_is_on_no_map(window: PerformanceWindow) -> None:
    window.tiles.tiles["on_time"].click()
    window.behind.open_row(30)
    story = window.behind.story
    assert story.model.stop_id == "past-30"
    assert "Customer 0000 delivered" in story.model.record(2).text
    assert not story.map_button.isEnabled()


def test_lines_are_sorted_by_a_column(window: PerformanceWindow) -> None:
    window.tiles.tiles["on_time"].click()
    model = window.behind.model
    model.sort(0, Qt.SortOrder.AscendingOrder)
    times = [model.record(row).fact.at for row in range(model.rowCount())]
    assert times == sorted(times)


# Definitions, targets, views


def test_a_measure_says_what_it_means_and_supervisors_set_its_target(
    window: PerformanceWindow, session: Session
) -> None:
    sent: list[Command] = []
    session.command_issued.connect(sent.append)
    window.tiles.tiles["on_time"].about.click()
    about = window.tiles.tiles["on_time"].findChild(AboutMeasure)
    assert about is not None
    about.target.setValue(97.5)
    about.save_button.click()
    targets = (Target(measure="on_time", value=97.5),)
    assert sent == [SetReporting(version=0, reporting=Reporting(targets=targets))]


def test_another_target_is_seen_at_once(
    window: PerformanceWindow, session: Session, qtbot: QtBot
) -> None:
    reporting = Reporting(targets=(Target(measure="on_time", value=90.0),))
    session.fold_events([event(e.ReportingSet(version=1, reporting=reporting), seq=900)])
    tile = window.tiles.tiles["on_time"]
    qtbot.waitUntil(lambda: "target ≥ 90.0 %" in tile.accessibleName())


def test_views_are_saved_chosen_and_opened_with(
    session: Session, kpi: KpiGateway, settings: QSettings, qtbot: QtBot
) -> None:
    view = SavedView(
        id="v1",
        name="Own vans, 4 weeks",
        filters=Filters(days=28, carriers=("own",)),
        by="postcode",
        measure="first_attempt",
    )
    session.fold_events(
        [event(e.ReportingSet(version=1, reporting=Reporting(views=(view,))), seq=900)]
    )
    settings.setValue(DEFAULT_KEY, "v1")
    window = make_window(session, settings)
    qtbot.addWidget(window)
    window.show()
    assert window.figures.look.filters == view.filters
    assert window.figures.look.by is _D.POSTCODE
    panels = [ask for ask in kpi.asks if ask != window.figures.inquiries["tiles"].asks[KNOWN]]
    assert {ask.filters.carriers for ask in panels} == {("own",)}
    window.close()


def test_saving_over_a_name_replaces_the_view(window: PerformanceWindow, session: Session) -> None:
    view = SavedView(id="v1", name="Mondays")
    session.fold_events(
        [event(e.ReportingSet(version=1, reporting=Reporting(views=(view,))), seq=900)]
    )
    sent: list[Command] = []
    session.command_issued.connect(sent.append)
    look = window.figures.look
    window.figures.show(replace(look, filters=replace(look.filters, weekdays=(0,))))
    window._views.save_as("  mondays ")
    command = sent[0]
    assert isinstance(command, SetReporting)
    saved = command.reporting.views
    assert [(one.id, one.filters.weekdays) for one in saved] == [("v1", (0,))]


def test_a_name_that_is_taken_is_asked_about_and_no_two_views_share_it(
    window: PerformanceWindow, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Command] = []
    session.command_issued.connect(sent.append)
    views = (SavedView(id="v1", name="Mondays"), SavedView(id="v2", name="Late"))
    session.fold_events(
        [event(e.ReportingSet(version=1, reporting=Reporting(views=views)), seq=900)]
    )
    pill = window._views
    pill.rename(views[1], " mondays ")
    assert "there is another view “Mondays”" in window.statusBar().currentMessage()
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_named: ("late", True))
    pill._ask_name()
    assert not sent
    box = next(one for one in window.findChildren(QMessageBox) if one.isVisible())
    box.button(QMessageBox.StandardButton.Yes).click()
    assert isinstance(sent[-1], SetReporting)
    assert [one.id for one in sent[-1].reporting.views] == ["v1", "v2"]


def test_who_may_not_change_reads_only(window: PerformanceWindow, session: Session) -> None:
    session.set_actor("dan", "Dan")
    about = window.open_about("on_time", window.tiles.tiles["on_time"])
    assert not about.save_button.isVisible()
    about.close()


# The window


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_nothing_is_cut_at_either_size(
    window: PerformanceWindow, session: Session, theme: str, size: tuple[int, int], qtbot: QtBot
) -> None:
    session.theme.set_name(theme)
    window.resize(*size)
    qtbot.waitUntil(lambda: window.width() == size[0])
    QApplication.processEvents()
    for tile in window.tiles.tiles.values():
        assert tile.geometry().right() <= window.tiles.width()
        assert tile.geometry().bottom() <= window.tiles.height()
    for frame in window.panels.frames.values():
        assert frame.height() >= 200
    ground = session.theme.color("panel")
    picture = chart(window, "hours").grab().toImage()
    assert picture.pixelColor(2, 2) == ground


def test_the_window_is_one_and_closes_with_the_desktop(
    session: Session, kpi: KpiGateway, settings: QSettings, qtbot: QtBot
) -> None:
    desk = PerformanceDesk(session, settings, session)
    window = desk.open()
    qtbot.addWidget(window)
    assert desk.open() is window
    assert kpi.asks
    desk.close()
    assert not window.isVisible()
    assert settings.contains("performance/geometry")


def test_what_is_on_the_screen_can_be_exported(window: PerformanceWindow) -> None:
    shown = {one.title: one for one in window.current_answers()}
    assert shown["Breakdown"].ask.by == (_D.DRIVER,)
    assert shown["Overview"].answer.measures == TILES
