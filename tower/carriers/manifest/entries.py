"""The entries of a manifest as its sender writes them; docs/manifest.md is their manual."""

from datetime import datetime
from typing import Annotated, Generic, NamedTuple, TypeVar

import msgspec
from msgspec import Meta

from tower.carriers.tidy import tidied
from tower.domain.words import Building, CarrierKind, Channel, Requirement, StopKind, VehicleKind

Name = Annotated[str, Meta(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f\x7f]+\Z")]
OptionalName = Annotated[str, Meta(max_length=128, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
Words = Annotated[str, Meta(max_length=2000)]
Moment = Annotated[datetime, Meta(tz=True)]
Amount = Annotated[float, Meta(ge=0)]
Seconds = Annotated[float, Meta(ge=0, le=86_400)]
Requirements = Annotated[tuple[Requirement, ...], Meta(max_length=len(Requirement))]

Postcode = Annotated[str, Meta(max_length=16, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
LOWEST_FLOOR, HIGHEST_FLOOR = -10, 200
Floor = Annotated[int, Meta(ge=LOWEST_FLOOR, le=HIGHEST_FLOOR)]

FIRST_YEAR, LAST_YEAR = 2000, 2199
"""Times outside these years are mistakes."""

PARCELS_PER_STOP = 1_000
"""More is a file gone wrong."""

STOPS_PER_FILE = 50_000
"""More is the work of several depots; it would keep everybody waiting while it is recorded."""

STOPS_PER_ROUTE = 2_000
"""More than anybody can drive in a day; a route travels to every desktop in one message."""

BREAKS_PER_ROUTE = 8
"""More is a file gone wrong."""

OWN_FLEET = "own"
"""Carrier of routes that name none."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every entry; a misspelt field is an error and not silence."""


class ShiftEntry(Entry, frozen=True, kw_only=True):
    """The working day; `date` is local, `timezone` an IANA name."""

    id: Name
    name: OptionalName = ""
    date: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    timezone: Name = "UTC"
    starts_at: Moment
    ends_at: Moment
    region: OptionalName = ""


class CarrierEntry(Entry, frozen=True, kw_only=True):
    """Somebody whose vehicles drive."""

    id: Name
    name: OptionalName = ""
    kind: CarrierKind = CarrierKind.OWN_FLEET
    adapter: OptionalName = ""
    silent_after_s: Seconds = 300.0


class DepotEntry(Entry, frozen=True, kw_only=True):
    """Where routes start and end."""

    id: Name
    name: OptionalName = ""
    lat: float
    lon: float


class PickupPointEntry(Entry, frozen=True, kw_only=True):
    """A shop or locker where customers may collect their parcels."""

    id: Name
    name: OptionalName = ""
    address: Words = ""
    lat: float
    lon: float


class VehicleEntry(Entry, frozen=True, kw_only=True):
    """A vehicle; `reference` is its name in the carrier's own messages."""

    reference: Name
    carrier: Name = OWN_FLEET
    label: OptionalName = ""
    kind: VehicleKind = VehicleKind.VAN
    capacity_kg: Amount = 0.0
    capacity_m3: Amount = 0.0
    capacity_pieces: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    temperature_limit_c: float | None = None
    equipment: Requirements = ()
    height_m: Amount = 0.0
    low_emission: bool = False
    range_m: Amount = 0.0


class BreakEntry(Entry, frozen=True, kw_only=True):
    """A rest of the driver; it begins between `earliest` and `latest`."""

    earliest: Moment
    latest: Moment
    duration_s: Seconds


class RouteEntry(Entry, frozen=True, kw_only=True):
    """A route; `vehicle` is the carrier's reference, `depot` a depot's id."""

    id: Name
    name: OptionalName = ""
    carrier: Name = OWN_FLEET
    depot: OptionalName = ""
    vehicle: OptionalName = ""
    driver_name: OptionalName = ""
    driver_phone: OptionalName = ""
    driver_masked_phone: OptionalName = ""
    driver_id: OptionalName = ""
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    crew: Requirements = ()
    duty_ends_at: Moment | None = None
    longest_driving_s: Seconds = 0.0
    breaks: Annotated[tuple[BreakEntry, ...], Meta(max_length=BREAKS_PER_ROUTE)] = ()


class StopEntry(Entry, frozen=True, kw_only=True):
    """A stop; without `sequence` it is driven in the order of the file."""

    id: Name
    route: OptionalName = ""
    sequence: float | None = None
    kind: StopKind = StopKind.DELIVERY
    reference: OptionalName = ""
    customer: Words = ""
    phone: OptionalName = ""
    email: Words = ""
    language: OptionalName = ""
    address: Words = ""
    lat: float
    lon: float
    window_start: Moment | None = None
    window_end: Moment | None = None
    planned_at: Moment | None = None
    service_s: Seconds = 120.0
    parcels: Annotated[tuple[Name, ...], Meta(max_length=PARCELS_PER_STOP)] = ()
    weight_kg: Amount = 0.0
    volume_m3: Amount = 0.0
    access_code: Words = ""
    note: Words = ""
    temperature_limit_c: float | None = None
    window_is_hard: bool = False
    needs: Requirements = ()
    height_limit_m: Amount = 0.0
    low_emission_zone: bool = False
    bikes_only: bool = False
    longest_aboard_s: Seconds = 0.0
    collects: Annotated[tuple[Name, ...], Meta(max_length=STOPS_PER_ROUTE)] = ()
    masked_phone: OptionalName = ""
    service_level: OptionalName = ""
    brand: OptionalName = ""
    contact_by: Annotated[tuple[Channel, ...], Meta(max_length=len(Channel))] = ()
    timezone: OptionalName = ""
    safe_place: Words = ""
    postcode: Postcode = ""
    building: Building | None = None
    floor: Floor | None = None
    has_lift: bool | None = None


def is_in_calendar(at: datetime) -> bool:
    """True for a time a shift may have."""
    return FIRST_YEAR <= at.year <= LAST_YEAR


def times_in(entry: Entry) -> dict[str, datetime]:
    """The times of an entry by field, those of a route's breaks included."""
    fields = msgspec.structs.asdict(entry).items()
    times = {name: value for name, value in fields if isinstance(value, datetime)}
    breaks = entry.breaks if isinstance(entry, RouteEntry) else ()
    for number, one in enumerate(breaks, start=1):
        own = times_in(one).items()
        times |= {f"breaks {number} {name}": value for name, value in own}
    return times


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong in one place of a manifest, in words.

    Attributes:
        line: line of the file, from 1; in JSON the place of the entry in its list, from 1;
            0 for the file as a whole.
        field: column or field it is about, "" for the line as a whole.
        message: what is wrong and what to do.
        refused: True where the line was left out, False where it went in all the same.
    """

    line: int
    field: str
    message: str
    refused: bool = True


SomeEntry = TypeVar("SomeEntry", bound=Entry)


def tidy_entry(entry: SomeEntry) -> SomeEntry:
    """The entry with all its words tidy.

    Raises:
        msgspec.ValidationError: nothing is left of a name.
    """
    tidier = tidied(entry)
    if tidier is entry:
        return entry
    return msgspec.convert(msgspec.structs.asdict(tidier), type(entry))


class Placed(NamedTuple, Generic[SomeEntry]):
    """An entry, and the line it came from."""

    line: int
    entry: SomeEntry


class Draft(msgspec.Struct):
    """A manifest as written, before its entries are checked against each other.

    Attributes:
        form: `csv`, `json` or `amazon_lmrrc`.
        historical: True for recordings of days long past, which are imported as of today.
    """

    form: str
    historical: bool = False
    shift: ShiftEntry | None = None
    carriers: list[Placed[CarrierEntry]] = []
    depots: list[Placed[DepotEntry]] = []
    pickup_points: list[Placed[PickupPointEntry]] = []
    vehicles: list[Placed[VehicleEntry]] = []
    routes: list[Placed[RouteEntry]] = []
    stops: list[Placed[StopEntry]] = []
    problems: list[Problem] = []
