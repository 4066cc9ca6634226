"""A room that opened at noon can look at the morning it was told in one go."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tower.replay.retold import LATE_US, OPENING_US, learnt_times

MINUTE = 60_000_000
BEGINS = 0
NOON = 300 * MINUTE


def learnt(*told: tuple[str, int, int]) -> list[int]:
    """When events count as learnt; each told as its type, when it happened, when recorded."""
    types, at_us, recorded_us = zip(*told, strict=True)
    found = learnt_times(types, np.array(at_us), np.array(recorded_us), BEGINS)
    return [int(at) for at in found]


def test_the_morning_told_at_noon_stands_in_the_morning() -> None:
    assert learnt(
        ("playbooks_set", NOON, NOON),
        ("shift_opened", NOON, NOON + 1),
        ("stop_planned", NOON, NOON + 2),
        ("stop_delivered", 40 * MINUTE, NOON + 3),
        ("stop_arrived", 35 * MINUTE, NOON + 4),
        ("stop_delivered", NOON - MINUTE, NOON + 5),
        ("stop_delivered", 60 * MINUTE, NOON + 6),
        ("exception_raised", NOON + 7, NOON + 7),
    ) == [BEGINS, BEGINS, BEGINS, 40 * MINUTE, 35 * MINUTE, NOON - MINUTE, 60 * MINUTE, NOON + 7]


def test_what_comes_late_to_a_room_that_watched_stays_late() -> None:
    long_after = NOON + OPENING_US + MINUTE
    told = [
        ("shift_opened", NOON, NOON),
        ("stop_delivered", NOON - 50 * MINUTE, long_after),
        ("stop_delivered", long_after, long_after + 1),
    ]
    assert learnt(*told) == [recorded for _, _, recorded in told]


def test_a_span_without_an_opening_is_as_it_was_recorded() -> None:
    assert learnt(("stop_delivered", 0, NOON), ("stop_arrived", 0, NOON + 1)) == [NOON, NOON + 1]


@given(st.lists(st.tuples(st.booleans(), st.integers(-500, 800), st.integers(0, 9)), min_size=1))
def test_nothing_counts_as_learnt_later_than_it_was(rows: list[tuple[bool, int, int]]) -> None:
    recorded_us = NOON + np.cumsum([gap for _, _, gap in rows]) * MINUTE
    at_us = np.array([minute * MINUTE for _, minute, _ in rows])
    types = ["shift_opened" if opens else "stop_arrived" for opens, _, _ in rows]
    found = learnt_times(types, at_us, recorded_us, BEGINS)
    assert (found <= recorded_us).all()
    assert (found >= BEGINS).all()
    late = recorded_us - at_us > LATE_US
    after = recorded_us > recorded_us[0] + OPENING_US
    if types[0] == "shift_opened":
        assert (found[after] == recorded_us[after]).all()
    if not late.any():
        assert (found == recorded_us).all()
