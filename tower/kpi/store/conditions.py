"""Filters as conditions: which facts count. Values are bound, never written into the question."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from tower.domain.reporting import Filters
from tower.kpi.facts import Dimension
from tower.kpi.store.errors import AskUnfit
from tower.kpi.store.layout import COLUMN_OF

_NARROWING: dict[str, Dimension] = {
    "carriers": Dimension.CARRIER,
    "depots": Dimension.DEPOT,
    "routes": Dimension.ROUTE,
    "drivers": Dimension.DRIVER,
    "postcodes": Dimension.POSTCODE,
    "accounts": Dimension.ACCOUNT,
    "service_levels": Dimension.SERVICE_LEVEL,
    "vehicles": Dimension.VEHICLE,
    "hours": Dimension.HOUR,
}
_ALL_DAYS = date(1970, 1, 1)
_LARGEST = 1_000
_WHOLE = (Dimension.HOUR, Dimension.WEEKDAY, Dimension.ETA_ERROR)


class Period(NamedTuple):
    """Local days, both included."""

    since: date
    until: date


class Condition(NamedTuple):
    """One condition.

    Attributes:
        column: the column it reads.
        test: what is asked of it, with a `?` for each of `values`.
    """

    column: str
    test: str
    values: tuple[Any, ...] = ()


def period(filters: Filters, today: date, shift_days: int = 0) -> Period:
    """The days that count.

    Args:
        filters: as they were set.
        today: the last day where they name none.
        shift_days: so many days earlier.

    Raises:
        AskUnfit: they name a day that does not exist.
    """
    try:
        until = date.fromisoformat(filters.until) if filters.until else today
        if filters.since:
            since = date.fromisoformat(filters.since)
        elif filters.days:
            since = until - timedelta(days=filters.days - 1)
        else:
            return Period(_ALL_DAYS, until - timedelta(days=shift_days))
        back = timedelta(days=shift_days)
        return Period(since - back, until - back)
    except (ValueError, OverflowError) as error:
        raise AskUnfit(f"There is no such day: {error}.") from error


def conditions(filters: Filters, days: Period) -> list[Condition]:
    """What facts of these days have to be to count."""
    found = [Condition("day", "BETWEEN ? AND ?", tuple(days))]
    for name, dimension in _NARROWING.items():
        wanted: Sequence[Any] = getattr(filters, name)
        if wanted:
            found.append(_one_of(COLUMN_OF[dimension], wanted))
    if filters.weekdays:
        found.append(_on_weekdays(filters.weekdays))
    return found


def standing(at: Mapping[Dimension, str]) -> list[Condition]:
    """What facts have to be to stand in a row with these keys.

    Raises:
        AskUnfit: a key is none of its dimension.
    """
    try:
        return [_key(dimension, key) for dimension, key in at.items()]
    except (ValueError, OverflowError) as error:
        raise AskUnfit(f"There is no such row: {error}.") from error


def kinds(names: Sequence[str]) -> Condition:
    """Facts of these kinds."""
    return _one_of("kind", names)


def sql(all_of: Sequence[Condition]) -> tuple[str, list[Any]]:
    """Conditions as text with its values."""
    text = " AND ".join(f'"{one.column}" {one.test}' for one in all_of)
    return text, [value for one in all_of for value in one.values]


def _one_of(column: str, wanted: Sequence[Any]) -> Condition:
    marks = ", ".join("?" for _ in wanted)
    return Condition(column, f"IN ({marks})", tuple(wanted))


def _on_weekdays(wanted: Sequence[int]) -> Condition:
    marks = ", ".join("?" for _ in wanted)
    days = tuple(day + 1 for day in wanted)
    return Condition("day", f"IS NOT NULL AND isodow(day) IN ({marks})", days)


def _key(dimension: Dimension, key: str) -> Condition:
    column = COLUMN_OF[dimension]
    if dimension is Dimension.WEEKDAY:
        return _on_weekdays((_number(key),))
    if dimension in _WHOLE:
        return Condition(column, "= ?", (_number(key),))
    if dimension is Dimension.DAY:
        return Condition(column, "= ?", (date.fromisoformat(key),))
    if dimension is Dimension.WEEK:
        monday = date.fromisoformat(key)
        return Condition(column, "BETWEEN ? AND ?", (monday, monday + timedelta(days=6)))
    if dimension is Dimension.MONTH:
        first = date.fromisoformat(f"{key}-01")
        return Condition(column, "BETWEEN ? AND ?", (first, _last_of(first)))
    return Condition(column, "= ?", (key,))


def _number(key: str) -> int:
    number = int(key)
    if abs(number) > _LARGEST:
        raise ValueError(f"{key[:9]}… is too large")
    return number


def _last_of(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
