"""The machine's clock is set while a gateway runs."""

from datetime import timedelta

import pytest

from tests.gateway.shift import NOON
from tower.domain.telemetry import Fix
from tower.gateway.timekeeping import TOLD_S, WITNESSES, SteadyClock, in_words

TWO_HOURS = 7200.0


class Hands:
    """A wall clock and a steady count the test moves."""

    def __init__(self) -> None:
        self.wall, self.count = NOON.timestamp(), 500.0
        self.clock = SteadyClock(lambda: self.wall, lambda: self.count)

    def passes(self, seconds: float, wall_s: float | None = None) -> None:
        """Time passes; `wall_s` where the wall clock shows another amount of it."""
        self.count += seconds
        self.wall += seconds if wall_s is None else wall_s


@pytest.fixture
def hands() -> Hands:
    return Hands()


def fixes(hands: Hands, off_s: float, *, replaced: bool = False) -> list[Fix]:
    at = hands.clock.now() + timedelta(seconds=off_s)
    one = Fix(vehicle_id="V", at=at, lat=47.0, lon=9.5, clock_replaced=replaced)
    return [one] * WITNESSES


def test_small_corrections_are_followed(hands: Hands) -> None:
    hands.passes(60, 61.5)
    assert hands.clock.time() == hands.wall
    assert hands.clock.trouble == ""


@pytest.mark.parametrize("jump_s", [TWO_HOURS, -TWO_HOURS])
def test_a_jump_is_told_and_not_followed_until_the_clock_is_back(
    hands: Hands, jump_s: float
) -> None:
    before = hands.clock.time()
    hands.passes(10, 10 + jump_s)
    assert hands.clock.time() == pytest.approx(before + 10)
    assert f"jumped {in_words(jump_s)}" in hands.clock.trouble
    assert "12:00 UTC" in hands.clock.trouble
    hands.passes(10, 10 - jump_s)
    assert hands.clock.time() == hands.wall
    assert hands.clock.trouble == ""


def test_time_asleep_is_no_jump(hands: Hands) -> None:
    hands.passes(8 * 3600.0)
    assert hands.clock.time() == hands.wall
    assert hands.clock.trouble == ""


@pytest.mark.parametrize(
    ("jump_s", "off_s", "replaced"), [(TWO_HOURS, 0.0, True), (-TWO_HOURS, -TWO_HOURS, False)]
)
def test_the_new_time_is_taken_where_the_vehicles_bear_it_out(
    hands: Hands, jump_s: float, off_s: float, replaced: bool
) -> None:
    hands.passes(10, 10 + jump_s)
    hands.clock.witness(fixes(hands, off_s, replaced=replaced))
    assert hands.clock.time() == hands.wall
    assert "vehicles agree" in hands.clock.trouble
    hands.passes(TOLD_S + 1)
    assert hands.clock.trouble == ""


def test_the_vehicles_bear_out_the_time_that_went_on(hands: Hands) -> None:
    hands.passes(10, 10 + TWO_HOURS)
    hands.clock.witness(fixes(hands, -3.0))
    assert hands.clock.time() == pytest.approx(NOON.timestamp() + 10)


@pytest.mark.parametrize(
    ("jump_s", "words"),
    [
        (7200, "2 h forward"),
        (-7260, "2 h 1 min back"),
        (45, "45 s forward"),
        (-90, "1 min 30 s back"),
    ],
)
def test_a_jump_in_words(jump_s: float, words: str) -> None:
    assert in_words(jump_s) == words
