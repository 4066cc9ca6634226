"""What a table was told it knows; the rest is an estimate and says so."""

import numpy as np
import pytest

from tests.routes.cases import HUB, km
from tower.domain.geometry import LatLon
from tower.road.roads import Profile
from tower.routes import travel
from tower.routes.travel import HERE, Travel, TravelTable


def table(origins: list[LatLon], destinations: list[LatLon], seconds: float) -> TravelTable:
    known = TravelTable()
    shape = (len(origins), len(destinations))
    durations = np.full(shape, seconds, dtype=np.float32)
    known.learn(origins, destinations, durations, durations * 10)
    return known


def test_what_was_asked_is_known_in_that_direction_only() -> None:
    known = table([HUB], [km(1), km(2)], 90)
    assert known.leg(HUB, km(2)) == Travel(90.0, 900.0)
    assert known.knows(HUB, km(2))
    assert not known.knows(km(2), HUB)
    assert known.leg(km(2), HUB).estimated


def test_an_estimate_is_longer_than_the_straight_line_and_slower_by_bike() -> None:
    by_van, by_bike = (TravelTable(one).leg(HUB, km(3)) for one in (Profile.CAR, Profile.BICYCLE))
    assert by_van.metres == by_bike.metres > 3000
    assert by_bike.seconds > by_van.seconds > 60
    assert by_van.estimated


def test_nobody_drives_from_a_place_to_itself() -> None:
    assert TravelTable().leg(HUB, HUB) == HERE
    assert TravelTable().knows(HUB, HUB)


def test_newer_answers_replace_older_ones() -> None:
    known = table([HUB], [km(1)], 90)
    known.learn([HUB], [km(1)], np.array([[240]], np.float32), np.array([[1000]], np.float32))
    assert known.leg(HUB, km(1)).seconds == 240


def test_what_the_engine_only_guessed_stays_a_guess() -> None:
    known, cell = TravelTable(), np.array([[100.0]], dtype=np.float32)
    known.learn([HUB], [km(1)], cell, cell, np.array([[True]]))
    assert known.leg(HUB, km(1)).estimated


def test_the_legs_of_a_line_are_known() -> None:
    known = TravelTable()
    known.learn_legs([HUB, km(1), km(2)], [60, 70], [1000, 1100])
    assert known.leg(km(1), km(2)) == Travel(70, 1100)
    with pytest.raises(ValueError, match="argument"):
        known.learn_legs([HUB, km(1)], [60, 70], [1000, 1100])


def test_a_table_that_has_grown_too_large_forgets_what_it_learnt_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(travel, "MOST_PAIRS", 3)
    known = table([HUB], [km(1), km(2)], 60)
    known.learn_legs([km(1), km(2)], [60], [1000])
    known.learn_legs([km(3), km(4)], [60], [1000])
    assert not known.knows(HUB, km(1))
    assert known.knows(km(1), km(2))
    assert known.knows(km(3), km(4))
