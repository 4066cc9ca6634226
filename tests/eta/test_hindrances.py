"""Disturbances and weather hold up those they touch, as long as they last."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.eta.courses import HUB, NOW, after, stop
from tower.domain.conditions import Conditions, Disturbance, Weather
from tower.domain.records import Route
from tower.eta.course import Course
from tower.eta.fleet import Fleet
from tower.eta.hindrances import weather_now
from tower.eta.schedule_model import ScheduleModel

KM = 1 / 111.195
MIDDLE = HUB.lat + 0.5 * KM
"""Half way to the first stop, which is a kilometre north of the hub."""


def jam(**said: object) -> Disturbance:
    known: dict[str, object] = {"id": "jam", "words": "Jam", "lat": MIDDLE, "lon": HUB.lon}
    return Disturbance(**{**known, "radius_m": 250.0, "factor": 3.0, **said})  # type: ignore[arg-type]


def reached(*disturbances: Disturbance, weather: Weather | None = None) -> list[float]:
    """Seconds from now to two stops, ten minutes' driving each."""
    told = Conditions(id="p", as_of=NOW, weather=weather, disturbances=disturbances)
    course = Course(Route(id="R"), [stop(1, service_s=0.0), stop(2)], [600.0, 600.0], HUB)
    rows = Fleet(ScheduleModel()).project(NOW, [course], [told]).rows
    return [round(seconds, 1) for seconds in rows.column("base_s").tolist()]


def test_half_a_leg_in_a_jam_takes_its_factor_as_long() -> None:
    assert reached() == [600, 1200]
    assert reached(jam()) == [pytest.approx(1200, abs=3), pytest.approx(1800, abs=3)]


def test_a_jam_beside_the_way_holds_nobody_up() -> None:
    assert reached(jam(lon=HUB.lon + KM)) == [600, 1200]
    assert reached(jam(lat=HUB.lat - KM)) == [600, 1200]


def test_a_jam_counts_only_while_it_lasts() -> None:
    assert reached(jam(ends=NOW)) == [600, 1200]
    assert reached(jam(begins=after(5))) == [600, 1200]
    beyond = jam(lat=HUB.lat + 1.5 * KM, begins=after(5))
    assert reached(beyond) == [600, pytest.approx(1800, abs=3)]


def test_the_way_round_what_is_closed_is_modest() -> None:
    assert reached(jam(closed=True, factor=20.0)) == [840, 1440]


def test_rows_say_what_disturbances_add() -> None:
    told = Conditions(id="p", as_of=NOW, disturbances=(jam(),))
    course = Course(Route(id="R"), [stop(1, service_s=0.0), stop(2)], [600.0, 600.0], HUB)
    fleet = Fleet(ScheduleModel())
    rows = fleet.project(NOW, [course], [told]).rows
    assert rows.column("disturbed_s").tolist() == [pytest.approx(600, abs=3)] * 2
    reasons = fleet.model.reasons(rows, 0)
    assert [reason.words for reason in reasons] == ["disturbances of traffic on the way"]
    gone = fleet.project(NOW, [course], []).rows
    assert gone.column("disturbed_s").tolist() == [0, 0]


@given(st.floats(-89, 89), st.floats(-180, 180), st.floats(0.1, 100_000), st.floats(1, 20))
def test_wherever_it_is_a_disturbance_adds_at_most_its_factor(
    lat: float, lon: float, radius_m: float, factor: float
) -> None:
    first, second = reached(jam(lat=lat, lon=lon, radius_m=radius_m, factor=factor))
    assert 600 <= first <= 600 * factor + 1
    assert 600 <= second - first <= 600 * factor + 1


def test_the_newest_weather_holds_until_it_is_old() -> None:
    rain, sun = Weather(rain_mm_h=4.0), Weather()
    told = [
        Conditions(id="a", as_of=after(-50), weather=sun),
        Conditions(id="b", as_of=after(-5), weather=rain),
        Conditions(id="c", as_of=NOW, disturbances=(jam(),)),
    ]
    assert weather_now(told, NOW) == rain
    assert weather_now(told, NOW + timedelta(hours=7)) is None
    assert weather_now([], NOW) is None
