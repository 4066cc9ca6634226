"""Saying what happens in the formats real carriers use: bytes, as they would come in.

The demo knows nothing of how Tower reads them; the formats are Traccar's websocket message,
GTFS-realtime VehiclePositions and the open driver-app format (docs/carriers.md).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from google.transit import gtfs_realtime_pb2

from tower.demo.plan import DemoRoute, Report, Say, Voice
from tower.domain.moments import rfc3339, utc
from tower.domain.words import Notice, VehicleKind

KNOTS_PER_MPS = 3600.0 / 1852.0
"""Traccar speaks knots."""

REPORTS_ADAPTER = "driver_app"
"""The format of what drivers report, whatever their vehicles' devices speak."""

JSON = "application/json"
PROTOBUF = "application/x-protobuf"

_ENCODE = msgspec.json.Encoder().encode

_TRACCAR_CATEGORY = {
    VehicleKind.VAN: "van",
    VehicleKind.E_VAN: "van",
    VehicleKind.CAR: "car",
    VehicleKind.CARGO_BIKE: "bicycle",
}


class Seen(NamedTuple):
    """One vehicle at one moment, as its device would measure it.

    Attributes:
        device: number of the device within its carrier.
        at: epoch seconds.
        speed_mps: metres a second.
        heading_deg: degrees clockwise from north.
    """

    device: int
    reference: str
    label: str
    at: float
    lat: float
    lon: float
    speed_mps: float
    heading_deg: float
    temperature_c: float | None = None
    battery_pct: float | None = None


class Device(NamedTuple):
    """A device as its carrier's system lists it."""

    number: int
    reference: str
    label: str
    kind: VehicleKind


def introduce(voice: Voice, devices: Sequence[Device]) -> tuple[str, bytes] | None:
    """What a carrier's system sends first about its devices: content type and bytes, or None."""
    if voice is not Voice.TRACCAR:
        return None
    listed = [
        {
            "id": device.number,
            "uniqueId": device.reference,
            "name": device.label,
            "status": "online",
            "category": _TRACCAR_CATEGORY[device.kind],
            "attributes": {},
        }
        for device in devices
    ]
    return JSON, _ENCODE({"devices": listed})


def positions(voice: Voice, seen: Sequence[Seen]) -> tuple[str, bytes]:
    """Positions of one carrier in its own format: content type and bytes."""
    match voice:
        case Voice.TRACCAR:
            return JSON, _ENCODE({"positions": [_traccar(one) for one in seen]})
        case Voice.GTFS_REALTIME:
            return PROTOBUF, _gtfs_realtime(seen)
        case Voice.DRIVER_APP:
            return JSON, _ENCODE([_driver_app(one) for one in seen])


def _traccar(one: Seen) -> dict[str, Any]:
    attributes: dict[str, Any] = {"ignition": one.speed_mps > 0, "motion": one.speed_mps > 0}
    if one.temperature_c is not None:
        attributes["temp1"] = one.temperature_c
    if one.battery_pct is not None:
        attributes["batteryLevel"] = one.battery_pct
    moment = rfc3339(utc(one.at))
    return {
        "deviceId": one.device,
        "protocol": "osmand",
        "deviceTime": moment,
        "fixTime": moment,
        "valid": True,
        "latitude": round(one.lat, 6),
        "longitude": round(one.lon, 6),
        "altitude": 0.0,
        "speed": round(one.speed_mps * KNOTS_PER_MPS, 2),
        "course": round(one.heading_deg, 1),
        "accuracy": 6.0,
        "attributes": attributes,
    }


def _driver_app(one: Seen) -> dict[str, Any]:
    return {
        "type": "position",
        "vehicle": one.reference,
        "at": rfc3339(utc(one.at)),
        "lat": round(one.lat, 6),
        "lon": round(one.lon, 6),
        "speed_mps": round(one.speed_mps, 2),
        "heading_deg": round(one.heading_deg, 1),
        "label": one.label,
    }


def _gtfs_realtime(seen: Sequence[Seen]) -> bytes:
    feed = gtfs_realtime_pb2.FeedMessage()
    feed.header.gtfs_realtime_version = "2.0"
    feed.header.incrementality = gtfs_realtime_pb2.FeedHeader.FULL_DATASET
    feed.header.timestamp = int(max((one.at for one in seen), default=0))
    for one in seen:
        entity = feed.entity.add(id=one.reference)
        entity.vehicle.vehicle.id = one.reference
        entity.vehicle.vehicle.label = one.label
        entity.vehicle.timestamp = int(one.at)
        entity.vehicle.position.latitude = one.lat
        entity.vehicle.position.longitude = one.lon
        entity.vehicle.position.speed = one.speed_mps
        entity.vehicle.position.bearing = one.heading_deg
    return bytes(feed.SerializeToString())


def report(said: Report, midnight: float) -> dict[str, Any]:
    """One report as an item of the driver-app format.

    Args:
        said: the report.
        midnight: epoch seconds of the shift's local midnight.
    """
    item: dict[str, Any] = {
        "id": f"{said.route_id}/{said.stop_id}/{said.say}/{said.at_s:.0f}",
        "at": rfc3339(utc(midnight + said.at_s)),
    }
    match said.say:
        case Say.ROUTE_STARTED | Say.ROUTE_FINISHED:
            status = "started" if said.say is Say.ROUTE_STARTED else "finished"
            return (
                item | _vehicle(said) | {"type": "route", "route": said.route_id, "status": status}
            )
        case Say.ALARM:
            return item | _alarm(said)
        case Say.CONTACT:
            contact = {"type": "contact", "stop": said.stop_id, "topic": said.topic}
            return item | contact | {"channel": "phone", "words": said.note}
        case _:
            stop = {"type": "stop", "stop": said.stop_id, "status": said.say.value}
            return item | _vehicle(said) | stop | _at_the_door(said)


def answer(route: DemoRoute, version: int, word: Notice, at: float, note: str) -> tuple[str, bytes]:
    """What a driver says to a changed sequence: content type and bytes.

    Args:
        route: the driver's route.
        version: of the sequence, as the gateway told it.
        word: seen, accepted or declined.
        at: epoch seconds.
        note: the driver's words.
    """
    said = {
        "type": "sequence",
        "route": route.id,
        "version": version,
        "status": word.value,
        "at": rfc3339(utc(at)),
        "vehicle": route.vehicle.reference,
        "note": note,
    }
    return reports([said])


def reports(items: Sequence[dict[str, Any]]) -> tuple[str, bytes]:
    """Several reports as one message: content type and bytes."""
    return JSON, _ENCODE(items)


def _at_the_door(said: Report) -> dict[str, Any]:
    reason = {"reason": said.reason.value} if said.reason else {}
    note = {"note": said.note} if said.note else {}
    if said.proof is None:
        return reason | note
    proof = msgspec.structs.asdict(said.proof)
    return (
        reason
        | note
        | {"proof": {name: value for name, value in proof.items() if value is not None}}
    )


def _alarm(said: Report) -> dict[str, Any]:
    alarm = said.alarm
    if alarm is None:
        raise ValueError("an alarm report says what the alarm is")
    about = {"stop": said.stop_id} if said.stop_id else {}
    return (
        _vehicle(said)
        | about
        | {
            "type": "alarm",
            "kind": alarm.kind.value,
            "severity": alarm.severity.value,
            "words": alarm.headline,
            "detail": said.note,
            "cleared": alarm.cleared,
        }
    )


def _vehicle(said: Report) -> dict[str, Any]:
    return {"vehicle": said.vehicle_reference}
