"""The gateway's live sockets as other people's programs meet them."""

import asyncio
import json
import socket
import time
from collections.abc import Awaitable, Callable
from typing import Any

import jsonschema
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.feed.rooms import NOON, TOKEN, Room, a_shift, an_exception, progress
from tower.domain.telemetry import Fix
from tower.feed.asyncapi import JsonObject, asyncapi_document
from tower.feed.codec import CODECS
from tower.feed.messages import Ack, CarrierHealth, EventsHello, EventsResume, VehiclesHello
from tower.feed.sections import Frame
from tower.gateway.sockets import EVENTS_PATH, VEHICLES_PATH

BOTH = pytest.mark.parametrize("path", [EVENTS_PATH, VEHICLES_PATH])
LET_IN = {"Authorization": f"Bearer {TOKEN}"}


def upgrade(url: str, *subprotocols: str, headers: dict[str, str] | None = None) -> connect:
    return connect(
        url,
        subprotocols=list(subprotocols or ("tower.v1",)),  # type: ignore[arg-type]
        additional_headers=LET_IN if headers is None else headers,
        compression=None,
        proxy=None,
    )


def in_a_room(visit: Callable[[Room, str], Awaitable[None]], **more: Any) -> Room:  # noqa: ANN401
    async def shift() -> Room:
        room = Room()
        room.happen(*a_shift(5))
        async with room.open(**more) as url:
            await visit(room, url)
        return room

    return asyncio.run(shift())


@BOTH
@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}]
)
def test_without_a_good_token_there_is_no_upgrade(path: str, headers: dict[str, str]) -> None:
    async def visit(_room: Room, url: str) -> None:
        with pytest.raises(InvalidStatus) as refused:
            await upgrade(url + path, headers=headers)
        assert refused.value.response.status_code == 401
        assert "bearer token" in json.loads(refused.value.response.body)["message"]

    in_a_room(visit)


@BOTH
def test_a_token_in_the_address_does_not_count(path: str) -> None:
    async def visit(_room: Room, url: str) -> None:
        with pytest.raises(InvalidStatus) as refused:
            await upgrade(f"{url}{path}?token={TOKEN.replace(' ', '+')}", headers={})
        assert refused.value.response.status_code == 401

    in_a_room(visit)


@BOTH
def test_without_a_version_in_common_there_is_no_upgrade(path: str) -> None:
    async def visit(_room: Room, url: str) -> None:
        with pytest.raises(InvalidStatus) as refused:
            await upgrade(url + path, "tower.v9", "chat")
        assert refused.value.response.status_code == 400
        assert "tower.v1" in json.loads(refused.value.response.body)["message"]

    in_a_room(visit)


@BOTH
@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"\xc1", 4400),
        ("{}", 4400),
        (b"\x00" * (64 * 1024), 4400),
        (b"\x00" * (65 * 1024), 1009),
        (CODECS["tower.v1"].encode({"type": "ü" * 5_000}), 4400),
    ],
)
def test_a_hostile_message_closes_with_its_reason(
    path: str, message: bytes | str, code: int
) -> None:
    async def visit(_room: Room, url: str) -> None:
        async with upgrade(url + path) as websocket:
            await websocket.send(message)
            with pytest.raises(ConnectionClosed) as closed:
                await websocket.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == code
            if code == 4400:
                assert closed.value.rcvd.reason
        async with upgrade(url + path) as websocket:
            await websocket.send(CODECS["tower.v1"].encode(EventsHello()))
            assert await websocket.recv(), "the next desktop is served as if nothing had been"

    in_a_room(visit)


def test_a_token_taken_back_ends_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tower.gateway.sockets.TOKEN_CHECK_S", 0.1)

    async def visit(room: Room, url: str) -> None:
        async with upgrade(url + VEHICLES_PATH) as websocket:
            await websocket.send(CODECS["tower.v1"].encode(VehiclesHello()))
            await websocket.recv()
            room.tokens.clear()
            with pytest.raises(ConnectionClosed) as closed:
                await _hear(websocket, 1_000, lambda _: None)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4401

    in_a_room(visit)


def test_a_desktop_that_stops_reading_is_cut_off_and_the_others_go_on() -> None:
    async def visit(room: Room, url: str) -> None:
        host, _, port = url.removeprefix("ws://").partition(":")
        stalled = await _stalled(host, int(port))
        async with upgrade(url + VEHICLES_PATH) as websocket:
            await websocket.send(CODECS["tower.v1"].encode(VehiclesHello()))
            served = told = 0
            assert room.sockets is not None
            async with asyncio.timeout(30):
                while room.sockets.connections == 2 or not served:
                    told += 1
                    room.vehicle_table.update_fixes(_fleet(20_000, told))
                    heard = CODECS["tower.v1"].vehicles_from_server(await websocket.recv())
                    served += isinstance(heard, Frame)
                    await websocket.send(CODECS["tower.v1"].encode(Ack(frames=served)))
            assert served > 3
            assert room.sockets.closings == {4408: 1}
        stalled.close()

    in_a_room(visit, monotonic=_quick())


def _quick() -> Callable[[], float]:
    """A clock for the protocol's waits that runs at four times the wall's speed."""
    began = time.monotonic()
    return lambda: began + (time.monotonic() - began) * 4


def test_a_journal_that_cannot_be_read_is_said_and_the_desktop_comes_again() -> None:
    async def visit(room: Room, url: str) -> None:
        room.happen(*(progress("R-1/1", n) for n in range(5_000)))
        room.journal.broken = True
        async with upgrade(url + EVENTS_PATH) as websocket:
            place = EventsResume(epoch="epoch-1", seq=6)
            await websocket.send(CODECS["tower.v1"].encode(EventsHello(resume=place)))
            with pytest.raises(ConnectionClosed) as closed:
                await _hear(websocket, 3, lambda _: None)
            assert closed.value.rcvd is not None
            assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1011, "The disk is gone.")

    in_a_room(visit)


async def _stalled(host: str, port: int) -> socket.socket:
    """A desktop that said hello and never reads."""
    loop = asyncio.get_running_loop()
    end = socket.socket()
    end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    end.setblocking(False)
    await loop.sock_connect(end, (host, port))
    request = (
        f"GET {VEHICLES_PATH} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\n"
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: tower.v1\r\n"
        f"Authorization: Bearer {TOKEN}\r\n\r\n"
    )
    await loop.sock_sendall(end, request.encode())
    assert b"101" in await loop.sock_recv(end, 1_024)
    hello = CODECS["tower.v1"].encode(VehiclesHello())
    await loop.sock_sendall(end, bytes([0x82, 0x80 | len(hello), 0, 0, 0, 0]) + hello)
    return end


def _fleet(count: int, second: float) -> list[Fix]:
    at = NOON.fromtimestamp(NOON.timestamp() + second, NOON.tzinfo)
    return [Fix(vehicle_id=f"own:{n}", at=at, lat=47.0, lon=9.0) for n in range(count)]


def _message_schema(document: JsonObject, name: str) -> JsonObject:
    """The JSON Schema of one message, complete in itself."""
    payload: JsonObject = document["components"]["messages"][name]["payload"]
    return {**payload, "components": {"schemas": document["components"]["schemas"]}}


def test_what_is_sent_is_what_the_asyncapi_document_says() -> None:
    document = asyncapi_document()
    kinds: set[str] = set()

    def check(channel: str, text: str | bytes) -> None:
        message = json.loads(text)
        (name,) = [
            name
            for name in document["operations"][f"tell_{channel}"]["messages"]
            for name in [name["$ref"].rpartition("/")[2]]
            if document["components"]["messages"][name]["name"] == message["type"]
        ]
        jsonschema.validate(message, _message_schema(document, name))
        kinds.add(name)

    async def visit(room: Room, url: str) -> None:
        room.carriers = [CarrierHealth("own", None, 0.5, 1.0, 0, False)]
        room.vehicle_table.update_fixes(_fleet(3, 1))
        room.arrival_table.set(["R-1/1"], [NOON.timestamp()], [10], [20], [1])
        async with (
            upgrade(url + EVENTS_PATH, "tower.v1.json") as events,
            upgrade(url + VEHICLES_PATH, "tower.v1.json") as vehicles,
        ):
            for websocket in (events, vehicles):
                await websocket.send('{"type": "hello"}')
            await _hear(events, 2, lambda text: check("events", text))
            room.happen(progress("R-1/1", 2), an_exception(1, "R-1/1"))
            await _hear(events, 2, lambda text: check("events", text))
            await _hear(vehicles, 4, lambda text: check("vehicles", text))

    in_a_room(visit, monotonic=_quick())
    assert kinds == {
        "EventsWelcome",
        "Snapshot",
        "Events",
        "EventsHeartbeat",
        "VehiclesWelcome",
        "Frame",
        "VehiclesHeartbeat",
    }


async def _hear(
    websocket: ClientConnection, count: int, check: Callable[[str | bytes], None]
) -> None:
    async with asyncio.timeout(15):
        for _ in range(count):
            check(await websocket.recv())


def test_the_asyncapi_document_is_whole() -> None:
    document = asyncapi_document()
    text = json.dumps(document)
    for reference in _references(document):
        node: Any = document
        for step in reference.removeprefix("#/").split("/"):
            node = node[step.replace("~1", "/")]
    assert "open sesame" not in text
    assert {channel["address"] for channel in document["channels"].values()} == {
        EVENTS_PATH,
        VEHICLES_PATH,
    }


def _references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [one for value in node.values() for one in _references(value)]
    if isinstance(node, list):
        return [one for value in node for one in _references(value)]
    return []
