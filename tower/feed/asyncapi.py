"""The AsyncAPI document of the live websockets, made from the messages themselves."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from tower.feed.messages import (
    CLOSE_HELLO,
    CLOSE_RESYNC,
    CLOSE_SLOW,
    CLOSE_TOKEN,
    JSON,
    LIMITS,
    MESSAGEPACK,
    Ack,
    ClientHeartbeat,
    Events,
    EventsHeartbeat,
    EventsHello,
    EventsWelcome,
    FrameMessage,
    Message,
    Snapshot,
    VehiclesHeartbeat,
    VehiclesHello,
    VehiclesWelcome,
)

JsonObject = dict[str, Any]

VERSION = "1.0.0"
"""Of the protocol `tower.v1`."""

_RULES = f"""\
Two websockets, version `{MESSAGEPACK}` (MessagePack) or `{JSON}` (the same in JSON, described by
the schemas here; in `{MESSAGEPACK}` a column of a frame is bytes, little-endian, instead of a list
of integers). The bearer token goes into the `Authorization` header of the upgrade. The upgrade is
refused with 401 where the token is not known and with 400 where no version is in common.

The desktop speaks first, within {LIMITS.hello_s:.0f} s, with `hello`. It acknowledges data messages
(`snapshot`, `events`, `frame`) by their count on this connection: {LIMITS.event_frames} may be
unacknowledged on the events socket, {LIMITS.vehicle_frames} on the vehicles socket, so a slow
desktop gets fewer frames, each with the newest state. It sends `heartbeat` when it had nothing else
to say for 5 s. Either side that hears nothing for {LIMITS.dead_after_s:.0f} s takes the other for
dead.

Close codes: {CLOSE_HELLO} no hello, or a message that cannot be read; {CLOSE_TOKEN} the token is no
longer good; {CLOSE_SLOW} no progress for {LIMITS.slow_after_s:.0f} s, more than
{LIMITS.events_behind} events behind, or silent; {CLOSE_RESYNC} come again without a resume.
"""

_CHANNELS: Mapping[str, tuple[str, str, Mapping[str, Any], Mapping[str, Any]]] = {
    "events": (
        "/v1/live/events",
        "The journal: every event, in order, without gaps, after a snapshot or a resume.",
        {
            "EventsHello": EventsHello,
            "Ack": Ack,
            "ClientHeartbeat": ClientHeartbeat,
        },
        {
            "EventsWelcome": EventsWelcome,
            "Snapshot": Snapshot,
            "Events": Events,
            "EventsHeartbeat": EventsHeartbeat,
        },
    ),
    "vehicles": (
        "/v1/live/vehicles",
        "Where vehicles are and when they are expected: state, synchronised by version.",
        {
            "VehiclesHello": VehiclesHello,
            "Ack": Ack,
            "ClientHeartbeat": ClientHeartbeat,
        },
        {
            "VehiclesWelcome": VehiclesWelcome,
            "Frame": FrameMessage[list[int]],
            "VehiclesHeartbeat": VehiclesHeartbeat,
        },
    ),
}


def asyncapi_document() -> JsonObject:
    """The AsyncAPI 3.0 document of both websockets."""
    messages = {
        name: type_
        for _, _, said, heard in _CHANNELS.values()
        for name, type_ in (*said.items(), *heard.items())
    }
    references, schemas = msgspec.json.schema_components(
        messages.values(), ref_template="#/components/schemas/{name}"
    )
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Tower live feed", "version": VERSION, "description": _RULES},
        "defaultContentType": "application/json",
        "channels": {name: _channel(name) for name in _CHANNELS},
        "operations": dict(_operations()),
        "components": {
            "schemas": schemas,
            "messages": {
                name: {"name": _tag(type_), "payload": reference}
                for (name, type_), reference in zip(messages.items(), references, strict=True)
            },
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _channel(name: str) -> JsonObject:
    address, about, said, heard = _CHANNELS[name]
    return {
        "address": address,
        "description": about,
        "messages": {
            message: {"$ref": f"#/components/messages/{message}"} for message in (*said, *heard)
        },
        "bindings": {"ws": {"method": "GET", "bindingVersion": "0.1.0"}},
    }


def _operations() -> Iterable[tuple[str, JsonObject]]:
    """From the gateway's point of view: it receives what desktops say and sends the rest."""
    for name, (_, _, said, heard) in _CHANNELS.items():
        for verb, action, messages in (("hear", "receive", said), ("tell", "send", heard)):
            yield (
                f"{verb}_{name}",
                {
                    "action": action,
                    "channel": {"$ref": f"#/channels/{name}"},
                    "messages": [
                        {"$ref": f"#/channels/{name}/messages/{message}"} for message in messages
                    ],
                },
            )


def _tag(type_: Any) -> str:  # noqa: ANN401 - a message or a generic alias of one
    origin: type[Message] = getattr(type_, "__origin__", type_)
    return str(origin.__struct_config__.tag)
