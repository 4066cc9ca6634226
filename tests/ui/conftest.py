"""A session on the example shift, without any gateway."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import NOON, example_state
from tower.domain.moments import utc
from tower.feed.arrivals import ArrivalTable
from tower.feed.clock import FollowingClock
from tower.feed.sections import Frame
from tower.feed.vehicles import VehicleTable
from ui.exchange import Job
from ui.map.scheme import register_scheme
from ui.session import Session
from ui.theme import Theme

register_scheme()


class Fleet:
    """The gateway's tables, to make frames from."""

    def __init__(self) -> None:
        self.arrivals = ArrivalTable()
        self.vehicles = VehicleTable(self.arrivals)
        self._sent = [0, 0]

    def frame(self) -> Frame:
        """What changed since the frame before."""
        vehicles = self.vehicles.section(self._sent[0], self.vehicles.version, 1 << 20)
        arrivals = self.arrivals.section(self._sent[1], self.arrivals.version, 1 << 20)
        self._sent = [self.vehicles.version, self.arrivals.version]
        return Frame(now=NOON.timestamp(), vehicles=vehicles, arrivals=arrivals)


@pytest.fixture
def fleet() -> Fleet:
    """Empty tables of vehicles and arrivals."""
    return Fleet()


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    """A session at noon of the example shift; long work is done at once."""
    clock = FollowingClock(NOON.timestamp(), monotonic=lambda: 0.0)
    assert clock.now() == utc(NOON.timestamp())
    session = Session(clock, Theme("dark"), "operator")
    session.job_given.connect(_work)
    session.replace_state(example_state(), "epoch")
    yield session
    session.deleteLater()
    qtbot.wait(0)


def _work(job: Job) -> None:
    job.then(job.work())
