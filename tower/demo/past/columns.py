"""Facts as columns, before they are told to the store."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tower.demo.past.operation import Counts, Numbers, Words
from tower.demo.past.served import Served
from tower.kpi.facts import FactKind

Columns = dict[str, np.ndarray[Any, Any]]
"""Facts by column; what none of them has is left out."""


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


def together(parts: Sequence[Columns]) -> Columns:
    """Facts of one kind, of several days, as one."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _marked(ids: Words, mark: str) -> Words:
    return np.array([f"{one}:{mark}" for one in ids], dtype=object)
