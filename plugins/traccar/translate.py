"""Traccar's records to Tower's observations."""

from collections.abc import Iterator
from datetime import datetime

from plugins.traccar.alarms import EVENTS, Alarm, alarms_in
from plugins.traccar.messages import (
    NO_ATTRIBUTES,
    Device,
    DeviceEvent,
    Parts,
    Position,
    first_of,
)
from tower.carriers.observations import AlarmReported, AnyObservation, FixSeen, VehicleSeen
from tower.carriers.port import Refused
from tower.domain.words import VehicleKind

KNOT_MPS = 1852.0 / 3600.0
"""One knot in metres a second (the international nautical mile is 1,852 m)."""

_LARGEST_READING = 1e9

_KINDS = {
    "van": VehicleKind.VAN,
    "pickup": VehicleKind.VAN,
    "truck": VehicleKind.TRUCK,
    "trailer": VehicleKind.TRUCK,
    "car": VehicleKind.CAR,
    "bicycle": VehicleKind.CARGO_BIKE,
    "bus": VehicleKind.BUS,
    "trolleybus": VehicleKind.BUS,
}


class _Names:
    """The lasting names of the devices introduced in one message."""

    def __init__(self, devices: list[Device]) -> None:
        self._names = {device.id: device.unique_id for device in devices}

    def of(self, device_id: int) -> tuple[str, bool]:
        """Reference of a device, and whether it is only its alias."""
        known = self._names.get(device_id)
        return (known, False) if known else (str(device_id), True)


def observations(parts: Parts, refusals: list[Refused]) -> list[AnyObservation]:
    """Everything the records say; what makes no sense is added to `refusals`."""
    names = _Names(parts.devices)
    found: list[AnyObservation] = [_vehicle(device) for device in parts.devices]
    for position in parts.positions:
        found += _of_position(position, names, refusals)
    for event in parts.events:
        found += _of_event(event, names, refusals)
    return found


def _vehicle(device: Device) -> VehicleSeen:
    return VehicleSeen(
        vehicle_ref=device.unique_id,
        alias=str(device.id),
        label=device.name,
        kind_hint=_KINDS.get(device.category or ""),
    )


def _of_position(
    position: Position, names: _Names, refusals: list[Refused]
) -> Iterator[AnyObservation]:
    try:
        at = first_of(position.fix_time, position.device_time, position.server_time)
    except (ValueError, OverflowError, OSError):
        refusals.append(Refused(f"position of device {position.device_id}: impossible time"))
        return
    attributes = position.attributes or NO_ATTRIBUTES
    if isinstance(attributes.alarm, str) and at is not None:
        for alarm in alarms_in(attributes.alarm):
            yield _alarm(alarm, position.device_id, names, at, position.id)
    if not position.valid:
        refusals.append(Refused(f"device {position.device_id} has no valid position"))
    elif not position.outdated:  # an outdated one repeats the last place under a new time
        yield _fix(position, names, at, refusals)


def _fix(
    position: Position, names: _Names, at: datetime | None, refusals: list[Refused]
) -> FixSeen:
    reference, by_alias = names.of(position.device_id)
    attributes = position.attributes or NO_ATTRIBUTES
    knots, course = position.speed, position.course
    standing = not knots and not course  # Traccar's "unknown" course is 0 as well
    return FixSeen(
        vehicle_ref=reference,
        by_alias=by_alias,
        at=at,
        lat=position.latitude,
        lon=position.longitude,
        speed_mps=None if knots is None else knots * KNOT_MPS,
        heading_deg=None if standing else course,
        accuracy_m=position.accuracy or None,
        temperature_c=_number(attributes.temp1, "temp1", refusals),
        battery_pct=_number(attributes.battery_level, "batteryLevel", refusals),
    )


def _number(value: object, name: str, refusals: list[Refused]) -> float | None:
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value if abs(value) <= _LARGEST_READING else None
    refusals.append(Refused(f"attribute {name} is not a number; the position is kept without it"))
    return None


def _of_event(
    event: DeviceEvent, names: _Names, refusals: list[Refused]
) -> Iterator[AnyObservation]:
    try:
        at = first_of(event.event_time)
    except (ValueError, OverflowError, OSError):
        at = None
    if at is None:
        refusals.append(Refused(f"event {event.type} of device {event.device_id}: impossible time"))
        return
    words = (event.attributes or NO_ATTRIBUTES).alarm
    if event.type == "alarm" and isinstance(words, str):
        for alarm in alarms_in(words):
            yield _alarm(alarm, event.device_id, names, at, event.position_id)
    elif event.type in EVENTS:
        yield _alarm(EVENTS[event.type], event.device_id, names, at, 0)


def _alarm(
    alarm: Alarm, device_id: int, names: _Names, at: datetime, position_id: int
) -> AlarmReported:
    reference, by_alias = names.of(device_id)
    return AlarmReported(
        kind=alarm.kind,
        severity=alarm.severity,
        at=at,
        vehicle_ref=reference,
        by_alias=by_alias,
        headline=alarm.headline,
        detail="Reported by the vehicle's tracker.",
        reference=f"position {position_id}" if position_id else "",
        cleared=alarm.cleared,
    )
