"""Turn bans, dead ends and the price of a turn."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.road.town import Town, at, ladder
from tower.road.roads import Profile
from tower.road.turns import turn_angle, turn_seconds

STEP_M = 111.195


def crossing() -> tuple[Town, dict[str, int], int]:
    """Four arms meeting at (0, 0), and a ring road joining their ends."""
    town = Town()
    arms = {
        "west": town.way((-1, 0), (0, 0)),
        "east": town.way((0, 0), (1, 0)),
        "south": town.way((0, -1), (0, 0)),
        "north": town.way((0, 0), (0, 1)),
    }
    ring = ((-1, 0), (0, 1), (1, 0), (0, -1), (-1, 0))
    for start, end in pairwise(ring):
        town.way(start, end)
    return town, arms, town.node(0, 0)


def metres(town: Town, folder: Path, profile: Profile = Profile.CAR) -> float:
    """Driven distance from the western arm to the northern one: a left turn, half a step each."""
    return town.engine(folder).leg(at(-0.5, 0), at(0, 0.5), profile).distance_m


def test_a_free_crossing_is_turned_at(tmp_path: Path) -> None:
    town, _, _ = crossing()
    assert metres(town, tmp_path) == pytest.approx(STEP_M, rel=0.01)


def test_a_banned_left_turn_is_driven_around(tmp_path: Path) -> None:
    town, arms, node = crossing()
    town.restrict("no_left_turn", arms["west"], node, arms["north"])
    assert metres(town, tmp_path) > 2 * STEP_M


def test_a_ban_with_an_exception_leaves_the_bicycle_free(tmp_path: Path) -> None:
    town, arms, node = crossing()
    town.restrict("no_left_turn", arms["west"], node, arms["north"], **{"except": "bicycle"})
    assert metres(town, tmp_path) > 2 * STEP_M
    assert metres(town, tmp_path, Profile.BICYCLE) == pytest.approx(STEP_M, rel=0.01)


def test_a_ban_for_trucks_leaves_the_van_free(tmp_path: Path) -> None:
    town, arms, node = crossing()
    town.restrict("", arms["west"], node, arms["north"], restriction__hgv="no_left_turn")
    assert metres(town, tmp_path) == pytest.approx(STEP_M, rel=0.01)
    assert metres(town, tmp_path, Profile.TRUCK) > 2 * STEP_M


def test_only_straight_on_bans_every_other_way(tmp_path: Path) -> None:
    town, arms, node = crossing()
    town.restrict("only_straight_on", arms["west"], node, arms["east"])
    assert metres(town, tmp_path) > 2 * STEP_M
    straight = town.engine(tmp_path).leg(at(-0.5, 0), at(0.5, 0), Profile.CAR)
    assert straight.distance_m == pytest.approx(STEP_M, rel=0.01)


def test_a_turn_banned_in_working_hours_is_never_planned(tmp_path: Path) -> None:
    town, arms, node = crossing()
    when = {"restriction__conditional": "no_left_turn @ (Mo-Fr 07:00-18:00)"}
    town.restrict("", arms["west"], node, arms["north"], **when)
    assert metres(town, tmp_path) > 2 * STEP_M


def test_a_turn_banned_by_weight_is_closed_to_trucks_only(tmp_path: Path) -> None:
    town, arms, node = crossing()
    when = {"restriction__conditional": "no_left_turn @ (weight>7.5)"}
    town.restrict("", arms["west"], node, arms["north"], **when)
    assert metres(town, tmp_path) == pytest.approx(STEP_M, rel=0.01)
    assert metres(town, tmp_path, Profile.TRUCK) > 2 * STEP_M


def test_a_ban_that_leads_out_of_the_data_closes_nothing(tmp_path: Path) -> None:
    town, arms, node = crossing()
    town.restrict("only_right_turn", arms["west"], node, 999)
    assert metres(town, tmp_path) == pytest.approx(STEP_M, rel=0.01)


def test_a_ban_over_a_way_binds_only_those_who_came_that_way(tmp_path: Path) -> None:
    """Coming up rung 1, along one step of row 1, then down rung 2 is banned as a whole."""
    town = ladder()
    row = [town.way((c, 3), (c + 1, 3)) for c in range(3)]
    entry, other_entry, leaving = (
        town.way((1, 4), (1, 3)),
        town.way((1, 2), (1, 3)),
        town.way((2, 3), (2, 4)),
    )
    town.way((1, 1), (1, 2))
    town.way((1, 4), (2, 4))
    town.way((3, 3), (3, 1))
    town.way((0, 3), (0, 1))
    free = town.engine(tmp_path)
    start, other_start, end = at(1, 3.5), at(1, 2.5), at(2, 3.5)
    before = free.leg(start, end, Profile.CAR).distance_m
    other_before = free.leg(other_start, end, Profile.CAR).distance_m
    town.restrict("no_left_turn", entry, [row[1]], leaving)
    banned = town.engine(tmp_path)
    path = banned.leg(start, end, Profile.CAR)
    assert before == pytest.approx(2 * STEP_M, rel=0.01)
    assert path.distance_m == pytest.approx(2 * STEP_M, rel=0.01)
    assert not np.any(np.all(np.isclose(path.shape, at(2, 3), atol=1e-6), axis=1))
    assert other_entry
    assert banned.leg(other_start, end, Profile.CAR).distance_m == pytest.approx(other_before)


def test_nobody_turns_around_in_the_middle_of_a_street(tmp_path: Path) -> None:
    town = Town()
    town.way((0, 0), (1, 0), oneway="yes")
    town.way((1, 0), (2, 0))
    town.way((2, 0), (2, 1))
    town.way((2, 1), (0, 0))
    town.way((1, 0), (1, -1))
    engine = town.engine(tmp_path)
    leg = engine.leg(at(0.5, 0), at(0.2, 0), Profile.CAR)
    assert leg.distance_m > 4 * STEP_M


def test_a_dead_end_is_left_the_way_it_was_entered(tmp_path: Path) -> None:
    town = ladder()
    town.way((4, 1), (6, 1), name="Dead End")
    leg = town.engine(tmp_path).leg(at(3.5, 1), at(5, 1), Profile.CAR)
    back = town.engine(tmp_path).leg(at(5, 1), at(3.5, 1), Profile.CAR)
    assert leg.distance_m == pytest.approx(1.5 * STEP_M, rel=0.01)
    assert back.distance_m == pytest.approx(1.5 * STEP_M, rel=0.01)


def test_a_bollard_makes_two_dead_ends_for_vans(tmp_path: Path) -> None:
    town = ladder()
    town.node(2.5, 1, barrier="bollard")
    town.way((2, 1), (2.5, 1), (3, 1))
    blocked = town.engine(tmp_path)
    assert blocked.leg(at(2, 0.6), at(3, 0.6), Profile.CAR).distance_m > 1.79 * STEP_M


@pytest.mark.parametrize(
    ("leaving", "angle"),
    [((0.0, 2.0), 0.0), ((-1.0, 1.0), 90.0), ((1.0, 1.0), -90.0)],
)
def test_angles_are_positive_to_the_right(leaving: tuple[float, float], angle: float) -> None:
    arriving = np.array([(0.0, 0.0), (0.0, 1.0)]) * 1e-3
    after = np.array([(0.0, 1.0), leaving]) * 1e-3
    assert turn_angle(arriving, after) == pytest.approx(angle, abs=0.01)


def test_a_left_turn_costs_more_than_a_right_turn_and_both_more_than_straight_on() -> None:
    assert turn_seconds(-90) > turn_seconds(90) > turn_seconds(0)
    assert turn_seconds(0) < 0.1


def staircase() -> tuple[Town, dict[str, int]]:
    """A street of two ways entered from two arms at its start, left by two at its end."""
    town = Town()
    ways = {
        "entry": town.way((0, 1), (0, 0)),
        "other entry": town.way((0, -1), (0, 0)),
        "first": town.way((0, 0), (1, 0)),
        "second": town.way((1, 0), (2, 0)),
        "exit": town.way((2, 0), (2, 1)),
        "other exit": town.way((2, 0), (2, -1)),
    }
    town.way((0, 1), (-1, 1), (-1, 5), (3, 5), (3, 1), (2, 1))
    town.way((0, -1), (0, -2), (2, -2), (2, -1))
    town.way((1, 0), (1, -0.5))
    return town, ways


@pytest.mark.parametrize("profile", [Profile.CAR, Profile.TRUCK])
def test_a_ban_over_two_ways_binds_only_the_whole_manoeuvre(
    tmp_path: Path, profile: Profile
) -> None:
    town, ways = staircase()
    via = [ways["first"], ways["second"]]
    town.restrict("no_left_turn", ways["entry"], via, ways["exit"])
    engine = town.engine(tmp_path)

    def steps(start: tuple[float, float], end: tuple[float, float]) -> float:
        return engine.leg(at(*start), at(*end), profile).distance_m / STEP_M

    assert steps((0, 0.5), (2, 0.5)) > 3.5
    assert steps((0, 0.5), (2, -0.5)) == pytest.approx(3, rel=0.01)
    assert steps((0, -0.5), (2, 0.5)) == pytest.approx(3, rel=0.01)
    assert steps((0, 0.5), (1, -0.3)) == pytest.approx(1.8, rel=0.01)


def test_a_stop_on_the_way_of_a_ban_is_reached_directly(tmp_path: Path) -> None:
    town, ways = staircase()
    via = [ways["first"], ways["second"]]
    town.restrict("no_left_turn", ways["entry"], via, ways["exit"])
    engine = town.engine(tmp_path)
    places = [at(0, 0.5), at(1.5, 0)]
    assert engine.legs(places, Profile.CAR)[0].distance_m == pytest.approx(2 * STEP_M, rel=0.01)
    table = engine.matrix(places, Profile.CAR)
    assert table.distances_m[0, 1] == pytest.approx(2 * STEP_M, rel=0.01)


def test_a_ban_over_two_ways_holds_in_a_table_searched_from_its_end(tmp_path: Path) -> None:
    town, ways = staircase()
    via = [ways["first"], ways["second"]]
    town.restrict("no_left_turn", ways["entry"], via, ways["exit"])
    starts = [at(0, 0.5), at(0, -0.5), at(1, -0.3), at(1.5, 0)]
    table = town.engine(tmp_path).table(starts, [at(2, 0.5)], Profile.CAR)
    steps = table.distances_m[:, 0] / STEP_M
    assert steps[0] > 3.5
    assert steps[1:] == pytest.approx([3, 1.8, 1], rel=0.01)


def test_a_table_to_a_stop_on_the_way_of_a_ban_takes_the_direct_way(tmp_path: Path) -> None:
    town, ways = staircase()
    via = [ways["first"], ways["second"]]
    town.restrict("no_left_turn", ways["entry"], via, ways["exit"])
    starts = [at(0, 0.5), at(0, -0.5)]
    table = town.engine(tmp_path).table(starts, [at(1.5, 0)], Profile.CAR)
    assert table.distances_m[:, 0] == pytest.approx(2 * STEP_M, rel=0.01)


def test_a_ban_over_a_way_never_driven_in_one_go_changes_nothing(tmp_path: Path) -> None:
    town, ways = staircase()
    free = town.engine(tmp_path).leg(at(0, 0.5), at(2, 0.5), Profile.CAR).distance_m
    town.restrict("no_left_turn", ways["entry"], [ways["second"]], ways["exit"])
    town.restrict("no_left_turn", ways["entry"], [ways["other exit"]], ways["exit"])
    assert town.engine(tmp_path).leg(
        at(0, 0.5), at(2, 0.5), Profile.CAR
    ).distance_m == pytest.approx(free)


@pytest.mark.parametrize("long_ban_first", [True, False])
def test_two_bans_on_one_street_both_hold(tmp_path: Path, long_ban_first: bool) -> None:
    town, ways = staircase()
    via = [ways["first"], ways["second"]]
    if long_ban_first:
        town.restrict("no_left_turn", ways["entry"], via, ways["exit"])
    town.restrict("no_right_turn", ways["second"], town.node(2, 0), ways["other exit"])
    if not long_ban_first:
        town.restrict("no_left_turn", ways["entry"], via, ways["exit"])
    engine = town.engine(tmp_path)
    for end in (at(2, 0.5), at(2, -0.5)):
        assert engine.leg(at(0, 0.5), end, Profile.CAR).distance_m > 3.5 * STEP_M
