"""GTFS-realtime VehiclePositions to Tower's observations.

Source: the GTFS-realtime reference (gtfs.org): speed in metres a second, bearing in degrees
clockwise from north, times in seconds since 1970. Trip updates and alerts are left unread.
"""

from collections.abc import Iterator
from datetime import datetime

from google.protobuf.message import DecodeError
from google.transit.gtfs_realtime_pb2 import FeedMessage, VehiclePosition

from tower.carriers.observations import AnyObservation, FixSeen, StopReported
from tower.carriers.port import Decoded, Refused
from tower.domain.moments import utc
from tower.domain.words import StopState, VehicleKind

_STATES = {
    VehiclePosition.STOPPED_AT: StopState.ARRIVED,
    VehiclePosition.INCOMING_AT: StopState.EN_ROUTE,
    VehiclePosition.IN_TRANSIT_TO: StopState.EN_ROUTE,
}


def decode(payload: bytes) -> Decoded:
    """Every vehicle of a feed; vehicles that cannot be placed are refused one by one."""
    feed = FeedMessage()
    try:
        feed.ParseFromString(payload)
        sent_at = utc(feed.header.timestamp) if feed.header.timestamp else None
    except DecodeError:
        return Decoded(refusals=[Refused("not a GTFS-realtime feed, or cut short", payload)])
    except (ValueError, OverflowError, OSError):
        return Decoded(refusals=[Refused("the feed's header has an impossible time", payload)])
    if not feed.IsInitialized():
        return Decoded(refusals=[Refused("a GTFS-realtime feed without its header", payload)])
    observations: list[AnyObservation] = []
    refusals: list[Refused] = []
    for entity in feed.entity:
        if entity.HasField("vehicle") and not entity.is_deleted:
            _read(entity.vehicle, entity.id, sent_at, observations, refusals)
    return Decoded(observations, refusals)


def _read(
    vehicle: VehiclePosition,
    entity_id: str,
    sent_at: datetime | None,
    observations: list[AnyObservation],
    refusals: list[Refused],
) -> None:
    if any(not isinstance(name, str) for name in _names(vehicle, entity_id)):
        refusals.append(_refused(f"vehicle {entity_id!r} has a name that is not UTF-8", vehicle))
        return
    reference = vehicle.vehicle.id or vehicle.vehicle.label or entity_id
    try:
        at = utc(vehicle.timestamp) if vehicle.timestamp else sent_at
    except (ValueError, OverflowError, OSError):
        refusals.append(_refused(f"vehicle {reference}: impossible time", vehicle))
        return
    if not vehicle.HasField("position"):
        refusals.append(_refused(f"vehicle {reference} has no position", vehicle))
        return
    observations.append(_fix(vehicle, reference, at))
    observations += _standing(vehicle, reference, at)


def _names(vehicle: VehiclePosition, entity_id: str) -> tuple[object, ...]:
    """Whatever protobuf makes of the names: of those that are no text, bytes."""
    return vehicle.vehicle.id, vehicle.vehicle.label, entity_id, vehicle.stop_id


def _refused(reason: str, vehicle: VehiclePosition) -> Refused:
    return Refused(reason, vehicle.SerializePartialToString())


def _fix(vehicle: VehiclePosition, reference: str, at: datetime | None) -> FixSeen:
    position = vehicle.position
    return FixSeen(
        vehicle_ref=reference,
        at=at,
        lat=position.latitude,
        lon=position.longitude,
        speed_mps=position.speed if position.HasField("speed") else None,
        heading_deg=position.bearing if position.HasField("bearing") else None,
        label=vehicle.vehicle.label,
        kind_hint=VehicleKind.BUS if vehicle.HasField("trip") else None,
    )


def _standing(
    vehicle: VehiclePosition, reference: str, at: datetime | None
) -> Iterator[StopReported]:
    if not vehicle.stop_id or at is None:
        return
    yield StopReported(
        stop_ref=vehicle.stop_id,
        state=_STATES[vehicle.current_status],
        at=at,
        vehicle_ref=reference,
        standing=True,
    )
