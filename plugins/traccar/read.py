"""Bytes of any of Traccar's forms to its records; a bad record refuses itself only."""

from typing import TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from plugins.traccar.messages import (
    Device,
    DeviceEvent,
    Marks,
    Message,
    Parts,
    Position,
    RawMessage,
)
from tower.carriers.json_items import JSON_ERRORS, read_items, refused, split
from tower.carriers.port import Refused

T = TypeVar("T")

_MESSAGE = msgspec.json.Decoder(Message)
_RAW_MESSAGE = msgspec.json.Decoder(RawMessage)
_POSITIONS = msgspec.json.Decoder(list[Position])
_POSITION = msgspec.json.Decoder(Position)
_DEVICE = msgspec.json.Decoder(Device)
_EVENT = msgspec.json.Decoder(DeviceEvent)
_MARKS = msgspec.json.Decoder(Marks)

_NOT_TRACCAR = "neither a position, a device nor an event of Traccar"


def read(payload: bytes, refusals: list[Refused]) -> Parts:
    """The records in a payload; what cannot be read is added to `refusals`."""
    if payload.lstrip()[:1] == b"[":
        return _read_list(payload, refusals)
    try:
        message = _MESSAGE.decode(payload)
    except JSON_ERRORS:
        return _read_piecewise(payload, refusals)
    parts = _parts(message)
    if parts is None:
        return _read_single(payload, refusals)
    return parts


def records(payload: bytes) -> list[msgspec.Raw]:
    """The records of a payload unread, devices first; none where it cannot be taken apart."""
    if payload.lstrip()[:1] == b"[":
        return split(payload, [])
    try:
        raw = _RAW_MESSAGE.decode(payload)
    except JSON_ERRORS:
        return []
    return [
        *_listed(raw.devices, raw.device),
        *_listed(raw.positions, raw.position),
        *_listed(raw.events, raw.event),
    ]


def _parts(message: Message) -> Parts | None:
    fields = (message.positions, message.devices, message.events)
    forwarded = (message.position, message.device, message.event)
    if all(field is UNSET for field in fields + forwarded):
        return None
    return Parts(
        positions=_listed(message.positions, message.position),
        devices=_listed(message.devices, message.device),
        events=_listed(message.events, message.event),
    )


def _listed(many: list[T] | UnsetType, one: T | UnsetType | None) -> list[T]:
    found = [] if isinstance(many, UnsetType) else many
    if one is None or isinstance(one, UnsetType):
        return found
    return [*found, one]


def _read_piecewise(payload: bytes, refusals: list[Refused]) -> Parts:
    try:
        raw = _RAW_MESSAGE.decode(payload)
    except JSON_ERRORS as error:
        refusals.append(refused(error, payload))
        return Parts()
    return Parts(
        positions=read_items(_listed(raw.positions, raw.position), _POSITION, refusals, "position"),
        devices=read_items(_listed(raw.devices, raw.device), _DEVICE, refusals, "device"),
        events=read_items(_listed(raw.events, raw.event), _EVENT, refusals, "event"),
    )


def _read_list(payload: bytes, refusals: list[Refused]) -> Parts:
    try:
        return Parts(positions=_POSITIONS.decode(payload))
    except JSON_ERRORS:
        return _sorted(split(payload, refusals), refusals)


def _read_single(payload: bytes, refusals: list[Refused]) -> Parts:
    if payload.strip() == b"{}":  # Traccar's keep-alive
        return Parts()
    return _sorted(split(payload, refusals), refusals)


def _sorted(items: list[msgspec.Raw], refusals: list[Refused]) -> Parts:
    kinds: dict[str, list[msgspec.Raw]] = {"position": [], "device": [], "event": []}
    for item in items:
        kind = _kind(item)
        if kind:
            kinds[kind].append(item)
        else:
            refusals.append(Refused(_NOT_TRACCAR, bytes(item)))
    return Parts(
        positions=read_items(kinds["position"], _POSITION, refusals, "position"),
        devices=read_items(kinds["device"], _DEVICE, refusals, "device"),
        events=read_items(kinds["event"], _EVENT, refusals, "event"),
    )


def _kind(item: msgspec.Raw) -> str:
    try:
        marks = _MARKS.decode(item)
    except JSON_ERRORS:
        return ""
    if marks.latitude is not UNSET:
        return "position"
    if marks.unique_id is not UNSET:
        return "device"
    return "event" if marks.event_time is not UNSET else ""
