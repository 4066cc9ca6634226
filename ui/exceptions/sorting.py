"""The orders of the queue. Knows no widgets."""

from enum import StrEnum

from ui.exceptions.rows import ExceptionRow
from ui.ranked import RankedRows

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


BY: dict[Order, tuple[str, ...]] = {
    Order.SEVERITY: ("rank", "due", "id"),
    Order.SLA: ("due", "rank", "id"),
    Order.NEWEST: ("-raised", "id"),
    Order.ROUTE: ("is_off_route", "route", "number", "rank", "id"),
}
"""The columns of each order, the first before the second; a minus is for the greatest first."""

BY_WORKED = ("-since", "id")
"""What is resolved: the last one first."""

BY_WAKING = ("wakes", "id")
"""What is snoozed: what comes back first."""


def ranked_rows() -> RankedRows[ExceptionRow]:
    """Rows that can be sorted by all of these."""
    return RankedRows(
        {
            "rank": lambda row: row.rank,
            "due": _due,
            "raised": lambda row: row.raised or 0.0,
            "since": lambda row: row.since or 0.0,
            "wakes": lambda row: row.wakes if row.wakes is not None else _NEVER,
            "is_off_route": lambda row: not row.place.route,
            "number": lambda row: row.place.number,
            "tab": lambda row: row.tab,
            "is_mine": lambda row: row.is_mine,
        },
        {"id": lambda row: row.id, "route": lambda row: row.place.route},
        lambda row: row.haystack,
    )
