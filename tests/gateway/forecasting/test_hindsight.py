"""Predictions are measured against what came."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.gateway.running import asked_until, running_gateway
from tests.gateway.shift import NOON, small_shift, told
from tower.domain.events import (
    ArrivalsPredicted,
    Event,
    PredictedArrival,
    StopArrived,
    StopCancelled,
    StopDelivered,
)
from tower.domain.records import Subject
from tower.feed.clock import RunningClock
from tower.gateway.forecasting.hindsight import Hindsight
from tower.gateway.settings import GatewaySettings


def kept(minute: int, in_min: float, side_min: float = 5.0) -> Event:
    """A prediction for stop S1 made some minutes after noon."""
    row = PredictedArrival(
        stop_id="S1",
        in_s=round(60 * in_min),
        early_s=round(60 * side_min),
        late_s=round(60 * side_min),
        travel_s=60,
    )
    at = NOON + timedelta(minutes=minute)
    return told(at, Subject(route_id="A"), ArrivalsPredicted(model="schedule", rows=(row,)))


def arrived(minute: int) -> Event:
    return told(NOON + timedelta(minutes=minute), Subject(stop_id="S1"), StopArrived())


def test_an_arrival_is_held_against_the_newest_prediction_of_each_lead() -> None:
    hindsight = Hindsight()
    hindsight.take([kept(0, 60), kept(15, 45), kept(30, 32), kept(45, 22), kept(60, 10)])
    hindsight.take([arrived(70)])
    measured = {one.minutes: one for one in hindsight.measured(NOON + timedelta(hours=2))}
    assert set(measured) == {15, 30, 60}
    assert measured[60].mae_s == pytest.approx(600.0)
    assert measured[60].late_s == pytest.approx(600.0)
    assert measured[60].coverage == 0.0
    assert measured[15].mae_s == pytest.approx(180.0)
    assert measured[15].coverage == 1.0
    assert measured[15].arrivals == 1


def test_days_nobody_asked_about_are_forgotten() -> None:
    hindsight = Hindsight()
    for day in range(30):
        hindsight.take([kept(1_440 * day, 20), arrived(1_440 * day + 20)])
        hindsight.take([kept(1_440 * day + 30, 20)])
    assert sum(map(len, hindsight._settled.values())) <= 2
    assert hindsight.measured(NOON + timedelta(days=29, hours=1))[0].arrivals == 1


def test_a_stop_nobody_drives_to_any_more_measures_nothing() -> None:
    hindsight = Hindsight()
    cancelled = told(NOON, Subject(stop_id="S1"), StopCancelled())
    assert hindsight.take([kept(0, 60), cancelled, arrived(60)]) == []
    assert hindsight.measured(NOON + timedelta(hours=2)) == ()


def test_what_is_said_of_a_stop_the_vehicle_stands_at_is_no_prediction() -> None:
    hindsight = Hindsight()
    delivered = told(NOON + timedelta(minutes=80), Subject(stop_id="S1"), StopDelivered())
    hindsight.take([kept(0, 60), arrived(60), kept(62, -2), delivered])
    (lead,) = hindsight.measured(NOON + timedelta(hours=2))
    assert (lead.minutes, lead.mae_s) == (60, 0.0)


def test_yesterdays_arrivals_are_not_todays() -> None:
    hindsight = Hindsight()
    hindsight.take([kept(0, 60), arrived(60)])
    assert hindsight.measured(NOON + timedelta(hours=26)) == ()


def test_what_came_goes_to_the_calibration_with_the_model_that_predicted_it() -> None:
    hindsight = Hindsight()
    (settled,) = hindsight.take([kept(0, 60), arrived(64)])
    assert settled.kept.model == "schedule"
    assert settled.outcome.error_s == pytest.approx(240.0)
    assert settled.outcome.ahead_s == pytest.approx(3_600.0)


def test_after_a_restart_todays_predictions_and_arrivals_are_read_back(tmp_path: Path) -> None:
    clock = RunningClock((NOON + timedelta(hours=3)).timestamp())
    shift = [*small_shift(), kept(0, 60), kept(15, 45), arrived(70), kept(71, 9)]
    settings = GatewaySettings(data=str(tmp_path), port=0, project_s=1e6, watch_s=1e6)
    with (
        running_gateway(tmp_path, settings=settings, shift=shift, clock=clock) as running,
        running.client() as http,
    ):
        said = asked_until(http, "/v1/eta", lambda answer: answer.json()["today"] != []).json()
    assert {lead["minutes"]: lead["mae_s"] for lead in said["today"]} == {60: 600.0}
    assert said["arrivals"] == 1
    assert said["coverage"] == 0.0
