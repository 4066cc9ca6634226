"""Facts as columns, before they are told to the store."""

from typing import Any

import numpy as np

from tower.demo.past.operation import Counts, Numbers, Words
from tower.demo.past.served import Served
from tower.kpi.facts import FactKind

Columns = dict[str, np.ndarray[Any, Any]]
"""Facts by column; what none of them has is left out."""

_ABOUT = ("label", "stop_id", "route", "driver", "vehicle", "depot")
_WORDS = frozenset((*_ABOUT, "postcode", "account", "service_level"))
_UNKNOWN = frozenset({"eta_error", "lat", "lon"})


def about(stops: Served, which: Counts, kind: FactKind, mark: str) -> Columns:
    """Facts about some of a day's stops, as far as they say who, where and when.

    Args:
        stops: of the day.
        which: places of the stops, one a fact.
        kind: of the facts.
        mark: what tells the ids of these facts from those of the stops, "" for the stops' own.
    """
    ids = stops.ids[which]
    who = ("carrier", "depot", "route", "driver", "vehicle")
    where = ("postcode", "account", "service_level", "lat", "lon", "at", "hour")
    return {
        "id": _marked(ids, mark) if mark else ids,
        "kind": filled(len(which), kind.value),
        "day": filled(len(which), stops.day.isoformat()),
        "stop_id": ids,
        **{name: getattr(stops, name)[which] for name in (*who, *where)},
    }


def filled(count: int, word: str) -> Words:
    """The same word so many times."""
    return np.full(count, word, dtype=object)


def ones(count: int) -> Numbers:
    """So many ones."""
    return np.ones(count)


def together(parts: list[Columns]) -> Columns:
    """Facts of several kinds or days as one; what one of them has not is empty in it."""
    told = [part for part in parts if part and len(part["id"])]
    names = list(dict.fromkeys(name for part in told for name in part))
    return {name: np.concatenate([_column(part, name) for part in told]) for name in names}


def _column(part: Columns, name: str) -> np.ndarray[Any, Any]:
    if name in part:
        return part[name]
    count = len(part["id"])
    if name in _WORDS:
        return filled(count, "")
    return np.full(count, np.nan) if name in _UNKNOWN else np.zeros(count)


def _marked(ids: Words, mark: str) -> Words:
    return np.array([f"{one}:{mark}" for one in ids], dtype=object)
