"""What of the queue is shown, in which order, and under which name it is kept."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QPushButton

from tests.ui.example_shift import NOON, event, raised
from tests.ui.exceptions.happenings import claimed, happen, replied, worked
from tower.domain import events as e
from tower.domain.words import ExceptionKind, ExceptionState, Severity
from ui.exceptions.panel import ExceptionsPanel
from ui.exceptions.rows import View
from ui.exceptions.sieve import Sieve
from ui.exceptions.sorting import Order
from ui.exceptions.views import BUILT_IN, SavedView, SavedViews, ViewNameTaken
from ui.filter import Hidden
from ui.session import Session


def test_words_are_looked_for_everywhere_in_a_row(panel: ExceptionsPanel) -> None:
    QTest.keyClicks(panel.filters.box, "signal r-201")
    assert list(panel.model.ids) == ["x3"]
    QTest.keyClick(panel.filters.box, Qt.Key.Key_Escape)
    assert len(panel.model.ids) == 4


def test_what_is_hidden_is_counted_and_the_grave_ones_are_named(panel: ExceptionsPanel) -> None:
    panel.model.sift(Sieve(kinds=frozenset({ExceptionKind.WISMO})))
    assert list(panel.model.ids) == ["x4"]
    assert panel.filters.held.isVisible()
    assert panel.filters.held.text() == "3 hidden by filter, 1 of them critical"
    panel.model.sift(Sieve(words="stop"))
    assert panel.filters.held.text() == "Nothing is hidden by the filter"
    panel.model.sift(Sieve())
    assert not panel.filters.held.isVisible()


def test_the_tabs_count_whatever_the_filter_hides(panel: ExceptionsPanel) -> None:
    panel.model.sift(Sieve(words="nothing like that"))
    assert panel.header.tabs.tabText(0) == "Exceptions (4)"
    assert not panel.queue.isVisible()


def test_the_top_bars_filter_is_counted_too(session: Session, panel: ExceptionsPanel) -> None:
    session.hide(Hidden(carriers=frozenset({"own"})))
    assert panel.filters.held_words == "4 hidden by filter, 1 of them critical"


def test_a_chip_takes_its_part_of_the_filter_away(panel: ExceptionsPanel) -> None:
    panel.model.sift(
        Sieve(severities=frozenset({Severity.MINOR}), kinds=frozenset({ExceptionKind.WISMO}))
    )
    chips = {one.text(): one for one in panel.filters.chips.findChildren(QPushButton)}
    assert set(chips) == {"WISMO  ×", "minor  ×"}
    QTest.mouseClick(chips["WISMO  ×"], Qt.MouseButton.LeftButton)
    assert set(panel.model.ids) == {"x2", "x4"}


def test_each_thing_that_can_be_asked_for_holds_back_the_rest(
    session: Session, panel: ExceptionsPanel
) -> None:
    happen(
        session,
        claimed("x2", "ben", "B. Example"),
        worked("x3", ExceptionState.ESCALATED, 1, escalated_at=NOON),
        replied("s7"),
    )
    asked = {
        "unread": {"x4"},
        "escalated": {"x3"},
        "unclaimed": {"x1", "x3", "x4"},
        "carriers": {"x1", "x2", "x3", "x4"},
        "depots": {"x1", "x2", "x3", "x4"},
    }
    for field, found in asked.items():
        value = {"carriers": frozenset({"own"}), "depots": frozenset({"depot-1"})}.get(field, True)
        panel.model.sift(Sieve(**{field: value}))  # type: ignore[arg-type]
        assert set(panel.model.ids) == found, field
    panel.model.sift(Sieve(carriers=frozenset({"gig"})))
    assert panel.model.rowCount() == 0


def test_a_service_level_can_be_asked_for(session: Session, panel: ExceptionsPanel) -> None:
    plan = session.state.stops["s7"].plan
    assert plan is not None
    express = msgspec.structs.replace(plan, service_level="express")
    happen(session, event(e.StopPlanned(plan=express), at=NOON + timedelta(seconds=1)))
    happen(session, raised("x9", 7, Severity.MAJOR))
    panel.model.sift(Sieve(service_levels=frozenset({"express"})))
    assert "x9" in panel.model.ids
    assert "x1" not in panel.model.ids


def test_past_sla_comes_through_when_its_time_is_over(
    session: Session, panel: ExceptionsPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel.model.sift(Sieve(past_sla=True))
    assert panel.model.rowCount() == 0
    monkeypatch.setattr(session.clock, "time", lambda: NOON.timestamp() + 601)
    session.ticked.emit()
    assert panel.model.rowCount() == 4


def test_the_orders(session: Session, panel: ExceptionsPanel) -> None:
    finding = session.state.exceptions["x4"].finding
    assert finding is not None
    sooner = msgspec.structs.replace(finding, sla_due_at=NOON + timedelta(minutes=2))
    later = NOON + timedelta(seconds=5)
    happen(session, event(e.ExceptionRaised(finding=sooner), sooner.subject, at=later))
    newest = msgspec.structs.replace(raised("x9", 2, Severity.INFO), at=later)
    happen(session, newest)
    expected = {
        Order.SEVERITY: ["x1", "x3", "x4", "x2", "x9"],
        Order.SLA: ["x4", "x1", "x3", "x2", "x9"],
        Order.NEWEST: ["x9", "x1", "x2", "x3", "x4"],
        Order.ROUTE: ["x1", "x2", "x9", "x3", "x4"],
    }
    for order, ids in expected.items():
        panel.filters.sort_by(order)
        assert list(panel.model.ids) == ids, order


def test_a_view_is_kept_under_its_name_and_found_again(tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "desktop.ini"), QSettings.Format.IniFormat)
    views = SavedViews()
    views.keep_in(settings)
    mine = SavedView(
        name="  North,  fridges ",
        view=View.MINE,
        order=Order.SLA,
        sieve=Sieve(kinds=frozenset({ExceptionKind.TEMPERATURE}), words="nord"),
    )
    views.save(mine)
    again = SavedViews()
    again.keep_in(settings)
    assert again.own == (msgspec.structs.replace(mine, name="North, fridges"),)
    assert again.all[: len(BUILT_IN)] == BUILT_IN
    again.delete("North, fridges")
    views.keep_in(settings)
    assert views.own == ()


def test_views_that_cannot_be_read_are_left_out_and_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = QSettings(str(tmp_path / "desktop.ini"), QSettings.Format.IniFormat)
    settings.setValue("exceptions/views", '[{"name": 5}]')
    views = SavedViews()
    views.keep_in(settings)
    assert views.all == BUILT_IN
    assert "cannot be read" in caplog.text


def test_what_comes_with_tower_is_not_replaced() -> None:
    with pytest.raises(ViewNameTaken, match="past sla"):
        SavedViews().save(SavedView(name="past sla"))


def test_a_saved_view_brings_its_tab_order_and_filter(panel: ExceptionsPanel) -> None:
    panel.header.tabs.setCurrentIndex(View.SNOOZED)
    panel.filters.sort_by(Order.ROUTE)
    panel.model.sift(Sieve(words="gate", unread=True))
    panel.filters.save_as("Gates")
    panel.show_numbered(1)
    assert (panel.model.view, panel.model.sieve) == (View.OPEN, Sieve())
    assert panel.filters.box.text() == ""
    assert panel.header.tabs.currentIndex() == View.OPEN
    panel.show_numbered(len(BUILT_IN) + 1)
    assert panel.header.tabs.currentIndex() == View.SNOOZED
    assert panel.model.order is Order.ROUTE
    assert panel.filters.box.text() == "gate"


def test_a_view_is_changed_by_saving_it_under_its_name(panel: ExceptionsPanel) -> None:
    panel.filters.save_as("Gates")
    panel.show_numbered(len(BUILT_IN) + 1)
    panel.model.sift(Sieve(words="gate"))
    panel.filters.ask_name()
    (dialog,) = panel.filters.findChildren(QInputDialog)
    assert dialog.textValue() == "Gates"
    dialog.accept()
    assert panel.views.own == (SavedView(name="Gates", sieve=Sieve(words="gate")),)
    panel.show_numbered(1)
    panel.filters.ask_name()
    dialog = panel.filters.findChildren(QInputDialog)[-1]
    assert dialog.textValue() == "", "what comes with Tower is not changed"
    dialog.reject()


def test_the_view_menu_lists_and_deletes_ones_own(panel: ExceptionsPanel) -> None:
    panel.filters.save_as("Gates & doors")
    panel.filters.view_menu.aboutToShow.emit()
    titles = [one.text() for one in panel.filters.view_menu.actions()]
    assert "Past SLA\tCtrl+3" in titles
    assert "Gates && doors\tCtrl+7" in titles
    panel.views.delete("Gates & doors")
    panel.filters.view_menu.aboutToShow.emit()
    assert not any("Gates" in one.text() for one in panel.filters.view_menu.actions())


def test_the_filter_menu_ticks_what_is_asked_for(panel: ExceptionsPanel) -> None:
    menu = panel.filters.sieve_menu
    menu.refresh()
    by_words = {one.text(): one for one in menu.actions()}
    by_words["Unread replies"].trigger()
    assert panel.model.sieve == Sieve(unread=True)
    menu.refresh()
    kinds = next(one.menu() for one in menu.actions() if one.text() == "Kind")
    next(one for one in kinds.actions() if one.text() == "cold chain").trigger()  # type: ignore[attr-defined]
    assert panel.model.sieve == Sieve(unread=True, kinds=frozenset({ExceptionKind.TEMPERATURE}))
    menu.refresh()
    next(one for one in menu.actions() if one.text() == "Clear the filter").trigger()
    assert not panel.model.sieve
