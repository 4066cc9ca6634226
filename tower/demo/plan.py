"""The demo shift as data: what was promised, what really happens, and who says so.

Times are seconds after local midnight of the shift's date, so that one plan serves any date.
A plan depends on its region pack and seed alone.
"""

from enum import StrEnum

import msgspec

from tower.domain.words import (
    AttemptReason,
    CarrierKind,
    ExceptionKind,
    Severity,
    StopKind,
    VehicleKind,
)

PLAN_VERSION = 5
"""Grows when the making of a plan changes, so that older stored plans are not used."""


class Voice(StrEnum):
    """The format in which a carrier reports its vehicles' positions."""

    TRACCAR = "traccar"
    GTFS_REALTIME = "gtfs_realtime"
    DRIVER_APP = "driver_app"


class DemoCarrier(msgspec.Struct, frozen=True, kw_only=True):
    """A carrier of the demo and the fleet it brings.

    Attributes:
        fix_every_s: seconds between two positions of one vehicle.
        lag_s: typical seconds between a fix and its arrival at the gateway.
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


class DemoStop(msgspec.Struct, frozen=True, kw_only=True):
    """A stop as promised, with where its door really is."""

    id: str
    kind: StopKind
    customer: str
    address: str
    lat: float
    lon: float
    window_start_s: float | None
    window_end_s: float | None
    planned_s: float
    service_s: float
    parcels: tuple[str, ...]
    weight_kg: float
    access_code: str
    note: str
    temperature_limit_c: float | None


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


class DemoRoute(msgspec.Struct, frozen=True, kw_only=True):
    """A route: its promised stops in order and the drives that really happen.

    Attributes:
        drives: one more than stops; the last leads back to the depot.
        silences_s: spans in which the device sends nothing.
    """

    id: str
    carrier_id: str
    vehicle_reference: str
    vehicle_label: str
    driver_name: str
    starts_s: float
    ends_s: float
    is_cold: bool
    stops: tuple[DemoStop, ...]
    drives: tuple[Drive, ...]
    silences_s: tuple[tuple[float, float], ...] = ()
    fridge_warms_s: float | None = None


class Say(StrEnum):
    """What a driver's phone or a carrier's system reports besides positions."""

    ROUTE_STARTED = "route_started"
    ROUTE_FINISHED = "route_finished"
    EN_ROUTE = "en_route"
    ARRIVED = "arrived"
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


class Report(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One report: when it happened, when it is sent, and what it says.

    Attributes:
        topic: of a contact, `wismo` for "where is my order".
        alarm: what an alarm says; None for every other report.
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


class DemoPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the simulated shift will do.

    Attributes:
        reports: sorted by when they are sent.
    """

    version: int
    seed: int
    region_id: str
    region_checksum: str
    timezone: str
    depot: tuple[str, str, float, float]
    carriers: tuple[DemoCarrier, ...]
    routes: tuple[DemoRoute, ...]
    reports: tuple[Report, ...]


FLEET: tuple[DemoCarrier, ...] = (
    DemoCarrier(
        id="own",
        name="Own vans",
        kind=CarrierKind.OWN_FLEET,
        voice=Voice.TRACCAR,
        vehicle_kind=VehicleKind.VAN,
        vehicles=18,
        stops_per_route=30,
        route_letter="V",
        fix_every_s=2.0,
        lag_s=0.3,
    ),
    DemoCarrier(
        id="electric",
        name="Own e-vans",
        kind=CarrierKind.OWN_FLEET,
        voice=Voice.TRACCAR,
        vehicle_kind=VehicleKind.E_VAN,
        vehicles=14,
        stops_per_route=28,
        route_letter="E",
        fix_every_s=2.0,
        lag_s=0.3,
    ),
    DemoCarrier(
        id="bikes",
        name="Demo Cargo Bikes",
        kind=CarrierKind.REGIONAL,
        voice=Voice.DRIVER_APP,
        vehicle_kind=VehicleKind.CARGO_BIKE,
        vehicles=10,
        stops_per_route=20,
        route_letter="B",
        fix_every_s=3.0,
        lag_s=0.6,
    ),
    DemoCarrier(
        id="3pl",
        name="Demo 3PL",
        kind=CarrierKind.THIRD_PARTY,
        voice=Voice.GTFS_REALTIME,
        vehicle_kind=VehicleKind.VAN,
        vehicles=10,
        stops_per_route=26,
        route_letter="P",
        fix_every_s=5.0,
        lag_s=1.6,
    ),
    DemoCarrier(
        id="gig",
        name="Demo Gig",
        kind=CarrierKind.GIG,
        voice=Voice.TRACCAR,
        vehicle_kind=VehicleKind.CAR,
        vehicles=8,
        stops_per_route=13,
        route_letter="G",
        fix_every_s=3.0,
        lag_s=0.8,
    ),
)
"""The demo's carriers: 60 vehicles, 1,496 stops."""
