"""Sums by dimensions: from the smallest table that has them all."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from tower.kpi.facts import Dimension
from tower.kpi.measures.definition import Definition
from tower.kpi.query import Ask, Row
from tower.kpi.store.conditions import Condition, Period, conditions, kinds, sql
from tower.kpi.store.errors import AskUnfit
from tower.kpi.store.layout import COLUMN_OF, FACTS, PARTS, SUMS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST_ROWS = 5_000

_EXPRESSIONS: dict[Dimension, str] = {
    Dimension.WEEK: "date_trunc('week', day)::DATE",
    Dimension.MONTH: "strftime(day, '%Y-%m')",
    Dimension.WEEKDAY: "isodow(day) - 1",
}
"""How a dimension is read where it is not a column as it stands."""

_OF_ONE_KIND = (Dimension.LABEL, Dimension.ETA_ERROR)
"""What facts of different kinds do not share."""


class _Question(NamedTuple):
    text: str
    values: list[Any]


def rows(
    connection: "DuckDBPyConnection",
    ask: Ask,
    known: Mapping[str, Definition],
    days: Period,
) -> tuple[Row, ...]:
    """The rows of an answer.

    Raises:
        AskUnfit: a measure is not known.
    """
    wanted = [defined(known, key) for key in ask.measures]
    columns = _columns(wanted)
    question = _question(ask, wanted, columns, days)
    found = connection.execute(question.text, question.values).fetchall()
    return tuple(_row(line, ask.by, wanted, columns) for line in found)


def defined(known: Mapping[str, Definition], key: str) -> Definition:
    """The measure of a key.

    Raises:
        AskUnfit: there is none.
    """
    if key not in known:
        raise AskUnfit(f"There is no measure {key!r}.")
    return known[key]


def table_for(columns: Sequence[str]) -> str:
    """The smallest table with all these columns."""
    needed = set(columns)
    return next((sums.table for sums in SUMS if needed <= set(sums.by)), FACTS)


def _columns(wanted: Sequence[Definition]) -> list[str]:
    named = (name for one in wanted for name in (one.above, one.below) if name)
    return list(dict.fromkeys(named))


def _question(
    ask: Ask, wanted: Sequence[Definition], columns: Sequence[str], days: Period
) -> _Question:
    tests = [*conditions(ask.filters, days), kinds(_kinds_of(wanted))]
    if Dimension.ETA_ERROR in ask.by:
        tests.append(Condition("eta_error", "IS NOT NULL"))
    table = table_for([*(one.column for one in tests), *(COLUMN_OF[one] for one in ask.by)])
    counted = "count(*)" if table == FACTS else "sum(n)"
    keys = [_EXPRESSIONS.get(one, f'"{one}"') for one in ask.by]
    amounts = ", ".join(f'sum("{name}")' for name in columns)
    where, values = sql(tests)
    text = (
        f"SELECT {', '.join([*keys, amounts])} FROM {table} WHERE {where}"  # noqa: S608 - names
        f" {_grouped(len(keys))} HAVING {counted} > 0 {_ordered(len(keys), counted, ask.top)}"
    )
    return _Question(text, values)


def _kinds_of(wanted: Sequence[Definition]) -> list[str]:
    named = (str(kind) for one in wanted for kind in (one.kind, one.below_kind) if kind)
    return list(dict.fromkeys(named))


def _grouped(keys: int) -> str:
    return f"GROUP BY {_places(keys)}" if keys else ""


def _ordered(keys: int, counted: str, top: int) -> str:
    by = [f"{counted} DESC"] if top else []
    by += [_places(keys)] if keys else []
    return f"{'ORDER BY ' if by else ''}{', '.join(by)} LIMIT {min(top or MOST_ROWS, MOST_ROWS)}"


def _places(keys: int) -> str:
    return ", ".join(str(place) for place in range(1, keys + 1))


def _row(
    line: Sequence[Any],
    by: Sequence[Dimension],
    wanted: Sequence[Definition],
    columns: Sequence[str],
) -> Row:
    keys = tuple(_text(key) for key in line[: len(by)])
    sums = {
        name: (amount or 0) / PARTS for name, amount in zip(columns, line[len(by) :], strict=True)
    }
    pairs = [_value(one, sums, by) for one in wanted]
    return Row(
        keys=keys,
        values=tuple(value for value, _ in pairs),
        counted=tuple(counted for _, counted in pairs),
    )


def _value(
    one: Definition, sums: Mapping[str, float], by: Sequence[Dimension]
) -> tuple[float | None, float]:
    above, below = sums[one.above], sums[one.below] if one.below else 0.0
    is_apart = one.below_kind is not None and any(dimension in _OF_ONE_KIND for dimension in by)
    value = None if is_apart else one.value(above, below)
    return value, below if one.below else above


def _text(key: str | int | date) -> str:
    return key.isoformat() if isinstance(key, date) else str(key)
