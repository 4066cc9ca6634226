"""Following a Traccar server: sign-in, live positions, lost connections and their gaps."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from plugins.traccar import adapter
from plugins.traccar.pull import follow
from tests.carriers.shift import NOW, Room, StandingClock
from tests.plugins.traccar_server import TOKEN, TraccarServer
from tower.carriers.backoff import Backoff
from tower.carriers.port import PullConfig, PullError
from tower.domain.telemetry import Fix

PATIENCE_S = 20.0


class Gateway:
    """Takes messages in as the gateway does, and lets a test wait for what they bring."""

    def __init__(self) -> None:
        self.room = Room()
        self.fixes: list[Fix] = []
        self.refused: list[str] = []
        self._changed = asyncio.Condition()

    async def emit(self, payload: bytes, content_type: str) -> None:
        assert content_type == "application/json"
        intake = self.room.hear(adapter, payload)
        async with self._changed:
            self.fixes += intake.fixes
            self.refused += [refusal.reason for refusal in intake.refusals]
            self._changed.notify_all()

    async def until(self, seen: Callable[[], bool]) -> None:
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(seen), PATIENCE_S)

    def times_of(self, vehicle_id: str) -> list[datetime]:
        return [fix.at for fix in self.fixes if fix.vehicle_id == vehicle_id]


def config(server: TraccarServer, token: str = TOKEN) -> PullConfig:
    return PullConfig(carrier_id="own", clock=StandingClock(), url=server.url, token=token)


def at_once() -> Backoff:
    return Backoff(chance=lambda: 0.0)


@asynccontextmanager
async def following(server: TraccarServer, gateway: Gateway) -> AsyncIterator[None]:
    task = asyncio.create_task(follow(config(server), gateway.emit, at_once()))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def played(scene: Callable[[TraccarServer, Gateway], Awaitable[None]]) -> None:
    async def play() -> None:
        server = TraccarServer()
        server.add_device(17, "van-1")
        async with server.running():
            await scene(server, Gateway())

    asyncio.run(play())


def minutes(count: float) -> datetime:
    return NOW + timedelta(minutes=count)


def test_positions_arrive_under_the_names_owners_gave_their_devices() -> None:
    async def scene(server: TraccarServer, gateway: Gateway) -> None:
        server.record(17, minutes(-9), 47.1, 9.5, knots=20)
        async with following(server, gateway):
            await gateway.until(lambda: len(gateway.fixes) == 1)
            await asyncio.wait_for(server.followed.wait(), PATIENCE_S)
            await server.report(17, minutes(-8), 47.2, 9.5)
            await gateway.until(lambda: len(gateway.fixes) == 2)
        assert {fix.vehicle_id for fix in gateway.fixes} == {"own:van-1"}
        assert gateway.fixes[0].speed_mps == pytest.approx(10.289, abs=1e-3)
        assert gateway.fixes[1].lat == 47.2
        assert gateway.room.state.vehicles["own:van-1"].value.label == "Van-1"

    played(scene)


def test_a_lost_connection_is_made_again_and_its_gap_is_closed() -> None:
    async def scene(server: TraccarServer, gateway: Gateway) -> None:
        server.record(17, minutes(-9), 47.1, 9.5)
        async with following(server, gateway):
            await gateway.until(lambda: len(gateway.fixes) == 1)
            await asyncio.wait_for(server.followed.wait(), PATIENCE_S)
            for minute in (-8, -7, -6):  # while nobody hears it
                server.record(17, minutes(minute), 47.1, 9.5 + minute / 100)
            await server.hang_up()
            await asyncio.wait_for(server.followed.wait(), PATIENCE_S)
            await gateway.until(lambda: minutes(-6) in gateway.times_of("own:van-1"))
            await server.report(17, minutes(-5), 47.1, 9.5)
            await gateway.until(lambda: minutes(-5) in gateway.times_of("own:van-1"))
        heard = sorted(set(gateway.times_of("own:van-1")))
        assert heard == [minutes(minute) for minute in (-9, -8, -7, -6, -5)]
        assert gateway.refused == []

    played(scene)


def test_devices_that_stood_still_are_not_asked_about_after_a_gap() -> None:
    async def scene(server: TraccarServer, gateway: Gateway) -> None:
        server.record(17, minutes(-9), 47.1, 9.5)
        async with following(server, gateway):
            await gateway.until(lambda: len(gateway.fixes) == 1)
            await asyncio.wait_for(server.followed.wait(), PATIENCE_S)
            await server.hang_up()
            await gateway.until(lambda: len(gateway.fixes) == 2)
        assert server.asked.count("/api/positions") == 2

    played(scene)


def test_a_device_added_while_we_listen_comes_in_under_its_own_name() -> None:
    async def scene(server: TraccarServer, gateway: Gateway) -> None:
        async with following(server, gateway):
            await asyncio.wait_for(server.caught_up.wait(), PATIENCE_S)
            server.add_device(18, "van-2")
            await server.stream({})
            await server.report(18, minutes(-1), 47.1, 9.5)
            await gateway.until(lambda: len(gateway.fixes) == 1)
        assert gateway.fixes[0].vehicle_id == "own:van-2"

    played(scene)


def test_a_long_gap_of_a_busy_device_is_closed_whole() -> None:
    async def scene(server: TraccarServer, gateway: Gateway) -> None:
        server.record(17, minutes(-600), 47.1, 9.5)
        async with following(server, gateway):
            await gateway.until(lambda: len(gateway.fixes) == 1)
            await asyncio.wait_for(server.followed.wait(), PATIENCE_S)
            for number in range(9_000):  # more than the mebibyte one message may have
                server.record(17, minutes(-599 + number / 20), 47.1, 9.5)
            await server.hang_up()
            await gateway.until(lambda: minutes(-599 + 8_999 / 20) in gateway.times_of("own:van-1"))
        assert len(set(gateway.times_of("own:van-1"))) == 9_001
        assert gateway.refused == []

    played(scene)


def test_a_large_fleets_positions_in_one_websocket_message_come_through() -> None:
    async def scene(server: TraccarServer, gateway: Gateway) -> None:
        many = [server.record(17, minutes(-60 + n / 200), 47.1, 9.5) for n in range(9_000)]
        server.positions.clear()
        async with following(server, gateway):
            await asyncio.wait_for(server.caught_up.wait(), PATIENCE_S)
            await server.stream({"positions": many})
            await gateway.until(lambda: len(gateway.fixes) == len(many))
        assert gateway.refused == []
        assert server.asked.count("/api/socket") == 1

    played(scene)


def test_a_device_the_server_does_not_list_is_asked_about_once() -> None:
    async def scene(server: TraccarServer, gateway: Gateway) -> None:
        async with following(server, gateway):
            await asyncio.wait_for(server.caught_up.wait(), PATIENCE_S)
            for second in range(5):
                await server.report(99, minutes(second / 60), 47.1, 9.5)
            await gateway.until(lambda: len(gateway.fixes) == 5)
        assert {fix.vehicle_id for fix in gateway.fixes} == {"own:99"}
        assert server.asked.count("/api/devices") == 2

    played(scene)


def test_alarms_come_through_the_websocket(caplog: pytest.LogCaptureFixture) -> None:
    async def scene(server: TraccarServer, gateway: Gateway) -> None:
        event = {"type": "deviceOffline", "deviceId": 17, "eventTime": minutes(-1).isoformat()}
        async with following(server, gateway):
            await asyncio.wait_for(server.followed.wait(), PATIENCE_S)
            await server.stream({"events": [event]})
            await gateway.until(lambda: bool(gateway.room.state.exceptions))
        (record,) = gateway.room.state.exceptions.values()
        assert record.finding is not None
        assert record.finding.subject.vehicle_id == "own:van-1"

    with caplog.at_level(logging.INFO):
        played(scene)
    assert TOKEN not in caplog.text


def test_a_wrong_token_is_told_and_not_tried_for_ever() -> None:
    async def scene(server: TraccarServer, gateway: Gateway) -> None:
        with pytest.raises(PullError, match="does not accept the carrier's token") as told:
            await follow(config(server, token="stolen"), gateway.emit, at_once())
        assert "stolen" not in str(told.value)
        assert "stolen" not in repr(config(server, token="stolen"))

    played(scene)


def test_a_server_that_is_down_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        server = TraccarServer()
        async with server.running():
            gone = config(server)
        waits: list[float] = []
        tried_enough = asyncio.Event()

        class Noted(Backoff):
            async def wait(self) -> None:
                waits.append(self.next_wait())
                if len(waits) == 3:
                    tried_enough.set()
                await asyncio.sleep(0)

        task = asyncio.create_task(follow(gone, Gateway().emit, Noted(0.5, chance=lambda: 1.0)))
        await asyncio.wait_for(tried_enough.wait(), PATIENCE_S)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert waits[:3] == [0.5, 1.0, 2.0]

    asyncio.run(play())
    assert "connecting again" in caplog.text


@pytest.mark.parametrize("url", ["", "traccar.example.com", "ftp://host"])
def test_an_address_that_cannot_work_is_told_at_once(url: str) -> None:
    settings = PullConfig(carrier_id="own", clock=StandingClock(), url=url)

    async def emit(_payload: bytes, _content_type: str) -> None:
        pytest.fail("nothing can come from there")

    with pytest.raises(PullError, match="https://host"):
        asyncio.run(follow(settings, emit))
