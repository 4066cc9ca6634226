"""Reading the cells of a CSV manifest."""

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, time, tzinfo
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from tower.carriers.manifest.entries import (
    FIRST_YEAR,
    HIGHEST_FLOOR,
    LAST_YEAR,
    LOWEST_FLOOR,
    is_in_calendar,
)
from tower.domain.words import Building, CarrierKind, Channel, Requirement, StopKind, VehicleKind

Word = TypeVar("Word", bound=StrEnum)


class BadCell(Exception):
    """A cell that cannot be read; the text says why."""


class Day(NamedTuple):
    """What a time of day in a row is relative to; `on` is None where no date is given."""

    on: date | None
    zone: tzinfo


class Cell(NamedTuple):
    """One cell with what its reading depends on."""

    text: str
    day: Day
    decimal_comma: bool


def number(cell: Cell) -> float:
    """A finite number; a decimal comma is understood where commas do not separate cells."""
    text = cell.text.replace(",", ".") if cell.decimal_comma else cell.text
    try:
        value = float(text)
    except ValueError:
        raise BadCell(f"{cell.text!r} is not a number") from None
    if not math.isfinite(value):
        raise BadCell(f"{cell.text!r} is not a finite number")
    return value


def amount(cell: Cell) -> float:
    """A number that is not negative."""
    value = number(cell)
    if value < 0:
        raise BadCell(f"{cell.text} is negative")
    return value


def moment(cell: Cell) -> datetime:
    """A time: RFC 3339, or local as `2026-03-01 14:30` or `14:30` with a date column."""
    on = _time_of_day(cell)
    if on is None:
        try:
            on = datetime.fromisoformat(cell.text)
        except ValueError:
            raise BadCell(f"{cell.text!r} is not a time, as 14:30 or 2026-03-01T14:30Z") from None
    if not is_in_calendar(on):
        raise BadCell(f"{cell.text!r} is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return (on if on.tzinfo else on.replace(tzinfo=cell.day.zone)).astimezone(UTC)


def _time_of_day(cell: Cell) -> datetime | None:
    if len(cell.text) > len("00:00:00") or ":" not in cell.text:
        return None
    try:
        at = time.fromisoformat(_two_digits(cell.text))
    except ValueError:
        raise BadCell(f"{cell.text!r} is not a time of day, as 14:30") from None
    if cell.day.on is None:
        raise BadCell("a time of day needs the column date")
    return datetime.combine(cell.day.on, at)


def _two_digits(clock: str) -> str:
    """`9:05` as `09:05`."""
    hour, colon, rest = clock.partition(":")
    return hour.zfill(2) + colon + rest


def local_date(cell: Cell) -> str:
    """The day of the row."""
    return cell.day.on.isoformat() if cell.day.on else ""


def words(cell: Cell) -> str:
    """Text as it stands."""
    return cell.text


def several(cell: Cell) -> tuple[str, ...]:
    """Numbers or ids with `|` between them."""
    return tuple(part.strip() for part in cell.text.split("|") if part.strip())


def whole(cell: Cell) -> int:
    """A whole number that is not negative."""
    value = amount(cell)
    if not value.is_integer():
        raise BadCell(f"{cell.text} is not a whole number")
    return int(value)


def level(cell: Cell) -> int:
    """A floor: 0 for the ground floor, below it negative."""
    value = number(cell)
    if not value.is_integer() or not LOWEST_FLOOR <= value <= HIGHEST_FLOOR:
        raise BadCell(f"{cell.text} is not a floor from {LOWEST_FLOOR} to {HIGHEST_FLOOR}")
    return int(value)


_TRUTHS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def truth(cell: Cell) -> bool:
    """`yes` or `no`, also as `true` and `false` or 1 and 0."""
    value = _TRUTHS.get(cell.text.lower())
    if value is None:
        raise BadCell(f"{cell.text!r} is neither yes nor no")
    return value


_BREAK_PARTS = 3


def breaks(cell: Cell) -> tuple[dict[str, object], ...]:
    """Rests as `12:00/13:30/1800`: earliest begin, latest begin, seconds; `|` between several."""
    return tuple(_break(cell._replace(text=text)) for text in several(cell))


def _break(cell: Cell) -> dict[str, object]:
    parts = [cell._replace(text=part.strip()) for part in cell.text.split("/")]
    if len(parts) != _BREAK_PARTS:
        raise BadCell(f"{cell.text!r} is not a break, as 12:00/13:30/1800")
    earliest, latest, lasts = parts
    return {"earliest": moment(earliest), "latest": moment(latest), "duration_s": amount(lasts)}


def _one_of(kind: type[Word]) -> Callable[[Cell], Word]:
    def read(cell: Cell) -> Word:
        try:
            return kind(cell.text.lower())
        except ValueError:
            known = ", ".join(kind)
            raise BadCell(f"{cell.text!r} is none of: {known}") from None

    return read


def _some_of(kind: type[Word]) -> Callable[[Cell], tuple[Word, ...]]:
    one = _one_of(kind)

    def read(cell: Cell) -> tuple[Word, ...]:
        return tuple(one(cell._replace(text=text)) for text in several(cell))

    return read


Reader = Callable[[Cell], Any]

READERS: dict[str, Reader] = {
    "route": words,
    "stop": words,
    "lat": number,
    "lon": number,
    "sequence": number,
    "kind": _one_of(StopKind),
    "reference": words,
    "customer": words,
    "phone": words,
    "email": words,
    "language": words,
    "address": words,
    "window_start": moment,
    "window_end": moment,
    "planned_at": moment,
    "service_s": amount,
    "parcels": several,
    "weight_kg": amount,
    "volume_m3": amount,
    "access_code": words,
    "note": words,
    "temperature_limit_c": number,
    "window_is_hard": truth,
    "needs": _some_of(Requirement),
    "height_limit_m": amount,
    "low_emission_zone": truth,
    "bikes_only": truth,
    "longest_aboard_s": amount,
    "collects": several,
    "masked_phone": words,
    "service_level": words,
    "brand": words,
    "contact_by": _some_of(Channel),
    "customer_timezone": words,
    "safe_place": words,
    "postcode": words,
    "building": _one_of(Building),
    "floor": level,
    "has_lift": truth,
    "route_name": words,
    "route_starts_at": moment,
    "route_ends_at": moment,
    "driver_name": words,
    "driver_phone": words,
    "driver_masked_phone": words,
    "driver_id": words,
    "crew": _some_of(Requirement),
    "duty_ends_at": moment,
    "longest_driving_s": amount,
    "breaks": breaks,
    "carrier": words,
    "carrier_name": words,
    "carrier_kind": _one_of(CarrierKind),
    "vehicle": words,
    "vehicle_label": words,
    "vehicle_kind": _one_of(VehicleKind),
    "vehicle_capacity_kg": amount,
    "vehicle_capacity_m3": amount,
    "vehicle_capacity_pieces": whole,
    "vehicle_temperature_limit_c": number,
    "vehicle_equipment": _some_of(Requirement),
    "vehicle_height_m": amount,
    "vehicle_low_emission": truth,
    "vehicle_range_m": amount,
    "depot": words,
    "depot_name": words,
    "depot_lat": number,
    "depot_lon": number,
    "shift": words,
    "date": local_date,
    "timezone": words,
    "region": words,
}
"""Every column, and how its cells are read."""

REQUIRED = ("route", "stop", "lat", "lon")
"""Columns no manifest can do without."""

OTHER_NAMES = {
    "route_id": "route",
    "stop_id": "stop",
    "latitude": "lat",
    "longitude": "lon",
    "lng": "lon",
    "long": "lon",
    "seq": "sequence",
    "position": "sequence",
    "order_id": "reference",
    "customer_name": "customer",
    "service_seconds": "service_s",
    "vehicle_id": "vehicle",
    "capacity_kg": "vehicle_capacity_kg",
    "capacity_m3": "vehicle_capacity_m3",
    "capacity_pieces": "vehicle_capacity_pieces",
    "equipment": "vehicle_equipment",
    "range_m": "vehicle_range_m",
    "driver": "driver_name",
    "carrier_id": "carrier",
    "depot_id": "depot",
    "zip": "postcode",
    "postal_code": "postcode",
    "building_type": "building",
    "lift": "has_lift",
}
"""Names other systems give the same columns."""
