"""A manifest in JSON: lists of carriers, depots, vehicles, routes and stops."""

import msgspec

from tower.carriers.json_items import JSON_ERRORS
from tower.carriers.manifest.entries import (
    CarrierEntry,
    DepotEntry,
    Draft,
    PickupPointEntry,
    Placed,
    Problem,
    RouteEntry,
    ShiftEntry,
    SomeEntry,
    StopEntry,
    VehicleEntry,
    tidy_entry,
)

_SHIFT = msgspec.json.Decoder(ShiftEntry)

# A union of Raw and None reads nothing but null.
_NOTHING = msgspec.Raw(b"null")


class _Lists(msgspec.Struct, forbid_unknown_fields=True):
    """The file with its entries still unread, so that a bad one refuses only itself."""

    shift: msgspec.Raw = _NOTHING
    carriers: list[msgspec.Raw] = []
    depots: list[msgspec.Raw] = []
    pickup_points: list[msgspec.Raw] = []
    vehicles: list[msgspec.Raw] = []
    routes: list[msgspec.Raw] = []
    stops: list[msgspec.Raw] = []


_LISTS = msgspec.json.Decoder(_Lists)


def read_json(text: str) -> Draft:
    """Read a manifest in JSON; what cannot be read is in the draft's problems."""
    draft = Draft(form="json")
    try:
        lists = _LISTS.decode(text)
    except JSON_ERRORS as error:
        draft.problems.append(Problem(line=0, field="", message=in_words(error)))
        return draft
    if bytes(lists.shift) != bytes(_NOTHING):
        draft.shift = _shift(lists.shift, draft.problems)
    draft.carriers = _entries(lists.carriers, CarrierEntry, "carriers", draft.problems)
    draft.depots = _entries(lists.depots, DepotEntry, "depots", draft.problems)
    points = _entries(lists.pickup_points, PickupPointEntry, "pickup_points", draft.problems)
    draft.pickup_points = points
    draft.vehicles = _entries(lists.vehicles, VehicleEntry, "vehicles", draft.problems)
    draft.routes = _entries(lists.routes, RouteEntry, "routes", draft.problems)
    draft.stops = _entries(lists.stops, StopEntry, "stops", draft.problems)
    return draft


def in_words(error: Exception) -> str:
    """What is wrong with a piece of JSON."""
    if isinstance(error, RecursionError):
        return "The file is nested too deeply to be a manifest."
    if isinstance(error, msgspec.ValidationError):
        return f"{error}."
    return f"This cannot be read as JSON, it may be cut short: {error}."


def _shift(raw: msgspec.Raw, problems: list[Problem]) -> ShiftEntry | None:
    try:
        return tidy_entry(_SHIFT.decode(raw))
    except JSON_ERRORS as error:
        problems.append(Problem(line=1, field="shift", message=in_words(error)))
        return None


def _entries(
    items: list[msgspec.Raw], kind: type[SomeEntry], field: str, problems: list[Problem]
) -> list[Placed[SomeEntry]]:
    decoder = msgspec.json.Decoder(kind)
    found = []
    for number, item in enumerate(items, start=1):
        try:
            found.append(Placed(number, tidy_entry(decoder.decode(item))))
        except JSON_ERRORS as error:
            problems.append(Problem(line=number, field=field, message=in_words(error)))
    return found
