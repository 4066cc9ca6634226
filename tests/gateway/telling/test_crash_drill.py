"""The crash drill in small: kill -9 in the middle, and every customer hears of it once."""

from pathlib import Path

import pytest

from tests.drills.outreach import drill


@pytest.mark.slow
def test_a_killed_gateway_neither_says_a_thing_twice_nor_forgets_it(tmp_path: Path) -> None:
    outcome = drill(intents=45, kills=3, folder=tmp_path, seed=7)
    assert outcome.doubled == 0
    assert outcome.lost == 0
    assert outcome.unknown_elsewhere == 0
    assert outcome.once == 45 - outcome.unknown + outcome.unknown_arrived
