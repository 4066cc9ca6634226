"""How the database is laid out: facts, and sums of them by fewer and fewer dimensions."""

from typing import NamedTuple

from tower.kpi.facts import COLUMNS, Dimension

LAYOUT_VERSION = 3
"""Grows when tables change; an older file is made again from the journal."""

PARTS = 1_000
"""Sums are kept as whole thousandths, so that what is added and taken away again leaves nothing."""

TEXTS: tuple[str, ...] = (
    "kind",
    "label",
    "carrier",
    "depot",
    "route",
    "driver",
    "vehicle",
    "postcode",
    "account",
    "service_level",
)
"""Columns of a fact that are words."""

KEYS: dict[str, str] = {
    "id": "VARCHAR",
    "subject": "VARCHAR",
    "stop_id": "VARCHAR",
    "at": "TIMESTAMP",
    "day": "DATE",
    "hour": "TINYINT",
    "eta_error": "SMALLINT",
    "lat": "DOUBLE",
    "lon": "DOUBLE",
    **dict.fromkeys(TEXTS, "VARCHAR"),
}
"""Columns of a fact besides what it adds, and their types; `at` is UTC."""

FACTS = "facts"


class Sums(NamedTuple):
    """A table of sums.

    Attributes:
        by: the columns it is taken apart by; the day and the kind are always among them.
    """

    table: str
    by: tuple[str, ...]


_ALWAYS = ("day", "kind", "label", "carrier", "depot")

SUMS: tuple[Sums, ...] = (
    Sums("sums_daily", (*_ALWAYS, "vehicle", "service_level")),
    Sums("sums_by_route", (*_ALWAYS, "vehicle", "route", "driver")),
    Sums("sums_by_error", (*_ALWAYS, "vehicle", "eta_error")),
    Sums("sums_hourly", (*_ALWAYS, "vehicle", "service_level", "hour")),
    Sums("sums_by_account", (*_ALWAYS, "account", "service_level")),
    Sums("sums_by_place", (*_ALWAYS, "postcode")),
)
"""The smallest first, as an operation of 300 vehicles fills them."""

COLUMN_OF: dict[Dimension, str] = {
    **{dimension: str(dimension) for dimension in Dimension},
    Dimension.WEEK: "day",
    Dimension.MONTH: "day",
    Dimension.WEEKDAY: "day",
}
"""The column a dimension is read from."""


_NAMES = "dimension VARCHAR, key VARCHAR, name VARCHAR, PRIMARY KEY (dimension, key)"


def statements() -> list[str]:
    """What makes the tables."""
    amounts = ", ".join(f'"{name}" BIGINT DEFAULT 0' for name in COLUMNS)
    keys = ", ".join(f'"{name}" {of}' for name, of in KEYS.items())
    return [
        f"CREATE TABLE {FACTS} ({keys}, {amounts})",
        *(f"CREATE TABLE {sums.table} ({_keys(sums)}, n BIGINT, {amounts})" for sums in SUMS),
        "CREATE TABLE about (key VARCHAR PRIMARY KEY, value VARCHAR)",
        f"CREATE TABLE names ({_NAMES})",
        "CREATE TABLE registrations (id VARCHAR PRIMARY KEY, body BLOB)",
    ]


def _keys(sums: Sums) -> str:
    return ", ".join(f'"{name}" {KEYS[name]}' for name in sums.by)
