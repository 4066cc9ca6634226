"""What a customer sees is wide enough, calm, and changes only where it has to."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tower.domain.moments import utc
from tower.domain.records import PublishedArrival, StopPlan
from tower.domain.words import Punctuality
from tower.eta.published import publish
from tower.eta.schedule import Arrival

NOON = utc(1_795_600_800)
PLAN = StopPlan(id="s1", lat=47.0, lon=9.5)
MINUTE = timedelta(minutes=1)


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def predicted(p50: float, early: float = 5.0, late: float = 7.0, now: float = 0.0) -> Arrival:
    """An arrival so many minutes from noon."""
    return Arrival(
        stop_id="s1",
        p10=after(max(now, p50 - early)),
        p50=after(p50),
        p90=after(p50 + late),
        punctuality=Punctuality.ON_TIME,
    )


def first(arrival: Arrival, now: datetime = NOON) -> PublishedArrival:
    told = publish(None, arrival, PLAN, now)
    assert told is not None
    return told


def span(told: PublishedArrival) -> tuple[float, float]:
    return (told.start - NOON) / MINUTE, (told.end - NOON) / MINUTE


def test_the_farther_ahead_the_rounder() -> None:
    assert span(first(predicted(197, 20, 25))) == (165, 225)
    assert span(first(predicted(150, 1, 1))) == (135, 165)
    assert span(first(predicted(80, 9, 14))) == (60, 105)
    assert span(first(predicted(33, 4, 6))) == (25, 45)


def test_nobody_is_told_of_the_past() -> None:
    assert span(first(predicted(1, 1, 3))) == (0, 15)
    assert publish(None, predicted(-1), PLAN, NOON) is None


def test_nobody_is_announced_before_the_door_opens() -> None:
    shut = StopPlan(id="s1", lat=47.0, lon=9.5, window_start=after(40), window_is_hard=True)
    told = publish(None, predicted(30), shut, NOON)
    assert told is not None
    assert told.start >= after(30)
    assert told.end >= after(40)


def test_what_still_holds_is_left_as_it_was_told() -> None:
    told = first(predicted(50))
    for minutes in (45, 48, 52, 54):
        assert publish(told, predicted(minutes), PLAN, after(5)) is None


def test_a_change_says_how_much_and_why() -> None:
    told = first(predicted(50))
    assert span(told) == (40, 60)
    later = publish(told, predicted(61), PLAN, after(2), why="rain")
    assert later is not None
    assert span(later) == (50, 70)
    assert later.because == "10 min later: rain"
    earlier = publish(later, predicted(45), PLAN, after(4))
    assert earlier is not None
    assert earlier.because == "15 min earlier"


def test_what_is_about_to_be_wrong_is_changed_but_not_at_once() -> None:
    told = first(predicted(50))
    assert publish(told, predicted(58), PLAN, after(9)) is None
    assert publish(told, predicted(58), PLAN, after(11)) is not None


def test_what_can_be_said_much_more_exactly_is_after_a_while() -> None:
    told = first(predicted(130, 25, 40))
    assert span(told) == (105, 180)
    assert publish(told, predicted(130, 5, 7, 14), PLAN, after(14)) is None
    sharper = publish(told, predicted(130, 5, 7, 75), PLAN, after(75), "rain")
    assert sharper is not None
    assert sharper.because == "known more exactly", "nothing moved it"


class Walk:
    """Predictions a minute apart, each up to two minutes from the one before."""

    def __init__(self, steps: list[float], far: float) -> None:
        self.told: list[PublishedArrival] = []
        self.seen: list[tuple[float, float]] = []
        self._run(steps, far)

    def _run(self, steps: list[float], p50: float) -> None:
        known = None
        for minute, step in enumerate(steps):
            p50 = max(p50 + step, minute)
            ahead = p50 - minute
            arrival = predicted(p50, 0.12 * ahead + 1, 0.15 * ahead + 2, minute)
            changed = publish(known, arrival, PLAN, after(minute))
            if changed is not None:
                known = changed
                self.told.append(changed)
                self.seen.append((minute, p50))

    def pairs(self) -> Iterator[tuple[PublishedArrival, PublishedArrival, float, float]]:
        """Each change: what was told, what is told now, its minute, P50 then."""
        pairs = zip(self.told, self.told[1:], self.seen[1:], strict=False)
        for before, then, (minute, p50) in pairs:
            yield before, then, minute, p50


steps = st.lists(st.floats(-2, 2), min_size=1, max_size=180)


@given(steps, st.floats(5, 240))
def test_whatever_is_predicted_changes_have_a_reason(moved: list[float], far: float) -> None:
    for before, then, _, p50 in Walk(moved, far).pairs():
        left = not before.start <= after(p50) <= before.end
        age = then.at - before.at
        assert left or age >= timedelta(minutes=10)
        is_about_to = after(p50) > before.end - timedelta(minutes=3)
        width, now_width = before.end - before.start, then.end - then.start
        is_sharper = age >= timedelta(minutes=15) and now_width <= 0.6 * width
        assert left or is_about_to or is_sharper
        assert then.because


@given(steps, st.floats(5, 240))
def test_whatever_is_predicted_holds_when_it_is_told(moved: list[float], far: float) -> None:
    walk = Walk(moved, far)
    for told, (minute, p50) in zip(walk.told, walk.seen, strict=True):
        now = after(minute)
        assert now <= told.start
        assert told.start <= max(after(p50), now + MINUTE)
        assert told.end >= after(p50)
        assert told.end - told.start >= timedelta(minutes=15)
        assert told.end.timestamp() % 300 == 0


@given(st.integers(0, 2**32), st.floats(40, 240))
def test_predictions_that_waver_do_not_make_it_jitter(seed: int, far: float) -> None:
    """Predictions that wander up to two minutes a minute change it at most six times an hour."""
    chance = random.Random(seed)
    told = Walk([chance.uniform(-2, 2) for _ in range(180)], far).told
    for one in told:
        assert sum(one.at <= other.at < one.at + timedelta(hours=1) for other in told) <= 7
