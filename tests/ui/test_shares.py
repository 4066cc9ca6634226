"""Of what waits as much is done as there is time for."""

import math

from ui.shares import share_of, without


def test_where_time_is_over_at_least_some_are_done_up_to_the_next_look_at_the_clock() -> None:
    taken = list(share_of(range(100), -math.inf, at_least=10, between_clocks=8))
    assert taken == list(range(16))


def test_where_there_is_time_all_are_done() -> None:
    assert list(share_of(range(100), math.inf, at_least=10, between_clocks=8)) == list(range(100))


def test_what_is_done_waits_no_longer() -> None:
    waiting = dict.fromkeys("abc")
    left = without(waiting, ["a", "c", "x"])
    assert list(left) == ["b"]
    assert left is waiting
    assert without(left, ["b"]) == {}
