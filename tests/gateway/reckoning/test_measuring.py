"""What a gateway measures by itself stands in the journal."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.gateway.running import PATIENCE_S, RunningGateway, running_gateway
from tests.gateway.shift import NOON, told
from tower.domain import events as e
from tower.domain.records import Subject
from tower.feed.clock import RunningClock

A = Subject(route_id="A")
POSITION = {"type": "position", "vehicle": "A", "lat": 47.14, "lon": 9.52}


class Gateway:
    """A gateway at noon whose clock is moved by hand."""

    def __init__(self) -> None:
        self._passed_s = 0.0
        self.clock = RunningClock(NOON.timestamp(), monotonic=lambda: self._passed_s)
        self.running: RunningGateway

    def pass_minutes(self, minutes: float) -> None:
        self._passed_s += 60.0 * minutes

    def measure(self) -> None:
        measuring = self.running.gateway.reckoning.measure()
        asyncio.run_coroutine_threadsafe(measuring, self.running.loop).result(PATIENCE_S)

    def hear(self, seconds_old: float) -> None:
        at = self.clock.now() - timedelta(seconds=seconds_old)
        with self.running.client("own") as http:
            position = {**POSITION, "at": at.isoformat()}
            assert http.post("/v1/ingest/driver_app", json=[position]).is_success

    def measured(self) -> list[e.CarrierMeasured]:
        events = self.running.journal.about("carrier", "own", 100)
        return [one.body for one in events if isinstance(one.body, e.CarrierMeasured)]


@pytest.fixture
def by_hand(tmp_path: Path) -> Iterator[Gateway]:
    gateway = Gateway()
    with running_gateway(tmp_path, clock=gateway.clock) as gateway.running:
        gateway.measure()
        yield gateway


def test_a_finished_route_is_measured_at_its_finish(by_hand: Gateway) -> None:
    journal = by_hand.running.journal
    journal.append([told(NOON - timedelta(hours=2), A, e.RouteStarted())]).result()
    journal.append([told(NOON, A, e.RouteFinished())]).result()
    by_hand.running.until(lambda: by_hand.running.state.routes["A"].finished_at)
    by_hand.measure()
    by_hand.measure()
    # The gateway measures by itself too, and may have been first.
    by_hand.running.until(lambda: _measured_at(by_hand))
    assert _measured_at(by_hand) == [NOON]


def _measured_at(by_hand: Gateway) -> list[datetime]:
    events = by_hand.running.journal.about("route", "A", 100)
    return [one.at for one in events if isinstance(one.body, e.RouteMeasured)]


def test_a_carrier_is_measured_each_quarter_of_an_hour(by_hand: Gateway) -> None:
    by_hand.hear(seconds_old=5.0)
    by_hand.pass_minutes(15)
    by_hand.measure()
    (body,) = by_hand.measured()
    assert (body.messages, body.fixes, round(body.lag_s)) == (1, 1, 5)


def test_the_past_a_source_tells_is_no_measure_of_its_data(by_hand: Gateway) -> None:
    with by_hand.running.gateway.room.catching_up():
        by_hand.hear(seconds_old=3_600.0)
    by_hand.measure()
    by_hand.hear(seconds_old=5.0)
    by_hand.pass_minutes(15)
    by_hand.measure()
    (body,) = by_hand.measured()
    assert (body.messages, round(body.lag_s)) == (1, 5)
