"""What time the shift says it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tower.feed.clock import FollowingClock, RunningClock, SystemClock


class Wall:
    """A monotonic clock moved by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_a_shift_at_ten_times_speed_passes_ten_minutes_in_one() -> None:
    wall = Wall()
    clock = RunningClock(1_700_000_000.0, 10.0, wall)
    wall.seconds += 60
    assert clock.time() == 1_700_000_600.0
    assert clock.now().isoformat() == "2023-11-14T22:23:20+00:00"


def test_changing_the_speed_does_not_jump() -> None:
    wall = Wall()
    clock = RunningClock(0.0, 1.0, wall)
    wall.seconds += 5
    clock.set_rate(60.0)
    assert clock.time() == 5.0
    wall.seconds += 1
    assert clock.time() == 65.0


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan")])
def test_a_clock_does_not_stand_still_or_run_backwards(rate: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        RunningClock(0.0, rate)


def test_the_machines_clock_is_utc() -> None:
    clock = SystemClock()
    assert clock.now().utcoffset() is not None
    assert abs(clock.now().timestamp() - clock.time()) < 5


@given(st.lists(st.floats(0.0, 2.0), min_size=1, max_size=50), st.sampled_from([1.0, 60.0]))
def test_delayed_messages_do_not_drag_the_followed_clock_behind(
    delays: list[float], rate: float
) -> None:
    wall = Wall()
    clock = FollowingClock(0.0, rate, wall)
    clock.follow(1_000.0, rate)
    for delay in delays:
        wall.seconds += 1
        told = 1_000.0 + (wall.seconds - 100.0 - delay) * rate
        clock.follow(told, rate)
        truth = 1_000.0 + (wall.seconds - 100.0) * rate
        assert truth - max(delays) * rate - 1e-6 <= clock.time() <= truth + 1e-6


def test_a_clock_that_was_set_is_followed_at_once() -> None:
    wall = Wall()
    clock = FollowingClock(50_000.0, 1.0, wall)
    clock.follow(1_000.0, 1.0)
    assert clock.time() == 1_000.0
