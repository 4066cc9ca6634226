"""Tower's own open format for drivers' apps; docs/carriers.md explains it to its senders.

Unknown fields are refused, so that a misspelt `reason` does not vanish without a word.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tower.domain.words import AttemptReason, ExceptionKind, Notice, Severity, VehicleKind

Reference = Annotated[str, Meta(min_length=1, max_length=128)]
OptionalReference = Annotated[str, Meta(max_length=128)]
Words = Annotated[str, Meta(max_length=2000)]
Topic = Annotated[str, Meta(min_length=1, max_length=64)]
Moment = Annotated[datetime, Meta(tz=True, description="RFC 3339 with a time zone")]


class StopStatus(StrEnum):
    """How far a driver may report a stop to have come."""

    EN_ROUTE = "en_route"
    ARRIVED = "arrived"
    SERVICING = "servicing"
    DELIVERED = "delivered"
    COLLECTED = "collected"
    ATTEMPTED = "attempted"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class RouteStatus(StrEnum):
    """What a driver may report about a route."""

    STARTED = "started"
    FINISHED = "finished"


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """Base of every message.

    Attributes:
        id: the sender's own number of the message; the same id twice is one message.
    """

    id: OptionalReference = ""


class ProofPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the driver recorded at the door: where, which parcels were scanned, who took them.

    Attributes:
        lat: degrees WGS 84, given together with `lon`.
        scanned: the parcels scanned there; left out where nothing is scanned.
    """

    lat: float | None = None
    lon: float | None = None
    scanned: Annotated[tuple[Reference, ...], Meta(max_length=1000)] | None = None
    received_by: Words = ""


class StopMessage(Item, frozen=True, kw_only=True, tag="stop"):
    """A stop has come so far; `reason` says why an attempt failed, `proof` what was recorded."""

    stop: Reference
    status: StopStatus
    at: Moment
    vehicle: OptionalReference = ""
    reason: AttemptReason | None = None
    note: Words = ""
    proof: ProofPart | None = None


class RouteMessage(Item, frozen=True, kw_only=True, tag="route"):
    """A route was begun or ended."""

    route: Reference
    status: RouteStatus
    at: Moment
    vehicle: OptionalReference = ""


class SequenceMessage(Item, frozen=True, kw_only=True, tag="sequence"):
    """A new order of stops has reached the driver, or the driver answers to it."""

    route: Reference
    version: Annotated[int, Meta(ge=1, le=1_000_000)]
    status: Notice
    at: Moment
    vehicle: OptionalReference = ""
    note: Words = ""


class AlarmMessage(Item, frozen=True, kw_only=True, tag="alarm"):
    """Something is wrong with a vehicle or at a stop, or (`cleared`) no longer is."""

    kind: ExceptionKind
    at: Moment
    severity: Severity = Severity.MAJOR
    vehicle: OptionalReference = ""
    stop: OptionalReference = ""
    words: Words = ""
    detail: Words = ""
    cleared: bool = False


class ContactMessage(Item, frozen=True, kw_only=True, tag="contact"):
    """A customer got in touch; topic `wismo` is "where is my order"."""

    stop: Reference
    topic: Topic
    at: Moment
    channel: OptionalReference = ""
    words: Words = ""


class PositionMessage(Item, frozen=True, kw_only=True, tag="position", gc=False):
    """Where a vehicle is: degrees WGS 84, metres a second, degrees clockwise from north."""

    vehicle: Reference
    at: Moment
    lat: float
    lon: float
    speed_mps: float | None = None
    heading_deg: float | None = None
    accuracy_m: float | None = None
    temperature_c: float | None = None
    battery_pct: float | None = None
    label: OptionalReference = ""
    kind: VehicleKind | None = None


LAST_SECOND = 253_402_300_799
"""The end of the year 9999, seconds since 1970: the calendar goes no further."""

AnyItem = (
    StopMessage | RouteMessage | SequenceMessage | AlarmMessage | ContactMessage | PositionMessage
)


class OwnTracksLocation(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="_type", tag="location"
):
    """A location message of the OwnTracks app, as it posts it over HTTP.

    Attributes:
        tst: seconds since 1970. vel: km/h. cog: degrees. acc: metres. batt: percent.
        topic: `owntracks/USER/DEVICE`; its last part names the vehicle, else `tid` does.
    """

    lat: float
    lon: float
    tst: Annotated[int, Meta(ge=0, le=LAST_SECOND)]
    vel: float | None = None
    cog: float | None = None
    acc: float | None = None
    batt: float | None = None
    tid: OptionalReference = ""
    topic: Annotated[str, Meta(max_length=400)] = ""
