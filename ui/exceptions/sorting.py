"""The orders of the queue. Knows no widgets."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from ui.exceptions.rows import ExceptionRow

Key = Callable[[ExceptionRow], Any]
"""What decides where a row stands: the lesser goes first."""

_NEVER = float("inf")


class Order(StrEnum):
    """What the queue is sorted by."""

    SEVERITY = "severity"
    SLA = "sla"
    NEWEST = "newest"
    ROUTE = "route"


ORDER_WORDS = {
    Order.SEVERITY: "severity",
    Order.SLA: "SLA",
    Order.NEWEST: "newest",
    Order.ROUTE: "route",
}
"""The orders in words."""


def _due(row: ExceptionRow) -> float:
    return row.due if row.due is not None else _NEVER


def urgency(row: ExceptionRow) -> tuple[int, float, str]:
    """Gravest first, then by what is due first."""
    return row.rank, _due(row), row.id


def soonest_due(row: ExceptionRow) -> tuple[float, int, str]:
    """By what is due first, then gravest first."""
    return _due(row), row.rank, row.id


def newest_raised(row: ExceptionRow) -> tuple[float, str]:
    """The one raised last stands first."""
    return -(row.raised or 0.0), row.id


def along_routes(row: ExceptionRow) -> tuple[bool, str, int, int, str]:
    """Route by route, each along its stops; what belongs to no route stands last."""
    place = row.place
    return not place.route, place.route, place.number, row.rank, row.id


def newest_worked(row: ExceptionRow) -> tuple[float, str]:
    """Sorts what is resolved: the last one first."""
    return -(row.since or 0.0), row.id


def first_to_wake(row: ExceptionRow) -> tuple[float, str]:
    """Sorts what is snoozed: what comes back first."""
    return (row.wakes if row.wakes is not None else _NEVER), row.id


KEYS: dict[Order, Key] = {
    Order.SEVERITY: urgency,
    Order.SLA: soonest_due,
    Order.NEWEST: newest_raised,
    Order.ROUTE: along_routes,
}
"""The key of each order."""
