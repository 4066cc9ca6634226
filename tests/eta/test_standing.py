"""How a route stands: one word, its delay, where it goes next."""

from datetime import timedelta

import pytest

from tests.watch.day import Day, at
from tower.domain import events as e
from tower.domain.words import Punctuality
from tower.eta.schedule import Arrival
from tower.eta.standing import Standing, standing

NOW = at("10:00")


def summed(day: Day, **words: tuple[str, Punctuality]) -> Standing:
    state = day.state
    route = state.routes["R-1"]
    remaining = [stop for stop in state.stops_of(route) if not stop.is_done]
    arrivals = [
        Arrival(
            stop_id=stop_id,
            p10=at(clock),
            p50=at(clock),
            p90=at(clock) + timedelta(minutes=5),
            punctuality=word,
        )
        for stop_id, (clock, word) in words.items()
    ]
    return standing(route, remaining, arrivals, NOW)


def day() -> Day:
    return Day().opened().route("R-1", "s1 s2 s3")


def test_the_worst_of_the_next_hour_is_the_word() -> None:
    result = summed(
        day(),
        s1=("10:10", Punctuality.ON_TIME),
        s2=("10:40", Punctuality.AT_RISK),
        s3=("11:30", Punctuality.LATE),
    )

    assert result.punctuality is Punctuality.AT_RISK
    assert (result.late, result.at_risk, result.next_stop_id) == (1, 1, "s1")


def test_the_delay_is_that_of_the_next_stop_against_the_plan() -> None:
    late = summed(day(), s1=("9:18", Punctuality.ON_TIME))
    early = summed(day(), s1=("8:50", Punctuality.ON_TIME))

    assert (late.delay_s, early.delay_s) == pytest.approx((18 * 60, -10 * 60))


def test_a_stop_hours_away_still_says_how_the_route_stands() -> None:
    result = summed(day(), s1=("13:00", Punctuality.LATE))

    assert result.punctuality is Punctuality.LATE


def test_before_the_start_it_is_idle_and_at_the_end_done() -> None:
    waiting = Day().opened().route("R-1", "s1", started=None)
    home = day().tell(e.RouteFinished(), "9:59", route_id="R-1")

    assert summed(waiting, s1=("10:30", Punctuality.LATE)).punctuality is Punctuality.IDLE
    assert summed(home, s1=("10:30", Punctuality.LATE)).punctuality is Punctuality.DONE
    assert summed(day()).punctuality is Punctuality.DONE
