"""What people are told of the machine a gateway runs on."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from tower.feed.clock import SystemClock
from tower.gateway.machine import LEAST_BYTES, Machine


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.parametrize(
    ("free", "words"),
    [(LEAST_BYTES, ""), (LEAST_BYTES - 1, "32 MB are left on the disk of"), (0, "Nothing is left")],
)
def test_people_are_told_before_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, words: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Usage(10**9, 10**9 - free, free))
    trouble = Machine(tmp_path, SystemClock()).trouble
    assert words in trouble
    assert bool(trouble) == bool(words)


def test_people_are_told_where_the_folder_is_gone(tmp_path: Path) -> None:
    assert "cannot be reached" in Machine(tmp_path / "gone", SystemClock()).trouble
