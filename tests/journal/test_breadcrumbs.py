"""Trails keep the shape of the way and never grow without bound."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.journal.diary import NOON, HandClock
from tower.domain.telemetry import Fix
from tower.journal import breadcrumbs
from tower.journal.errors import JournalClosed
from tower.journal.journal import Journal

METRE = 1 / 111_195
"""Degrees of latitude."""


def fix(second: float, north_m: float = 0.0, heading: float | None = None) -> Fix:
    at = NOON + timedelta(seconds=second)
    return Fix(vehicle_id="own:1", at=at, lat=47 + north_m * METRE, lon=9.5, heading_deg=heading)


def kept(journal: Journal, *fixes: Fix) -> list[float]:
    """Seconds after noon of the crumbs kept."""
    journal.breadcrumbs.add(fixes)
    journal.flush()
    return [(crumb.at - NOON).total_seconds() for crumb in trail(journal)]


def trail(journal: Journal, until: datetime = NOON + timedelta(days=1)) -> list[Fix]:
    return journal.breadcrumbs.trail("own:1", NOON - timedelta(days=1), until)


def test_a_slow_vehicle_leaves_a_crumb_each_fifteen_seconds(journal: Journal) -> None:
    assert kept(journal, *(fix(s, s) for s in range(0, 40, 5))) == [0, 15, 30]


def test_a_fast_vehicle_leaves_one_each_fifty_metres(journal: Journal) -> None:
    assert kept(journal, *(fix(s, 26 * s) for s in range(7))) == [0, 2, 4, 6]


def test_a_corner_is_kept_and_a_wandering_compass_is_not(journal: Journal) -> None:
    corner = [fix(0, 0, 0), fix(2, 10, 10), fix(4, 20, 25), fix(5, 21, 300)]

    assert kept(journal, *corner) == [0, 4]


def test_turning_over_north_is_a_small_turn(journal: Journal) -> None:
    assert kept(journal, fix(0, 0, 355), fix(2, 10, 5), fix(4, 20, 16)) == [0, 4]


def test_a_late_fix_does_not_disturb_the_trail(journal: Journal) -> None:
    assert kept(journal, fix(30), fix(10), fix(30), fix(50)) == [30, 50]


def test_what_a_device_tells_of_a_time_before_fills_the_trail(journal: Journal) -> None:
    backlog = [fix(s, s) for s in range(-600, -540, 5)]
    assert kept(journal, fix(0), *backlog, fix(20)) == [-600, -585, -570, -555, 0, 20]
    assert kept(journal, *backlog) == [-600, -585, -570, -555, 0, 20]


def test_a_crumb_says_what_the_fix_said(journal: Journal) -> None:
    said = Fix(
        vehicle_id="own:1",
        at=NOON,
        lat=47.1,
        lon=9.5,
        speed_mps=12.5,
        heading_deg=90.0,
        temperature_c=5.5,
        battery_pct=62.0,
    )
    journal.breadcrumbs.add([said])
    journal.flush()

    assert trail(journal) == [said]
    assert trail(journal, NOON - timedelta(seconds=1)) == []


def test_vehicles_have_trails_of_their_own(journal: Journal) -> None:
    other = Fix(vehicle_id="own:2", at=NOON, lat=47.0, lon=9.5)

    assert journal.breadcrumbs.add([fix(0), other]) == 2
    journal.flush()
    assert [crumb.vehicle_id for crumb in trail(journal)] == ["own:1"]


def test_who_brought_positions_is_told_when_they_are_on_the_disk(journal: Journal) -> None:
    told: list[int] = []
    journal.breadcrumbs.add([fix(0), fix(20)], told.append)
    journal.breadcrumbs.add([fix(20)], told.append)  # known already
    journal.breadcrumbs.add([fix(40)], told.append)
    journal.flush()

    assert told == [2, 1]
    assert len(trail(journal)) == 3


def test_a_fleet_of_many_vehicles_has_its_trails(journal: Journal) -> None:
    fleet = [replace(fix(20 * n), vehicle_id=f"own:{v}") for n in range(3) for v in range(1_200)]
    assert journal.breadcrumbs.add(fleet) == len(fleet)
    journal.flush()

    assert len(journal.breadcrumbs.newest(NOON)) == 1_200
    assert set(journal.breadcrumbs._full._counts.values()) == {3}


def test_a_closed_journal_takes_no_positions(journal: Journal) -> None:
    journal.close()
    for second in (0, 20):
        with pytest.raises(JournalClosed):
            journal.breadcrumbs.add([fix(second)])


def test_a_very_long_day_keeps_its_beginning_and_its_end(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breadcrumbs, "KEPT_A_DAY", 50)
    for number in range(0, 200, 10):
        journal.breadcrumbs.add([fix(20 * n) for n in range(number, number + 10)])
        journal.flush()

    seconds = [(crumb.at - NOON).total_seconds() for crumb in trail(journal)]
    assert len(seconds) <= 50
    assert seconds[0] == 0
    assert seconds[-1] >= 20 * 195


def test_months_of_days_are_not_counted_in_memory_for_ever(journal: Journal) -> None:
    for day in range(60):
        journal.breadcrumbs.add([fix(86_400 * day), fix(86_400 * day + 20)])
        journal.flush()

    assert len(journal.breadcrumbs._full._counts) <= 3
    assert len(trail(journal, NOON + timedelta(days=60))) == 120


def test_trails_are_there_after_closing(journal: Journal, path: Path) -> None:
    journal.breadcrumbs.add([fix(0)])
    journal.close()

    again = Journal.open(path, HandClock())
    assert len(trail(again)) == 1
    again.close()
