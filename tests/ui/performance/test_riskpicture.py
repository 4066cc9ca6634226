"""The risk map says how bad every place is, in colours everybody can tell apart."""

import re
from datetime import date

import pytest

from tower.kpi.measures.catalogue import MEASURES
from tower.kpi.query import Box, Place, PlacesAnswer
from ui.performance.riskpicture import COLOURS, legend, picture, scale_of

ON_TIME, ERROR, DURATION = MEASURES["on_time"], MEASURES["eta_error_60"], MEASURES["stop_duration"]


def place(value: float | None, number: int = 0, counted: float = 100.0) -> Place:
    south, west = 47.1 + 0.004 * number, 9.5
    box = Box(south=south, west=west, north=south + 0.004, east=west + 0.005)
    return Place(box=box, value=value, counted=counted, facts=int(counted))


def answer(*places: Place) -> PlacesAnswer:
    day = date(2026, 3, 2)
    return PlacesAnswer(measure="on_time", places=places, since=day, until=day)


@pytest.mark.parametrize(
    ("value", "step"), [(99.0, 0), (95.0, 0), (94.0, 1), (91.0, 2), (86.0, 3), (50.0, 4)]
)
def test_a_share_is_worse_the_more_it_is_under_its_target(value: float, step: int) -> None:
    assert scale_of(ON_TIME, 95.0, []).step(value) == step


@pytest.mark.parametrize(("value", "step"), [(4.0, 0), (12.0, 1), (19.0, 2), (29.0, 3), (31.0, 4)])
def test_an_error_is_worse_the_more_it_is_over_its_target(value: float, step: int) -> None:
    assert scale_of(ERROR, 10.0, []).step(value) == step


def test_a_measure_without_a_target_is_told_by_fifths() -> None:
    places = [place(float(value), value) for value in range(1, 101)]
    scale = scale_of(DURATION, None, places)
    steps = [scale.step(one.value or 0.0) for one in places]
    assert [steps.count(step) for step in range(5)] == [20, 20, 20, 20, 20]
    assert steps == sorted(steps)


def test_the_legend_names_every_colour() -> None:
    words = legend(ON_TIME, scale_of(ON_TIME, 95.0, []))
    assert len(words) == len(COLOURS)
    assert (words[0], words[-1]) == ("from 95.0 %", "under 85.0 %")


def test_the_map_brings_nothing_from_elsewhere() -> None:
    made = picture(answer(place(99.0), place(80.0, 1)), ON_TIME, scale_of(ON_TIME, 95.0, []))
    whole = made.html + made.script
    assert not re.search(r"https?://", whole.replace("http://www.w3.org", ""))
    assert "<script" not in made.script


def test_a_cell_says_what_it_is_and_few_stops_are_drawn_faintly() -> None:
    places = (place(99.0), place(80.0, 1, counted=3.0), place(None, 2))
    made = picture(answer(*places), ON_TIME, scale_of(ON_TIME, 95.0, places))
    assert "On time: 80.0 % of 3" in made.script
    assert COLOURS[0] in made.script
    assert '"fillOpacity": 0.22' in made.script


def test_no_places_are_an_empty_map() -> None:
    made = picture(answer(), ON_TIME, scale_of(ON_TIME, 95.0, []))
    assert "L.map" in made.script
    assert "FeatureCollection" not in made.script
