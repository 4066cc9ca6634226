"""Good messages of every carrier format, each about a vehicle of its own, and damage to them."""

import json
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from google.transit.gtfs_realtime_pb2 import FeedMessage

_NASTY = (
    b"",
    b"null",
    b"-1",
    b"1e400",
    b"9" * 400,
    b"{}",
    b"[",
    b'"',
    b"\\ud800",
    b"\x00",
    b"\xff\xfe",
    b"NaN",
    b"0001-01-01T00:00:00+23:59",
)


class Format(NamedTuple):
    """One format.

    Attributes:
        adapter: the adapter's name; the carrier of the drill is called so, too.
        media: its media type.
        make: the bytes of a message about this vehicle.
    """

    adapter: str
    media: str
    make: Callable[[str], bytes]


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _traccar(vehicle: str) -> bytes:
    number = int(vehicle.rpartition("-")[2])
    device = {"id": number, "uniqueId": vehicle, "name": vehicle}
    position = {
        "id": number,
        "deviceId": number,
        "fixTime": _now(),
        "latitude": 47.14,
        "longitude": 9.52,
        "valid": True,
        "attributes": {"alarm": "sos"},
    }
    return json.dumps({"position": position, "device": device}).encode()


def _driver_app(vehicle: str) -> bytes:
    at = _now()
    alarm = {"type": "alarm", "kind": "vehicle", "vehicle": vehicle, "at": at}
    fix = {"type": "position", "vehicle": vehicle, "at": at, "lat": 47.14, "lon": 9.52}
    return json.dumps([alarm, fix]).encode()


def _gtfs_realtime(vehicle: str) -> bytes:
    feed = FeedMessage()
    feed.header.gtfs_realtime_version = "2.0"
    feed.header.timestamp = int(time.time())
    entity = feed.entity.add(id=f"entity-{vehicle}")
    entity.vehicle.vehicle.id = vehicle
    entity.vehicle.position.latitude, entity.vehicle.position.longitude = 47.14, 9.52
    entity.vehicle.timestamp = feed.header.timestamp - 1
    return bytes(feed.SerializeToString())


FORMATS = (
    Format("traccar", "application/json", _traccar),
    Format("driver_app", "application/json", _driver_app),
    Format("gtfs_realtime", "application/x-protobuf", _gtfs_realtime),
)


def damaged(message: bytes, rng: random.Random) -> bytes:
    """The message cut off, with bytes turned, or with something in it that does not belong."""
    data = bytearray(message)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(data) or 1)
        match rng.randrange(4):
            case 0:
                del data[at:]
            case 1:
                data[at : at + 1] = bytes([rng.randrange(256)])
            case 2:
                data[at : at + rng.randrange(12)] = rng.choice(_NASTY)
            case _:
                data[at:at] = rng.choice(_NASTY)
    return bytes(data)
