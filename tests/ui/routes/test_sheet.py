"""The stops of one route: numbers, times and windows on a common clock."""

from datetime import timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRectF
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Fleet
from tests.ui.example_shift import NOON, event, numbered
from tests.ui.expecting import click, column, expect
from tower.domain import events as e
from tower.domain.records import StopPlan, Subject
from tower.domain.words import AttemptReason, Punctuality, StopKind
from ui.draft.draft import Draft
from ui.routes.model import RouteModel
from ui.routes.sheet import StopSheet
from ui.routes.span import Span, span_of
from ui.session import Session

_NUMBER, _ADDRESS, _TIME, _WINDOW = 0, 2, 3, 4


@pytest.fixture
def sheet(session: Session, fleet: Fleet, qtbot: QtBot) -> StopSheet:
    """The sheet of the first route; its stops are expected every ten minutes from noon on."""
    minutes = {f"s{place}": (10.0 * place, Punctuality.ON_TIME) for place in range(5)}
    expect(session, fleet, minutes)
    sheet = StopSheet(session, RouteModel(session, session), Draft(session, session))
    QAbstractItemModelTester(
        sheet.model, QAbstractItemModelTester.FailureReportingMode.Fatal, sheet.model
    )
    qtbot.addWidget(sheet)
    sheet.resize(452, 170)
    with qtbot.waitExposed(sheet):
        sheet.show()
    sheet.show_route("r0")
    return sheet


def _fold(session: Session, sheet: StopSheet, *happened: e.Event) -> None:
    session.fold_events(numbered(happened, start=300))
    sheet.model.refresh()


def _about(stop_id: str) -> Subject:
    return Subject(stop_id=stop_id, route_id="r0")


def _plan(session: Session, stop_id: str) -> StopPlan:
    plan = session.state.stops[stop_id].plan
    assert plan is not None
    return plan


def test_each_stop_says_when_it_is_expected_and_how_sure_that_is(sheet: StopSheet) -> None:
    assert column(sheet.model, _NUMBER) == ["1", "2", "3", "4", "5"]
    # Three minutes early to six late is four and a half either way.
    assert column(sheet.model, _TIME)[1:3] == ["13:10 ±4", "13:20 ±4"]
    assert column(sheet.model, _WINDOW)[0] == "13:00–15:00"


def test_a_prediction_that_changes_is_shown(
    session: Session, sheet: StopSheet, fleet: Fleet, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(sheet.model.refreshed):
        expect(session, fleet, {"s2": (155.0, Punctuality.LATE)})
    assert column(sheet.model, _TIME)[2] == "15:35 ±4"
    assert sheet.model.record(2).punctuality is Punctuality.LATE


def test_what_is_done_says_how_and_when(session: Session, sheet: StopSheet) -> None:
    _fold(
        session,
        sheet,
        event(e.StopDelivered(), _about("s0")),
        event(e.StopAttempted(reason=AttemptReason.NOT_HOME), _about("s1")),
        event(e.StopArrived(), _about("s2")),
        event(e.StopCancelled(), _about("s3")),
    )
    assert column(sheet.model, _TIME)[:4] == [
        "delivered 13:00",
        "not home 13:00",
        "arrived 13:00",
        "cancelled 13:00",
    ]
    assert sheet.model.record(1).has_failed
    assert not sheet.model.record(0).has_failed
    assert sheet.model.first_waiting == 2


def test_a_delivery_after_its_window_stays_late(session: Session, sheet: StopSheet) -> None:
    plan = replace(_plan(session, "s0"), window_end=NOON - timedelta(minutes=1))
    planned = event(e.StopPlanned(plan=plan), at=NOON + timedelta(seconds=1))
    _fold(session, sheet, planned, event(e.StopDelivered(), _about("s0")))
    assert sheet.model.record(0).punctuality is Punctuality.LATE


@pytest.mark.parametrize(
    ("window_start", "window_end", "words"),
    [
        (None, NOON, "by 13:00"),
        (NOON, None, "from 13:00"),
        (None, None, "plan 13:05"),
    ],
)
def test_half_a_window_and_none_are_said_in_words(
    session: Session, sheet: StopSheet, window_start: object, window_end: object, words: str
) -> None:
    plan = replace(
        _plan(session, "s0"),
        window_start=window_start,
        window_end=window_end,
        planned_at=NOON + timedelta(minutes=5),
    )
    _fold(session, sheet, event(e.StopPlanned(plan=plan), at=NOON + timedelta(seconds=1)))
    assert column(sheet.model, _WINDOW)[0] == words


def test_returns_and_cold_chain_stand_out(session: Session, sheet: StopSheet) -> None:
    plan = replace(_plan(session, "s0"), kind=StopKind.RETURN, temperature_limit_c=8.0)
    _fold(session, sheet, event(e.StopPlanned(plan=plan), at=NOON + timedelta(seconds=1)))
    assert column(sheet.model, _ADDRESS)[0].endswith("return · ≤ 8 °C")


def test_a_click_selects_the_stop(session: Session, sheet: StopSheet) -> None:
    click(sheet.list, "s1")
    assert session.selection == ("stop", "s1")


def test_the_sheet_opens_where_the_driver_is(session: Session, sheet: StopSheet) -> None:
    _fold(session, sheet, *(event(e.StopDelivered(), _about(f"s{place}")) for place in range(3)))
    first_seen = sheet.list.indexAt(sheet.list.viewport().rect().topLeft()).row()
    assert first_seen == 2


def test_the_clock_runs_from_half_an_hour_ago_to_the_last_stop(sheet: StopSheet) -> None:
    now = NOON.timestamp()
    rows = [sheet.model.record(place) for place in range(5)]
    assert span_of(rows, now) == Span(now - 1800, now - 1800 + 7200)
    far = rows[4].expected
    assert far is not None
    late = rows[4]._replace(expected=replace(far, p90=now + 3 * 3600))
    span = span_of([*rows[:4], late], now)
    assert now + 3 * 3600 < span.end <= now + 3 * 3600 + 20 * 60
    assert span_of([], now).end > now


def test_the_hours_over_the_bars_are_round_in_local_time() -> None:
    span = Span(NOON.timestamp() - 900, NOON.timestamp() + 6300)
    half_an_hour_ahead = 5.5 * 3600
    ticks = list(span.ticks(90.0, half_an_hour_ahead))
    assert [(tick + half_an_hour_ahead) % 3600 for tick in ticks] == [0.0] * len(ticks)
    assert len(ticks) == 2
    bar = QRectF(100, 0, 90, 10)
    assert span.x(span.begin, bar) == 100
    assert span.x(span.end, bar) == 190


def test_the_hours_of_a_long_day_stand_apart() -> None:
    day = Span(NOON.timestamp(), NOON.timestamp() + 10 * 3600)
    bar = QRectF(0, 0, 90, 10)
    places = [day.x(tick, bar) for tick in day.ticks(bar.width(), 0.0)]
    assert len(places) == 2
    assert all(later - earlier >= 34 for earlier, later in pairwise(places))


def test_a_route_that_is_done_shows_the_hours_it_took(sheet: StopSheet) -> None:
    morning = NOON.timestamp() - 4 * 3600
    rows = [
        sheet.model.record(place)._replace(expected=None, reached=morning + place * 1800)
        for place in range(5)
    ]
    span = span_of(rows, NOON.timestamp())
    assert span.begin < morning
    assert morning + 2 * 3600 < span.end < NOON.timestamp()


def test_without_a_prediction_the_plan_stands_on_the_clock(
    session: Session, sheet: StopSheet, fleet: Fleet
) -> None:
    plan = replace(_plan(session, "s0"), planned_at=NOON + timedelta(hours=4), address="")
    _fold(session, sheet, event(e.StopPlanned(plan=plan), at=NOON + timedelta(seconds=1)))
    fleet.arrivals.set(["s0"], [None], [0.0], [0.0], [Punctuality.IDLE.code])
    session.apply_frames([fleet.frame()])
    sheet.model.refresh()
    row = sheet.model.record(0)
    assert (row.time_words, row.place) == ("—", "ORD-1000")
    rows = [sheet.model.record(place) for place in range(5)]
    assert span_of(rows, NOON.timestamp()).end > NOON.timestamp() + 4 * 3600
