"""Feeds that are fetched: asked politely, or played again from recordings."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from google.transit.gtfs_realtime_pb2 import FeedMessage
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from plugins.gtfs_realtime import adapter
from plugins.gtfs_realtime.polling import poll
from plugins.gtfs_realtime.recording import played
from tests.carriers.shift import NOW, StandingClock
from tests.plugins.test_gtfs_realtime import a_feed, add_vehicle
from tower.carriers.backoff import Backoff
from tower.carriers.port import LARGEST_PAYLOAD, PullConfig, PullError

PATIENCE_S = 20.0


class Heard:
    """What was passed on, and a way to wait for it."""

    def __init__(self) -> None:
        self.payloads: list[bytes] = []
        self._changed = asyncio.Condition()

    async def emit(self, payload: bytes, content_type: str) -> None:
        assert content_type == "application/x-protobuf"
        async with self._changed:
            self.payloads.append(payload)
            self._changed.notify_all()

    async def until(self, count: int) -> None:
        async with self._changed:
            enough = self._changed.wait_for(lambda: len(self.payloads) >= count)
            await asyncio.wait_for(enough, PATIENCE_S)


class PlayedClock(StandingClock):
    """Moves on by being slept on, so that no test waits."""

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class FeedServer:
    """Serves one feed with an entity tag; answers of other kinds come first where asked for."""

    def __init__(self) -> None:
        self.feed = b""
        self.tag = '"1"'
        self.statuses: list[HTTPStatus] = []
        self.conditions: list[str | None] = []
        self.asked = asyncio.Condition()
        self._server: Server | None = None

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{next(iter(self._server.sockets)).getsockname()[1]}/vp.pb"

    @asynccontextmanager
    async def running(self) -> AsyncIterator["FeedServer"]:
        async with serve(self._never, "127.0.0.1", 0, process_request=self._answer) as server:
            self._server = server
            yield self

    async def until_asked(self, times: int) -> None:
        async with self.asked:
            enough = self.asked.wait_for(lambda: len(self.conditions) >= times)
            await asyncio.wait_for(enough, PATIENCE_S)

    async def _never(self, _connection: ServerConnection) -> None:
        raise AssertionError("a feed is fetched over HTTP")

    async def _answer(self, _connection: ServerConnection, request: Request) -> Response:
        async with self.asked:
            self.conditions.append(request.headers.get("If-None-Match"))
            self.asked.notify_all()
        if self.statuses:
            return self._response(self.statuses.pop(0), b"")
        if request.headers.get("If-None-Match") == self.tag:
            return self._response(HTTPStatus.NOT_MODIFIED, b"")
        return self._response(HTTPStatus.OK, self.feed)

    def _response(self, status: HTTPStatus, body: bytes) -> Response:
        headers = Headers([("ETag", self.tag), ("Connection", "close")])
        headers["Content-Length"] = str(len(body))
        return Response(status.value, status.phrase, headers, body)


@asynccontextmanager
async def polling(server: FeedServer, heard: Heard) -> AsyncIterator["asyncio.Task[None]"]:
    config = PullConfig(carrier_id="own", clock=StandingClock(), url=server.url, poll_s=0.0)
    at_once = Backoff(chance=lambda: 0.0)
    task = asyncio.create_task(poll(config, heard.emit, at_once))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def feed_with(*references: str, at: datetime = NOW) -> bytes:
    feed = a_feed(at)
    for reference in references:
        add_vehicle(feed, reference)
    return feed.SerializeToString()


def test_an_unchanged_feed_is_not_passed_on_twice() -> None:
    async def play() -> None:
        server, heard = FeedServer(), Heard()
        server.feed = feed_with("bus-1")
        async with server.running(), polling(server, heard):
            await server.until_asked(4)
            assert len(heard.payloads) == 1
            server.feed, server.tag = feed_with("bus-1", "bus-2"), '"2"'
            await heard.until(2)
        assert server.conditions[:2] == [None, '"1"']
        assert heard.payloads[-1] == server.feed

    asyncio.run(play())


def test_a_service_in_trouble_is_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        server, heard = FeedServer(), Heard()
        server.feed = feed_with("bus-1")
        server.statuses = [HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.BAD_GATEWAY]
        async with server.running(), polling(server, heard):
            await heard.until(1)

    asyncio.run(play())
    assert "trying again" in caplog.text


def test_a_service_that_denies_access_is_told() -> None:
    async def play() -> None:
        server, heard = FeedServer(), Heard()
        server.statuses = [HTTPStatus.FORBIDDEN]
        async with server.running(), polling(server, heard) as task:
            with pytest.raises(PullError, match="check the carrier's token"):
                await asyncio.wait_for(task, PATIENCE_S)

    asyncio.run(play())


def test_an_endless_answer_is_not_read_to_its_end() -> None:
    async def play() -> None:
        server, heard = FeedServer(), Heard()
        server.feed = b"\x00" * (8 * LARGEST_PAYLOAD)
        async with server.running(), polling(server, heard):
            await heard.until(1)
        assert LARGEST_PAYLOAD < len(heard.payloads[0]) < 2 * LARGEST_PAYLOAD

    asyncio.run(play())


def replayed(
    path: Path, *, speed: float = 1.0, to_present: bool = True, rounds: int = 0
) -> list[FeedMessage]:
    """Play a recording to its end, or as many times round as wanted."""
    clock = PlayedClock()
    config = PullConfig(
        carrier_id="own",
        clock=clock,
        path=str(path),
        speed=speed,
        to_present=to_present,
        loop=rounds > 0,
        poll_s=30.0,
    )

    async def play() -> list[bytes]:
        payloads = []
        async with aclosing(played(config, clock.sleep)) as feeds:
            async for payload in feeds:
                payloads.append(payload)
                if len(payloads) == rounds:
                    break
        return payloads

    return [FeedMessage.FromString(payload) for payload in asyncio.run(play())]


LONG_AGO = datetime(2022, 11, 16, 16, 13, tzinfo=UTC)


def test_a_folder_of_recordings_is_played_in_order_as_of_now(tmp_path: Path) -> None:
    for name, minute in (("b", 0), ("a", 1), ("c", 2)):
        at = LONG_AGO + timedelta(minutes=minute)
        (tmp_path / f"{name}.pb").write_bytes(feed_with(f"bus-{minute}", at=at))
    (tmp_path / "readme.txt").write_text("not a feed")
    feeds = replayed(tmp_path)
    assert [feed.entity[0].vehicle.vehicle.id for feed in feeds] == ["bus-0", "bus-1", "bus-2"]
    times = [feed.header.timestamp for feed in feeds]
    assert times[0] == NOW.timestamp()
    assert [time - times[0] for time in times] == [0, 60, 120]
    ages = [feed.header.timestamp - feed.entity[0].vehicle.timestamp for feed in feeds]
    assert ages == [10, 10, 10]


def test_a_recording_may_be_played_faster(tmp_path: Path) -> None:
    for minute in (0, 1):
        at = LONG_AGO + timedelta(minutes=minute)
        (tmp_path / f"{minute}.pb").write_bytes(feed_with("bus-1", at=at))
    first, second = replayed(tmp_path, speed=6.0)
    assert second.header.timestamp - first.header.timestamp == 10


def test_a_recording_keeps_its_own_times_if_wanted(tmp_path: Path) -> None:
    (tmp_path / "one.pb").write_bytes(feed_with("bus-1", at=LONG_AGO))
    (feed,) = replayed(tmp_path / "one.pb", to_present=False)
    assert feed.header.timestamp == LONG_AGO.timestamp()


def test_a_recording_whose_header_has_no_time_goes_by_its_newest_vehicle(tmp_path: Path) -> None:
    for minute in (0, 1):
        feed = a_feed(LONG_AGO + timedelta(minutes=minute))
        add_vehicle(feed)
        feed.header.ClearField("timestamp")
        (tmp_path / f"{minute}.pb").write_bytes(feed.SerializeToString())
    first, second = replayed(tmp_path)
    assert first.entity[0].vehicle.timestamp == NOW.timestamp()
    assert second.entity[0].vehicle.timestamp == NOW.timestamp() + 60


def test_times_that_cannot_be_do_not_hold_a_recording_up(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name, header, vehicle in (("a", 0, 0), ("b", 1 << 62, 0), ("c", None, (1 << 64) - 1)):
        feed = a_feed(LONG_AGO)
        add_vehicle(feed, name).timestamp = vehicle
        if header is not None:
            feed.header.timestamp = header
        (tmp_path / f"{name}.pb").write_bytes(feed.SerializeToString())
    (played_one,) = replayed(tmp_path)
    assert played_one.entity[0].vehicle.vehicle.id == "c"
    assert played_one.header.timestamp == NOW.timestamp()
    assert "without any time" in caplog.text
    assert "b.pb" in caplog.text


def test_a_recording_may_go_round(tmp_path: Path) -> None:
    (tmp_path / "one.pb").write_bytes(feed_with("bus-1", at=LONG_AGO))
    times = [feed.header.timestamp for feed in replayed(tmp_path, rounds=3)]
    assert [time - times[0] for time in times] == [0, 30, 60]


def test_a_recording_is_passed_on_by_the_adapter(tmp_path: Path) -> None:
    (tmp_path / "one.pb").write_bytes(feed_with("bus-1", at=LONG_AGO))

    async def play() -> list[bytes]:
        heard = Heard()
        config = PullConfig(carrier_id="own", clock=StandingClock(), path=str(tmp_path))
        await adapter.pull(config, heard.emit)
        return heard.payloads

    (payload,) = asyncio.run(play())
    assert FeedMessage.FromString(payload).header.timestamp == NOW.timestamp()


def _nothing(_folder: Path) -> None:
    """Leaves the folder empty."""


def _rubbish(folder: Path) -> None:
    (folder / "bad.pb").write_bytes(b"\xff" * 40)
    (folder / "headless.pb").write_bytes(b"")
    (folder / "huge.pb").write_bytes(b"\x00" * ((1 << 20) + 1))


@pytest.mark.parametrize("fill", [_nothing, _rubbish])
def test_a_folder_without_a_recording_is_told(tmp_path: Path, fill: Callable[[Path], None]) -> None:
    fill(tmp_path)
    with pytest.raises(PullError, match="holds no GTFS-realtime recording"):
        replayed(tmp_path)


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PullError, match="There is no recording at"):
        replayed(tmp_path / "nowhere.pb")


def test_neither_address_nor_path_is_told() -> None:
    async def emit(_payload: bytes, _content_type: str) -> None:
        pytest.fail("nothing can come from there")

    with pytest.raises(PullError, match="url to poll or a path"):
        asyncio.run(adapter.pull(PullConfig(carrier_id="own", clock=StandingClock()), emit))
