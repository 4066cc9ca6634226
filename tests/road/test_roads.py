"""What tags allow whom."""

import pytest

from tower.domain.words import VehicleKind
from tower.road.roads import Profile, maxspeed_kmh, node_blocks, way_rules


def speeds(profile: Profile, **tags: str) -> tuple[float, float]:
    """Km/h along and against a way; nothing where it is no road."""
    rules = way_rules({key.replace("__", ":"): value for key, value in tags.items()})
    if rules is None:
        return 0.0, 0.0
    return rules.forward[profile.row] * 3.6, rules.backward[profile.row] * 3.6


def test_a_van_drives_a_residential_street_both_ways() -> None:
    assert speeds(Profile.CAR, highway="residential") == pytest.approx((25, 25))


def test_a_speed_limit_counts_with_what_is_reached_in_practice() -> None:
    assert speeds(Profile.CAR, highway="residential", maxspeed="50") == pytest.approx((40, 40))


@pytest.mark.parametrize(
    ("text", "kmh"),
    [("50", 50), ("30 mph", 48.28032), ("80 km/h", 80), ("none", 0), ("CH:urban", 0), ("", 0)],
)
def test_speed_limits_are_read_with_their_unit(text: str, kmh: float) -> None:
    assert maxspeed_kmh(text) == pytest.approx(kmh)


@pytest.mark.parametrize("oneway", ["yes", "1", "true"])
def test_a_one_way_street_is_closed_against_its_direction(oneway: str) -> None:
    along, against = speeds(Profile.CAR, highway="residential", oneway=oneway)
    assert along > 0
    assert against == 0


def test_a_reversed_one_way_is_closed_along_its_direction() -> None:
    along, against = speeds(Profile.CAR, highway="residential", oneway="-1")
    assert along == 0
    assert against > 0


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "motorway"},
        {"highway": "motorway_link"},
        {"highway": "residential", "junction": "roundabout"},
    ],
)
def test_motorways_and_roundabouts_are_one_way_without_saying_so(tags: dict[str, str]) -> None:
    assert speeds(Profile.CAR, **tags)[1] == 0


def test_a_bicycle_may_use_a_contraflow_lane() -> None:
    tags = {"highway": "residential", "oneway": "yes", "cycleway": "opposite_lane"}
    assert speeds(Profile.BICYCLE, **tags)[1] > 0
    assert speeds(Profile.CAR, **tags)[1] == 0


@pytest.mark.parametrize("access", ["no", "private", "agricultural", "forestry"])
def test_closed_roads_stay_closed(access: str) -> None:
    assert speeds(Profile.CAR, highway="service", access=access) == (0, 0)


def test_the_more_specific_access_wins() -> None:
    tags = {"highway": "residential", "access": "no", "motor_vehicle": "yes"}
    assert speeds(Profile.CAR, **tags)[0] > 0
    assert speeds(Profile.BICYCLE, **tags)[0] == 0


def test_a_farm_track_is_open_only_where_it_says_so() -> None:
    assert speeds(Profile.CAR, highway="track") == (0, 0)
    assert speeds(Profile.CAR, highway="track", motor_vehicle="yes")[0] == pytest.approx(10)


def test_a_light_bridge_stops_the_truck_but_not_the_van() -> None:
    tags = {"highway": "residential", "maxweight": "3.5"}
    assert speeds(Profile.TRUCK, **tags) == (0, 0)
    assert speeds(Profile.CAR, **tags)[0] > 0


def test_a_truck_is_slower_than_a_van_on_the_open_road() -> None:
    assert speeds(Profile.TRUCK, highway="motorway")[0] < speeds(Profile.CAR, highway="motorway")[0]


def test_bicycles_keep_off_the_motorway_and_use_the_cycleway() -> None:
    assert speeds(Profile.BICYCLE, highway="motorway") == (0, 0)
    assert speeds(Profile.BICYCLE, highway="cycleway")[0] == pytest.approx(15)
    assert speeds(Profile.CAR, highway="cycleway") == (0, 0)


def test_a_road_for_residents_is_not_for_passing_through() -> None:
    through = way_rules({"highway": "residential"})
    local = way_rules({"highway": "residential", "motor_vehicle": "destination"})
    assert through is not None
    assert local is not None
    assert local.forward[0] == through.forward[0]
    assert local.factor > through.factor


def test_no_stop_is_served_on_a_motorway_or_in_a_tunnel() -> None:
    for tags in ({"highway": "motorway"}, {"highway": "primary", "tunnel": "yes"}):
        rules = way_rules(tags)
        assert rules is not None
        assert not rules.snappable


def test_a_bollard_stops_the_van_and_lets_the_bicycle_pass() -> None:
    assert node_blocks({"barrier": "bollard"}) == Profile.CAR.bit | Profile.TRUCK.bit


def test_a_gate_is_passed_unless_it_is_private() -> None:
    assert node_blocks({"barrier": "gate"}) == 0
    assert node_blocks({"barrier": "gate", "access": "private"}) & Profile.CAR.bit


def test_every_kind_of_vehicle_has_a_profile() -> None:
    profiles = {kind: Profile.of_vehicle(kind) for kind in VehicleKind}
    assert profiles[VehicleKind.CARGO_BIKE] is Profile.BICYCLE
    assert profiles[VehicleKind.TRUCK] is Profile.TRUCK
    assert profiles[VehicleKind.E_VAN] is Profile.CAR
