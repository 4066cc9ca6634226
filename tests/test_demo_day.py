"""The simulated shift goes on where a gateway that died left it."""

from datetime import datetime, timedelta
from pathlib import Path

from tower.cli.demo import DemoDay, told_until
from tower.cli.kinds import DEMO_REGION
from tower.domain.events import CarrierRegistered
from tower.domain.records import Actor, Carrier, Subject
from tower.feed.clock import RunningClock
from tower.gateway.deciding.verdicts import new_event
from tower.gateway.regions import Regions
from tower.gateway.server import open_journal
from tower.road.pack import RegionPack

SYSTEM = Actor(kind="rule", id="test")


def leave_a_journal(folder: Path, at: datetime) -> None:
    """What a gateway left that was killed at a time."""
    clock = RunningClock(at.timestamp(), 0.001)
    journal = open_journal(folder, clock)
    body = CarrierRegistered(carrier=Carrier(id="own", name="Own vans"))
    journal.append([new_event(at, SYSTEM, Subject(carrier_id="own"), body)]).result(10)
    journal.close()


def test_a_day_that_was_begun_goes_on_from_its_last_event(tmp_path: Path) -> None:
    with RegionPack.open(Regions.at_hand(()).find(DEMO_REGION)) as pack:
        opening = DemoDay(pack, 1, 0.001).clock.now()
        leave_a_journal(tmp_path, opening + timedelta(minutes=37))
        again = DemoDay(pack, 1, 0.001, told_until(tmp_path)).clock.now()
    assert timedelta(minutes=37) <= again - opening < timedelta(minutes=37, seconds=1)


def test_a_day_nobody_began_opens_at_its_hour(tmp_path: Path) -> None:
    with RegionPack.open(Regions.at_hand(()).find(DEMO_REGION)) as pack:
        day = DemoDay(pack, 1, 0.001, told_until(tmp_path))
        assert day.clock.now().astimezone(pack.info.zone).strftime("%H:%M") == "14:23"
