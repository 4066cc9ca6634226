"""The facts behind a number."""

from datetime import UTC, date
from typing import TYPE_CHECKING, Any

from tower.kpi.measures.definition import Better, Definition
from tower.kpi.query import Behind, FactLine
from tower.kpi.store.conditions import Condition, conditions, kinds, period, sql, standing
from tower.kpi.store.layout import FACTS, PARTS
from tower.kpi.store.places import inside

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SHOWN = (
    "id",
    "stop_id",
    "at",
    "day",
    "carrier",
    "depot",
    "route",
    "driver",
    "postcode",
    "account",
    "label",
    "lat",
    "lon",
)


def lines(
    connection: "DuckDBPyConnection", behind: Behind, measure: Definition, today: date
) -> tuple[int, tuple[FactLine, ...]]:
    """How many facts are behind a number, and those of the page asked for.

    Raises:
        AskUnfit: the row or the days asked for cannot be.
    """
    days = period(behind.filters, today, behind.shift_days)
    tests = [
        *conditions(behind.filters, days),
        *standing(behind.at),
        *(inside(behind.within) if behind.within else ()),
        kinds([str(measure.kind)]),
        _counts(measure),
    ]
    where, values = sql(tests)
    missed = _missed(measure)
    if behind.only_missed:
        where += f" AND {missed}"
    total = _first(connection, f"SELECT count(*) FROM {FACTS} WHERE {where}", values)  # noqa: S608
    shown = ", ".join(f'"{name}"' for name in _SHOWN)
    found = connection.execute(
        f'SELECT {shown}, "{measure.above}", {_below(measure)}, {missed} FROM {FACTS}'  # noqa: S608
        f" WHERE {where} ORDER BY {_order(behind, measure)} LIMIT ? OFFSET ?",
        [*values, behind.limit, behind.offset],
    ).fetchall()
    return total, tuple(_line(row, measure) for row in found)


def _first(connection: "DuckDBPyConnection", text: str, values: list[Any]) -> int:
    row = connection.execute(text, values).fetchone()
    return int(row[0]) if row else 0


def _own_below(measure: Definition) -> str | None:
    return measure.below if measure.below_kind is None else None


def _below(measure: Definition) -> str:
    below = _own_below(measure)
    return f'"{below}"' if below else "NULL"


def _counts(measure: Definition) -> Condition:
    """Facts that are in the sum below the line, or above it where there is none below."""
    return Condition(_own_below(measure) or measure.above, "<> 0")


def _missed(measure: Definition) -> str:
    below = _own_below(measure)
    if not measure.is_share or below is None:
        return "FALSE"
    if measure.better is Better.LOWER:
        return f'"{measure.above}" > 0'
    return f'"{below}" - "{measure.above}" > 0'


def _order(behind: Behind, measure: Definition) -> str:
    if behind.order == "newest":
        return '"at" DESC, id'
    below = _own_below(measure)
    value = f'"{measure.above}" / "{below}"' if below else f'"{measure.above}"'
    way = "DESC" if measure.better is Better.LOWER else "ASC"
    return f'{value} {way}, "at" DESC, id'


def _line(row: tuple[Any, ...], measure: Definition) -> FactLine:
    said = dict(zip(_SHOWN, row, strict=False))
    above, below, missed = row[len(_SHOWN) :]
    said["at"] = said["at"].replace(tzinfo=UTC)
    return FactLine(value=_own_value(measure, above, below), missed=bool(missed), **said)


def _own_value(measure: Definition, above: int, below: int | None) -> float | None:
    """The measure of this fact alone; what it counts where it has nothing below of its own."""
    if below is None:
        return above / PARTS if measure.below else measure.value(above / PARTS)
    return measure.value(above / PARTS, below / PARTS)
