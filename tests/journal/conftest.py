"""A journal in a folder of its own, closed whatever happens."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journal.diary import HandClock
from tower.journal.journal import Journal


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.db"


@pytest.fixture
def journal(path: Path, clock: HandClock) -> Iterator[Journal]:
    opened = Journal.open(path, clock)
    yield opened
    opened.close()
