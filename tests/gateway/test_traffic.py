"""What vehicles meet on the road changes what is expected of the others, and nothing else does."""

import asyncio
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import numpy as np
import pytest
from msgspec.structs import replace

from tests.gateway.running import RunningGateway, asked_until, running_gateway
from tests.gateway.shift import NOON, small_shift
from tests.road.town import Town, at
from tower.domain.events import Event, StopPlanned
from tower.domain.fold import fold
from tower.domain.geometry import LatLon
from tower.domain.moments import rfc3339
from tower.domain.records import NEVER, Progress, Stop, StopPlan
from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.domain.words import StopState
from tower.feed.clock import RunningClock
from tower.gateway import stretches, traffic
from tower.gateway.legs import LegTimes
from tower.gateway.line import LineWish, RouteLine, compute_line, line_wish
from tower.gateway.settings import GatewaySettings
from tower.gateway.stretches import DOOR_M, EVERY_S, Stretches
from tower.road.engine import StraightLineEngine
from tower.road.live import SpeedMap, Stretch
from tower.road.polyline import decode_polyline
from tower.road.roads import Profile
from tower.road.traffic import traffic_factor

NIGHT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
STOP = Stop(id="S", plan=StopPlan(id="S", customer="Customer", lat=0.0, lon=9.03))


@pytest.fixture
def line(tmp_path: Path) -> RouteLine:
    """A street of 3.3 km from the depot to one stop and back, 25 km/h."""
    town = Town()
    for column in range(30):
        town.way((column, 0), (column + 1, 0))
    wish = LineWish(
        route_id="R", version=1, depot=at(0, 0), stops=(at(30, 0),), profile=Profile.CAR
    )
    return compute_line(wish, town.engine(tmp_path), "town")


def drive(
    line: RouteLine, seen: Iterable[tuple[float, float]], stop: Stop = STOP, north: float = 0.0
) -> list[Stretch]:
    """The stretches of a vehicle seen at these seconds in these columns of the street."""
    stretches = Stretches()
    for seconds, column in seen:
        place = at(column, north)
        fix = Fix(
            vehicle_id="V", at=NIGHT + timedelta(seconds=seconds), lat=place.lat, lon=place.lon
        )
        stretches.follow("R", line, 0, stop, fix, UTC)
    return stretches.take()


def ratio(stretches: list[Stretch]) -> float:
    """Seconds driven over seconds expected."""
    expected = sum(float(one.cells.seconds.sum()) for one in stretches)
    return sum(one.driven_s for one in stretches) / expected


STEP_S = 111.195 / (25 / 3.6)
"""Seconds a step of the street takes."""


def test_a_line_knows_when_each_of_its_points_is_passed(line: RouteLine) -> None:
    clock = line.clock_s
    assert len(clock) == len(decode_polyline(line.shape))
    assert clock[0] == 0
    assert np.all(np.diff(clock) >= 0)
    assert clock[line.stop_offsets[0]] == pytest.approx(line.durations_s[0], abs=0.1)
    assert clock[-1] == pytest.approx(line.durations_s[0] + line.home_s, abs=0.1)


def test_a_vehicle_that_keeps_the_pace_says_so(line: RouteLine) -> None:
    driven = drive(line, [(column * STEP_S, column) for column in range(1, 29)])
    assert ratio(driven) == pytest.approx(1.0, rel=0.01)


def test_a_vehicle_that_crawls_says_how_much_slower_it_was(line: RouteLine) -> None:
    driven = drive(line, [(4 * column * STEP_S, column) for column in range(1, 29)])
    assert ratio(driven) == pytest.approx(4.0, rel=0.01)


def test_standing_in_a_queue_counts_once_it_moves_on(line: RouteLine) -> None:
    seen = [(0.0, 10.0), (60.0, 10.0), (120.0, 10.1), (180.0, 10.2), (240.0, 14.0)]
    driven = drive(line, seen)
    assert ratio(driven) == pytest.approx(240 / (4 * STEP_S), rel=0.01)


@pytest.mark.parametrize("state", [StopState.ARRIVED, StopState.SERVICING])
def test_a_vehicle_at_its_stop_is_in_no_queue(line: RouteLine, state: StopState) -> None:
    served = replace(STOP, underway=Progress(state=state, at=NIGHT, stamp=NEVER))
    assert drive(line, [(60.0 * column, column) for column in range(1, 29)], served) == []


def test_who_looks_for_the_door_is_in_no_queue_though_no_arrival_was_told(line: RouteLine) -> None:
    door = 30 - 0.8 * DOOR_M / 111.195
    seen = [(step * 60.0, door + 0.02 * (step % 10)) for step in range(40)]
    assert drive(line, seen) == []


def test_a_break_on_the_way_is_no_queue(line: RouteLine) -> None:
    seen = [(0.0, 10.0), *((60.0 * minute, 10.1) for minute in range(1, 30)), (1773.0, 12.0)]
    assert ratio(drive(line, seen)) < 1.2


def test_a_device_that_jumps_says_nothing(line: RouteLine) -> None:
    assert drive(line, [(0.0, 5.0), (25.0, 25.0), (50.0, 4.0), (75.0, 24.0)]) == []


def test_a_vehicle_beside_its_route_says_nothing_of_it(line: RouteLine) -> None:
    assert drive(line, [(column * 60.0, column) for column in range(1, 29)], north=1.0) == []


@pytest.mark.parametrize("every_s", [1.0, 7.0, 90.0])
def test_the_answer_does_not_hang_on_how_often_devices_speak(
    line: RouteLine, every_s: float
) -> None:
    seen = [(t, 1 + t / (2 * STEP_S)) for t in np.arange(0.0, 54 * STEP_S, every_s).tolist()]
    driven = drive(line, seen)
    assert ratio(driven) == pytest.approx(2.0, rel=0.02)
    assert len(driven) <= 54 * STEP_S / EVERY_S


def test_legs_nobody_measured_yet_are_laid_out_a_share_at_a_time(
    line: RouteLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretches, "LAID_A_ROUND", 1)
    both, told = Stretches(), []
    for column in (2, 12, 22):
        place, at_s = at(column, 0.0), timedelta(seconds=column * STEP_S)
        for route_id in ("R1", "R2"):
            fix = Fix(vehicle_id=route_id, at=NIGHT + at_s, lat=place.lat, lon=place.lon)
            both.follow(route_id, line, 0, STOP, fix, UTC)
        told.append(both.take())
    assert [len(one) for one in told] == [0, 1, 2]
    assert ratio(told[1]) == pytest.approx(1.0, rel=0.01)
    assert sum(one.driven_s for one in told[2]) == pytest.approx(30 * STEP_S)


class Lines:
    """Lines made once."""

    tag = "lines"

    def __init__(self, state: State) -> None:
        self._lines = {}
        for route in state.routes.values():
            wish = line_wish(state, route)
            assert wish is not None
            self._lines[route.id] = compute_line(wish, StraightLineEngine(), "none")

    def all(self) -> dict[str, tuple[int, RouteLine]]:
        return {route_id: (1, line) for route_id, line in self._lines.items()}


class Expected:
    """The legs of the small shift's first route, at a clock the test sets."""

    def __init__(self) -> None:
        self.state = fold(small_shift())
        self.lines = Lines(self.state)
        self.clock = RunningClock(NOON.timestamp(), 0.0001)
        self.times = LegTimes(self.state, self.lines, self.clock)

    @property
    def free(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        _, line = self.lines.all()["A"]
        return np.array([*line.durations_s, line.home_s])

    @property
    def ratios(self) -> list[float]:
        """Seconds expected over those of free flow: four stops and the way home."""
        legs = self.times.of(self.state.routes["A"])
        assert legs is not None
        expected = [*legs.durations_s, legs.home_s]
        return [one / free for one, free in zip(expected, self.free.tolist(), strict=True)]


def test_legs_meet_the_traffic_of_the_hour_they_are_driven_at() -> None:
    expected = Expected()
    noon = traffic_factor(NOON, UTC, Profile.CAR)
    assert expected.ratios == pytest.approx([noon] * 5, abs=0.01)
    expected.clock.set((NOON + timedelta(hours=5)).timestamp())
    peak = traffic_factor(NOON + timedelta(hours=5), UTC, Profile.CAR)
    driven, *ahead = expected.ratios
    assert ahead == pytest.approx([peak] * 4, abs=0.02)
    assert driven == pytest.approx(noon, abs=0.01)


def test_speeds_of_now_change_the_next_legs_and_those_of_later_less() -> None:
    expected = Expected()
    before = expected.ratios
    slow = SpeedMap(NOON, 2.0, np.zeros(0, np.int64), np.zeros(0))
    expected.times.heed(slow)
    driven, *ahead = (now / then for now, then in zip(expected.ratios, before, strict=True))
    assert driven == 1.0
    assert ahead[0] == pytest.approx(2.0, abs=0.01)
    assert ahead == sorted(ahead, reverse=True)
    assert ahead[-1] > 1.5


def test_a_leg_done_stays_what_it_was_expected_to_be_so_that_the_pace_is_fair() -> None:
    expected = Expected()
    expected.times.heed(SpeedMap(NOON, 2.0, np.zeros(0, np.int64), np.zeros(0)))
    in_the_queue = expected.ratios[1]
    delivered = Progress(state=StopState.DELIVERED, at=NOON + timedelta(minutes=5), stamp=NEVER)
    stop = expected.state.stops["S2"]
    expected.state.stops["S2"] = replace(stop, outcome=delivered)
    expected.times.heed(SpeedMap(NOON, 1.0, np.zeros(0, np.int64), np.zeros(0)))
    driven, ahead = expected.ratios[1:3]
    assert driven == in_the_queue
    assert ahead < 0.6 * driven


VADUZ, BALZERS = LatLon(47.1389, 9.5225), LatLon(47.0658, 9.5018)


def long_legs() -> list[Event]:
    """The small shift, both routes driving from Vaduz to Balzers."""
    places = {f"S{n}": BALZERS if n % 2 == 0 else VADUZ for n in range(1, 9)}
    events = []
    for event in small_shift():
        if isinstance(event.body, StopPlanned):
            plan = event.body.plan
            place = places[plan.id]
            body = StopPlanned(plan=replace(plan, lat=place.lat, lon=place.lon))
            events.append(replace(event, body=body))
        else:
            events.append(event)
    return events


def renew(running: RunningGateway) -> None:
    """Have the gateway look at its vehicles and tell what it learnt."""

    async def look() -> None:
        await running.gateway.projection.renew()
        running.gateway.traffic.renew()

    asyncio.run_coroutine_threadsafe(look(), running.loop).result(20)


def behind(running: RunningGateway) -> float:
    """Seconds the second van is expected to take from Vaduz to Balzers."""
    legs = running.gateway.legs.of(running.state.routes["B"])
    assert legs is not None
    return legs.durations_s[1]


def there_and_back(http: httpx.Client, vaduz: LatLon) -> tuple[float, float]:
    """Seconds from a place in Vaduz to Balzers and back."""
    body = {"origins": [vaduz, BALZERS], "destinations": [vaduz, BALZERS]}
    table = http.post("/v1/travel", json=body).json()["durations_s"]
    return table[0][1], table[1][0]


def crawl(http: httpx.Client, line: RouteLine, at: datetime, share: float) -> None:
    """The first van says where it is: so far along its leg from Vaduz to Balzers."""
    first, last = line.stop_offsets[0], line.stop_offsets[1]
    clock = line.clock_s[first : last + 1]
    moment = clock[0] + share * (clock[-1] - clock[0])
    leg = decode_polyline(line.shape)[first : last + 1]
    lat, lon = (float(np.interp(moment, clock, leg[:, axis])) for axis in (0, 1))
    message = {"type": "position", "vehicle": "A", "at": rfc3339(at), "lat": lat, "lon": lon}
    assert http.post("/v1/ingest/driver_app", content=json.dumps(message)).status_code == 202


def test_a_queue_one_van_is_in_delays_the_van_behind_it(tmp_path: Path) -> None:
    settings = GatewaySettings(
        data=str(tmp_path), port=0, region="liechtenstein", project_s=60, watch_s=60
    )
    with (
        running_gateway(tmp_path, settings=settings, shift=long_legs()) as running,
        running.client("ann") as ann,
        running.client("own") as own,
    ):
        asked_until(ann, "/v1/routes/shapes", lambda answer: len(answer.json()) == 2)
        line = running.gateway.lines.line("A")
        assert line is not None
        renew(running)
        van_before, before = behind(running), there_and_back(ann, VADUZ)
        for step in range(20):
            now = NOON + timedelta(seconds=30 * step)
            running.clock.set(now.timestamp())
            crawl(own, line, now, 0.3 + step / 200)
            renew(running)
        assert behind(running) > 1.12 * van_before
        told = ann.get("/v1/routes/shapes").json()["B"]["durations_s"]
        assert told[1] == pytest.approx(behind(running), abs=0.1)
        there, back = there_and_back(ann, LatLon(VADUZ.lat + 1e-5, VADUZ.lon))  # not asked before
    assert there > 1.08 * before[0]
    assert back < 1.05 * before[1]


def test_a_jam_is_told_at_once_and_not_with_the_next_minute(tmp_path: Path) -> None:
    settings = GatewaySettings(
        data=str(tmp_path), port=0, region="liechtenstein", project_s=1e6, watch_s=1e6
    )
    with (
        running_gateway(tmp_path, settings=settings, shift=long_legs()) as running,
        running.client("ann") as ann,
        running.client("own") as own,
    ):
        asked_until(ann, "/v1/routes/shapes", lambda answer: len(answer.json()) == 2)
        line = running.gateway.lines.line("A")
        assert line is not None
        for seconds in (0, 52):
            now = NOON + timedelta(seconds=seconds)
            running.clock.set(now.timestamp())
            crawl(own, line, now, 0.3 + seconds / 10_000)
            renew(running)
        speeds = running.gateway.traffic.speeds
        assert speeds is not None
        assert speeds.as_of >= now
        assert speeds.as_of - NOON < traffic.EVERY
