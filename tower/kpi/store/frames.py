"""Facts on their way into the database and back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from tower.kpi.facts import COLUMNS, Fact, FactKind
from tower.kpi.store.layout import KEYS, PARTS, TEXTS

Frame = Mapping[str, Any]
"""Columns by name, all of one length: arrays, or a data frame."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_WORDS = ("id", "stop_id", *TEXTS)


def framed(facts: Mapping[str, Iterable[Fact]]) -> Frame:
    """Facts by the thing they are about, as columns."""
    rows = [(subject, fact) for subject, some in facts.items() for fact in some]
    columns = {name: _words([getattr(fact, name) for _, fact in rows]) for name in _WORDS}
    columns["subject"] = _words([subject for subject, _ in rows])
    columns["day"] = _words([fact.day.isoformat() for _, fact in rows])
    columns["at"] = np.array([(fact.at - _EPOCH) // _TICK for _, fact in rows], np.int64)
    columns["hour"] = np.array([fact.hour for _, fact in rows], np.int64)
    for name in ("eta_error", "lat", "lon"):
        known = [getattr(fact, name) for _, fact in rows]
        columns[name] = np.array([np.nan if one is None else one for one in known], np.float64)
    for name in sorted({name for _, fact in rows for name in fact.adds}):
        added = [fact.adds.get(name, 0) for _, fact in rows]
        columns[name] = np.array(added, np.float64)
    return columns


def _words(values: Sequence[str]) -> np.ndarray[Any, np.dtype[np.object_]]:
    return np.array([str(value) for value in values], dtype=object)


def selected(names: Iterable[str], *, at_in_ticks: bool) -> str:
    """How the columns of a frame are read into those of the facts.

    Args:
        names: the columns it has; the rest is empty.
        at_in_ticks: `at` is whole microseconds since 1970, not a time.
    """
    known = frozenset(names)
    return ", ".join(
        [
            *(f'{_key(name, known, at_in_ticks)} AS "{name}"' for name in KEYS),
            *(f'{_amount(name, known)} AS "{name}"' for name in COLUMNS),
        ]
    )


def _key(name: str, known: frozenset[str], at_in_ticks: bool) -> str:
    if name not in known:
        return "''" if KEYS[name] == "VARCHAR" else f"CAST(NULL AS {KEYS[name]})"
    if name == "at" and at_in_ticks:
        return 'make_timestamp("at")'
    if name in ("eta_error", "lat", "lon"):
        known_one = f"CASE WHEN isnan(CAST({name} AS DOUBLE)) THEN NULL ELSE {name} END"
        return f"CAST({known_one} AS {KEYS[name]})"
    return f'CAST("{name}" AS {KEYS[name]})'


def _amount(name: str, known: frozenset[str]) -> str:
    if name not in known:
        return "CAST(0 AS BIGINT)"
    return f'CAST(round(CAST("{name}" AS DOUBLE) * {PARTS}) AS BIGINT)'


def fact_of(row: Mapping[str, Any]) -> Fact:
    """A fact as it is kept, whole again."""
    adds = {name: row[name] / PARTS for name in COLUMNS if row[name]}
    said = {name: row[name] for name in KEYS if name not in ("subject", "at", "kind")}
    at = row["at"].replace(tzinfo=UTC)
    return Fact(kind=FactKind(row["kind"]), at=at, adds=adds, **said)
