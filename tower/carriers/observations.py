"""What a carrier's message says, in Tower's words, before anything is checked against the shift.

An adapter turns bytes into observations and knows nothing else: not which stops exist, not what
time it is. The normaliser does the rest.
"""

from datetime import datetime

import msgspec

from tower.domain.records import Proof
from tower.domain.words import (
    AttemptReason,
    ExceptionKind,
    Notice,
    Severity,
    StopState,
    VehicleKind,
)


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """Base of everything an adapter may report."""


class VehicleSeen(Observation, frozen=True, kw_only=True):
    """A carrier introduced a vehicle.

    Attributes:
        vehicle_ref: the carrier's lasting name for it.
        alias: a second name its other messages use (Traccar's deviceId), "" for none.
        label: what people call it aloud, "" where not given.
        kind_hint: what it is, where the message says so.
    """

    vehicle_ref: str
    alias: str = ""
    label: str = ""
    kind_hint: VehicleKind | None = None


class FixSeen(Observation, frozen=True, kw_only=True, gc=False):
    """A vehicle said where it is.

    Attributes:
        vehicle_ref: the carrier's name for the vehicle, or its alias where `by_alias` is set.
        at: the device's time, aware; None where the message has none (receive time is used).
        lat: degrees north, WGS 84.
        lon: degrees east, WGS 84.
        speed_mps: metres a second.
        heading_deg: degrees clockwise from north.
        accuracy_m: radius of uncertainty, metres.
        temperature_c: cargo temperature, degrees Celsius.
        battery_pct: state of charge, percent.
        label: what people call the vehicle, used where it is seen for the first time.
    """

    vehicle_ref: str
    lat: float
    lon: float
    at: datetime | None = None
    by_alias: bool = False
    speed_mps: float | None = None
    heading_deg: float | None = None
    accuracy_m: float | None = None
    temperature_c: float | None = None
    battery_pct: float | None = None
    label: str = ""
    kind_hint: VehicleKind | None = None


class StopReported(Observation, frozen=True, kw_only=True):
    """A stop moved on: on the way, arrived, delivered, attempted and so on.

    Attributes:
        stop_ref: Tower's id of the stop, or the shipper's reference as in the plan.
        reference: the carrier's own number of this report, "" for none.
        proof: what the driver recorded at the door.
        standing: from a feed that repeats how each vehicle stands, at stops that mostly are not
            ours (a bus stop): passed over in silence where the stop is unknown or it is no news.
    """

    stop_ref: str
    state: StopState
    at: datetime
    vehicle_ref: str = ""
    by_alias: bool = False
    reason: AttemptReason | None = None
    note: str = ""
    reference: str = ""
    proof: Proof | None = None
    standing: bool = False


class RouteReported(Observation, frozen=True, kw_only=True):
    """A route was begun (`finished` False) or ended (`finished` True)."""

    route_ref: str
    finished: bool
    at: datetime
    vehicle_ref: str = ""
    reference: str = ""


class AlarmReported(Observation, frozen=True, kw_only=True):
    """A carrier raises, renews or clears an exception of a vehicle or of a stop.

    Attributes:
        headline: what happened, in a few words for the queue.
        detail: the reason in a sentence.
        cleared: True where the condition is over.
    """

    kind: ExceptionKind
    at: datetime
    severity: Severity = Severity.MAJOR
    vehicle_ref: str = ""
    by_alias: bool = False
    stop_ref: str = ""
    headline: str = ""
    detail: str = ""
    reference: str = ""
    cleared: bool = False


class ContactReported(Observation, frozen=True, kw_only=True):
    """A customer got in touch through the carrier.

    Attributes:
        topic: `wismo` for "where is my order", else what it was about.
        channel: how they reached the carrier: phone, app, chat and so on.
        words: what they said.
    """

    stop_ref: str
    topic: str
    at: datetime
    channel: str = ""
    words: str = ""
    reference: str = ""


class SequenceReported(Observation, frozen=True, kw_only=True):
    """A sequence went to a driver, or the driver has seen, accepted or declined it.

    Attributes:
        version: the version of the route's sequence, as Tower told it.
        note: the driver's words.
    """

    route_ref: str
    version: int
    notice: Notice
    at: datetime
    vehicle_ref: str = ""
    note: str = ""
    reference: str = ""


AnyObservation = (
    VehicleSeen
    | FixSeen
    | StopReported
    | RouteReported
    | AlarmReported
    | ContactReported
    | SequenceReported
)
