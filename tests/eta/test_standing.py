"""How a route stands: one word, its delay, where it goes next."""

import numpy as np
import pytest

from tests.watch.day import HUB, Day, at
from tower.domain import events as e
from tower.domain.words import Punctuality
from tower.eta.course import Course
from tower.eta.fleet import Fleet
from tower.eta.schedule_model import ScheduleModel
from tower.eta.standing import Standing

NOW = at("10:00")


def summed(day: Day, *expected: str) -> Standing:
    """How a route stands whose stops are expected at these times, five minutes late at most."""
    state = day.state
    route = state.routes["R-1"]
    stops = state.stops_of(route)
    outlook = Fleet(ScheduleModel()).project(NOW, [Course(route, stops, [60.0] * len(stops), HUB)])
    p50_s = np.array([(at(clock) - NOW).total_seconds() for clock in expected])
    told = np.column_stack((p50_s, p50_s, p50_s + 300.0))
    return outlook.arrivals(told.reshape(-1, 3)).standings["R-1"]


def day(**windows: str) -> Day:
    return Day().opened().route("R-1", "s1 s2 s3", windows=windows)


def test_the_worst_of_the_next_hour_is_the_word() -> None:
    result = summed(
        day(s1="9:00-11:00", s2="9:30-10:43", s3="9:00-11:00"), "10:10", "10:40", "11:30"
    )

    assert result.punctuality is Punctuality.AT_RISK
    assert (result.late, result.at_risk, result.next_stop_id) == (1, 1, "s1")


def test_the_delay_is_that_of_the_next_stop_against_the_plan() -> None:
    late = summed(day(), "10:18", "11:00", "11:30")
    ahead = Day().opened().route("R-1", "s1 s2 s3 s4")
    for stop_id in ("s1", "s2", "s3"):
        ahead.delivered(stop_id, "9:55")

    assert late.delay_s == pytest.approx(78 * 60)
    assert summed(ahead, "10:20").delay_s == pytest.approx(-10 * 60)


def test_a_stop_hours_away_still_says_how_the_route_stands() -> None:
    result = summed(day(s1="9:00-12:00"), "13:00", "13:30", "14:00")

    assert result.punctuality is Punctuality.LATE


def test_before_the_start_it_is_idle_and_at_the_end_done() -> None:
    waiting = Day().opened().route("R-1", "s1", started=None, windows={"s1": "9:00-10:00"})
    home = day().tell(e.RouteFinished(), "9:59", route_id="R-1")
    empty = Day().opened().route("R-1", "")

    assert summed(waiting, "10:30").punctuality is Punctuality.IDLE
    assert summed(home).punctuality is Punctuality.DONE
    assert summed(empty).punctuality is Punctuality.DONE
