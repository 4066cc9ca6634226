"""Travel told by a real Valhalla server."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.road.liechtenstein import BALZERS, FAR, VADUZ, houses, own_engine
from tests.road.real_servers import valhalla
from tests.road.test_road_engine import is_whole
from tower.road.engine import LegSource, OutsideRoadsError
from tower.road.region_engine import RegionEngine
from tower.road.roads import Profile
from tower.road.server import RoutingServer
from tower.road.valhalla import ValhallaEngine


@pytest.fixture(scope="module")
def engine(shared_data: Path) -> Iterator[ValhallaEngine]:
    """Valhalla driving in Liechtenstein."""
    with valhalla(shared_data / "regions" / "liechtenstein-2013-08-03.osm.pbf") as url:
        servers = dict.fromkeys(Profile, RoutingServer(url))
        with closing(ValhallaEngine(servers, ZoneInfo("Europe/Vaduz"))) as one:
            yield one


@pytest.mark.parametrize("profile", list(Profile))
def test_valhalla_drives_much_as_our_own_roads_do(engine: ValhallaEngine, profile: Profile) -> None:
    points = houses(150)
    ours = own_engine().matrix(points, profile)
    theirs = engine.matrix(points, profile)
    both = np.isfinite(theirs.durations_s) & (ours.distances_m > 1000)
    assert both.mean() > 0.8
    assert np.corrcoef(ours.durations_s[both], theirs.durations_s[both])[0, 1] > 0.9
    assert 0.6 < np.median(ours.durations_s[both] / theirs.durations_s[both]) < 1.6


def test_the_legs_of_a_route_have_a_line_with_times(engine: ValhallaEngine) -> None:
    points = [VADUZ, *houses(60)]
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
    engine: ValhallaEngine,
) -> None:
    points = houses(50)
    assert len(points) ** 2 > 2_500
    whole = engine.matrix(points, Profile.CAR)
    assert whole.durations_s.shape == (len(points), len(points))
    ours = own_engine().matrix(points, Profile.CAR)
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
