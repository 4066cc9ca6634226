"""Legs and tables on made and real roads."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.road.town import Town, at, ladder, square
from tower.domain.geometry import LatLon, distance_m
from tower.road.engine import (
    Leg,
    LegSource,
    OutsideRoadsError,
    RouteNotFoundError,
    StraightLineEngine,
)
from tower.road.geometry import piece_lengths_m
from tower.road.pack import RegionPack
from tower.road.region_engine import RegionEngine
from tower.road.road_engine import RoadEngine
from tower.road.roads import Profile

STEP_M = 111.195
FAR = LatLon(10.0, 20.0)


def is_whole(leg: Leg, rel: float = 2e-3) -> bool:
    """The line, the distance and the times of a leg agree; `rel` is how closely the distance."""
    assert np.all(np.diff(leg.shape_times_s) >= 0)
    assert leg.shape_times_s[0] == 0
    assert leg.shape_times_s[-1] == pytest.approx(leg.duration_s)
    assert len(leg.shape) == len(leg.shape_times_s) >= 2
    return float(piece_lengths_m(leg.shape).sum()) == pytest.approx(
        leg.distance_m, rel=rel, abs=0.1
    )


def test_a_leg_follows_the_street_from_the_point_nearest_each_stop(tmp_path: Path) -> None:
    leg = square().engine(tmp_path).leg(at(0.5, -0.1), at(1.1, 0.5), Profile.CAR)
    assert leg.source is LegSource.ROAD
    assert leg.distance_m == pytest.approx(STEP_M, rel=0.01)
    assert leg.shape == pytest.approx(np.array([at(0.5, 0), at(1, 0), at(1, 0.5)]), abs=1e-6)
    assert is_whole(leg)


def test_driving_takes_the_speed_of_the_street(tmp_path: Path) -> None:
    town = Town()
    town.way((0, 0), (10, 0), maxspeed="50")
    leg = town.engine(tmp_path).leg(at(0, 0), at(10, 0), Profile.CAR)
    assert leg.duration_s == pytest.approx(10 * STEP_M / (40 / 3.6), rel=0.01)


def test_a_one_way_street_is_driven_around(tmp_path: Path) -> None:
    town = Town()
    town.way((0, 0), (1, 0), oneway="yes")
    town.way((1, 0), (1, 1))
    town.way((1, 1), (0, 1))
    town.way((0, 1), (0, 0))
    engine = town.engine(tmp_path)
    there = engine.leg(at(0.2, 0), at(0.8, 0), Profile.CAR)
    back = engine.leg(at(0.8, 0), at(0.2, 0), Profile.CAR)
    assert there.distance_m == pytest.approx(0.6 * STEP_M, rel=0.01)
    assert back.distance_m == pytest.approx(3.4 * STEP_M, rel=0.01)
    assert is_whole(back)


def test_the_residents_street_is_used_only_to_serve_it(tmp_path: Path) -> None:
    town = Town()
    town.way((0, 0), (1, 0))
    town.way((1, 0), (2, 0), motor_vehicle="destination")
    town.way((2, 0), (3, 0))
    town.way((1, 0), (1, 0.4), (2, 0.4), (2, 0))
    engine = town.engine(tmp_path)
    through = engine.leg(at(0.5, 0), at(2.5, 0), Profile.CAR)
    assert through.distance_m == pytest.approx(2.8 * STEP_M, rel=0.01)
    serve = engine.leg(at(0.5, 0), at(1.5, 0), Profile.CAR)
    assert serve.distance_m == pytest.approx(STEP_M, rel=0.01)
    assert serve.duration_s == pytest.approx(STEP_M / (25 / 3.6), rel=0.15)
    table = engine.matrix([at(0.5, 0), at(2.5, 0), at(1.5, 0)], Profile.CAR)
    assert table.durations_s[0, 1:] == pytest.approx([through.duration_s, serve.duration_s])
    assert table.distances_m[0, 1:] == pytest.approx([through.distance_m, serve.distance_m])


def test_a_stop_at_the_same_place_takes_no_time(tmp_path: Path) -> None:
    leg = square().engine(tmp_path).leg(at(0.5, 0), at(0.5, 0), Profile.CAR)
    assert leg.duration_s == 0
    assert leg.distance_m == 0
    assert is_whole(leg)


def test_an_island_nobody_can_reach_is_not_driven_to(tmp_path: Path) -> None:
    town = ladder()
    town.way((2, 1.5), (3, 1.5))
    leg = town.engine(tmp_path).leg(at(0, 0.5), at(2.5, 1.5), Profile.CAR)
    assert tuple(leg.shape[-1]) == pytest.approx(at(2.5, 1), abs=1e-6)


def test_a_place_far_from_every_road_is_refused_with_its_coordinates(tmp_path: Path) -> None:
    engine = square().engine(tmp_path)
    assert not engine.covers(FAR)
    with pytest.raises(OutsideRoadsError, match=r"10\.00000, 20\.00000"):
        engine.leg(at(0, 0), FAR, Profile.CAR)


def test_without_a_way_the_road_engine_says_so_and_the_region_engine_estimates(
    tmp_path: Path,
) -> None:
    town = ladder()
    town.way((0, 3), (4, 3), highway="footway")
    roads = town.engine(tmp_path)
    with pytest.raises(OutsideRoadsError):
        roads.leg(at(0, 0), at(0, 9), Profile.CAR)
    leg = RegionEngine(roads).leg(at(0, 0), at(0, 9), Profile.CAR)
    assert leg.source is LegSource.STRAIGHT_LINE
    assert "No car can drive" in str(RouteNotFoundError(at(0, 0), at(0, 1), Profile.CAR))


def test_the_region_engine_mixes_roads_and_estimates_and_says_which(tmp_path: Path) -> None:
    engine = RegionEngine(square().engine(tmp_path))
    points = [at(0.5, 0), at(1, 0.5), FAR]
    road, estimate = engine.legs(points, Profile.CAR)
    assert road.source is LegSource.ROAD
    assert estimate.source is LegSource.STRAIGHT_LINE
    table = engine.matrix(points, Profile.CAR)
    assert table.estimated.tolist() == [
        [False, False, True],
        [False, False, True],
        [True, True, True],
    ]
    assert table.durations_s[0, 1] == pytest.approx(road.duration_s, rel=1e-5)
    assert table.durations_s[1, 2] == pytest.approx(estimate.duration_s, rel=1e-5)


def test_one_place_has_no_legs_and_none_an_empty_table(tmp_path: Path) -> None:
    engine = RegionEngine(square().engine(tmp_path))
    assert engine.legs([at(0, 0)], Profile.CAR) == []
    assert engine.legs([], Profile.CAR) == []
    assert engine.matrix([], Profile.CAR).durations_s.shape == (0, 0)
    assert engine.table([at(0, 0)], [], Profile.CAR).durations_s.shape == (1, 0)


def test_the_evening_peak_is_slower_than_the_night_but_not_for_bicycles(tmp_path: Path) -> None:
    engine = RoadEngine(square().graph(tmp_path), ZoneInfo("Europe/Vaduz"))
    night = datetime(2024, 5, 14, 1, 0, tzinfo=UTC)
    peak = datetime(2024, 5, 14, 15, 0, tzinfo=UTC)
    places = [at(0, 0.2), at(1, 0.8)]

    def seconds(profile: Profile, departure: datetime) -> float:
        return engine.legs(places, profile, departure)[0].duration_s

    assert seconds(Profile.CAR, peak) > 1.2 * seconds(Profile.CAR, night)
    assert seconds(Profile.BICYCLE, peak) == seconds(Profile.BICYCLE, night)
    assert engine.matrix(places, Profile.CAR, peak).durations_s[0, 1] == pytest.approx(
        seconds(Profile.CAR, peak), rel=1e-5
    )


@given(
    st.lists(st.tuples(st.floats(-0.3, 4.3), st.floats(-0.3, 1.3)), min_size=2, max_size=6),
    st.sampled_from(list(Profile)),
)
def test_legs_and_tables_agree_wherever_the_stops_are(
    tmp_path_factory: pytest.TempPathFactory,
    places: list[tuple[float, float]],
    profile: Profile,
) -> None:
    town = ladder()
    town.way((4, 0), (5, 0), (5, 1), (4, 1), oneway="yes")
    engine = town.engine(tmp_path_factory.mktemp("town"))
    points = [at(*place) for place in places]
    table = engine.matrix(points, profile)
    for index, leg in enumerate(engine.legs(points, profile)):
        assert is_whole(leg)
        assert table.durations_s[index, index + 1] == pytest.approx(leg.duration_s, abs=0.02)
        assert table.distances_m[index, index + 1] == pytest.approx(leg.distance_m, abs=0.1)
        assert leg.distance_m >= distance_m(*[LatLon(*leg.shape[i]) for i in (0, -1)]) - 0.1


@given(
    st.lists(st.tuples(st.floats(-0.3, 5.3), st.floats(-0.3, 1.3)), min_size=1, max_size=5),
    st.lists(st.tuples(st.floats(-0.3, 5.3), st.floats(-0.3, 1.3)), min_size=1, max_size=5),
    st.sampled_from(list(Profile)),
)
def test_a_table_is_the_same_from_whichever_side_it_is_searched(
    tmp_path_factory: pytest.TempPathFactory,
    starts: list[tuple[float, float]],
    goals: list[tuple[float, float]],
    profile: Profile,
) -> None:
    town = ladder()
    town.way((4, 0), (5, 0), (5, 1), (4, 1), oneway="yes")
    engine = town.engine(tmp_path_factory.mktemp("town"))
    origins, destinations = [at(*place) for place in starts], [at(*place) for place in goals]
    whole = engine.matrix([*origins, *destinations], profile)
    table = engine.table(origins, destinations, profile)
    part = np.s_[: len(origins), len(origins) :]
    assert table.durations_s == pytest.approx(whole.durations_s[part], abs=0.02)
    assert table.distances_m == pytest.approx(whole.distances_m[part], abs=0.1)


def test_in_liechtenstein_all_to_one_is_what_each_leg_there_is() -> None:
    with RegionPack.open(Path("resources/regions/liechtenstein.region")) as pack:
        points = [pack.buildings[i].location for i in range(0, len(pack.buildings), 173)]
        engine = RegionEngine(RoadEngine(pack.graph(), pack.info.zone))
    noon = datetime(2024, 5, 14, 10, 0, tzinfo=UTC)
    for profile in Profile:
        there = engine.table(points, points[:1], profile, noon)
        back = engine.table(points[:1], points, profile, noon)
        for index in range(1, len(points), 3):
            go = engine.leg(points[index], points[0], profile, noon)
            assert there.durations_s[index, 0] == pytest.approx(go.duration_s, rel=1e-4)
            assert there.distances_m[index, 0] == pytest.approx(go.distance_m, rel=1e-4)
            come = engine.leg(points[0], points[index], profile, noon)
            assert back.durations_s[0, index] == pytest.approx(come.duration_s, rel=1e-4)
        assert not there.estimated.any()


def test_a_rectangular_table_says_which_pairs_are_estimates(tmp_path: Path) -> None:
    engine = RegionEngine(square().engine(tmp_path))
    table = engine.table([at(0.5, 0), FAR, at(1, 0.5)], [at(1, 0.5), FAR], Profile.CAR)
    assert table.estimated.tolist() == [[False, True], [True, True], [False, True]]
    assert table.durations_s[1, 1] == 0
    assert table.durations_s[2, 0] == 0
    assert np.all(table.durations_s[:, 0] < 1e9)


def test_an_estimated_table_has_a_row_an_origin_and_a_column_a_destination() -> None:
    places = [at(0, 0), at(3, 0), at(0, 4)]
    table = StraightLineEngine().table(places[:1], places, Profile.CAR)
    legs = [StraightLineEngine().leg(places[0], place, Profile.CAR) for place in places]
    assert table.durations_s[0] == pytest.approx([leg.duration_s for leg in legs], rel=1e-4)
    assert StraightLineEngine().table(places, [], Profile.CAR).durations_s.shape == (3, 0)


@given(st.floats(-80, 80), st.floats(-179, 179), st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_the_estimate_always_answers_and_is_longer_than_the_crow_flies(
    lat: float, lon: float, north: float, east: float
) -> None:
    origin, destination = LatLon(lat, lon), LatLon(lat + north, lon + east)
    for profile in Profile:
        leg = StraightLineEngine().leg(origin, destination, profile)
        assert leg.distance_m >= distance_m(origin, destination)
        assert leg.duration_s >= 0
        assert leg.source is LegSource.STRAIGHT_LINE


def test_in_liechtenstein_roads_are_longer_than_the_crow_flies_and_never_absurd() -> None:
    with RegionPack.open(Path("resources/regions/liechtenstein.region")) as pack:
        buildings = pack.buildings
        engine = RoadEngine(pack.graph())
    points = [buildings[index].location for index in range(0, len(buildings), 149)]
    for profile in Profile:
        table = engine.matrix(points, profile)
        assert np.all(np.isfinite(table.durations_s))
        crow = StraightLineEngine().matrix(points, profile).distances_m / 1.3
        apart = crow > 1000
        detour = table.distances_m[apart] / crow[apart]
        assert 1.1 < np.median(detour) < 1.5
        assert detour.min() > 0.95
        pace = table.distances_m[apart] / table.durations_s[apart] * 3.6
        slowest, fastest = {
            Profile.CAR: (20, 75),
            Profile.TRUCK: (18, 70),
            Profile.BICYCLE: (8, 16),
        }[profile]
        assert slowest < np.percentile(pace, 2)
        assert pace.max() < fastest


def test_from_vaduz_to_balzers_takes_a_quarter_of_an_hour() -> None:
    with RegionPack.open(Path("resources/regions/liechtenstein.region")) as pack:
        engine = RegionEngine(RoadEngine(pack.graph(), pack.info.zone))
    leg = engine.leg(LatLon(47.1389, 9.5225), LatLon(47.0658, 9.5018), Profile.CAR)
    assert leg.source is LegSource.ROAD
    assert 8_000 < leg.distance_m < 11_000
    assert 8 * 60 < leg.duration_s < 17 * 60
    assert is_whole(leg)


def test_a_stop_beside_the_motorway_is_served_from_the_village_street(tmp_path: Path) -> None:
    town = ladder()
    town.way((0, 1), (0, 2), (4, 2), (4, 1), highway="primary", tunnel="yes")
    leg = town.engine(tmp_path).leg(at(2, 0), at(2, 1.9), Profile.CAR)
    assert tuple(leg.shape[-1]) == pytest.approx(at(2, 1), abs=1e-6)


def test_a_slow_street_is_entered_from_the_end_nearer_to_the_stop(tmp_path: Path) -> None:
    """The far end is reached sooner, and within the bound of the first search; the near is not."""
    town = Town()
    town.way((0, 0), (7, 0))
    town.way((0, 0), (0, 6))
    town.way((7, 0), (0, 6), maxspeed="8.85")
    engine = town.engine(tmp_path)
    places = [at(0, 0), at(6.8, 0.18)]
    (leg,) = engine.legs(places, Profile.CAR)
    assert leg.duration_s == pytest.approx(7 * STEP_M / (25 / 3.6) + 15, abs=5)
    assert engine.matrix(places, Profile.CAR).durations_s[0, 1] == pytest.approx(
        leg.duration_s, rel=1e-4
    )
