"""What a report says: which figures it asks for, and their answers."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

import msgspec

from tower.domain.reporting import Filters
from tower.kpi.facts import Dimension
from tower.kpi.measures.catalogue import MEASURES
from tower.kpi.measures.definition import Definition
from tower.kpi.query import Answer, Ask

TILES = (
    "on_time",
    "on_time_at_dispatch",
    "first_attempt",
    "stops",
    "stops_per_hour",
    "eta_error_60",
    "eta_coverage_60",
    "stop_duration",
    "distance_per_stop",
    "co2e_per_stop",
    "wismo_per_100_stops",
    "sla_kept",
    "returns_collected",
    "claims_per_1000_stops",
    "csat",
)
"""Measures that open a report."""

_DAYS_AS_DAYS, _DAYS_AS_WEEKS = 70, 400
_WEEK = 7
_MOST_ROWS = 200

Query = Callable[[Ask], Answer]
"""Answers an ask from wherever the sums are kept."""


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """Measures taken apart by something.

    Attributes:
        key: names it, as `by_hour`.
        title: what it shows, for people.
    """

    key: str
    title: str
    answer: Answer


class Tile(msgspec.Struct, frozen=True, kw_only=True):
    """One measure over the whole period.

    Attributes:
        value: None where nothing happened that it could be made of; before: of the period before.
        counted: how much the value rests on.
        target: the one in force, None for none.
    """

    definition: Definition
    value: float | None
    counted: float
    before: float | None
    target: float | None

    @property
    def change(self) -> float | None:
        """By how much it moved against the period before; None where nobody knows."""
        return None if self.value is None or self.before is None else self.value - self.before


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a report says.

    Attributes:
        title: what it is called.
        made_at: when it was made, in the operation's time zone.
        filters: which facts count.
        summary: the measures of the tiles over the whole period.
        before_days: how many days earlier the period lies that it is compared with.
        panels: what is taken apart, in the order it is shown.
        remark: what has to be known of the figures, "" for nothing.
    """

    title: str
    made_at: datetime
    filters: Filters
    summary: Answer
    before_days: int
    tiles: tuple[Tile, ...]
    panels: tuple[Panel, ...]
    remark: str = ""

    def panel(self, key: str) -> Panel:
        """The panel of this name; reports have them all."""
        return next(one for one in self.panels if one.key == key)


def gather(
    query: Query,
    title: str,
    filters: Filters,
    targets: Mapping[str, float],
    made_at: datetime,
    remark: str = "",
) -> Report:
    """Ask for everything a report says.

    Args:
        query: answers the asks.
        title: what the report is called.
        filters: which facts count.
        targets: those in force, by measure.
        made_at: the present, in the operation's time zone.
        remark: what has to be known of the figures.
    """
    summary = query(Ask(measures=TILES, filters=filters))
    days = (summary.until - summary.since).days + 1
    before_days = -(-days // _WEEK) * _WEEK
    before = query(Ask(measures=TILES, filters=filters, shift_days=before_days))
    by = Dimension.DAY if days <= _DAYS_AS_DAYS else Dimension.WEEK
    known = query(Ask(measures=("stops",), by=(by,), filters=filters, shift_days=before_days))
    in_part = _known_in_part(known)
    return Report(
        title=title,
        made_at=made_at,
        filters=filters,
        summary=summary,
        before_days=before_days,
        tiles=_tiles(summary, before, targets),
        panels=tuple(
            Panel(key=key, title=words, answer=query(ask))
            for key, words, ask in _asks(filters, _grain(days))
        ),
        remark=" ".join(filter(None, (in_part, remark))),
    )


def _known_in_part(before: Answer) -> str:
    """What is said of a period before of which only the end is known; "" where it is whole."""
    first = min((date.fromisoformat(row.keys[0]) for row in before.rows), default=before.since)
    if (first - before.since).days <= _WEEK:
        return ""
    return f"Of that period only the days from {first} on are known."


def _tiles(summary: Answer, before: Answer, targets: Mapping[str, float]) -> tuple[Tile, ...]:
    now, then = _whole(summary), _whole(before)
    return tuple(
        Tile(
            definition=MEASURES[key],
            value=now[key][0],
            counted=now[key][1],
            before=then[key][0],
            target=targets.get(key),
        )
        for key in summary.measures
    )


def _whole(answer: Answer) -> dict[str, tuple[float | None, float]]:
    """Value and count of each measure of an answer that is not taken apart."""
    if not answer.rows:
        return dict.fromkeys(answer.measures, (None, 0.0))
    row = answer.rows[0]
    return dict(zip(answer.measures, zip(row.values, row.counted, strict=True), strict=True))


def _grain(days: int) -> Dimension:
    """How finely a trend over so many days is drawn."""
    if days <= _DAYS_AS_DAYS:
        return Dimension.DAY
    return Dimension.WEEK if days <= _DAYS_AS_WEEKS else Dimension.MONTH


def _asks(filters: Filters, grain: Dimension) -> list[tuple[str, str, Ask]]:
    served = ("on_time", "on_time_at_dispatch", "first_attempt", "stops")
    worked = ("exceptions", "time_to_claim", "time_to_resolve", "sla_kept")
    heard = ("fix_rate", "lag", "silence", "refused")
    moved = ("on_time", "stops", "stops_per_hour", "co2e_per_stop")

    def ask(measures: tuple[str, ...], by: Dimension, top: int = 0) -> Ask:
        return Ask(measures=measures, by=(by,), filters=filters, top=top)

    return [
        ("by_hour", "On time by hour", ask(served, Dimension.HOUR)),
        ("trend", f"On time by {grain}", ask(served, grain)),
        ("reasons", "Failed attempts by reason", ask(("failed",), Dimension.LABEL)),
        ("drivers", "By driver", ask(served, Dimension.DRIVER, _MOST_ROWS)),
        ("postcodes", "By postcode", ask(served, Dimension.POSTCODE, _MOST_ROWS)),
        ("carriers", "By carrier", ask(moved, Dimension.CARRIER)),
        ("depots", "By depot", ask(moved, Dimension.DEPOT)),
        ("customers", "By customer", ask(served, Dimension.ACCOUNT, _MOST_ROWS)),
        ("exceptions", "Exceptions by kind", ask(worked, Dimension.LABEL)),
        ("data", "Data by carrier", ask(heard, Dimension.CARRIER)),
    ]
