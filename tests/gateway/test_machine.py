"""What people are told of the machine a gateway runs on."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from tower.feed.clock import SystemClock
from tower.gateway.machine import LEAST_BYTES, TOLD_LOST_S, TOLD_S, Machine, Soundness
from tower.journal.journal import Journal
from tower.journal.mending import Mended


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal.open(tmp_path / "data" / "journal.db", SystemClock())) as made:
        yield made


@pytest.mark.parametrize(
    ("free", "words"),
    [(LEAST_BYTES, ""), (LEAST_BYTES - 1, "32 MB are left on the disk of"), (0, "Nothing is left")],
)
def test_people_are_told_before_the_disk_is_full(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, free: int, words: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Usage(10**9, 10**9 - free, free))
    trouble = Machine(journal, SystemClock()).trouble
    assert words in trouble
    assert bool(trouble) == bool(words)


def test_people_are_told_where_the_folder_is_gone(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "path", Path("/nowhere/at all/journal.db"))
    assert "cannot be reached" in Machine(journal, SystemClock()).trouble


@pytest.mark.parametrize(
    ("missing", "told_s", "words"),
    [(0, TOLD_S, "none is missing"), (3, TOLD_LOST_S, "3 could not be read")],
)
def test_people_are_told_what_was_mended_longer_where_something_is_missing(
    journal: Journal, missing: int, told_s: float, words: str
) -> None:
    now = 100.0
    soundness = Soundness(journal, lambda: now)
    soundness.tell(Mended("a test", Path("journal.db.damaged"), 500, 4, missing))
    assert "500 events were kept, 4 of them from its second copy" in soundness.trouble
    assert words in soundness.trouble
    now += told_s
    assert soundness.trouble == ""


def test_damage_is_told_until_the_gateway_starts_again(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    soundness = Soundness(journal)
    monkeypatch.setattr(soundness._scrub, "look", lambda: "event 7 is not as it was written")
    asyncio.run(soundness.look())
    assert "damaged: event 7 is not as it was written" in soundness.trouble
    assert soundness.damaged.is_set()
