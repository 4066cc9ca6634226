"""What shifts teach, and what is said where they teach too little."""

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from tests.eta.learning.conftest import QUICK
from tests.eta.learning.shifts import DAWN, PLANNED_S, shift_events, write_journal
from tests.journal.diary import event
from tower.domain import events as e
from tower.domain.records import StopPlan
from tower.domain.words import Building
from tower.eta.learning.errors import TooLittle
from tower.eta.learning.history import told
from tower.eta.learning.model import LawModel, Laws, LearntModel
from tower.eta.learning.samples import Samples, Sampling
from tower.eta.learning.train import Learnt, train
from tower.eta.model import Door
from tower.eta.schedule_model import ScheduleModel
from tower.journal.errors import JournalUnavailable


def unseen(model: LawModel | ScheduleModel, day: int = 9) -> Samples:
    """A shift nobody learnt from, as a model would have been asked."""
    sampling = Sampling(model)
    end = told(shift_events(day), "later", [sampling])
    samples = sampling.of(f"later/shift-{day}", end.state)
    assert samples is not None
    return samples


def off_s(samples: Samples, p50: np.ndarray) -> float:
    return float(np.abs(samples.came_s - p50).mean())


def test_a_learnt_model_is_nearer_to_what_comes_than_the_schedule(model: LearntModel) -> None:
    own, plain = unseen(model), unseen(ScheduleModel())
    assert off_s(own, model.quantiles(own.rows)[:, 1]) < 0.6 * off_s(
        plain, plain.rows.column("base_s")
    )


def test_eight_of_ten_arrivals_lie_between_p10_and_p90(model: LearntModel, learnt: Learnt) -> None:
    covered = []
    for day in (9, 10, 11):
        samples = unseen(model, day)
        low, _, high = model.quantiles(samples.rows).T
        covered.append((low <= samples.came_s) & (samples.came_s <= high))
    assert 0.7 < np.concatenate(covered).mean() < 0.9
    assert 0.7 < learnt.quality.coverage < 0.9


def test_quantiles_stand_in_order_and_never_in_the_past(model: LearntModel) -> None:
    quantiles = model.quantiles(unseen(model).rows)
    assert (np.diff(quantiles, axis=1) >= 0.0).all()
    assert (quantiles >= 0.0).all()


def test_doors_are_learnt_by_what_they_are_in(model: LearntModel) -> None:
    plans = [
        StopPlan(id="s", lat=47.1, lon=9.5, service_s=PLANNED_S, building=building)
        for building in (Building.HOUSE, Building.FLATS)
    ]
    house, flats = model.door_s([Door(plan, "own") for plan in plans])
    assert house == pytest.approx(0.5 * PLANNED_S, rel=0.2)
    assert flats == pytest.approx(2.0 * PLANNED_S, rel=0.2)


def test_what_is_measured_is_of_the_newest_shifts_alone(learnt: Learnt) -> None:
    assert learnt.shifts == 6
    assert learnt.quality.shifts == 2
    assert learnt.quality.arrivals < learnt.samples
    assert learnt.quality.mae_s[30] > learnt.quality.mae_s[15] > 0.0


def test_the_same_journal_teaches_the_same(journal: Path, learnt: Learnt) -> None:
    again = train([journal], DAWN, lambda _words: None, QUICK)
    rows = unseen(LawModel(learnt.laws)).rows
    assert np.array_equal(again.residuals.quantiles(rows), learnt.residuals.quantiles(rows))


def test_two_shifts_are_too_few(tmp_path: Path) -> None:
    path = write_journal(tmp_path, range(2))
    with pytest.raises(TooLittle, match="2 shifts to learn from, 3 are needed"):
        train([path], DAWN, lambda _words: None, QUICK)


def test_no_journal_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(JournalUnavailable, match="There is no journal"):
        train([tmp_path / "journal.db"], DAWN, lambda _words: None, QUICK)


def test_a_prediction_made_before_the_order_changed_is_not_learnt_from() -> None:
    events = shift_events(5, routes=1)
    place = next(n for n, one in enumerate(events) if isinstance(one.body, e.StopDelivered))
    [order] = [one.body.routes[0] for one in events if isinstance(one.body, e.RoutesSequenced)]
    moved = (order.stops[0], order.stops[-1], *order.stops[1:-1])
    body = e.RoutesSequenced(routes=(replace(order, version=2, stops=moved),))
    changed = event(body, "later", at=events[place].at)
    kept = _samples_of([*events[: place + 1], changed, *events[place + 1 :]])
    assert kept < _samples_of(events)


def _samples_of(events: list[e.Event]) -> int:
    sampling = Sampling(LawModel(Laws()))
    end = told(events, "x", [sampling])
    samples = sampling.of("x/shift-5", end.state)
    return len(samples.came_s) if samples else 0


def test_why_an_arrival_is_late_is_said_in_words_largest_first(model: LearntModel) -> None:
    rows = unseen(model).rows
    told = [model.reasons(rows, row) for row in range(0, len(rows.x), 40)]
    assert any(told)
    for reasons in told:
        shares = [abs(reason.seconds) for reason in reasons]
        assert shares == sorted(shares, reverse=True)
        assert all(share >= 60.0 for share in shares)
        assert len({reason.words for reason in reasons}) == len(reasons)
