"""A model learnt once for all tests that only look at it."""

from pathlib import Path

import pytest

from tests.eta.learning.shifts import DAWN, write_journal
from tower.eta.learning.model import LearntModel
from tower.eta.learning.quantiles import Settings
from tower.eta.learning.train import Learnt, train

QUICK = Settings(rounds=40, depth=3, rate=0.15, leaf_weight=20, threads=1)


@pytest.fixture(scope="session")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of six shifts."""
    return write_journal(tmp_path_factory.mktemp("data"), range(6))


@pytest.fixture(scope="session")
def learnt(journal: Path) -> Learnt:
    """What those shifts teach."""
    return train([journal], DAWN, lambda _words: None, QUICK)


@pytest.fixture(scope="session")
def model(learnt: Learnt) -> LearntModel:
    """As a gateway would use it."""
    return LearntModel("learnt-1", learnt.laws, learnt.residuals, learnt.quality)
