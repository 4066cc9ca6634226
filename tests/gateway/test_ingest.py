"""Carriers' messages: on the map at once, in the journal before they are acknowledged."""

import asyncio
import json
import threading
import time
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import pytest

from tests.drills.gateway_kill import drill
from tests.gateway.running import RunningGateway, asked_until, running_gateway
from tests.gateway.shift import NOON
from tower.domain.events import StopArrived
from tower.gateway.hearing import Hearing
from tower.gateway.lanes import HEAVIEST, TURN_S, WAITING_BYTES, LaneFull, Lanes
from tower.gateway.room import Room
from tower.gateway.settings import CarrierSettings, GatewaySettings

POSITION = {
    "type": "position",
    "vehicle": "A",
    "at": "2026-11-20T11:59:59Z",
    "lat": 47.1501,
    "lon": 9.5202,
    "speed_mps": 7.5,
}
ARRIVED = {"type": "stop", "stop": "S2", "status": "arrived", "at": "2026-11-20T11:59:00Z"}


def test_a_position_is_on_the_map_and_a_report_in_the_journal(gateway: RunningGateway) -> None:
    with gateway.client("own") as http:
        answer = http.post("/v1/ingest/driver_app", content=json.dumps([POSITION, ARRIVED]))
    assert (answer.status_code, answer.json()["fixes"], answer.json()["events"]) == (202, 1, 1)
    newest = gateway.journal.read(gateway.journal.seq - 1, 1)[0]
    assert isinstance(newest.body, StopArrived)
    fix = gateway.gateway.vehicle_table.position("own:A")
    assert fix is not None
    assert (fix.lat, fix.lon) == (47.1501, 9.5202)


def test_a_message_sent_twice_is_one_event(gateway: RunningGateway) -> None:
    with gateway.client("own") as http:
        http.post("/v1/ingest/driver_app", content=json.dumps(ARRIVED))
        seq = gateway.journal.seq
        again = http.post("/v1/ingest/driver_app", content=json.dumps(ARRIVED))
    assert again.status_code == 202
    assert gateway.journal.seq == seq


def test_the_trail_of_a_vehicle_is_kept(gateway: RunningGateway) -> None:
    with gateway.client("own") as http:
        for minute, lat in ((50, 47.141), (51, 47.143), (52, 47.145)):
            fix = {**POSITION, "at": f"2026-11-20T11:{minute}:00Z", "lat": lat}
            http.post("/v1/ingest/driver_app", content=json.dumps(fix))
    gateway.journal.flush()
    with gateway.client("ann") as http:
        trail = http.get("/v1/vehicles/own:A/trail").json()
    assert [point["lat"] for point in trail] == [47.141, 47.143, 47.145]


def test_what_was_acknowledged_is_there_after_a_restart(tmp_path: Path) -> None:
    with running_gateway(tmp_path) as running, running.client("own") as http:
        http.post("/v1/ingest/driver_app", content=json.dumps(ARRIVED))
        before = running.state
    with running_gateway(tmp_path) as running:
        assert running.state.stops == before.stops
        assert running.state.seq == before.seq


def test_an_answer_does_not_wait_for_the_network(shared_gateway: RunningGateway) -> None:
    """Nagle's algorithm and delayed acknowledgements would cost 40 ms an answer."""
    taken = []
    with shared_gateway.client("") as http:
        for _ in range(20):
            begun = time.perf_counter()
            http.get("/v1/health")
            taken.append(time.perf_counter() - begun)
    assert min(taken) < 0.03


@pytest.mark.slow
def test_a_gateway_killed_in_the_middle_of_ingest_loses_nothing(tmp_path: Path) -> None:
    outcome = drill(2, tmp_path)
    assert outcome.acknowledged > 0
    assert (outcome.lost, outcome.doubled) == (0, 0)


async def _served(
    lanes: Lanes[int], enough: int, weight: int = 0, work: Callable[[], object] = lambda: None
) -> list[str]:
    """The lanes whose messages came first; what they bring is never written."""
    order: list[str] = []
    served = asyncio.Event()

    async def take(name: str, _: int) -> None:
        work()
        order.append(name)
        lanes.burden(name, weight)
        if len(order) == enough:
            served.set()

    serving = asyncio.create_task(lanes.serve(take))
    await served.wait()
    serving.cancel()
    return order[:enough]


def test_a_flood_of_one_carrier_holds_up_nobody_else() -> None:
    async def scene() -> list[str]:
        lanes: Lanes[int] = Lanes(100)
        for number in range(100):
            await lanes.enter("flood", number, wait=False)
        await lanes.enter("quiet", 1, wait=False)
        with pytest.raises(LaneFull) as refused:
            await lanes.enter("flood", 101, wait=False)
        assert refused.value.retry_after_s > 0
        return await _served(lanes, 3)

    assert asyncio.run(scene()) == ["flood", "quiet", "flood"]


@pytest.mark.parametrize(("takes_s", "in_a_row"), [(TURN_S, 1), (TURN_S / 9, 5)])
def test_turns_are_counted_in_time_and_not_in_messages(takes_s: float, in_a_row: int) -> None:
    async def scene() -> list[str]:
        now = 0.0

        def work() -> None:
            nonlocal now
            now += takes_s

        lanes: Lanes[int] = Lanes(100, lambda: now)
        for number in range(100):
            await lanes.enter("one", number, wait=False)
            await lanes.enter("other", number, wait=False)
        return await _served(lanes, 100, work=work)

    runs = [len(list(run)) for _, run in groupby(asyncio.run(scene()))]
    assert set(runs[2:-1]) == {in_a_row}


def test_a_carrier_whose_messages_weigh_too_much_rests_until_they_are_written() -> None:
    async def scene() -> list[str]:
        lanes: Lanes[int] = Lanes(100)
        for number in range(20):
            await lanes.enter("heavy", number, wait=False)
            await lanes.enter("other", number, wait=False)
        return await _served(lanes, 6, weight=HEAVIEST // 3 + 1)

    assert sorted(asyncio.run(scene())) == ["heavy"] * 3 + ["other"] * 3


def test_few_messages_fill_a_lane_where_they_are_long() -> None:
    async def scene() -> None:
        lanes: Lanes[int] = Lanes(100)
        await lanes.enter("own", 1, wait=False, size=WAITING_BYTES + 1)
        with pytest.raises(LaneFull):
            await lanes.enter("own", 2, wait=False, size=1)
        await lanes.enter("other", 1, wait=False, size=1)

    asyncio.run(scene())


def test_a_place_is_free_again_once_a_message_is_safe() -> None:
    async def scene() -> list[str]:
        lanes: Lanes[int] = Lanes(1)
        await lanes.enter("own", 1, wait=False)
        await _served(lanes, 1)
        waiting = asyncio.ensure_future(lanes.enter("own", 2, wait=True))
        await asyncio.sleep(0)
        assert not waiting.done()
        lanes.leave("own")
        await waiting
        return await _served(lanes, 1)

    assert asyncio.run(scene()) == ["own"]


class _Busy:
    """A source that takes every place of a carrier and gives none back."""

    def __init__(self) -> None:
        self.all_taken = threading.Event()

    async def run(self, room: Room) -> None:
        await room.intake("own", "driver_app", json.dumps(POSITION).encode(), "application/json")
        places = room._inlet._lanes._lanes["own"].free
        while not places.locked():
            await places.acquire()
        self.all_taken.set()


def test_too_many_messages_of_a_carrier_are_told_to_come_again(tmp_path: Path) -> None:
    busy = _Busy()
    with running_gateway(tmp_path, [busy]) as running, running.client("own") as http:
        assert busy.all_taken.wait(10)
        answer = http.post("/v1/ingest/driver_app", content=json.dumps(POSITION))
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")


def test_health_counts_live_messages_and_their_lag() -> None:
    noon = NOON.timestamp()
    hearing = Hearing({"own": 3}, noon)
    for second in range(1, 21):
        times = [noon + second - 3600, noon + second - 0.4]
        hearing.heard("own", noon + second, times, refused=second % 2)
    health = hearing.health("own", noon + 20, silent=False)
    assert health.lag_s == pytest.approx(0.4)
    assert health.messages_per_s == pytest.approx(1.0)
    assert (health.last_heard, health.refused) == (noon + 20, 13)
    assert hearing.health("own", noon + 200, silent=True).messages_per_s == 0


def test_a_carrier_that_cannot_be_fetched_is_told_where_refusals_are_read(
    tmp_path: Path,
) -> None:
    nowhere = CarrierSettings(id="own", adapter="traccar", url="nowhere")
    settings = GatewaySettings(data=str(tmp_path), port=0, carrier=(nowhere,))
    with running_gateway(tmp_path, settings=settings) as running, running.client() as http:
        asked_until(
            http, "/v1/carriers", lambda answer: any(one["refused"] for one in answer.json())
        )
        running.journal.flush()
        refused = http.get("/v1/refused?carrier=own").json()
    assert "Not fetched" in refused[0]["reason"]
    assert "url" in refused[0]["reason"]
