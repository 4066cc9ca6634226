"""Travel by the hour."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tower.road.roads import Profile
from tower.road.traffic import traffic_factor, traffic_factors

VADUZ = ZoneInfo("Europe/Vaduz")
MONDAY = datetime(2024, 5, 13, tzinfo=VADUZ)


def factor(hour: float, day: int = 0) -> float:
    return traffic_factor(MONDAY + timedelta(days=day, hours=hour), VADUZ, Profile.CAR)


def test_the_evening_peak_is_the_slowest_hour_of_a_working_day() -> None:
    assert max(range(24), key=factor) == 17


def test_the_night_is_free_flow() -> None:
    assert factor(3) == 1.0


def test_sunday_has_no_morning_peak() -> None:
    assert factor(7, day=6) < factor(7) - 0.1


def test_the_hour_is_that_of_the_region_not_of_greenwich() -> None:
    summer_evening = datetime(2024, 5, 13, 15, 0, tzinfo=UTC)
    assert traffic_factor(summer_evening, VADUZ, Profile.CAR) == factor(17)


def test_a_departure_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        traffic_factor(datetime(2024, 5, 13, 15, 0), VADUZ, Profile.CAR)  # noqa: DTZ001


@given(st.floats(0, 7 * 24 - 0.02))
def test_leaving_a_minute_later_never_makes_a_jump(hour: float) -> None:
    assert abs(factor(hour) - factor(hour + 1 / 60)) < 0.01


@given(st.floats(0, 7 * 24), st.lists(st.floats(0, 48), max_size=5), st.sampled_from(list(Profile)))
def test_many_departures_meet_what_each_would(
    hour: float, later: list[float], profile: Profile
) -> None:
    start = MONDAY + timedelta(hours=hour)
    ahead = np.array(later) * 3600
    together = traffic_factors(start, ahead, VADUZ, profile)
    for seconds, factor in zip(ahead.tolist(), together.tolist(), strict=True):
        departure = start + timedelta(seconds=seconds)
        assert factor == pytest.approx(traffic_factor(departure, VADUZ, profile), abs=1e-3)


def test_without_a_departure_traffic_flows_freely() -> None:
    assert traffic_factor(None, VADUZ, Profile.CAR) == 1.0
