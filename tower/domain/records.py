"""What the operations room knows, as frozen records.

Every record is made of registers: a value and the stamp of the fact it rests on. A later stamp
wins, whatever order the facts arrive in, so the fold of a set of events is one state.
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from tower.domain.geometry import LatLon
from tower.domain.moments import utc
from tower.domain.words import (
    AttemptReason,
    Awaited,
    Building,
    CarrierKind,
    Channel,
    Disposition,
    ExceptionKind,
    ExceptionState,
    Notice,
    Requirement,
    Severity,
    StopKind,
    StopState,
    VehicleKind,
)


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Base of every record: immutable, compared by value, cheap to encode.

    A record names others by their ids and so is never part of a cycle. The collector leaves it
    alone: looking at those of a hundred thousand stops stops everything for a quarter of a second.
    """


_A_MOMENT = timedelta(milliseconds=1)


class Stamp(msgspec.Struct, frozen=True, order=True, array_like=True, gc=False):
    """What decides between two facts about one thing: the greater stamp holds.

    Written down as a list. A tuple would be half as large again, and each stop has five.

    Attributes:
        order: version for what the gateway decided, seconds UTC for what was observed.
        rank: settles facts of the same moment (an outcome beats an arrival).
        event_id: settles the rest, the same way everywhere.
    """

    order: float = float("-inf")
    rank: int = 0
    event_id: str = ""

    def outdone_at(self, now: datetime) -> datetime:
        """When what is observed now has to be dated to hold: now, or just after this stamp.

        A clock that was set back leaves facts behind that are dated later than now.
        """
        return now if self.order < now.timestamp() else utc(self.order) + _A_MOMENT


NEVER = Stamp()
"""The stamp of a register nothing was said about yet."""

NOTHING: dict[str, Any] = {}
"""An empty mapping for all records that hold one; nobody writes into it."""


class Actor(Record, frozen=True, kw_only=True):
    """Who made an event: a carrier, a person, or a rule of Tower's own."""

    kind: str
    id: str
    name: str = ""


class Subject(Record, frozen=True, kw_only=True):
    """The ids of what an event is about."""

    carrier_id: str = ""
    vehicle_id: str = ""
    route_id: str = ""
    stop_id: str = ""
    exception_id: str = ""
    message_id: str = ""


class Carrier(Record, frozen=True, kw_only=True):
    """Somebody whose vehicles carry our parcels.

    Attributes:
        silent_after_s: seconds without any message after which the carrier counts as silent.
    """

    id: str
    name: str
    kind: CarrierKind = CarrierKind.OWN_FLEET
    adapter: str = ""
    silent_after_s: float = 300.0


class Depot(Record, frozen=True, kw_only=True):
    """Where routes start and end."""

    id: str
    name: str
    lat: float
    lon: float

    @property
    def position(self) -> LatLon:
        """The depot's place."""
        return LatLon(self.lat, self.lon)


class PickupPoint(Record, frozen=True, kw_only=True):
    """Where a customer may collect a parcel: a shop, a locker."""

    id: str
    name: str
    address: str
    lat: float
    lon: float

    @property
    def position(self) -> LatLon:
        """The point's place."""
        return LatLon(self.lat, self.lon)


class Shift(Record, frozen=True, kw_only=True):
    """One working day of one operation.

    Attributes:
        timezone: IANA name; the screen shows times in it.
        region: id of the region pack the map and the roads come from, or "" for none.
    """

    id: str
    name: str
    date: str
    timezone: str
    starts_at: datetime
    ends_at: datetime
    region: str = ""


class Vehicle(Record, frozen=True, kw_only=True):
    """A vehicle as planned for the shift (where it is now is telemetry).

    Attributes:
        reference: the carrier's own name for it, as it stands in the carrier's messages.
        label: number plate or fleet number people say aloud.
        capacity_kg: payload in kilograms, 0 where unknown.
        capacity_m3: load volume in cubic metres, 0 where unknown.
        capacity_pieces: parcels, 0 where unknown.
        temperature_limit_c: highest cargo temperature allowed, degrees Celsius.
        equipment: what it carries that a stop may ask for.
        height_m: metres from the road to its roof, 0 where unknown.
        low_emission: it may enter low-emission zones.
        range_m: metres it drives on one charge, 0 where that does not limit it.
    """

    id: str
    carrier_id: str
    reference: str
    label: str
    kind: VehicleKind = VehicleKind.VAN
    capacity_kg: float = 0.0
    capacity_m3: float = 0.0
    capacity_pieces: int = 0
    temperature_limit_c: float | None = None
    equipment: tuple[Requirement, ...] = ()
    height_m: float = 0.0
    low_emission: bool = False
    range_m: float = 0.0


class Break(Record, frozen=True, kw_only=True):
    """A rest the driver takes between two stops.

    Attributes:
        earliest: it does not begin before, UTC.
        latest: it has begun by then, UTC.
        duration_s: seconds it takes.
    """

    earliest: datetime
    latest: datetime
    duration_s: float


class RoutePlan(Record, frozen=True, kw_only=True):
    """A route as the planning system handed it over.

    Attributes:
        driver_id: the carrier's own key of the driver, the same from shift to shift; "" for none.
        driver_masked_phone: a number that reaches the driver without telling theirs.
        crew: what driver and helpers can do that a stop may ask for.
        duty_ends_at: the driver's hours end then, UTC; None where nothing limits them.
        longest_driving_s: seconds at the wheel allowed in the shift, 0 where nothing limits them.
        breaks: the rests to be taken, in their order.
    """

    id: str
    name: str
    carrier_id: str
    depot_id: str = ""
    vehicle_id: str = ""
    driver_id: str = ""
    driver_name: str = ""
    driver_phone: str = ""
    driver_masked_phone: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    crew: tuple[Requirement, ...] = ()
    duty_ends_at: datetime | None = None
    longest_driving_s: float = 0.0
    breaks: tuple[Break, ...] = ()


class StopPlan(Record, frozen=True, kw_only=True):
    """A stop as promised: who, where, when, what.

    Attributes:
        reference: the shipper's own number (order, parcel) as it stands in carriers' messages.
        window_start: start of the promised window, UTC.
        window_end: end of the promised window, UTC.
        planned_at: arrival in the plan of the day, UTC.
        service_s: planned seconds at the door.
        weight_kg: kilograms; volume_m3: cubic metres; parcels: pieces.
        access_code: gate or door code; empty where none is known.
        temperature_limit_c: highest temperature the parcel may see, degrees Celsius.
        window_is_hard: nobody is there outside the window; else late is late but still served.
        needs: what it asks of the vehicle and its crew.
        height_limit_m: highest vehicle that gets there, metres, 0 for any.
        low_emission_zone: only low-emission vehicles may drive there.
        bikes_only: only bikes may drive there.
        longest_aboard_s: seconds the parcels may be on the way since loading, 0 for any.
        collects: ids of the stops whose parcels are collected here.
        masked_phone: a number that reaches the customer without telling theirs.
        language: the customer's, as `de` or `es-CL`; "" where nobody asked.
        service_level: what was sold, as `express`; thresholds may differ by it.
        brand: id of the brand the customer bought from; decides the look of e-mails.
        contact_by: channels the customer agreed to, the preferred first; empty where nobody
            asked.
        timezone: IANA name of the customer's, "" for the shift's.
        safe_place: where the parcel may be left, in the customer's words.
        postcode: of the address, "" where not told.
        building: what it is at, None where not told; floor: 0 for the ground floor, None likewise.
        has_lift: None where not told.
    """

    id: str
    kind: StopKind = StopKind.DELIVERY
    reference: str = ""
    customer: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    address: str = ""
    lat: float
    lon: float
    window_start: datetime | None = None
    window_end: datetime | None = None
    planned_at: datetime | None = None
    service_s: float = 120.0
    parcels: tuple[str, ...] = ()
    weight_kg: float = 0.0
    volume_m3: float = 0.0
    access_code: str = ""
    note: str = ""
    temperature_limit_c: float | None = None
    window_is_hard: bool = False
    needs: tuple[Requirement, ...] = ()
    height_limit_m: float = 0.0
    low_emission_zone: bool = False
    bikes_only: bool = False
    longest_aboard_s: float = 0.0
    collects: tuple[str, ...] = ()
    masked_phone: str = ""
    service_level: str = ""
    brand: str = ""
    contact_by: tuple[Channel, ...] = ()
    timezone: str = ""
    safe_place: str = ""
    postcode: str = ""
    building: Building | None = None
    floor: int | None = None
    has_lift: bool | None = None

    @property
    def position(self) -> LatLon:
        """The stop's place."""
        return LatLon(self.lat, self.lon)


class StopChanges(Record, frozen=True, kw_only=True):
    """What was agreed about a stop after it was planned; None leaves a thing as it is.

    Attributes:
        window_start: start of the window newly promised, UTC; set together with its end.
        address: of another place, such as a pick-up point; set together with `lat` and `lon`.
    """

    access_code: str | None = None
    safe_place: str | None = None
    note: str | None = None
    window_start: datetime | None = None
    window_end: datetime | None = None
    address: str | None = None
    lat: float | None = None
    lon: float | None = None


class Proof(Record, frozen=True, kw_only=True):
    """What the driver recorded at the door.

    Attributes:
        lat: where the driver stood, degrees; lon likewise; None where not recorded.
        scanned: the parcels scanned there, None where nothing was scanned.
        received_by: who took it, in the driver's words.
    """

    lat: float | None = None
    lon: float | None = None
    scanned: tuple[str, ...] | None = None
    received_by: str = ""


class Progress(Record, frozen=True, kw_only=True):
    """The newest thing said about a stop, of one sort: on the way there, or how it ended."""

    state: StopState
    at: datetime
    stamp: Stamp
    reason: AttemptReason | None = None
    note: str = ""
    proof: Proof | None = None


class Lock(Record, frozen=True, kw_only=True):
    """A dispatcher's word that a stop stays on its route and is served within its window.

    Attributes:
        reason: why, such as "promised to the customer by phone".
        by: name of the person who locked it.
        at: when, UTC.
    """

    reason: str = ""
    by: str = ""
    at: datetime


class PublishedArrival(Record, frozen=True, kw_only=True):
    """When the customer was told to expect us; kept calm, rounded outward.

    Attributes:
        start: from when, UTC; end: until when.
        because: why it was changed, in words; "" for the first.
    """

    start: datetime
    end: datetime
    at: datetime
    because: str = ""


class Stop(Record, frozen=True, kw_only=True):
    """A stop: its plan, the route it is on, and how far it has come.

    Attributes:
        plan: as it holds now, with what was agreed since.
        planned: as it was planned, where something else was agreed since; None otherwise.
        changes: everything that was agreed since.
        change_stamps: for each field of `changes` that was set, the stamp of the fact.
        parcels_on: id of the route whose vehicle has its parcels aboard, where that is another
            than the stop's own; "" otherwise.
        lock: set while the stop is promised and must not be moved.
        published: the arrival its customer sees, None before there was any.
        closed_at: when a collected return was booked back in, UTC.
    """

    id: str
    plan: StopPlan | None = None
    plan_stamp: Stamp = NEVER
    planned: StopPlan | None = None
    changes: StopChanges = StopChanges()
    change_stamps: dict[str, Stamp] = {}
    route_id: str = ""
    route_stamp: Stamp = NEVER
    parcels_on: str = ""
    lock: Lock | None = None
    lock_stamp: Stamp = NEVER
    published: PublishedArrival | None = None
    published_stamp: Stamp = NEVER
    closed_at: datetime | None = None
    closed_stamp: Stamp = NEVER
    underway: Progress | None = None
    outcome: Progress | None = None
    arrived_at: datetime | None = None
    arrived_stamp: Stamp = NEVER

    @property
    def as_planned(self) -> StopPlan | None:
        """The plan as it was handed over, before anything else was agreed."""
        return self.planned or self.plan

    @property
    def proof(self) -> Proof | None:
        """What the driver recorded at the door, where the stop was served."""
        return self.outcome.proof if self.outcome else None

    @property
    def state(self) -> StopState:
        """Where the stop stands.

        An outcome is not undone by a message of being on the way, except an attempt or a skip: a
        second attempt begins that way, and a driver who passed by may come back.
        """
        newest = self._newest
        return StopState.PLANNED if newest is None else newest.state

    @property
    def reason(self) -> AttemptReason | None:
        """Why the stop was attempted and not completed, where it was."""
        return self._newest.reason if self._newest else None

    @property
    def finished_at(self) -> datetime | None:
        """When the stop had its outcome, or None while it has none."""
        newest = self._newest
        return newest.at if newest and newest.state.is_outcome else None

    @property
    def is_done(self) -> bool:
        """True once the vehicle has nothing left to do here."""
        newest = self._newest
        return newest is not None and newest.state.is_outcome

    @property
    def _newest(self) -> Progress | None:
        outcome, underway = self.outcome, self.underway
        if outcome is None:
            return underway
        if underway is None or not outcome.state.may_be_tried_again:
            return outcome
        return underway if underway.stamp > outcome.stamp else outcome


PLAN_OF_THE_DAY = 1
"""The version of a sequence its driver leaves the depot with; nobody has to be sent it."""


class Told(Record, frozen=True, kw_only=True):
    """What the driver last let us know about a sequence.

    Attributes:
        version: the version of the sequence it is about.
        note: the driver's words.
    """

    version: int
    notice: Notice
    at: datetime
    note: str = ""


class Route(Record, frozen=True, kw_only=True):
    """A route: its plan, the order its stops are to be driven in, and when it ran.

    Attributes:
        sequence: stop ids in driving order; a stop is on the route while the stop says so too.
        version: counts changes of sequence; a command names the version it was made against.
        sequenced_at: when the sequence was set, UTC.
        told: what the driver knows of it; None before anything was sent.
    """

    id: str
    plan: RoutePlan | None = None
    plan_stamp: Stamp = NEVER
    sequence: tuple[str, ...] = ()
    sequence_stamp: Stamp = NEVER
    sequenced_at: datetime | None = None
    told: Told | None = None
    told_stamp: Stamp = NEVER
    started_at: datetime | None = None
    started_stamp: Stamp = NEVER
    finished_at: datetime | None = None
    finished_stamp: Stamp = NEVER

    @property
    def name(self) -> str:
        """What people call it; its id where nobody planned it."""
        return self.plan.name if self.plan else self.id

    @property
    def version(self) -> int:
        """How often the sequence was set; 0 before the first time."""
        return 0 if self.sequence_stamp == NEVER else int(self.sequence_stamp.order)

    @property
    def notice(self) -> Notice | None:
        """How far the newest sequence has come with the driver.

        None where the driver has not been sent it, or where it is the plan of the day, which the
        driver left the depot with.
        """
        told = self.told
        return told.notice if told is not None and told.version >= self.version else None

    @property
    def awaits_driver(self) -> bool:
        """True while a driver who left with another sequence has not seen this one, or declines."""
        seen = (Notice.SEEN, Notice.ACCEPTED)
        return (
            self.version > PLAN_OF_THE_DAY and self.finished_at is None and self.notice not in seen
        )


class Finding(Record, frozen=True, kw_only=True):
    """What an exception says: facts, renewed while the condition lasts.

    Attributes:
        headline: what happened, in a few words for the queue.
        detail: the reason in a sentence.
        sla_due_at: when somebody must have acted, UTC.
        source: the carrier or rule that found it.
    """

    kind: ExceptionKind
    severity: Severity
    subject: Subject
    headline: str
    detail: str = ""
    sla_due_at: datetime | None = None
    source: str = ""


class Work(Record, frozen=True, kw_only=True):
    """Where an exception stands in the room's work.

    Attributes:
        owner: id of the person who claimed it.
        lease_until: the claim lapses then unless renewed, UTC by the gateway's clock.
        fence: grows with every claim; an action with an older number is refused.
        cause: why it was resolved, snoozed or escalated, in words.
        by_rule: the newest change was a rule's, not a person's.
        version: counts changes of the work; a command names the version it was made against.
        assigned_to: id of the person who is to look at it, "" for anybody.
        snoozed_until: it comes back then at the latest, UTC.
        awaits: what brings it back sooner.
        escalated_at: when a supervisor was asked to look; stays while somebody works on it.
        escalated_because: why, in words.
        disposition: how it was judged, once resolved.
        merged_into: id of the exception it is a duplicate of.
    """

    state: ExceptionState = ExceptionState.OPEN
    owner: str = ""
    owner_name: str = ""
    lease_until: datetime | None = None
    fence: int = 0
    cause: str = ""
    by_rule: bool = False
    version: int = 0
    at: datetime | None = None
    assigned_to: str = ""
    assigned_name: str = ""
    snoozed_until: datetime | None = None
    awaits: Awaited | None = None
    escalated_at: datetime | None = None
    escalated_because: str = ""
    disposition: Disposition | None = None
    merged_into: str = ""


class ExceptionRecord(Record, frozen=True, kw_only=True):
    """An exception: what was found and what is being done about it."""

    id: str
    finding: Finding | None = None
    finding_stamp: Stamp = NEVER
    raised_at: datetime | None = None
    work: Work = Work()
    work_stamp: Stamp = NEVER

    @property
    def is_open(self) -> bool:
        """True while somebody still has to look at it."""
        return self.work.state is not ExceptionState.RESOLVED


class Note(Record, frozen=True, kw_only=True):
    """What somebody wrote down about an exception."""

    id: str
    exception_id: str
    at: datetime
    by: str
    words: str


class Contact(Record, frozen=True, kw_only=True):
    """One message or call between a customer and the room."""

    id: str
    at: datetime
    stop_id: str
    topic: str
    channel: str = ""
    inbound: bool = True
    words: str = ""
