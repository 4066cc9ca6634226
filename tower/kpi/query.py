"""What can be asked of the figures, and how they are answered."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from tower.domain.reporting import Filters
from tower.kpi.facts import Dimension


class Ask(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Measures, taken apart by up to two dimensions.

    Attributes:
        measures: keys of measures.
        by: what they are taken apart by; nothing for one row.
        filters: which facts count.
        shift_days: so many days earlier than the filters say; 7 for the week before.
        top: only so many rows, the largest number of facts first; 0 for all (at most 5,000).
    """

    measures: Annotated[tuple[str, ...], Meta(min_length=1, max_length=40)]
    by: Annotated[tuple[Dimension, ...], Meta(max_length=2)] = ()
    filters: Filters = Filters()
    shift_days: Annotated[int, Meta(ge=0, le=3_660)] = 0
    top: Annotated[int, Meta(ge=0, le=5_000)] = 0


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of an answer.

    Attributes:
        keys: its place in each dimension asked for, as text (`2026-03-05`, `14`, `c1`).
        values: of each measure, None where there is nothing to divide by.
        counted: how much each value rests on: the sum below the line, or the value of a count.
    """

    keys: tuple[str, ...]
    values: tuple[float | None, ...]
    counted: tuple[float, ...]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The rows, in the order of their keys (of size where only the top was asked for).

    Attributes:
        since: first local day that counts, until the last one.
        names: what keys are called, where that differs (`c1`: `North Express`).
        seq: the journal's last event that is in it.
        definitions: version of the measures' definitions.
    """

    measures: tuple[str, ...]
    by: tuple[Dimension, ...]
    rows: tuple[Row, ...]
    since: date
    until: date
    names: dict[str, str] = {}
    seq: int = 0
    definitions: int = 0


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the map, degrees; its south and west edges belong to it, the others do not."""

    south: Annotated[float, Meta(ge=-90.0, le=90.0)]
    west: Annotated[float, Meta(ge=-180.0, le=180.0)]
    north: Annotated[float, Meta(ge=-90.0, le=90.0)]
    east: Annotated[float, Meta(ge=-180.0, le=180.0)]


class PlacesAsk(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A measure by place.

    Attributes:
        measure: whose sums are both made of facts of one kind.
        cell_m: metres along each side of the cells the map is cut into.
        most: so many cells, those with the most facts.
    """

    measure: str
    filters: Filters = Filters()
    cell_m: Annotated[float, Meta(ge=100.0, le=50_000.0)] = 400.0
    most: Annotated[int, Meta(ge=1, le=5_000)] = 2_000


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One cell.

    Attributes:
        value: of the measure there.
        counted: how much it rests on; facts: how many.
    """

    box: Box
    value: float | None
    counted: float
    facts: int


class PlacesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A measure by place, the cells with the most facts first.

    Attributes:
        since: first local day that counts, until the last one.
    """

    measure: str
    places: tuple[Place, ...]
    since: date
    until: date


class Behind(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Asks for the facts behind one number.

    Attributes:
        measure: whose.
        at: the row it stands in: a key of each dimension.
        within: only what happened there; None for anywhere.
        only_missed: only those that count against it (not on time, not within).
        order: `worst` first, or `newest`.
        limit: so many of them; offset: after so many.
    """

    measure: str
    at: Annotated[dict[Dimension, str], Meta(max_length=4)] = {}
    within: Box | None = None
    filters: Filters = Filters()
    shift_days: Annotated[int, Meta(ge=0, le=3_660)] = 0
    only_missed: bool = False
    order: Annotated[str, Meta(pattern="^(worst|newest)$")] = "worst"
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 200
    offset: Annotated[int, Meta(ge=0)] = 0


class FactLine(msgspec.Struct, frozen=True, kw_only=True):
    """One fact behind a number, as a list shows it.

    Attributes:
        value: what it adds to the sum above the line, in the measure's unit; None where nothing
            is above it.
        missed: it counts against the measure.
    """

    id: str
    stop_id: str
    at: datetime
    day: date
    carrier: str
    depot: str
    route: str
    driver: str
    postcode: str
    account: str
    label: str
    value: float | None
    missed: bool
    lat: float | None = None
    lon: float | None = None


class BehindAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The facts behind a number.

    Attributes:
        total: how many there are, of which `lines` are a part.
    """

    total: int
    lines: tuple[FactLine, ...]
    names: dict[str, str] = {}
