"""A queue makes travel through it longer, and only through it, and only for a while."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.road.town import STEP, Town, at
from tower.domain.geometry import LatLon
from tower.road.cells import CELL_M, CellsAlong, KeptCells, cell_keys, cells_along
from tower.road.engine import Leg
from tower.road.geometry import METRES_PER_DEGREE
from tower.road.live import NEAR, LiveSpeeds, SpeedMap, Stretch, faded
from tower.road.region_engine import RegionEngine
from tower.road.road_engine import RoadEngine
from tower.road.roads import Profile

NIGHT = datetime(2024, 5, 14, 1, 0, tzinfo=UTC)
"""An hour at which the table of the hours says 1."""


def cells_of(leg: Leg) -> CellsAlong:
    pieces = np.diff(leg.shape_times_s)
    return cells_along(leg.shape, pieces, np.zeros(len(pieces), dtype=np.int64), 1)


def two_roads() -> Town:
    """Two roads of 4.4 km side by side, 1.3 km apart, joined at their ends."""
    town = Town()
    for row in (0, 12):
        for column in range(0, 40, 2):
            town.way((column, row), (column + 2, row))
    town.way((0, 0), (0, 12))
    town.way((40, 0), (40, 12))
    return town


@pytest.fixture
def engine(tmp_path: Path) -> RoadEngine:
    return two_roads().engine(tmp_path)


def queue(
    engine: RoadEngine, speeds: LiveSpeeds, begins: datetime, minutes: int, slow_by: float = 3
) -> datetime:
    """Every half minute a van drives 400 m of the southern road, eastwards and slowly.

    Another keeps the pace of the northern road meanwhile.
    """
    now = begins
    for step in range(2 * minutes):
        now = begins + timedelta(seconds=30 * step)
        column = 12 + 4 * (step % 4)
        slow = engine.leg(at(column, 0), at(column + 4, 0), Profile.CAR)
        fair = engine.leg(at(column, 12), at(column + 4, 12), Profile.CAR)
        speeds.observe(
            [
                Stretch(cells_of(slow), slow_by * slow.duration_s),
                Stretch(cells_of(fair), fair.duration_s),
            ],
            now,
        )
    return now


SOUTH = (at(10, 0), at(30, 0))
NORTH = (at(10, 12), at(30, 12))


def seconds(
    engine: RoadEngine, ends: tuple[LatLon, LatLon], departure: datetime | None
) -> tuple[float, float]:
    """Seconds there and back by table, checked against the legs."""
    table = engine.matrix(ends, Profile.CAR, departure).durations_s
    there, back = engine.legs([ends[0], ends[1], ends[0]], Profile.CAR, departure)
    assert there.duration_s == pytest.approx(table[0, 1], rel=1e-4)
    assert back.duration_s == pytest.approx(table[1, 0], rel=1e-4)
    return float(table[0, 1]), float(table[1, 0])


def test_a_queue_of_a_few_minutes_slows_its_street_in_its_direction_and_no_other(
    engine: RoadEngine,
) -> None:
    before, speeds = seconds(engine, SOUTH, NIGHT), LiveSpeeds()
    now = queue(engine, speeds, NIGHT, 5)
    engine.heed(speeds.map(now))
    there, back = seconds(engine, SOUTH, now)
    assert there > 1.6 * before[0]
    assert back < 1.15 * before[1]
    for one in seconds(engine, NORTH, now):
        assert one < 1.1 * before[0]


def test_those_who_can_drive_around_the_queue(engine: RoadEngine) -> None:
    speeds = LiveSpeeds()
    before = engine.leg(at(1, 0), at(39, 0), Profile.CAR, NIGHT)
    now = queue(engine, speeds, NIGHT, 20, slow_by=5)
    engine.heed(speeds.map(now))
    after = engine.leg(at(1, 0), at(39, 0), Profile.CAR, now)
    assert before.shape[:, 0].max() == pytest.approx(0, abs=1e-6)
    assert after.shape[:, 0].max() == pytest.approx(12 * STEP, abs=1e-6)
    assert after.duration_s > before.duration_s


def test_after_the_queue_has_gone_travel_is_soon_as_it_was(engine: RoadEngine) -> None:
    speeds = LiveSpeeds()
    before = seconds(engine, SOUTH, NIGHT)[0]
    now = queue(engine, speeds, NIGHT, 10)
    engine.heed(speeds.map(now))
    worst = seconds(engine, SOUTH, now)[0]
    later = now
    for _ in range(20):
        later += timedelta(seconds=30)
        free = engine.leg(*SOUTH, Profile.CAR)
        speeds.observe([Stretch(cells_of(free), free.duration_s)], later)
    engine.heed(speeds.map(later))
    assert seconds(engine, SOUTH, later)[0] - before < 0.3 * (worst - before)


def test_a_queue_nobody_reports_any_more_is_forgotten_within_the_hour(engine: RoadEngine) -> None:
    speeds = LiveSpeeds()
    now = queue(engine, speeds, NIGHT, 10)
    ratios = []
    for minutes in (0, 10, 20, 40, 60):
        engine.heed(speeds.map(now + timedelta(minutes=minutes)))
        ratios.append(seconds(engine, SOUTH, now + timedelta(minutes=minutes))[0])
    before = seconds(engine, SOUTH, None)[0]
    assert ratios == sorted(ratios, reverse=True)
    assert ratios[-1] < 1.15 * before


def test_tomorrow_and_bicycles_do_not_meet_the_queue_of_now(engine: RoadEngine) -> None:
    speeds = LiveSpeeds()
    now = queue(engine, speeds, NIGHT, 10)
    before = seconds(engine, SOUTH, None)
    bicycle = engine.leg(*SOUTH, Profile.BICYCLE, now).duration_s
    engine.heed(speeds.map(now))
    assert seconds(engine, SOUTH, None) == before
    assert seconds(engine, SOUTH, now + NEAR + timedelta(seconds=1)) == before
    assert engine.leg(*SOUTH, Profile.BICYCLE, now).duration_s == bicycle
    engine.heed(None)
    assert seconds(engine, SOUTH, now) == before


def test_a_line_already_computed_is_corrected_as_the_search_would(engine: RoadEngine) -> None:
    speeds = LiveSpeeds()
    line = engine.leg(*SOUTH, Profile.CAR)
    now = queue(engine, speeds, NIGHT, 5)
    seen = speeds.map(now)
    around = RegionEngine(engine)
    around.heed(seen)
    again = around.leg(*SOUTH, Profile.CAR, now)
    assert line.duration_s * seen.along(cells_of(line))[0] == pytest.approx(
        again.duration_s, rel=0.02
    )


def test_one_slow_van_is_believed_less_than_three() -> None:
    cells = cells_along(np.array([at(0, 0), at(3, 0)]), np.array([20.0]), np.zeros(1, np.int64), 1)
    one, three = LiveSpeeds(), LiveSpeeds()
    one.observe([Stretch(cells, 80.0)], NIGHT)
    three.observe([Stretch(cells, 80.0)] * 3, NIGHT)
    alone, together = (float(s.map(NIGHT).along(cells)[0]) for s in (one, three))
    assert 1.2 < alone < together < 4


@given(st.lists(st.integers(0, 2**40), min_size=1), st.integers(1, 70_000))
def test_cells_that_are_kept_are_the_same_cells(found_in: list[int], legs: int) -> None:
    keys = np.array(found_in, dtype=np.int64)
    owner, seconds = np.sort(keys % legs), np.arange(float(len(keys)))
    found = KeptCells(CellsAlong(keys, owner, seconds, legs)).cells()
    assert (found.keys.tolist(), found.owner.tolist()) == (keys.tolist(), owner.tolist())
    assert (found.seconds.tolist(), found.count) == (seconds.tolist(), legs)


def test_no_cells_are_kept_as_none() -> None:
    nothing = np.zeros(0, np.int64)
    assert len(KeptCells(CellsAlong(nothing, nothing, np.zeros(0), 0)).cells().keys) == 0


def test_a_van_parked_on_its_way_is_no_standstill() -> None:
    cells = cells_along(np.array([at(0, 0), at(3, 0)]), np.array([20.0]), np.zeros(1, np.int64), 1)
    speeds = LiveSpeeds()
    speeds.observe([Stretch(cells, 3_600.0)], NIGHT)
    assert speeds.map(NIGHT).along(cells)[0] < 3


def test_where_the_whole_region_is_slow_unseen_streets_are_too(engine: RoadEngine) -> None:
    speeds = LiveSpeeds()
    far = cells_of(engine.leg(*NORTH, Profile.CAR))
    for step in range(60):
        stretch = Stretch(far, 1.5 * float(far.seconds.sum()))
        speeds.observe([stretch], NIGHT + timedelta(seconds=30 * step))
    engine.heed(speeds.map(NIGHT + timedelta(minutes=30)))
    slowed = seconds(engine, SOUTH, NIGHT + timedelta(minutes=30))[0]
    assert 1.3 < slowed / seconds(engine, SOUTH, None)[0] < 1.5


def test_what_is_unusual_now_fades_for_those_who_come_later() -> None:
    left = faded(np.array([2.0, 2.0, 2.0, 0.8]), np.array([0.0, 1_800.0, 9e9, 0.0]))
    assert left == pytest.approx([2.0, 1.368, 1.0, 0.8], abs=1e-3)


LINES = st.lists(st.tuples(st.floats(-60, 60), st.floats(-179, 179)), min_size=2, max_size=2).map(
    lambda ends: (LatLon(*ends[0]), LatLon(*ends[1]))
)


@given(
    st.floats(-70, 70),
    st.floats(-179, 179),
    st.lists(st.tuples(st.floats(-0.02, 0.02), st.floats(-0.02, 0.02)), min_size=2, max_size=9),
)
def test_no_second_of_a_line_is_lost_or_counted_twice(
    lat: float, lon: float, steps: list[tuple[float, float]]
) -> None:
    line = np.array([lat, lon]) + np.cumsum(np.array(steps), axis=0)
    spent = np.arange(1.0, len(line))
    owner = np.arange(len(line) - 1) // 3
    cells = cells_along(line, spent, owner, int(owner[-1]) + 1)
    by_leg = np.bincount(cells.owner, cells.seconds, cells.count)
    assert by_leg == pytest.approx(np.bincount(owner, spent))
    usual = SpeedMap(NIGHT, 1.25, np.zeros(0, np.int64), np.zeros(0))
    assert usual.along(cells) == pytest.approx(1.25)


@given(st.floats(-70, 70), st.floats(-179, 179))
def test_cells_are_about_as_wide_as_high_and_directions_are_apart(lat: float, lon: float) -> None:
    place = np.array([[lat, lon]])
    keys = {int(cell_keys(place, np.array([heading]))[0]) for heading in (0.0, 90.0, 180.0, 270.0)}
    assert len(keys) == 4
    same = cell_keys(place, np.array([-360.0]))
    assert same[0] == cell_keys(place, np.array([44.0]))[0]
    metres = np.arange(0.0, 8_000.0, 20.0)
    for axis, length in ((0, METRES_PER_DEGREE), (1, METRES_PER_DEGREE * np.cos(np.radians(lat)))):
        walk = np.repeat(place, len(metres), axis=0)
        walk[:, axis] += metres / length
        crossed = len(np.unique(cell_keys(walk, np.zeros(len(walk)))))
        assert 8_000 / CELL_M * 0.9 <= crossed <= 8_000 / CELL_M * 1.1 + 1
