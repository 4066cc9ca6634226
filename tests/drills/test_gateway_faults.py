"""Drills of the gateway in small; by name they last longer (`python -m tests.drills`).

That of the kill is with the other tests of ingest.
"""

import re
from pathlib import Path

import pytest

from tests.drills import clock_step, disk_full
from tests.drills._disk import NoSmallDisk, small_disk

TOWER = Path(__file__).parents[2] / "tower"


@pytest.mark.slow
def test_a_clock_that_jumps_both_ways_changes_nothing(tmp_path: Path) -> None:
    outcome = clock_step.drill(tmp_path, seconds=1.0)
    assert outcome.is_good, outcome


@pytest.mark.slow
def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    try:
        with small_disk(tmp_path / "disk", 128) as disk:
            outcome = disk_full.drill(tmp_path, disk, seconds=1.0)
    except NoSmallDisk as error:
        pytest.skip(f"it needs a small disk of its own: {error}")
    assert outcome.is_good, outcome


def test_the_drill_of_the_clock_reaches_all_that_asks_for_the_time() -> None:
    """It replaces `time.time`; whoever asked the system otherwise would not notice."""
    otherwise = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|from time import")
    asking = [
        str(file.relative_to(TOWER))
        for file in TOWER.rglob("*.py")
        if otherwise.search(file.read_text(encoding="utf-8"))
    ]
    assert [one for one in asking if not one.startswith(("cli", "demo"))] == []
