"""Traccar's own records, as its websocket, its REST interface and its forwarding send them.

Source: the schemas Position, Device and Event of Traccar's OpenAPI document. Speeds are in
knots, times RFC 3339 (older servers forward milliseconds since 1970).
"""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from tower.domain.moments import utc

Moment = Annotated[datetime, Meta(tz=True)] | int | None


def first_of(*moments: Moment) -> datetime | None:
    """The first moment that is given, None where none is.

    Raises:
        ValueError, OverflowError, OSError: it is no time the calendar has.
    """
    for moment in moments:
        if moment is not None:
            return utc(moment / 1000.0) if isinstance(moment, int) else moment
    return None


Number = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
"""Traccar's ids are 64 bits wide."""


class Attributes(msgspec.Struct, rename="camel"):
    """What a tracker sends besides its position; any type at all may come here.

    Attributes:
        battery_level: percent.
        temp1: first temperature probe, degrees Celsius; the cargo's by convention.
        alarm: one alarm word of Traccar's, or several with commas between.
    """

    battery_level: Any = None
    temp1: Any = None
    alarm: Any = None


NO_ATTRIBUTES = Attributes()


class Position(msgspec.Struct, rename="camel"):
    """One position report of one device."""

    device_id: Number
    latitude: float
    longitude: float
    id: Number = 0
    fix_time: Moment = None
    device_time: Moment = None
    server_time: Moment = None
    valid: bool = True
    outdated: bool = False
    speed: float | None = None
    course: float | None = None
    accuracy: float | None = None
    attributes: Attributes | None = None


class Device(msgspec.Struct, rename="camel"):
    """A device as Traccar knows it; `unique_id` is what its owner registered."""

    id: Number
    unique_id: Annotated[str, Meta(min_length=1, max_length=128)]
    name: str = ""
    category: str | None = None


class DeviceEvent(msgspec.Struct, rename="camel"):
    """Something Traccar noticed about a device."""

    type: str
    device_id: Number
    event_time: Moment
    id: Number = 0
    position_id: Number = 0
    attributes: Attributes | None = None


class Message(msgspec.Struct, rename="camel"):
    """Any object Traccar sends: a websocket message, or a forwarded position or event."""

    positions: list[Position] | UnsetType = UNSET
    devices: list[Device] | UnsetType = UNSET
    events: list[DeviceEvent] | UnsetType = UNSET
    position: Position | UnsetType | None = UNSET
    device: Device | UnsetType | None = UNSET
    event: DeviceEvent | UnsetType = UNSET


class RawMessage(msgspec.Struct, rename="camel"):
    """The same object with its parts unread, for when one of them is bad."""

    positions: list[msgspec.Raw] = []
    devices: list[msgspec.Raw] = []
    events: list[msgspec.Raw] = []
    position: msgspec.Raw | UnsetType = UNSET
    device: msgspec.Raw | UnsetType = UNSET
    event: msgspec.Raw | UnsetType = UNSET


class Marks(msgspec.Struct, rename="camel"):
    """The fields that tell a position, a device and an event apart."""

    latitude: msgspec.Raw | UnsetType = UNSET
    unique_id: msgspec.Raw | UnsetType = UNSET
    event_time: msgspec.Raw | UnsetType = UNSET


class Parts(msgspec.Struct):
    """What was understood of one payload."""

    positions: list[Position] = []
    devices: list[Device] = []
    events: list[DeviceEvent] = []
