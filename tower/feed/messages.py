"""The messages of the two live websockets, as they stand on the wire.

Every message is an object with a `type`. In `tower.v1` it is MessagePack and a column is bytes,
little-endian; in `tower.v1.json` it is JSON and a column is a list of integers.
"""

from typing import Generic, TypeVar

import msgspec

from tower.domain.events import Event
from tower.domain.state import State

MESSAGEPACK = "tower.v1"
"""The subprotocol Tower's own desktop speaks."""

JSON = "tower.v1.json"
"""The same in JSON, for other people's tools."""

SUBPROTOCOLS = (MESSAGEPACK, JSON)

CLOSE_HELLO = 4400
"""The first message was no hello, none came in time, or a message could not be read."""

CLOSE_TOKEN = 4401
"""The token is no longer good."""

CLOSE_SLOW = 4408
"""The desktop fell too far behind, or fell silent."""

CLOSE_RESYNC = 4409
"""What the desktop has can no longer be continued: come again without a resume."""

EVENTS_HEARTBEAT_S = 5.0
"""Seconds of quiet after which the events socket says that it is alive."""

VEHICLES_HEARTBEAT_S = 1.0
"""Seconds of quiet after which the vehicles socket does; short, so that a lost gateway shows."""

Column = TypeVar("Column")


class Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """Base of every message; the tag says which it is."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What the gateway holds a desktop to.

    Attributes:
        client_frame_bytes: longest message a desktop may send.
        server_frame_bytes: longest message the gateway sends.
        hello_s: seconds after the upgrade within which the hello must have come.
        dead_after_s: seconds without any message after which either side is taken for dead.
        slow_after_s: seconds a desktop may leave data unacknowledged.
        events_behind: events a desktop may fall behind once it was up to date.
        vehicle_frames: frames of the vehicles socket that may be unacknowledged.
        event_frames: data messages of the events socket that may be unacknowledged.
        chunk_records: most records in one message of a snapshot.
    """

    client_frame_bytes: int = 64 * 1024
    server_frame_bytes: int = 1024 * 1024
    hello_s: float = 5.0
    dead_after_s: float = 15.0
    slow_after_s: float = 8.0
    events_behind: int = 2_000
    vehicle_frames: int = 2
    event_frames: int = 4
    chunk_records: int = 5_000


LIMITS = Limits()


class EventsResume(msgspec.Struct, frozen=True, kw_only=True):
    """How far a desktop had come: the journal's epoch and the last sequence number it has."""

    epoch: str
    seq: int


class EventFilter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a desktop wants to hear of; an empty list means everything.

    Exceptions always pass, and so does what belongs to no route or carrier.

    Attributes:
        routes: ids of routes.
        carriers: ids of carriers.
        types: types of events.
    """

    routes: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


class EventsHello(Message, frozen=True, kw_only=True, tag="hello"):
    """The first message of a desktop on the events socket."""

    resume: EventsResume | None = None
    filter: EventFilter | None = None


class VehiclesResume(msgspec.Struct, frozen=True, kw_only=True):
    """How far a desktop had come: the gateway's run and the last version of each table."""

    run: str
    vehicles: int
    arrivals: int


class VehiclesHello(Message, frozen=True, kw_only=True, tag="hello"):
    """The first message of a desktop on the vehicles socket."""

    resume: VehiclesResume | None = None


class Ack(Message, frozen=True, kw_only=True, tag="ack"):
    """A desktop has dealt with data.

    Attributes:
        frames: how many data messages (snapshot, events, frame) of this connection it has dealt
            with so far.
    """

    frames: int


class ClientHeartbeat(Message, frozen=True, kw_only=True, tag="heartbeat"):
    """A desktop is alive though it had nothing to acknowledge; due every five seconds."""


class EventsWelcome(Message, frozen=True, kw_only=True, tag="welcome"):
    """The gateway's answer to the hello on the events socket.

    Attributes:
        resumed: True where events continue after the sequence number asked for; False where a
            snapshot follows.
        seq: the last sequence number of the journal.
        now: the gateway's clock, seconds since 1970.
        rate: seconds of that clock in one second.
        heartbeat: seconds of quiet after which the gateway sends a heartbeat.
    """

    epoch: str
    resumed: bool
    seq: int
    now: float
    rate: float
    heartbeat: float = EVENTS_HEARTBEAT_S
    limits: Limits = LIMITS


class Snapshot(Message, frozen=True, kw_only=True, tag="snapshot"):
    """A part of what the shift looks like now.

    Attributes:
        part: number of this part, from 0.
        last: True for the last part; events after `seq` follow it.
        seq: sequence number the whole snapshot stands for (records may be newer than it; the
            events after it may be folded over them all the same).
        state: the records of this part, by table and id.
    """

    part: int
    last: bool
    seq: int
    state: State


class Events(Message, frozen=True, kw_only=True, tag="events"):
    """Events in the order of the journal.

    Attributes:
        after: the sequence number this message continues from.
        upto: the last sequence number it covers; with a filter, events in between may be left out.
    """

    after: int
    upto: int
    events: tuple[Event, ...]


class EventsHeartbeat(Message, frozen=True, kw_only=True, tag="heartbeat"):
    """Nothing new, and the gateway is alive; `seq` is the journal's last."""

    now: float
    rate: float
    seq: int


class VehiclesWelcome(Message, frozen=True, kw_only=True, tag="welcome"):
    """The gateway's answer to the hello on the vehicles socket.

    Attributes:
        run: names this life of the gateway; versions count within it.
        resumed: True where frames continue from the versions asked for, False where the next
            frame holds everything.
    """

    run: str
    resumed: bool
    now: float
    rate: float
    heartbeat: float = VEHICLES_HEARTBEAT_S
    limits: Limits = LIMITS


class VehiclesHeartbeat(Message, frozen=True, kw_only=True, tag="heartbeat"):
    """No frame was due, and the gateway is alive."""

    now: float
    rate: float


class CarrierHealth(msgspec.Struct, frozen=True, array_like=True):
    """How one carrier's messages come in.

    Attributes:
        last_heard: when its last message came, seconds since 1970; None before the first.
        lag_s: median seconds from the device's time to the gateway's; None where unknown.
        messages_per_s: over the last minute.
        refused: messages and lines refused so far.
    """

    carrier_id: str
    last_heard: float | None
    lag_s: float | None
    messages_per_s: float
    refused: int
    silent: bool


class VehicleSection(msgspec.Struct, Generic[Column], frozen=True, kw_only=True):
    """Every vehicle changed between two versions of the table, in columns of one length.

    Attributes:
        since: the version the desktop must have; 0 replaces everything it has.
        upto: the version it has then.
        first: handle of the first of `ids`; handles count up from there.
        ids: ids of vehicles new in this section.
        at_base: milliseconds since 1970, base of `at`.
        handle: u32. lat, lon: i32, 1e-7 degrees. speed: u16, cm/s, 65535 unknown.
        heading: u16, 0.01 degrees clockwise from north, 65535 unknown.
        at: i32, milliseconds from `at_base`, the device's time of the fix.
        temperature: i16, 0.1 degrees Celsius, -32768 unknown. battery: u8, percent, 255 unknown.
        punctuality: u8, place in the list on_time, at_risk, late, done, no_signal, idle.
        delay: i32, seconds late (negative: early).
        next_stop: u32, handle of a stop in the arrivals, 4294967295 none.
    """

    since: int
    upto: int
    first: int
    ids: tuple[str, ...]
    at_base: int
    handle: Column
    lat: Column
    lon: Column
    speed: Column
    heading: Column
    at: Column
    temperature: Column
    battery: Column
    punctuality: Column
    delay: Column
    next_stop: Column


class ArrivalSection(msgspec.Struct, Generic[Column], frozen=True, kw_only=True):
    """Every predicted arrival changed between two versions, in columns of one length.

    Attributes:
        since: the version the desktop must have; 0 replaces everything it has.
        upto: the version it has then.
        first: handle of the first of `ids`; handles count up from there.
        ids: ids of stops new in this section.
        p50_base: seconds since 1970, base of `p50`.
        handle: u32 of the stop. p50: i32, seconds from `p50_base`, -2147483648 no prediction.
        early: i16, seconds from P10 to P50. late: i16, seconds from P50 to P90.
        punctuality: u8, as for vehicles.
    """

    since: int
    upto: int
    first: int
    ids: tuple[str, ...]
    p50_base: int
    handle: Column
    p50: Column
    early: Column
    late: Column
    punctuality: Column


class FrameMessage(Message, Generic[Column], frozen=True, kw_only=True, tag="frame"):
    """What changed on the live tables since the frame before.

    Attributes:
        now: the gateway's clock when the frame was cut, seconds since 1970.
        health: every carrier's health, each second; None in between.
        trouble: with the health, what is wrong with the gateway itself; "" while all is well.
    """

    now: float
    rate: float
    vehicles: VehicleSection[Column] | None = None
    arrivals: ArrivalSection[Column] | None = None
    health: tuple[CarrierHealth, ...] | None = None
    trouble: str = ""


EventsFromClient = EventsHello | Ack | ClientHeartbeat
VehiclesFromClient = VehiclesHello | Ack | ClientHeartbeat
EventsFromServer = EventsWelcome | Snapshot | Events | EventsHeartbeat
VehiclesFromServer = VehiclesWelcome | FrameMessage[bytes] | VehiclesHeartbeat
VehiclesFromServerJson = VehiclesWelcome | FrameMessage[list[int]] | VehiclesHeartbeat
