"""The demo shift as data: what was promised, what really happens, and who says so.

Times are seconds after local midnight of the shift's date, so that one plan serves any date.
A plan depends on its region pack, its seed, its weekday and the sort of day alone.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from tower.demo.happenings import Happenings, Spans
from tower.demo.regimes import Regime
from tower.domain.geometry import LatLon
from tower.domain.words import (
    AttemptReason,
    Building,
    CarrierKind,
    Channel,
    ExceptionKind,
    Requirement,
    Severity,
    StopKind,
    VehicleKind,
)

PLAN_VERSION = 13
"""Grows when the making of a plan changes, so that older stored plans are not used."""


class Voice(StrEnum):
    """The format in which a carrier reports its vehicles' positions."""

    TRACCAR = "traccar"
    GTFS_REALTIME = "gtfs_realtime"
    DRIVER_APP = "driver_app"


class Recording(StrEnum):
    """What a carrier's drivers record at the door."""

    NOTHING = "nothing"
    PLACE = "place"
    PARCELS = "parcels"


class DemoCarrier(msgspec.Struct, frozen=True, kw_only=True):
    """A carrier of the demo and the fleet it brings.

    Attributes:
        fix_every_s: seconds between two positions of one vehicle.
        lag_s: typical seconds between a fix and its arrival at the gateway.
        capacity_kg: payload of each of its vehicles; capacity_m3, capacity_pieces likewise.
        height_m: metres from the road to the roof.
        range_m: metres on one charge, 0 for those that fill up.
        records: what its drivers record at the door; parcels go with the place.
        raises_alarms: its own system raises exceptions and takes them back.
    """

    id: str
    name: str
    kind: CarrierKind
    voice: Voice
    vehicle_kind: VehicleKind
    vehicles: int
    stops_per_route: int
    route_letter: str
    fix_every_s: float
    lag_s: float
    capacity_kg: float
    capacity_m3: float
    capacity_pieces: int
    height_m: float
    range_m: float = 0.0
    records: Recording = Recording.PARCELS
    raises_alarms: bool = False


class DemoVehicle(msgspec.Struct, frozen=True, kw_only=True):
    """A vehicle and what it can do.

    Attributes:
        reference: its name in the carrier's messages.
        label: what people call it.
        temperature_limit_c: of the box, None for one without cooling.
    """

    reference: str
    label: str
    kind: VehicleKind
    capacity_kg: float
    capacity_m3: float
    capacity_pieces: int
    height_m: float
    low_emission: bool
    range_m: float
    equipment: tuple[Requirement, ...]
    temperature_limit_c: float | None


class DemoBreak(msgspec.Struct, frozen=True, kw_only=True):
    """A rest: when it may begin, and how long it takes."""

    earliest_s: float
    latest_s: float
    duration_s: float


class DemoDriver(msgspec.Struct, frozen=True, kw_only=True):
    """Who drives: what the crew can do, and how long it may.

    Attributes:
        id: the carrier's own key, the same in every shift.
        duty_ends_s: the driver's hours end then.
        longest_driving_s: seconds at the wheel allowed.
    """

    id: str
    name: str
    phone: str
    masked_phone: str
    crew: tuple[Requirement, ...]
    duty_ends_s: float
    longest_driving_s: float
    breaks: tuple[DemoBreak, ...]


class DemoStop(msgspec.Struct, frozen=True, kw_only=True):
    """A stop as promised; the fields of a manifest, with times in seconds of the day."""

    id: str
    kind: StopKind
    customer: str
    address: str
    lat: float
    lon: float
    window_start_s: float | None = None
    window_end_s: float | None = None
    planned_s: float | None = None
    service_s: float
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
    phone: str = ""
    masked_phone: str = ""
    email: str = ""
    language: str = ""
    contact_by: tuple[Channel, ...] = ()
    brand: str = ""
    service_level: str = ""
    safe_place: str = ""
    postcode: str = ""
    building: Building | None = None
    floor: int | None = None
    has_lift: bool | None = None

    @property
    def place(self) -> LatLon:
        """Where it is."""
        return LatLon(self.lat, self.lon)


class LateOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order that comes in during the shift and is on no route yet."""

    comes_s: float
    stop: DemoStop


class Drive(msgspec.Struct, frozen=True, kw_only=True):
    """One leg as it is really driven, on a polyline of the road graph.

    Attributes:
        starts_s: when the vehicle moves off.
        times_s: seconds after `starts_s` at each shape point.
        shape: points as (lat, lon) in 1e-6 degrees, flattened.
    """

    starts_s: float
    times_s: tuple[float, ...]
    shape: tuple[int, ...]

    @property
    def ends_s(self) -> float:
        """When the vehicle stands again."""
        return self.starts_s + self.times_s[-1]


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """A stop as it was really visited.

    Attributes:
        arrives_s: when the vehicle stands there.
        leaves_s: when the driver is done there.
        told: how many reports of the route were made until then.
    """

    stop_id: str
    arrives_s: float
    leaves_s: float
    told: int


class Say(StrEnum):
    """What a driver's phone or a carrier's system reports besides positions."""

    ROUTE_STARTED = "route_started"
    ROUTE_FINISHED = "route_finished"
    EN_ROUTE = "en_route"
    ARRIVED = "arrived"
    SERVICING = "servicing"
    DELIVERED = "delivered"
    COLLECTED = "collected"
    ATTEMPTED = "attempted"
    ALARM = "alarm"
    CONTACT = "contact"


class Alarm(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a carrier raises, or with `cleared` takes back."""

    kind: ExceptionKind
    severity: Severity
    headline: str
    cleared: bool = False


class DoorProof(msgspec.Struct, frozen=True, kw_only=True):
    """What a driver recorded at a door.

    Attributes:
        scanned: None where the carrier scans nothing.
    """

    lat: float
    lon: float
    scanned: tuple[str, ...] | None
    received_by: str


class Report(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One report: when it happened, when it is sent, and what it says.

    Attributes:
        topic: of a contact, `wismo` for "where is my order".
        alarm: what an alarm says; None for every other report.
        proof: what was recorded at the door, None where nothing was.
    """

    at_s: float
    sent_s: float
    carrier_id: str
    route_id: str
    vehicle_reference: str
    say: Say
    stop_id: str = ""
    reason: AttemptReason | None = None
    note: str = ""
    topic: str = ""
    alarm: Alarm | None = None
    proof: DoorProof | None = None


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """What really happens on a route.

    Attributes:
        drives: all that is driven, in order.
        visits: in the order they are made.
        reports: in the order they are made, which is not the order they are sent.
        rests_s: when each of the driver's breaks began.
        stands_s: since when the vehicle stands for good, None where it does not break down.
    """

    drives: tuple[Drive, ...]
    visits: tuple[Visit, ...]
    reports: tuple[Report, ...]
    rests_s: tuple[float, ...] = ()
    stands_s: float | None = None

    @property
    def starts_s(self) -> float:
        """When the vehicle leaves the depot."""
        return self.drives[0].starts_s

    @property
    def ends_s(self) -> float:
        """When the vehicle is back at its depot, or stands for good."""
        return self.drives[-1].ends_s if self.stands_s is None else self.stands_s


class DemoRoute(msgspec.Struct, frozen=True, kw_only=True):
    """A route: its promised stops in order and what really happens.

    Attributes:
        silences_s: spans in which the device sends nothing.
        strays_s: stop id to the span in which the vehicle, on its way there, is off the line of
            its route.
        uncooled_s: spans in which the box is not cooled.
        drain: how many times faster than rated the battery empties.
    """

    id: str
    carrier_id: str
    vehicle: DemoVehicle
    driver: DemoDriver
    starts_s: float
    ends_s: float
    stops: tuple[DemoStop, ...]
    life: Life
    silences_s: Spans = ()
    strays_s: dict[str, tuple[float, float]] = {}
    uncooled_s: Spans = ()
    drain: float = 1.0


class DemoPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A shop where customers may collect their parcels."""

    id: str
    name: str
    address: str
    lat: float
    lon: float


class DemoPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the simulated shift will do as long as nobody changes a sequence.

    Attributes:
        regime: what sort of day it is.
        weekday: 0 for Monday.
        late: orders that come in during the shift.
        points: where parcels may be collected.
        happenings: what goes wrong, for those who drive another sequence than the plan's.
    """

    version: int
    seed: int
    region_id: str
    region_checksum: str
    timezone: str
    regime: Regime
    weekday: int
    depot: tuple[str, str, float, float]
    carriers: tuple[DemoCarrier, ...]
    routes: tuple[DemoRoute, ...]
    late: tuple[LateOrder, ...]
    points: tuple[DemoPoint, ...]
    happenings: Happenings

    @property
    def home(self) -> LatLon:
        """Where the depot is."""
        return LatLon(self.depot[2], self.depot[3])

    @property
    def reports(self) -> list[Report]:
        """What is reported of all routes, in the order it is sent."""
        return in_order_sent(report for route in self.routes for report in route.life.reports)


def in_order_sent(reports: Iterable[Report]) -> list[Report]:
    """The same reports by when they are sent."""
    return sorted(reports, key=lambda report: (report.sent_s, report.route_id, report.stop_id))
