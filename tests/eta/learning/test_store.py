"""Models are kept whole or not at all, and what was damaged is refused with words."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from tests.eta.learning.shifts import DAWN
from tests.eta.learning.test_train import unseen
from tower.eta.learning.errors import ModelUnusable, TrainingBusy
from tower.eta.learning.model import LearntModel
from tower.eta.learning.store import ModelStore
from tower.eta.learning.train import Learnt
from tower.eta.schedule_model import ScheduleModel


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


def test_a_model_read_back_says_the_same(
    store: ModelStore, learnt: Learnt, model: LearntModel
) -> None:
    assert store.keep(learnt, DAWN) == "learnt-1"
    again = store.load()
    rows = unseen(model).rows
    assert again.version == "learnt-1"
    assert again.quality == learnt.quality
    assert np.allclose(again.quantiles(rows), model.quantiles(rows))


def test_a_new_depot_has_the_schedule(store: ModelStore) -> None:
    assert store.current() == "schedule"
    assert isinstance(store.load(), ScheduleModel)


def test_versions_count_up_and_the_newest_is_in_use(store: ModelStore, learnt: Learnt) -> None:
    store.keep(learnt, DAWN)
    before = store.stamp()
    store.keep(learnt, DAWN)
    assert store.versions() == ["learnt-1", "learnt-2"]
    assert store.current() == "learnt-2"
    assert store.stamp() != before


def test_one_can_go_back(store: ModelStore, learnt: Learnt) -> None:
    store.keep(learnt, DAWN)
    store.use("schedule")
    assert isinstance(store.load(), ScheduleModel)
    store.use("learnt-1")
    assert store.load().version == "learnt-1"


@pytest.mark.parametrize("name", ["learnt-9", "learnt-0", "../learnt-1", "latest"])
def test_what_is_not_there_cannot_be_used(store: ModelStore, learnt: Learnt, name: str) -> None:
    store.keep(learnt, DAWN)
    with pytest.raises(ModelUnusable, match="There is no model"):
        store.use(name)
    assert store.current() == "learnt-1"


@pytest.mark.parametrize("file", ["trees-0.ubj", "doors.ubj", "holdups.ubj", "model.json"])
def test_a_damaged_model_is_refused(store: ModelStore, learnt: Learnt, file: str) -> None:
    store.keep(learnt, DAWN)
    path = store.folder / "learnt-1" / file
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelUnusable, match="learnt-1 is damaged"):
        store.load()


def test_a_model_with_a_file_missing_is_refused(store: ModelStore, learnt: Learnt) -> None:
    store.keep(learnt, DAWN)
    (store.folder / "learnt-1" / "trees-0.ubj").unlink()
    with pytest.raises(ModelUnusable, match="missing"):
        store.load()


def test_a_model_of_another_tower_is_refused(store: ModelStore, learnt: Learnt) -> None:
    store.keep(learnt, DAWN)
    path = store.folder / "learnt-1" / "model.json"
    facts = msgspec.json.decode(path.read_bytes())
    facts["features"] = facts["features"][1:]
    path.write_bytes(msgspec.json.encode(facts))
    with pytest.raises(ModelUnusable, match="another version of Tower"):
        store.load()


def test_old_models_go_but_not_the_one_in_use(store: ModelStore, learnt: Learnt) -> None:
    for _ in range(3):
        store.keep(learnt, DAWN)
    store.use("learnt-1")
    assert store.forget_all_but(1) == ["learnt-2"]
    assert store.versions() == ["learnt-1", "learnt-3"]


def test_two_trainings_do_not_run_at_once(store: ModelStore) -> None:
    with store.training(), pytest.raises(TrainingBusy, match="under way"), store.training():
        pass


def test_what_a_killed_training_left_is_cleared(store: ModelStore) -> None:
    left = store.folder / ".learnt-1.partial"
    left.mkdir(parents=True)
    with store.training():
        assert not left.exists()
    assert store.versions() == []
