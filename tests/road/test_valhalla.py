"""Travel told by a real Valhalla server."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.road.real_servers import valhalla
from tests.road.test_road_engine import is_whole
from tower.domain.geometry import LatLon
from tower.road.engine import LegSource, OutsideRoadsError
from tower.road.pack import RegionPack
from tower.road.region_engine import RegionEngine
from tower.road.road_engine import RoadEngine
from tower.road.roads import Profile
from tower.road.server import RoutingServer
from tower.road.valhalla import ValhallaEngine

VADUZ, BALZERS = LatLon(47.1389, 9.5225), LatLon(47.0658, 9.5018)
FAR = LatLon(10.0, 20.0)


@pytest.fixture(scope="module")
def engine(shared_data: Path) -> Iterator[ValhallaEngine]:
    """Valhalla driving in Liechtenstein."""
    with valhalla(shared_data / "regions" / "liechtenstein-2013-08-03.osm.pbf") as url:
        servers = dict.fromkeys(Profile, RoutingServer(url))
        with closing(ValhallaEngine(servers, ZoneInfo("Europe/Vaduz"))) as one:
            yield one


@pytest.fixture(scope="module")
def pack() -> Iterator[RegionPack]:
    with RegionPack.open(Path("resources/regions/liechtenstein.region")) as pack:
        yield pack


def places(pack: RegionPack, step: int) -> list[LatLon]:
    buildings = pack.buildings
    return [buildings[index].location for index in range(0, len(buildings), step)]


@pytest.mark.parametrize("profile", list(Profile))
def test_valhalla_drives_much_as_our_own_roads_do(
    engine: ValhallaEngine, pack: RegionPack, profile: Profile
) -> None:
    points = places(pack, 150)
    ours = RoadEngine(pack.graph()).matrix(points, profile)
    theirs = engine.matrix(points, profile)
    both = np.isfinite(theirs.durations_s) & (ours.distances_m > 1000)
    assert both.mean() > 0.8
    assert np.corrcoef(ours.durations_s[both], theirs.durations_s[both])[0, 1] > 0.9
    assert 0.6 < np.median(ours.durations_s[both] / theirs.durations_s[both]) < 1.6


def test_the_legs_of_a_route_have_a_line_with_times(
    engine: ValhallaEngine, pack: RegionPack
) -> None:
    points = [VADUZ, *places(pack, 60)]
    assert len(points) > 3 * engine.most_stops
    legs = RegionEngine(engine).legs(points, Profile.CAR)
    assert len(legs) == len(points) - 1
    on_road = [leg for leg in legs if leg.source is LegSource.ROAD]
    assert len(on_road) > 0.9 * len(legs)
    for leg in on_road:
        assert np.all(np.diff(leg.shape_times_s) >= 0)
        assert leg.shape_times_s[-1] == pytest.approx(leg.duration_s)
        assert len(leg.shape) == len(leg.shape_times_s) >= 2


def test_a_table_larger_than_the_server_takes_is_put_together_from_pieces(
    engine: ValhallaEngine, pack: RegionPack
) -> None:
    points = places(pack, 50)
    assert len(points) ** 2 > 2_500
    whole = engine.matrix(points, Profile.CAR)
    assert whole.durations_s.shape == (len(points), len(points))
    ours = RoadEngine(pack.graph()).matrix(points, Profile.CAR)
    both = np.isfinite(whole.durations_s) & (ours.distances_m > 1000)
    assert np.corrcoef(ours.distances_m[both], whole.distances_m[both])[0, 1] > 0.95


def test_a_leg_agrees_with_the_table_and_the_evening_takes_longer(engine: ValhallaEngine) -> None:
    night, evening = (datetime(2024, 5, 14, hour, 0, tzinfo=UTC) for hour in (1, 15))
    leg = engine.leg(VADUZ, BALZERS, Profile.CAR, evening)
    assert is_whole(leg)
    assert 8_000 < leg.distance_m < 11_000
    assert leg.duration_s > 1.2 * engine.leg(VADUZ, BALZERS, Profile.CAR, night).duration_s
    table = engine.table([VADUZ], [BALZERS], Profile.CAR, evening)
    assert table.durations_s[0, 0] == pytest.approx(leg.duration_s, rel=0.02)
    assert table.distances_m[0, 0] == pytest.approx(leg.distance_m, rel=0.02)


def test_a_place_without_roads_is_refused_and_estimated_by_the_engine_around_it(
    engine: ValhallaEngine,
) -> None:
    assert engine.covers(VADUZ)
    assert not engine.covers(FAR)
    with pytest.raises(OutsideRoadsError, match=r"10\.00000, 20\.00000"):
        engine.legs([VADUZ, BALZERS, FAR], Profile.CAR)
    around = RegionEngine(engine)
    table = around.table([VADUZ, FAR], [BALZERS, FAR], Profile.CAR)
    assert table.estimated.tolist() == [[False, True], [True, True]]
    assert around.fault == ""
