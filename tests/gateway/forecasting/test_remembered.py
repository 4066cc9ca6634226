"""Predictions are remembered stop by stop until somebody comes there."""

from datetime import timedelta

from tests.gateway.shift import NOON
from tower.domain.events import PredictedArrival
from tower.gateway.forecasting.remembered import REMEMBERED, OpenPredictions


def row(stop_id: str, in_s: int = 600) -> PredictedArrival:
    return PredictedArrival(stop_id=stop_id, in_s=in_s, early_s=60, late_s=90, travel_s=5)


def test_the_newest_predictions_of_a_stop_are_given_back_oldest_first() -> None:
    known = OpenPredictions()
    for number in range(REMEMBERED + 3):
        known.keep(NOON + timedelta(minutes=number), f"learnt-{number % 2}", row("S1", number))
    kept = known.pop("S1")
    assert [(one.made_at - NOON).seconds // 60 for one in kept] == list(range(3, REMEMBERED + 3))
    assert [one.model for one in kept[:2]] == ["learnt-1", "learnt-0"]
    assert kept[0].p50 == NOON + timedelta(minutes=3, seconds=3)
    assert (kept[0].early_s, kept[0].late_s) == (60, 90)
    assert known.pop("S1") == []


def test_what_was_said_of_one_stop_is_never_said_of_the_next() -> None:
    known = OpenPredictions()
    for number in range(1_000):
        known.keep(NOON, "schedule", row(f"S{number}", number))
    assert [known.pop(f"S{number}")[0].p50 for number in range(1_000)] == [
        NOON + timedelta(seconds=number) for number in range(1_000)
    ]
    known.keep(NOON, "schedule", row("other", 7))
    assert [one.stop_id for one in known.pop("other")] == ["other"]


def test_stops_nothing_was_predicted_of_for_long_are_forgotten() -> None:
    known = OpenPredictions()
    known.keep(NOON, "schedule", row("S1"))
    known.keep(NOON, "schedule", row("S2"))
    known.keep(NOON + timedelta(hours=2), "schedule", row("S2"))
    known.forget(NOON + timedelta(hours=1))
    assert len(known) == 1
    assert known.pop("S1") == []
    assert len(known.pop("S2")) == 2
