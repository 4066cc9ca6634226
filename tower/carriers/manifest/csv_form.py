"""A manifest in CSV: a line for each stop, with its route, vehicle and depot beside it."""

import csv
import difflib
import functools
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, NamedTuple, TypeVar

import msgspec

from tower.carriers.manifest.cells import OTHER_NAMES, READERS, REQUIRED, BadCell, Cell, Day
from tower.carriers.manifest.entries import (
    OWN_FLEET,
    CarrierEntry,
    DepotEntry,
    Draft,
    Entry,
    Placed,
    Problem,
    RouteEntry,
    ShiftEntry,
    StopEntry,
    VehicleEntry,
    tidy_entry,
)
from tower.domain.timezones import zone_named

_SEPARATORS = (",", ";", "\t")
_HOUR = timedelta(hours=1)

SomeEntry = TypeVar("SomeEntry", bound=Entry)

# The column timezone is the shift's.
_STOP = {"stop": "id", "customer_timezone": "timezone"} | {
    name: name for name in StopEntry.__struct_fields__ if name not in ("id", "timezone")
}
_ROUTE = {
    "route": "id",
    "route_name": "name",
    "carrier": "carrier",
    "depot": "depot",
    "vehicle": "vehicle",
    "driver_name": "driver_name",
    "driver_phone": "driver_phone",
    "driver_masked_phone": "driver_masked_phone",
    "driver_id": "driver_id",
    "route_starts_at": "starts_at",
    "route_ends_at": "ends_at",
    "crew": "crew",
    "duty_ends_at": "duty_ends_at",
    "longest_driving_s": "longest_driving_s",
    "breaks": "breaks",
}
_CARRIER = {"carrier": "id", "carrier_name": "name", "carrier_kind": "kind"}
_ABOUT_VEHICLE = {
    f"vehicle_{name}": name
    for name in VehicleEntry.__struct_fields__
    if name not in ("reference", "carrier")
}
_VEHICLE = {"vehicle": "reference", "carrier": "carrier"} | _ABOUT_VEHICLE
_DEPOT = {"depot": "id", "depot_name": "name", "depot_lat": "lat", "depot_lon": "lon"}


_Seen = dict[tuple[str, ...], tuple[int, Entry]]
"""The line on which something was described first, and how."""


class _Line(NamedTuple):
    """One line with the values of the cells that are not empty."""

    number: int
    values: dict[str, Any]


class _Table(NamedTuple):
    """The header as understood; "" stands for a column that is passed over."""

    columns: list[str]
    decimal_comma: bool


def read_csv(text: str) -> Draft:
    """Read a manifest in CSV; lines that cannot be read are in the draft's problems."""
    draft = Draft(form="csv")
    separator = _separator(text)
    rows = _rows(text, separator, draft.problems)
    header = next(rows, None)
    if header is None:
        draft.problems.append(Problem(line=0, field="", message="The file is empty."))
        return draft
    columns = _columns(header[1], draft.problems)
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        draft.problems += [_missing(name, header[0]) for name in missing]
        return draft
    table = _Table(columns, separator != ",")
    lines = [line for row in rows if (line := _line(row, table, draft.problems)) is not None]
    _fill(draft, lines)
    return draft


def _missing(name: str, line: int) -> Problem:
    message = "This column is missing, so nothing was imported; see docs/manifest.md."
    return Problem(line=line, field=name, message=message)


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=first.count)


def _rows(text: str, separator: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    while True:
        begins = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = f"From here on the file cannot be read: {error}."
            problems.append(Problem(line=begins, field="", message=message))
            return
        if any(cell.strip() for cell in row):
            yield begins, row


def _columns(header: list[str], problems: list[Problem]) -> list[str]:
    columns: list[str] = []
    for title in header:
        name = "_".join(title.strip().lower().replace("-", " ").split())
        name = OTHER_NAMES.get(name, name)
        if name in columns or name not in READERS:
            problems.append(_passed_over(title, name, twice=name in columns))
            name = ""
        columns.append(name)
    return columns


def _passed_over(title: str, name: str, *, twice: bool) -> Problem:
    if twice:
        message = "This column is there twice; the second one is passed over."
    else:
        near = difflib.get_close_matches(name, READERS, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        message = f"Tower knows no such column; it is passed over.{hint}"
    return Problem(line=1, field=title.strip()[:60], message=message, refused=False)


def _line(row: tuple[int, list[str]], table: _Table, problems: list[Problem]) -> _Line | None:
    number, cells = row
    if len(cells) != len(table.columns):
        message = (
            f"The line has {len(cells)} cells, the header {len(table.columns)}: cut short, "
            "or a separator inside text without quotes."
        )
        problems.append(Problem(line=number, field="", message=message))
        return None
    texts = {
        column: cell.strip()
        for column, cell in zip(table.columns, cells, strict=True)
        if column and cell.strip()
    }
    faults = [
        Problem(line=number, field=name, message="This cell is empty.")
        for name in REQUIRED
        if name not in texts
    ]
    values = _values(number, texts, table.decimal_comma, faults)
    problems += faults
    return None if faults else _Line(number, values)


def _values(
    number: int, texts: dict[str, str], decimal_comma: bool, faults: list[Problem]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    column = ""
    try:
        column = "timezone"
        zone = _zone(texts.get("timezone", "UTC"))
        column = "date"
        day = Day(_date(texts.get("date")), zone)
    except BadCell as fault:
        faults.append(Problem(line=number, field=column, message=f"{fault}."))
        return values
    for column, text in texts.items():
        try:
            values[column] = READERS[column](Cell(text, day, decimal_comma))
        except BadCell as fault:
            faults.append(Problem(line=number, field=column, message=f"{fault}."))
    return values


def _zone(name: str) -> tzinfo:
    zone = zone_named(name)
    if zone is None:
        raise BadCell(f"{name!r} is not a time zone, as Europe/Vaduz")
    return zone


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadCell(f"{text!r} is not a date, as 2026-03-01") from None


def _fill(draft: Draft, lines: list[_Line]) -> None:
    seen: _Seen = {}
    for line in lines:
        stop = _entry(StopEntry, _STOP, line, draft.problems)
        route = _entry(RouteEntry, _ROUTE, line, draft.problems)
        if stop is None or route is None:
            continue
        draft.stops.append(Placed(line.number, stop))
        _once(draft.routes, ("route", route.id), route, line.number, seen, draft.problems)
        _fill_around(draft, line, seen)
    draft.shift = _shift(lines, draft.problems)


def _fill_around(draft: Draft, line: _Line, seen: _Seen) -> None:
    """The carrier, the vehicle and the depot a line tells of."""
    values, problems = line.values, draft.problems
    if "carrier_name" in values or "carrier_kind" in values:
        carrier = _entry(CarrierEntry, _CARRIER, line, problems, id=OWN_FLEET)
        if carrier is not None:
            key = ("carrier", carrier.id)
            _once(draft.carriers, key, carrier, line.number, seen, problems)
    if "vehicle" in values and not _ABOUT_VEHICLE.keys().isdisjoint(values):
        vehicle = _entry(VehicleEntry, _VEHICLE, line, problems)
        if vehicle is not None:
            named = ("vehicle", vehicle.carrier, vehicle.reference)
            _once(draft.vehicles, named, vehicle, line.number, seen, problems)
    if {"depot", "depot_lat", "depot_lon"} <= values.keys():
        depot = _entry(DepotEntry, _DEPOT, line, problems)
        if depot is not None:
            _once(draft.depots, ("depot", depot.id), depot, line.number, seen, problems)


def _entry(
    kind: type[SomeEntry],
    fields: dict[str, str],
    line: _Line,
    problems: list[Problem],
    **defaults: str,
) -> SomeEntry | None:
    given = {
        field: line.values[column] for column, field in fields.items() if column in line.values
    }
    try:
        return tidy_entry(msgspec.convert(defaults | given, kind))
    except msgspec.ValidationError as error:
        problems.append(Problem(line=line.number, field="", message=f"{error}."))
        return None


def _once(
    entries: list[Placed[SomeEntry]],
    key: tuple[str, ...],
    entry: SomeEntry,
    line: int,
    seen: _Seen,
    problems: list[Problem],
) -> None:
    """Add what was not there yet; say so where a later line contradicts an earlier one."""
    known = seen.setdefault(key, (line, entry))
    if known[1] is entry:
        entries.append(Placed(line, entry))
    elif not _agrees(entry, known[1]):
        message = f"{key[0]} {key[-1]} reads differently from line {known[0]}, which stands."
        problems.append(Problem(line=line, field=key[0], message=message, refused=False))


def _agrees(later: Entry, earlier: Entry) -> bool:
    """True where a later line says nothing else; cells it leaves empty say nothing."""
    said = msgspec.structs.asdict(later)
    return all(
        said[name] in (default, getattr(earlier, name))
        for name, default in _defaults(type(later)).items()
    )


@functools.cache
def _defaults(kind: type[Entry]) -> dict[str, Any]:
    """What each field says where it is left out; asking msgspec takes a tenth of a millisecond."""
    return {field.name: field.default for field in msgspec.structs.fields(kind)}


def _shift(lines: list[_Line], problems: list[Problem]) -> ShiftEntry | None:
    """The shift the lines belong to; its hours span every time in them, or else the whole day."""
    if not lines:
        return None
    first = lines[0].values
    zone_name = first.get("timezone", "UTC")
    times = sorted(
        value for line in lines for value in line.values.values() if isinstance(value, datetime)
    )
    on = first.get("date") or (times and times[0].astimezone(_zone(zone_name)).date().isoformat())
    if not on:
        problems += _without_day(lines[0])
        return None
    begins, ends = _hours(times) if times else _day(date.fromisoformat(on), _zone(zone_name))
    entry = {
        "id": first.get("shift") or on,
        "name": f"Shift of {on}",
        "date": on,
        "timezone": zone_name,
        "starts_at": begins,
        "ends_at": ends,
        "region": first.get("region", ""),
    }
    try:
        return tidy_entry(msgspec.convert(entry, ShiftEntry))
    except msgspec.ValidationError as error:
        problems.append(Problem(line=lines[0].number, field="shift", message=f"{error}."))
        return None


def _without_day(first: _Line) -> Iterator[Problem]:
    """What is lost where a shift is named and nothing says on which day it is."""
    for name in ("shift", "region"):
        if first.values.get(name):
            message = f"Without a date or any time there is no shift, so {name} is passed over."
            yield Problem(line=first.number, field=name, message=message, refused=False)


def _hours(times: list[datetime]) -> tuple[datetime, datetime]:
    last = times[-1].astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return times[0].replace(minute=0, second=0, microsecond=0), last + _HOUR


def _day(on: date, zone: tzinfo) -> tuple[datetime, datetime]:
    midnight = datetime.combine(on, time(), zone)
    return midnight, datetime.combine(on + timedelta(days=1), time(), zone)
