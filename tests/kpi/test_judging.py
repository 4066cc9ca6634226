"""What counts as on time, as a promoter, as predicted an hour ahead."""

from datetime import UTC, datetime, timedelta

import pytest

from tower.domain.records import StopPlan
from tower.domain.words import ClaimKind, StopKind, StopState
from tower.kpi import judging

TEN = datetime(2026, 3, 5, 10, tzinfo=UTC)
DONE = StopState.DELIVERED


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("came", "done", "outcome", "is_on_time"),
    [
        (-20, -10, DONE, True),
        (-1, 5, DONE, True),
        (0, 5, DONE, True),
        (1, 5, DONE, False),
        (-70, -61, DONE, False),
        (-70, -60, DONE, True),
        (-20, -10, StopState.ATTEMPTED, False),
        (-20, -10, StopState.SKIPPED, False),
    ],
)
def test_on_time_is_to_come_by_the_end_and_be_done_after_the_start(
    came: float, done: float, outcome: StopState, is_on_time: bool
) -> None:
    window = (TEN - minutes(60), TEN)
    assert judging.is_on_time(TEN + minutes(came), TEN + minutes(done), outcome, window) == (
        is_on_time
    )


def test_a_window_without_an_end_promises_nothing() -> None:
    plan = StopPlan(id="s", lat=47.1, lon=9.5, window_start=TEN)
    assert judging.window_of(plan) is None
    assert judging.is_on_time(TEN, TEN, DONE, (None, TEN))


def test_only_stops_where_somebody_waits_count() -> None:
    charge = StopPlan(id="s", lat=47.1, lon=9.5, kind=StopKind.CHARGE)
    assert not judging.is_counted(charge, DONE)
    assert not judging.is_counted(None, StopState.CANCELLED)
    assert not judging.is_counted(None, StopState.ARRIVED)
    assert judging.is_counted(None, StopState.SKIPPED)


def test_an_arrival_told_after_the_outcome_is_not_believed() -> None:
    assert judging.came(TEN + minutes(3), TEN) == TEN
    assert judging.came(None, TEN) == TEN
    assert judging.came(TEN - minutes(3), TEN) == TEN - minutes(3)


@pytest.mark.parametrize(("ahead", "is_judged"), [(59, False), (60, True), (80, True), (81, False)])
def test_a_prediction_is_judged_for_the_lead_it_was_made_at(ahead: float, is_judged: bool) -> None:
    assert judging.is_for_lead(TEN - minutes(ahead), TEN, 60) == is_judged


@pytest.mark.parametrize(("late_s", "step"), [(0, 0), (149, 0), (151, 5), (-400, -5), (9e9, 30)])
def test_errors_are_drawn_in_steps_of_five_minutes(late_s: float, step: int) -> None:
    assert judging.error_step_min(late_s) == step
    assert judging.error_step_min(-late_s) == -step


def test_promoters_say_nine_or_ten_and_detractors_six_or_less() -> None:
    nets = [judging.nps_net(score) for score in range(11)]
    assert nets == [-1] * 7 + [0] * 2 + [1] * 2


def test_an_sla_is_kept_by_acting_in_time() -> None:
    assert judging.is_sla_kept(TEN, TEN)
    assert not judging.is_sla_kept(TEN, TEN + minutes(1))
    assert not judging.is_sla_kept(TEN, None)


def test_who_received_nothing_disputes_a_delivery() -> None:
    assert [kind for kind in ClaimKind if judging.is_dispute(kind)] == [ClaimKind.NOT_RECEIVED]
