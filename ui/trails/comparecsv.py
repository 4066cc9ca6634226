"""Planned against driven as CSV, for other people's tables. Knows no widgets."""

import csv
import io
from datetime import datetime, timedelta

from tower.kpi.report.cells import plain
from ui.session import Session
from ui.trails.planned import Comparison, StopRow

_HEADINGS = (
    "planned_number",
    "driven_number",
    "out_of_order",
    "stop",
    "reference",
    "customer",
    "address",
    "planned_at",
    "window_start",
    "window_end",
    "arrived_at",
    "door_planned_s",
    "door_taken_s",
    "shift_s",
    "state",
)


def comparison_csv(session: Session, comparison: Comparison) -> str:
    """A line a stop, in the order planned; times RFC 3339 in the shift's zone, spans in seconds.

    Words that a spreadsheet would take for a formula get a leading apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_HEADINGS)
    writer.writerows(_line(session, row) for row in comparison.rows)
    return out.getvalue()


def _line(session: Session, row: StopRow) -> list[str]:
    stop, plan = row.stop, row.stop.plan
    words = (
        (stop.id, plan.reference, plan.customer, plan.address) if plan else (stop.id, "", "", "")
    )
    return [
        str(row.number),
        str(row.driven or ""),
        "yes" if row.is_out_of_order else "no",
        *(plain(word) for word in words),
        _time(session, row.planned_at),
        _time(session, plan.window_start if plan else None),
        _time(session, plan.window_end if plan else None),
        _time(session, row.reached_at),
        _span(row.door_planned),
        _span(row.at_door),
        _span(row.shift),
        stop.state.value,
    ]


def _time(session: Session, at: datetime | None) -> str:
    return session.local(at).isoformat(timespec="seconds") if at else ""


def _span(span: timedelta | None) -> str:
    return "" if span is None else f"{span.total_seconds():.0f}"
