"""What the performance window looks at: filters, a measure, a dimension. Knows no widgets."""

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from tower.domain.reporting import Filters, SavedView
from tower.kpi.facts import Dimension

_WEEK = 7
_SHORT_DAYS = 14
"""A line over fewer days says nothing: it then goes back further."""

_LINE_DAYS = 28
_BY_DAY, _BY_WEEK = 62, 200
"""So many days are drawn one by one, or week by week."""


class Period(NamedTuple):
    """Days up to today, under a name."""

    days: int
    words: str


PERIODS: tuple[Period, ...] = (
    Period(1, "Today"),
    Period(7, "7 days"),
    Period(28, "28 days"),
    Period(91, "3 months"),
    Period(364, "A year"),
    Period(0, "All there is"),
)
"""What can be chosen without naming days; whole weeks, so that weekdays weigh alike."""

BREAKDOWNS: dict[Dimension, str] = {
    Dimension.DRIVER: "Driver",
    Dimension.ROUTE: "Route",
    Dimension.POSTCODE: "Postcode",
    Dimension.CARRIER: "Carrier",
    Dimension.DEPOT: "Depot",
    Dimension.ACCOUNT: "Customer",
    Dimension.WEEKDAY: "Weekday",
    Dimension.VEHICLE: "Vehicle",
    Dimension.SERVICE_LEVEL: "Service level",
}
"""What the breakdown takes a measure apart by, in the order it is offered."""

FIELDS: dict[Dimension, tuple[str, str]] = {
    Dimension.CARRIER: ("carriers", "Carrier"),
    Dimension.DEPOT: ("depots", "Depot"),
    Dimension.DRIVER: ("drivers", "Driver"),
    Dimension.ROUTE: ("routes", "Route"),
    Dimension.POSTCODE: ("postcodes", "Postcode"),
    Dimension.ACCOUNT: ("accounts", "Customer"),
    Dimension.SERVICE_LEVEL: ("service_levels", "Service level"),
    Dimension.VEHICLE: ("vehicles", "Vehicle"),
    Dimension.WEEKDAY: ("weekdays", "Weekday"),
    Dimension.HOUR: ("hours", "Hour"),
}
"""The field of `Filters` each dimension is narrowed by, and its word."""

_NUMBERS = frozenset({Dimension.WEEKDAY, Dimension.HOUR})


class Step(StrEnum):
    """How far apart the points of the trend are."""

    AUTO = "auto"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the window's panels show follows from this.

    Attributes:
        filters: which facts count.
        measure: what hours, breakdown and trend show.
        by: what the breakdown takes it apart by.
        step: of the trend.
        compares: beside each figure stands the one of the weeks before.
    """

    filters: Filters = Filters(days=7)
    measure: str = "on_time"
    by: Dimension = Dimension.DRIVER
    step: Step = Step.AUTO
    compares: bool = True


def days_of(filters: Filters, today: date) -> int:
    """How many days filters span; 0 where they take all there are."""
    if not filters.since:
        return filters.days
    last = date.fromisoformat(filters.until) if filters.until else today
    return max(1, (last - date.fromisoformat(filters.since)).days + 1)


def shift_of(filters: Filters, today: date) -> int:
    """Days back to what the figures are compared with: whole weeks, so that weekdays match."""
    return -(-days_of(filters, today) // _WEEK) * _WEEK


def shift_words(shift_days: int) -> str:
    """What a figure is compared with."""
    weeks = shift_days // _WEEK
    return "the week before" if weeks == 1 else f"the {weeks} weeks before"


def line_filters(filters: Filters, today: date) -> Filters:
    """Filters of a line over the days: never so few that it says nothing."""
    days = days_of(filters, today)
    if not days or days >= _SHORT_DAYS:
        return filters
    last = date.fromisoformat(filters.until) if filters.since and filters.until else None
    if last is None:
        return replace(filters, days=_LINE_DAYS, since="", until="")
    first = last - timedelta(days=_LINE_DAYS - 1)
    return replace(filters, since=first.isoformat(), until=last.isoformat())


def step_of(look: Look, today: date) -> Dimension:
    """How far apart the points of the trend are."""
    if look.step is not Step.AUTO:
        return Dimension(look.step.value)
    days = days_of(look.filters, today)
    if days and days <= _BY_DAY:
        return Dimension.DAY
    return Dimension.WEEK if days and days <= _BY_WEEK else Dimension.MONTH


def spark_step(filters: Filters, today: date) -> Dimension:
    """How far apart the points of a tile's line are."""
    days = days_of(filters, today)
    return Dimension.DAY if days and days <= _BY_WEEK else Dimension.WEEK


def chosen(filters: Filters, dimension: Dimension) -> tuple[str, ...]:
    """What filters narrow a dimension to, as text; nothing for all."""
    return tuple(str(one) for one in getattr(filters, FIELDS[dimension][0]))


def narrowed(filters: Filters, dimension: Dimension, values: tuple[str, ...]) -> Filters:
    """Filters with a dimension narrowed to these values; nothing lets all through."""
    kept = tuple(int(one) for one in values) if dimension in _NUMBERS else values
    return replace(filters, **{FIELDS[dimension][0]: kept})


def look_of(view: SavedView, look: Look) -> Look:
    """What a saved view shows, in the way the window stands."""
    known = view.by in {dimension.value for dimension in BREAKDOWNS}
    return replace(
        look,
        filters=view.filters,
        by=Dimension(view.by) if known else look.by,
        measure=view.measure or look.measure,
    )
