"""How long a vehicle is held up where it is now, as it is learnt."""

import numpy as np
import pytest

from tower.eta.learning.holdups import LEAST_SAMPLES, HoldupLaw, learnt_holdups
from tower.eta.model import FEATURES, Floats, Rows

DOOR_S = 300.0
"""What every door is expected to take."""


def rows(elapsed_s: Floats, **known: float) -> Rows:
    """The stops after doors that vehicles have stood at for so long."""
    columns: dict[str, Floats | float] = {
        "base_s": np.maximum(30.0, DOOR_S - elapsed_s) + 240.0,
        "stops_before": 1.0,
        "is_started": 1.0,
        "door_elapsed_s": elapsed_s,
        "door_left_s": np.maximum(30.0, DOOR_S - elapsed_s),
        **known,
    }
    x = np.zeros((len(elapsed_s), len(FEATURES)), dtype=np.float32)
    for name, values in columns.items():
        x[:, FEATURES.index(name)] = values
    return Rows(x, np.zeros(len(x)), np.zeros(len(x)), ["own"] * len(x))


def looked_at(count: int) -> tuple[Rows, Floats]:
    """Doors take five minutes; one of ten half an hour. Looked at some time while they last."""
    chance = np.random.default_rng(1)
    lasts_s = np.where(np.arange(count) % 10 == 0, 1_800.0, DOOR_S)
    elapsed_s = chance.uniform(0.0, lasts_s)
    return rows(elapsed_s), lasts_s - elapsed_s + 240.0


@pytest.fixture(scope="module")
def law() -> HoldupLaw:
    return learnt_holdups(*looked_at(6_000), threads=1)


def test_who_stands_for_too_long_stands_for_longer(law: HoldupLaw) -> None:
    fresh_s, stuck_s = law.seconds(rows(np.array([30.0, 600.0])))
    assert 0.0 < fresh_s < 240.0
    assert stuck_s == pytest.approx(1_200.0 - 30.0, rel=0.15)


def test_what_holds_a_vehicle_up_holds_up_every_stop_after(law: HoldupLaw) -> None:
    near = rows(np.array([600.0]))
    far = rows(np.array([600.0]), stops_before=9.0, base_s=6_000.0)
    assert law.seconds(far) == pytest.approx(law.seconds(near))
    assert law.heeded(far).column("base_s") == pytest.approx(6_000.0 + law.seconds(near))


def test_who_has_not_begun_is_not_held_up(law: HoldupLaw) -> None:
    assert law.seconds(rows(np.array([600.0]), is_started=0.0)) == pytest.approx([0.0])


def test_few_looks_say_nothing() -> None:
    law = learnt_holdups(*looked_at(LEAST_SAMPLES - 1), threads=1)
    assert law.seconds(rows(np.array([600.0]))) == pytest.approx([0.0])


def test_stops_farther_ahead_teach_nothing() -> None:
    told, came_s = looked_at(3_000)
    told.x[:, FEATURES.index("stops_before")] = 5.0
    assert learnt_holdups(told, came_s, threads=1).trees is None
