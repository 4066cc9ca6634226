"""The desktop's live connection against a real gateway socket: nothing missed, nothing doubled."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.feed.rooms import NOON, TOKEN, Desk, Room, a_shift, an_exception, progress
from tests.protocol.proxy import Proxy
from tower.domain.telemetry import Fix
from tower.feed.client import FeedClient
from tower.feed.clock import FollowingClock
from tower.feed.codec import CODECS
from tower.feed.link import Link, Status
from tower.feed.messages import CarrierHealth, EventFilter


@contextlib.asynccontextmanager
async def following(
    url: str, desk: Desk, token: str = TOKEN, **more: object
) -> AsyncIterator[FeedClient]:
    client = FeedClient(url, token, desk, **more)  # type: ignore[arg-type]
    task = asyncio.create_task(client.run())
    try:
        yield client
    finally:
        task.cancel()
        await asyncio.wait([task])


def a_fix(vehicle: str, second: float, lat: float = 47.0) -> Fix:
    return Fix(vehicle_id=vehicle, at=NOON + timedelta(seconds=second), lat=lat, lon=9.5)


@pytest.mark.parametrize("subprotocol", list(CODECS))
def test_a_desktop_shows_what_the_gateway_knows(subprotocol: str) -> None:
    async def shift() -> None:
        room, desk = Room(), Desk()
        room.happen(*a_shift(30))
        room.vehicle_table.update_fixes([a_fix("own:1", 1)])
        room.arrival_table.set(["R-1/3"], [1_700_000_600.0], [60], [120], [0])
        room.carriers = [CarrierHealth("own", NOON.timestamp(), 0.4, 2.0, 3, False)]
        async with room.open() as url, following(url, desk, subprotocol=subprotocol):
            await desk.until(lambda: desk.state == room.state and len(desk.vehicles) == 1)
            room.happen(progress("R-1/3", 0), an_exception(1, "R-1/3"))
            room.vehicle_table.update_fixes([a_fix("own:1", 2, 47.5), a_fix("own:2", 2)])
            await desk.until(lambda: desk.state == room.state and len(desk.vehicles) == 2)
            assert desk.status == "live"
        vehicle = desk.vehicles.row("own:1")
        assert vehicle is not None
        assert vehicle.lat == 47.5
        assert desk.arrivals.row("R-1/3") == room.arrival_table.row("R-1/3")
        assert desk.health == tuple(room.carriers)
        assert desk.epoch == "epoch-1"

    asyncio.run(shift())


def test_a_large_shift_comes_in_parts_that_keep_to_the_limits() -> None:
    async def shift() -> None:
        room, desk = Room(), Desk()
        room.happen(*a_shift(12_000))
        async with room.open() as url, following(url, desk):
            await desk.until(lambda: desk.state.seq == room.state.seq)
        assert desk.state == room.state

    asyncio.run(shift())


def test_a_wrong_token_is_told_and_not_hammered() -> None:
    async def shift() -> None:
        room, desk = Room(), Desk()
        async with room.open() as url, following(url, desk, token="wrong"):
            await desk.until(lambda: desk.status == "refused")
            link = desk.links[-1]
            assert "token" in link.reason
            assert link.retry_in_s is not None
            assert link.retry_in_s >= 15

    asyncio.run(shift())


def test_a_gateway_that_goes_is_noticed_and_found_again_with_the_gap_filled() -> None:
    async def shift() -> None:
        room, desk = Room(), Desk()
        room.happen(*a_shift(10))
        async with room.open() as url:
            pass
        port = int(url.rpartition(":")[2])
        async with following(url, desk):
            await desk.until(lambda: desk.status == "lost")
            async with room.open(port):
                await desk.until(lambda: desk.status == "live" and desk.state == room.state)
            await desk.until(lambda: desk.status == "lost", timeout_s=3)
            room.happen(progress("R-1/1", 0), progress("R-1/1", 1))
            async with room.open(port):
                await desk.until(lambda: desk.state == room.state)
        assert desk.replacements == 1
        assert desk.seqs == [12, 13]

    asyncio.run(shift())


def test_another_journal_replaces_the_state() -> None:
    async def shift() -> None:
        desk, first, second = Desk(), Room("epoch-1"), Room("epoch-2")
        first.happen(*a_shift(10))
        second.happen(*a_shift(3, "R-9"))
        async with first.open() as url:
            port = int(url.rpartition(":")[2])
            task = asyncio.create_task(FeedClient(url, TOKEN, desk).run())
            await desk.until(lambda: desk.state == first.state)
        async with second.open(port):
            await desk.until(lambda: desk.epoch == "epoch-2")
            assert desk.state == second.state
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(shift())


def test_who_was_away_for_long_is_served_from_the_journal() -> None:
    async def shift() -> None:
        room, desk = Room(), Desk()
        room.happen(*a_shift(5))
        async with room.open() as url:
            port = int(url.rpartition(":")[2])
            task = asyncio.create_task(FeedClient(url, TOKEN, desk).run())
            await desk.until(lambda: desk.state == room.state)
        room.happen(*(progress("R-1/1", n) for n in range(9_000)))
        async with room.open(port):
            await desk.until(lambda: desk.state.seq == room.state.seq)
        task.cancel()
        await asyncio.wait([task])
        assert desk.replacements == 1
        assert desk.seqs == list(range(7, 9_007))
        assert room.journal.reads > 1

    asyncio.run(shift())


def test_who_was_away_for_too_long_gets_a_snapshot() -> None:
    async def shift() -> None:
        room, desk = Room(), Desk()
        room.happen(*a_shift(5))
        async with room.open() as url:
            port = int(url.rpartition(":")[2])
            task = asyncio.create_task(FeedClient(url, TOKEN, desk).run())
            await desk.until(lambda: desk.state == room.state)
        room.happen(*(progress("R-1/1", n) for n in range(50)))
        del room.journal.events[:30]
        async with room.open(port):
            await desk.until(lambda: desk.replacements == 2)
        task.cancel()
        await asyncio.wait([task])
        assert desk.state == room.state

    asyncio.run(shift())


def test_a_desktop_follows_the_gateways_clock_at_its_speed() -> None:
    async def shift() -> None:
        room, desk = Room(rate=60.0), Desk()
        clock = FollowingClock(0.0)
        async with room.open() as url, following(url, desk, clock=clock):
            await desk.until(lambda: desk.status == "live" and desk.links[-1].lag_s is not None)
            assert clock.rate == 60.0
            assert abs(clock.time() - room.clock.time()) < 60.0

    asyncio.run(shift())


def test_a_filtered_desktop_hears_its_routes_and_every_exception() -> None:
    async def shift() -> None:
        room, desk = Room(), Desk()
        room.happen(*a_shift(4, "R-1"), *a_shift(4, "R-2"))
        wanted = EventFilter(routes=("R-2",))
        async with room.open() as url, following(url, desk, wanted=wanted):
            await desk.until(lambda: bool(desk.state.stops))
            assert {stop.route_id for stop in desk.state.stops.values()} == {"R-2"}
            room.happen(
                progress("R-1/0", 0),
                progress("R-2/0", 0, "R-2"),
                an_exception(1, "R-1/0"),
                progress("R-1/1", 0),
                progress("R-2/1", 1, "R-2"),
            )
            await desk.until(lambda: len(desk.seqs) == 3)
        assert desk.seqs == [12, 13, 15]

    asyncio.run(shift())


class Drops:
    """A proxy that cuts every connection after a few bytes, by chance, or holds everything up."""

    def __init__(self, target: str, chance: random.Random) -> None:
        self._port = int(target.rpartition(":")[2])
        self._chance = chance
        self.cuts = 0
        self.faithful = False
        self.flowing = asyncio.Event()
        self.flowing.set()

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._on_connect, "127.0.0.1", 0)
        async with server:
            yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _on_connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, forth = await asyncio.open_connection("127.0.0.1", self._port)
        left = [self._chance.choice([50, 400, 2_000, 20_000, 60_000])]

        async def pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            while data := await source.read(4_096):
                left[0] -= len(data)
                if left[0] < 0 and not self.faithful:
                    self.cuts += 1
                    return
                await self.flowing.wait()
                target.write(data)
                await target.drain()

        pumps = [asyncio.create_task(pump(reader, forth)), asyncio.create_task(pump(back, writer))]
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for task in pumps:
            task.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
        for end in (forth, writer):
            end.transport.abort()


@pytest.mark.parametrize("seed", range(4))
def test_connections_that_break_anywhere_lose_nothing_and_double_nothing(seed: int) -> None:
    chance = random.Random(seed)

    async def shift() -> None:
        room, desk = Room(), Desk()
        room.happen(*a_shift(300))
        async with room.open() as gateway:
            drops = Drops(gateway, chance)
            async with drops.open() as url, following(url, desk, chance=lambda: 0.01):
                step = 0
                while drops.cuts < 8 or step < 30:
                    step += 1
                    room.happen(*(progress(f"R-1/{chance.randrange(300)}", step) for _ in range(9)))
                    room.vehicle_table.update_fixes(
                        [a_fix(f"own:{chance.randrange(40)}", step) for _ in range(20)]
                    )
                    await asyncio.wait_for(desk._changed.wait(), 20)
                    desk._changed.clear()
                drops.faithful = True
                await desk.until(lambda: desk.state.seq == room.state.seq)
                await desk.until(lambda: desk.vehicles.version == room.vehicle_table.version)
        assert desk.state == room.state
        assert desk.seqs == list(range(room.state.seq - len(desk.seqs) + 1, room.state.seq + 1))
        for vehicle_id in room.vehicle_table.ids:
            row, fix = desk.vehicles.row(vehicle_id), room.vehicle_table.position(vehicle_id)
            assert row is not None
            assert fix is not None
            assert row.at == fix.at

    asyncio.run(shift())


def test_a_network_that_falls_silent_shows_within_three_seconds_and_recovers() -> None:
    async def shift() -> None:
        room, desk = Room(), Desk()
        async with room.open() as gateway:
            network = Drops(gateway, random.Random(1))
            network.faithful = True
            async with network.open() as url, following(url, desk):
                await desk.until(lambda: desk.status == "live")
                network.flowing.clear()
                await desk.until(lambda: desk.status == "stale", timeout_s=3.0)
                room.happen(*a_shift(3))
                network.flowing.set()
                await desk.until(lambda: desk.status == "live" and desk.state == room.state)
        assert desk.replacements == 1, "the connection was kept"

    asyncio.run(shift())


def test_retrying_now_does_not_wait_for_the_back_off() -> None:
    async def shift() -> None:
        room, desk = Room(), Desk()
        async with room.open() as url:
            port = int(url.rpartition(":")[2])
        async with following(url, desk, chance=lambda: 0.999) as client:
            await desk.until(lambda: bool(desk.links) and (desk.links[-1].retry_in_s or 0.0) > 1.0)
            async with room.open(port):
                client.retry_now()
                await desk.until(lambda: desk.status == "live", timeout_s=1.0)

    asyncio.run(shift())


def test_a_socket_that_gets_through_brings_the_other_along() -> None:
    async def shift() -> None:
        room, desk = Room(), Desk()
        room.happen(*a_shift(3))
        async with room.open() as url:
            port = int(url.rpartition(":")[2])
        patient: set[object] = set()

        def chance() -> float:
            """The first of the two lines to wait waits for ever, the other not at all."""
            task = asyncio.current_task()
            patient.update([task] if not patient else [])
            return 1e6 if task in patient else 0.001

        async with following(url, desk, chance=chance):
            await desk.until(lambda: bool(desk.links) and (desk.links[-1].retry_in_s or 0) > 1e4)
            async with room.open(port):
                await desk.until(lambda: desk.status == "live" and desk.state == room.state)

    asyncio.run(shift())


def test_a_feed_that_comes_late_is_said_to_be_late_however_long_that_lasts() -> None:
    async def shift() -> None:
        room, desk = Room(), Desk()
        clock = FollowingClock(NOON.timestamp())
        async with room.open() as url:
            with Proxy(int(url.rpartition(":")[2])) as network:
                network.delay(0.4)
                there = f"ws://127.0.0.1:{network.port}"
                async with following(there, desk, clock=clock) as client:
                    await desk.until(lambda: (client.link.lag_s or 0.0) >= 0.4)
                    network.mend()
                    await desk.until(lambda: (client.link.lag_s or 0.0) < 0.2)

    asyncio.run(shift())


@pytest.mark.parametrize(
    ("status", "lag_s", "late"),
    [("live", 2.0, True), ("live", 0.3, False), ("live", None, False), ("lost", 9.0, False)],
)
def test_only_a_live_feed_is_late(status: Status, lag_s: float | None, late: bool) -> None:
    assert Link(status=status, lag_s=lag_s).is_late is late
