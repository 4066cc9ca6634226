"""The routes of the Amazon Last Mile Routing Research Challenge, recognised as they are.

Source: Merchán et al., "2021 Amazon Last Mile Routing Research Challenge: Data Set",
Transportation Science 58(1), 2024. Times are UTC, volumes cubic centimetres. The station is the
first point of every route: it becomes the depot, and the stop at which the van is loaded.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from tower.carriers.json_items import JSON_ERRORS
from tower.carriers.manifest.entries import (
    FIRST_YEAR,
    LAST_YEAR,
    Amount,
    CarrierEntry,
    DepotEntry,
    Draft,
    Name,
    Placed,
    Problem,
    RouteEntry,
    Seconds,
    ShiftEntry,
    StopEntry,
    VehicleEntry,
    is_in_calendar,
)
from tower.carriers.manifest.json_form import in_words
from tower.domain.words import CarrierKind

CARRIER = "amazon-lmrrc"
"""Carrier, and shift, of these routes."""

_CM3_PER_M3 = 1e6
_SHORT = 8
_ROUTE_PREFIX = "RouteID_"


class _Point(msgspec.Struct):
    lat: float
    lng: float
    type: str
    seq: Annotated[int, Meta(ge=0, le=1_000_000)]
    packages: Annotated[int, Meta(ge=0, le=1_000)] = 0
    service_s: Seconds = 0.0
    window: tuple[str, str] | None = None


class _Route(msgspec.Struct):
    station: Name
    date: str
    departure_utc: str
    stops: dict[Name, _Point]
    capacity_cm3: Amount = 0.0


_FILE = msgspec.json.Decoder(dict[Name, msgspec.Raw])
_ROUTE = msgspec.json.Decoder(_Route)


def is_lmrrc(text: str) -> bool:
    """True where a JSON text looks like a file of the challenge."""
    return text.lstrip("{ \r\n\t").startswith(f'"{_ROUTE_PREFIX}')


def read_lmrrc(text: str) -> Draft:
    """Read a file of the challenge; routes that cannot be read are in the draft's problems."""
    draft = Draft(form="amazon_lmrrc", historical=True)
    try:
        routes = _FILE.decode(text)
    except JSON_ERRORS as error:
        draft.problems.append(Problem(line=0, field="", message=in_words(error)))
        return draft
    carrier = CarrierEntry(id=CARRIER, name="Amazon LMRRC", kind=CarrierKind.THIRD_PARTY)
    draft.carriers.append(Placed(0, carrier))
    stations = set[str]()
    for number, (route_id, raw) in enumerate(routes.items(), start=1):
        try:
            _add(draft, number, route_id, _ROUTE.decode(raw), stations)
        except (*JSON_ERRORS, ValueError) as error:
            draft.problems.append(Problem(line=number, field=route_id, message=in_words(error)))
    draft.shift = _shift(draft)
    return draft


def _add(draft: Draft, number: int, route_id: str, route: _Route, stations: set[str]) -> None:
    short = route_id.removeprefix(_ROUTE_PREFIX)[:_SHORT]
    departure = _utc(f"{route.date} {route.departure_utc}")
    stops = [
        _stop(short, route.station, code, point)
        for code, point in sorted(route.stops.items(), key=lambda item: item[1].seq)
    ]
    station = next((point for point in route.stops.values() if point.type == "Station"), None)
    if station is not None and route.station not in stations:
        stations.add(route.station)
        draft.depots.append(Placed(number, _depot(route.station, station)))
    vehicle = VehicleEntry(
        reference=f"van-{short}",
        carrier=CARRIER,
        label=f"Van {short[:4]}",
        capacity_m3=route.capacity_cm3 / _CM3_PER_M3,
    )
    draft.vehicles.append(Placed(number, vehicle))
    plan = RouteEntry(
        id=short,
        name=f"{route.station} {short[:4]}",
        carrier=CARRIER,
        depot=route.station if station is not None else "",
        vehicle=vehicle.reference,
        starts_at=departure,
    )
    draft.routes.append(Placed(number, plan))
    draft.stops += [Placed(number, stop) for stop in stops]


def _depot(station: str, place: _Point) -> DepotEntry:
    return DepotEntry(id=station, name=f"Station {station}", lat=place.lat, lon=place.lng)


def _stop(short: str, station: str, code: str, point: _Point) -> StopEntry:
    stop_id = f"{short}-{code}"
    window = None if point.window is None else (_utc(point.window[0]), _utc(point.window[1]))
    loading = point.type == "Station"
    return StopEntry(
        id=stop_id,
        route=short,
        sequence=point.seq,
        customer=f"Station {station}" if loading else f"Customer {code}",
        note="Loading at the station" if loading else "",
        lat=point.lat,
        lon=point.lng,
        window_start=window[0] if window else None,
        window_end=window[1] if window else None,
        service_s=point.service_s,
        parcels=tuple(f"{stop_id}-{number}" for number in range(1, point.packages + 1)),
    )


def _utc(text: str) -> datetime:
    at = datetime.fromisoformat(text).replace(tzinfo=UTC)
    if not is_in_calendar(at):
        raise ValueError(f"{text} is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return at


def _shift(draft: Draft) -> ShiftEntry | None:
    """One shift for all routes, whatever days they were driven on: the day of the first."""
    departures = [
        route.entry.starts_at for route in draft.routes if route.entry.starts_at is not None
    ]
    if not departures:
        return None
    day = datetime.combine(min(departures).date(), time(), UTC)
    return ShiftEntry(
        id=CARRIER,
        name="Amazon LMRRC",
        date=day.date().isoformat(),
        timezone="UTC",
        starts_at=day,
        ends_at=day + timedelta(days=1, hours=7),
    )
