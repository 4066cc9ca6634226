"""A measure by place: facts summed up by the cells of a grid."""

import math
from typing import TYPE_CHECKING, Any

from tower.kpi.measures.definition import Definition
from tower.kpi.query import Box, Place, PlacesAsk
from tower.kpi.store.conditions import Condition, Period, conditions, kinds, sql
from tower.kpi.store.errors import AskUnfit
from tower.kpi.store.layout import FACTS, PARTS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_M_A_DEGREE = 111_195.0
"""Metres on one degree of latitude, on a sphere of 6,371 km."""

_NARROWEST = 0.05
"""Degrees of longitude are taken to be no shorter than this share of those at the equator."""


def places(
    connection: "DuckDBPyConnection", ask: PlacesAsk, measure: Definition, days: Period
) -> tuple[Place, ...]:
    """The cells with the most facts.

    A cell is as high as it is asked to be and as wide as that in the middle of what is counted.

    Raises:
        AskUnfit: the measure divides by facts of another kind, which may have happened elsewhere.
    """
    if measure.below_kind is not None:
        raise AskUnfit(f"{measure.title} cannot be told by place.")
    tests = [*conditions(ask.filters, days), kinds([str(measure.kind)]), _counts(measure)]
    where, values = sql([*tests, Condition("lat", "IS NOT NULL")])
    high = ask.cell_m / _M_A_DEGREE
    row = connection.execute(f"SELECT avg(lat) FROM {FACTS} WHERE {where}", values).fetchone()  # noqa: S608 - names
    middle = math.radians(row[0]) if row and row[0] is not None else 0.0
    wide = high / max(_NARROWEST, math.cos(middle))
    below = f'sum("{measure.below}")' if measure.below else "NULL"
    question = (
        "SELECT floor(lat / ?)::BIGINT, floor(lon / ?)::BIGINT, count(*),"  # noqa: S608 - names
        f' sum("{measure.above}"), {below} FROM {FACTS} WHERE {where}'
        " GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT ?"
    )
    found = connection.execute(question, [high, wide, *values, ask.most]).fetchall()
    return tuple(_place(line, measure, high, wide) for line in found)


def inside(box: Box) -> list[Condition]:
    """What facts have to be to lie in a part of the map."""
    return [
        Condition("lat", ">= ? AND lat < ?", (box.south, box.north)),
        Condition("lon", ">= ? AND lon < ?", (box.west, box.east)),
    ]


def _counts(measure: Definition) -> Condition:
    return Condition(measure.below or measure.above, "<> 0")


def _place(line: tuple[Any, ...], measure: Definition, high: float, wide: float) -> Place:
    row, column, facts, above, below = line
    box = Box(
        south=max(-90.0, row * high),
        west=max(-180.0, column * wide),
        north=min(90.0, (row + 1) * high),
        east=min(180.0, (column + 1) * wide),
    )
    sums = (above or 0) / PARTS, (below or 0) / PARTS
    return Place(
        box=box,
        value=measure.value(*sums),
        counted=sums[1] if measure.below else sums[0],
        facts=facts,
    )
