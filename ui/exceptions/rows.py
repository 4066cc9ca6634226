"""An exception as a row of the queue. Knows no widgets."""

from datetime import datetime
from typing import NamedTuple

from tower.domain.records import ExceptionRecord, Finding
from tower.domain.words import ExceptionKind, ExceptionState, Severity
from ui.filter import route_of
from ui.session import Session

KIND_WORDS = {
    ExceptionKind.TEMPERATURE: "cold chain",
    ExceptionKind.POD_MISMATCH: "proof mismatch",
    ExceptionKind.RETURN_MISSED: "return",
    ExceptionKind.CUSTOMER_REQUEST: "request",
    ExceptionKind.WISMO: "wismo",
}
"""Kinds whose words are not simply their name."""


class ExceptionRow(NamedTuple):
    """An exception as a row of the queue.

    Attributes:
        kind: what went wrong, in words.
        subject: what it is about, as people call it.
        detail: why, in a line.
        due: when somebody must have acted, seconds since 1970, None where nobody must.
        owner: `you`, the name of who claimed it, or "".
        is_mine: True where the one who sits here claimed it.
        since: when the work came to stand as it does, seconds since 1970.
        raised: when it was raised.
    """

    id: str
    kind: str
    severity: Severity
    state: ExceptionState
    subject: str
    detail: str
    due: float | None
    owner: str
    is_mine: bool
    since: float | None
    raised: float | None

    @property
    def is_open(self) -> bool:
        """True while somebody still has to look at it."""
        return self.state is not ExceptionState.RESOLVED


def urgency(row: ExceptionRow) -> tuple[int, float, str]:
    """Sorts the queue: gravest first, then by what is due first."""
    return row.severity.rank, row.due if row.due is not None else float("inf"), row.id


def newest_first(row: ExceptionRow) -> tuple[float, str]:
    """Sorts what is resolved: the last one first."""
    return -(row.since or 0.0), row.id


def kind_words(kind: ExceptionKind) -> str:
    """What went wrong, in small letters."""
    return KIND_WORDS.get(kind, kind.replace("_", " "))


def read_exception(session: Session, record: ExceptionRecord) -> ExceptionRow | None:
    """An exception as it stands; None while nothing was found about it yet."""
    finding, work = record.finding, record.work
    if finding is None:
        return None
    is_mine = bool(work.owner) and work.owner == session.actor_id
    owner = "you" if is_mine else work.owner_name or work.owner
    return ExceptionRow(
        id=record.id,
        kind=kind_words(finding.kind),
        severity=finding.severity,
        state=work.state,
        subject=subject_words(session, record),
        detail=_detail(finding),
        due=_seconds(finding.sla_due_at),
        owner="by itself" if work.by_rule and not record.is_open else owner,
        is_mine=is_mine and work.state is ExceptionState.CLAIMED,
        since=_seconds(work.at),
        raised=_seconds(record.raised_at),
    )


def subject_words(session: Session, record: ExceptionRecord) -> str:
    """What an exception is about, as people call it: `Stop 18 · Customer 12 · R-204`."""
    if record.finding is None:
        return ""
    subject, state = record.finding.subject, session.state
    route = route_of(record, state, session.links)
    route_name = route.plan.name if route and route.plan else ""
    stop = state.stops.get(subject.stop_id)
    if stop is not None and stop.plan is not None:
        number = session.links.number_of_stop.get(stop.id)
        name = f"Stop {number}" if number else "Stop"
        return _joined(name, stop.plan.customer or stop.plan.reference, route_name)
    vehicle = state.vehicles.get(subject.vehicle_id)
    label = vehicle.value.label if vehicle else subject.vehicle_id
    if route is not None and route.plan is not None:
        return _joined(route_name, route.plan.driver_name, label)
    carrier = state.carriers.get(subject.carrier_id)
    return label or (carrier.value.name if carrier else subject.carrier_id)


def sla_words(due: float | None, now: float) -> str:
    """`SLA 4:10`, `SLA 1 h 12`, `SLA −0:41` once it is past; "" where nobody must act."""
    if due is None:
        return ""
    left = int(due - now) if due >= now else -int(now - due)
    sign, left = ("−" if due < now else ""), abs(left)
    if left >= 5_400:
        return f"SLA {sign}{left // 3600} h {left % 3600 // 60:02d}"
    return f"SLA {sign}{left // 60}:{left % 60:02d}"


def _detail(finding: Finding) -> str:
    if not finding.detail or finding.detail == finding.headline:
        return finding.headline
    if not finding.headline or finding.headline in finding.detail:
        return finding.detail
    return f"{finding.headline} — {finding.detail}"


def _seconds(at: datetime | None) -> float | None:
    return at.timestamp() if at else None


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
