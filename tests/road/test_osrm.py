"""Travel told by a real OSRM server."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.road.liechtenstein import BALZERS, FAR, VADUZ, houses, own_engine
from tests.road.real_servers import osrm
from tests.road.test_road_engine import is_whole
from tests.road.town import Town, at, ladder
from tower.road.engine import (
    LegSource,
    OutsideRoadsError,
    ProfileNotServedError,
    RouteNotFoundError,
)
from tower.road.osrm import OsrmEngine
from tower.road.region_engine import RegionEngine
from tower.road.roads import Profile
from tower.road.server import RoutingServer

ZONE = ZoneInfo("Europe/Vaduz")
EARTH = 0.01
"""OSRM measures on another figure of the Earth."""


def engine_at(url: str) -> OsrmEngine:
    server = RoutingServer(url)
    return OsrmEngine({Profile.CAR: server, Profile.TRUCK: server}, ZONE)


@pytest.fixture(scope="module")
def engine(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OsrmEngine]:
    """OSRM driving in Liechtenstein."""
    source = shared_data / "regions" / "liechtenstein-2013-08-03.osm.pbf"
    folder = tmp_path_factory.mktemp("osrm")
    with osrm(source, folder) as url, closing(engine_at(url)) as one:
        yield one


def test_osrm_drives_as_long_as_our_own_roads_do(engine: OsrmEngine) -> None:
    points = houses(90)
    ours = own_engine().matrix(points, Profile.CAR)
    theirs = engine.matrix(points, Profile.CAR)
    both = np.isfinite(theirs.durations_s) & (ours.distances_m > 1000)
    assert both.mean() > 0.85
    assert np.corrcoef(ours.durations_s[both], theirs.durations_s[both])[0, 1] > 0.98
    assert np.corrcoef(ours.distances_m[both], theirs.distances_m[both])[0, 1] > 0.98
    assert 0.85 < np.median(ours.durations_s[both] / theirs.durations_s[both]) < 1.15


def test_the_legs_of_a_route_agree_with_its_table(engine: OsrmEngine) -> None:
    points = houses(300)
    table = engine.matrix(points, Profile.CAR)
    legs = engine.legs(points, Profile.CAR)
    assert len(legs) == len(points) - 1
    for index, leg in enumerate(legs):
        assert is_whole(leg, EARTH)
        assert leg.source is LegSource.ROAD
        assert leg.duration_s == pytest.approx(table.durations_s[index, index + 1], abs=0.2)
        assert leg.distance_m == pytest.approx(table.distances_m[index, index + 1], abs=1.0)


def test_a_table_larger_than_the_server_takes_is_put_together_from_pieces(
    engine: OsrmEngine,
) -> None:
    points = houses(20)
    assert len(points) > 150
    whole = engine.table(points, points[:60], Profile.CAR)
    assert whole.durations_s.shape == (len(points), 60)
    for row in (0, 77, len(points) - 1):
        alone = engine.table(points[row : row + 1], points[:60], Profile.CAR)
        assert whole.durations_s[row] == pytest.approx(alone.durations_s[0], abs=0.2)
        assert whole.distances_m[row] == pytest.approx(alone.distances_m[0], abs=0.2)


def test_a_route_longer_than_one_request_has_all_its_legs(engine: OsrmEngine) -> None:
    points = houses(15)
    assert len(points) > 2 * engine.most_stops
    legs = RegionEngine(engine).legs(points, Profile.CAR)
    assert len(legs) == len(points) - 1
    for before, after in pairwise(legs):
        assert before.shape[-1] == pytest.approx(after.shape[0], abs=1e-3)


def test_a_stop_at_the_same_place_takes_no_time(engine: OsrmEngine) -> None:
    there, stay, back = engine.legs([VADUZ, BALZERS, BALZERS, VADUZ], Profile.CAR)
    assert stay.duration_s == 0
    assert stay.distance_m == 0
    assert len(stay.shape) == len(stay.shape_times_s) == 2
    assert 8_000 < there.distance_m < 11_000
    assert 8 * 60 < back.duration_s < 17 * 60


def test_the_evening_takes_longer_than_the_night(engine: OsrmEngine) -> None:
    night, evening = (datetime(2024, 5, 14, hour, 0, tzinfo=UTC) for hour in (1, 15))
    slow = engine.leg(VADUZ, BALZERS, Profile.CAR, evening).duration_s
    assert slow > 1.2 * engine.leg(VADUZ, BALZERS, Profile.CAR, night).duration_s
    table = engine.table([VADUZ], [BALZERS], Profile.CAR, evening)
    assert table.durations_s[0, 0] == pytest.approx(slow, abs=0.2)


def test_a_place_without_roads_is_refused_and_estimated_by_the_engine_around_it(
    engine: OsrmEngine,
) -> None:
    assert engine.covers(VADUZ)
    assert not engine.covers(FAR)
    with pytest.raises(OutsideRoadsError, match=r"10\.00000, 20\.00000"):
        engine.legs([VADUZ, BALZERS, FAR], Profile.CAR)
    around = RegionEngine(engine)
    sources = [leg.source for leg in around.legs([VADUZ, BALZERS, FAR], Profile.CAR)]
    assert sources == [LegSource.ROAD, LegSource.STRAIGHT_LINE]
    table = around.table([VADUZ, FAR], [BALZERS, FAR], Profile.CAR)
    assert table.estimated.tolist() == [[False, True], [True, True]]
    assert around.fault == ""


def test_a_profile_nobody_serves_is_estimated_without_a_fault(engine: OsrmEngine) -> None:
    with pytest.raises(ProfileNotServedError, match="bicycle"):
        engine.leg(VADUZ, BALZERS, Profile.BICYCLE)
    around = RegionEngine(engine)
    assert around.leg(VADUZ, BALZERS, Profile.BICYCLE).source is LegSource.STRAIGHT_LINE
    assert around.table([VADUZ], [BALZERS], Profile.BICYCLE).estimated.all()
    assert around.fault == ""


def test_one_ways_and_streets_without_a_way_hold_in_a_town_of_our_own(tmp_path: Path) -> None:
    town = ladder()
    town.way((4, 0), (5, 0), (5, 1), (4, 1), oneway="yes")
    separate_island(town)
    with osrm(town.write(tmp_path), tmp_path) as url, closing(engine_at(url)) as engine:
        there, back = engine.legs([at(4.2, 0), at(4.8, 0), at(4.2, 0)], Profile.CAR)
        assert back.distance_m > 4 * there.distance_m
        assert is_whole(back, EARTH)
        with pytest.raises(RouteNotFoundError, match="No car can drive"):
            engine.leg(at(0, 0), at(2, 9), Profile.CAR)
        table = engine.matrix([at(0, 0), at(2, 9), at(2, 0)], Profile.CAR)
    assert np.isfinite(table.durations_s).tolist() == [
        [True, False, True],
        [False, True, False],
        [True, False, True],
    ]


def separate_island(town: Town) -> None:
    """Enough streets, apart from the others, that the server does not leave them out."""
    for column in range(40):
        town.way((column, 9), (column + 1, 9))
        town.way((column, 9), (column, 10))
