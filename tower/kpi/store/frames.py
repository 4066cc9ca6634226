"""Facts as rows of the database: on their way in, on their way out, and many at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from tower.kpi.facts import COLUMNS, Fact, FactKind
from tower.kpi.store.layout import KEYS, PARTS

if TYPE_CHECKING:
    from pandas import DataFrame

Frame: TypeAlias = "DataFrame | Mapping[str, Any]"
"""Columns by name, all of one length: arrays, or a data frame."""

Row = dict[str, Any]
"""A fact as it is kept: its keys, and what it adds in whole parts where that is not nothing."""

_DAYS = np.dtype("datetime64[D]")

_UNKNOWN = ("eta_error", "lat", "lon")
"""Keys a fact may be without."""


def row_of(subject: str, fact: Fact) -> Row:
    """A fact about a thing as it is kept."""
    adds = {name: round(amount * PARTS) for name, amount in fact.adds.items()}
    return {
        **{name: getattr(fact, name) for name in KEYS if name != "subject"},
        "subject": subject,
        "kind": str(fact.kind),
        "at": fact.at.astimezone(UTC).replace(tzinfo=None),
        **{name: parts for name, parts in adds.items() if parts},
    }


def held_row(names: Sequence[str], values: Sequence[Any]) -> Row:
    """The same of a row that was read."""
    row = dict(zip(names, values, strict=True))
    return {name: value for name, value in row.items() if name in KEYS or value}


def fact_of(row: Row) -> Fact:
    """A fact as it is kept, whole again."""
    adds = {name: row[name] / PARTS for name in COLUMNS if name in row}
    said = {name: row[name] for name in KEYS if name not in ("subject", "at", "kind")}
    at = row["at"].replace(tzinfo=UTC)
    return Fact(kind=FactKind(row["kind"]), at=at, adds=adds, **said)


def framed(gone: Sequence[Row], new: Sequence[Row]) -> Frame:
    """Rows that go and rows that come as columns, with a `sign` of -1 and 1."""
    rows = (*gone, *new)
    columns = {name: _column(name, [row[name] for row in rows]) for name in KEYS}
    columns["sign"] = np.array([-1] * len(gone) + [1] * len(new), np.int64)
    added = {name for row in rows for name in row} - KEYS.keys()
    for name in (one for one in COLUMNS if one in added):
        columns[name] = np.array([row.get(name, 0) for row in rows], np.int64)
    return columns


def _column(name: str, values: Sequence[Any]) -> np.ndarray[Any, Any]:
    if name in _UNKNOWN:
        return np.array([np.nan if one is None else one for one in values], np.float64)
    if name == "at":
        return np.array(values, "datetime64[us]")
    return np.array([str(one) for one in values], object)


def readable(frame: Frame) -> Frame:
    """The same with days as the database reads them: numpy has a unit for them that it has not."""
    if not isinstance(frame, dict):
        return frame
    days = {name: one for name, one in frame.items() if np.asarray(one).dtype == _DAYS}
    return frame | {name: one.astype("datetime64[us]") for name, one in days.items()}


def amounts_in(names: Iterable[str]) -> tuple[str, ...]:
    """What facts add, among the columns of a frame."""
    known = frozenset(names)
    return tuple(name for name in COLUMNS if name in known)


def selected(names: Iterable[str], scale: int) -> str:
    """How the columns of a frame are read into those of the facts: all keys, then its amounts.

    Args:
        names: the columns it has.
        scale: what its amounts are multiplied by to be whole parts.
    """
    known = frozenset(names)
    keys = (f'{_key(name, known)} AS "{name}"' for name in KEYS)
    amounts = (
        f'CAST(round("{name}" * {scale}) AS BIGINT) AS "{name}"' for name in amounts_in(known)
    )
    return ", ".join((*keys, *amounts))


def _key(name: str, known: frozenset[str]) -> str:
    if name not in known:
        return "''" if KEYS[name] == "VARCHAR" else f"CAST(NULL AS {KEYS[name]})"
    if name in _UNKNOWN:
        said = f'CASE WHEN isnan(CAST("{name}" AS DOUBLE)) THEN NULL ELSE "{name}" END'
        return f"CAST({said} AS {KEYS[name]})"
    return f'CAST("{name}" AS {KEYS[name]})'
