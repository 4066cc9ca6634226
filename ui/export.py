"""Stops as CSV, for other people's tables. Knows no widgets."""

import csv
import io
from datetime import datetime

from tower.domain.records import Stop
from tower.kpi.report.cells import plain
from ui.session import Session

_HEADINGS = (
    "route",
    "number",
    "stop",
    "reference",
    "customer",
    "address",
    "lat",
    "lon",
    "window_start",
    "window_end",
    "state",
    "reason",
    "finished_at",
    "eta",
)


def stops_csv(session: Session) -> str:
    """Every planned stop the filters show, one line each; times RFC 3339 in the shift's zone.

    Words that a spreadsheet would take for a formula get a leading apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_HEADINGS)
    for stop in session.state.stops.values():
        if stop.plan is not None and session.shows(stop):
            writer.writerow(_row(session, stop))
    return out.getvalue()


def _row(session: Session, stop: Stop) -> list[str]:
    plan = stop.plan
    if plan is None:
        return []
    route = session.state.routes.get(stop.route_id)
    arrival = None if stop.is_done else session.arrivals.row(stop.id)
    words = (
        route.plan.name if route and route.plan else "",
        str(session.links.number_of_stop.get(stop.id, "")),
        stop.id,
        plan.reference,
        plan.customer,
        plan.address,
    )
    return [
        *(plain(word) for word in words),
        f"{plan.lat:.6f}",
        f"{plan.lon:.6f}",
        _time(session, plan.window_start),
        _time(session, plan.window_end),
        stop.state.value,
        stop.reason.value if stop.reason else "",
        _time(session, stop.finished_at),
        _time(session, arrival.p50 if arrival else None),
    ]


def _time(session: Session, at: datetime | None) -> str:
    return session.local(at).isoformat(timespec="seconds") if at else ""
