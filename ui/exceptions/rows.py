"""An exception as a row of the queue. Knows no widgets."""

from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

from tower.domain.records import ExceptionRecord, Finding, Stop, Work
from tower.domain.words import Awaited, ExceptionKind, ExceptionState, Severity
from ui.filter import route_of
from ui.session import Session

KIND_WORDS = {
    ExceptionKind.TEMPERATURE: "cold chain",
    ExceptionKind.POD_MISMATCH: "proof mismatch",
    ExceptionKind.RETURN_MISSED: "return",
    ExceptionKind.CUSTOMER_REQUEST: "request",
    ExceptionKind.WISMO: "WISMO",
}
"""Kinds whose words are not simply their name."""


AWAITED_WORDS = {
    Awaited.REPLY: "until a reply",
    Awaited.ARRIVAL: "until the arrival",
    Awaited.OUTCOME: "until the outcome",
}
"""What ends a snooze sooner, in words."""


class View(IntEnum):
    """The tabs of the queue."""

    OPEN = 0
    MINE = 1
    SNOOZED = 2
    RESOLVED = 3


_TABS = {ExceptionState.SNOOZED: View.SNOOZED, ExceptionState.RESOLVED: View.RESOLVED}


class Place(NamedTuple):
    """Where an exception belongs: what the queue is filtered and sorted by.

    Attributes:
        route: the route's name, "" for none.
        number: the stop's place on it, from 1; 0 for none.
        service_level: what the stop's customer bought, "" for none.
    """

    stop_id: str = ""
    route_id: str = ""
    route: str = ""
    number: int = 0
    carrier_id: str = ""
    depot_id: str = ""
    service_level: str = ""


class ExceptionRow(NamedTuple):
    """An exception as a row of the queue.

    Attributes:
        of: the kind itself; `kind` is the same in words.
        subject: what it is about, as people call it.
        detail: why, in a line.
        due: when somebody must have acted, seconds since 1970, None where nobody must.
        owner: `you`, the name of who claimed it, or "".
        assigned: `you`, the name of who is to look at it, or "".
        is_mine: True where the one who sits here claimed it, or is to look at it and nobody does.
        since: when the work came to stand as it does, seconds since 1970.
        raised: when it was raised.
        tab: where it stands, whoever's it is: among those open, snoozed or resolved.
        rank: of the severity, 0 for the gravest.
        wakes: when a snoozed one comes back at the latest, and `awaits` what brings it back sooner.
        is_escalated: a supervisor was asked to look.
        unread: replies of its customer nobody has read.
        merged: duplicates that were merged into it.
    """

    id: str
    of: ExceptionKind
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
    tab: View
    rank: int
    assigned: str = ""
    wakes: float | None = None
    awaits: Awaited | None = None
    is_escalated: bool = False
    unread: int = 0
    merged: int = 0
    place: Place = Place()

    @property
    def is_open(self) -> bool:
        """True while somebody still has to look at it, now or later."""
        return self.tab is not View.RESOLVED

    @property
    def is_snoozed(self) -> bool:
        """True while it is put aside."""
        return self.tab is View.SNOOZED

    @property
    def is_waiting(self) -> bool:
        """True while it stands in the queue."""
        return self.tab is View.OPEN

    @property
    def haystack(self) -> str:
        """Everything the filter's words are looked for in, in small letters."""
        return f"{self.kind} {self.subject} {self.detail} {self.owner} {self.assigned}".casefold()


def kind_words(kind: ExceptionKind) -> str:
    """What went wrong, in small letters."""
    return KIND_WORDS.get(kind, kind.replace("_", " "))


def read_exception(
    session: Session, record: ExceptionRecord, *, unread: int = 0, merged: int = 0
) -> ExceptionRow | None:
    """An exception as it stands; None while nothing was found about it yet.

    Args:
        session: the shift.
        record: the exception.
        unread: replies of its customer nobody has read.
        merged: duplicates that were merged into it.
    """
    finding, work = record.finding, record.work
    if finding is None:
        return None
    owner = owner_words(work, session.actor_id)
    return ExceptionRow(
        id=record.id,
        of=finding.kind,
        kind=kind_words(finding.kind),
        severity=finding.severity,
        state=work.state,
        subject=subject_words(session, record),
        detail=_detail(finding),
        due=_seconds(finding.sla_due_at),
        owner="by itself" if work.by_rule and not record.is_open else owner,
        is_mine=is_for(work, session.actor_id, session.actor_name),
        since=_seconds(work.at),
        raised=_seconds(record.raised_at),
        tab=_TABS.get(work.state, View.OPEN),
        rank=finding.severity.rank,
        assigned=assigned_words(work, session.actor_id),
        wakes=_seconds(work.snoozed_until),
        awaits=work.awaits,
        is_escalated=work.escalated_at is not None,
        unread=unread,
        merged=merged,
        place=place_of(session, record),
    )


def owner_words(work: Work, actor_id: str) -> str:
    """Who works on an exception, or worked on it last: `you`, a name, or ""."""
    return "you" if work.owner and work.owner == actor_id else work.owner_name or work.owner


def assigned_words(work: Work, actor_id: str) -> str:
    """Who is to look at an exception: `you`, a name, or ""."""
    is_me = work.assigned_to and work.assigned_to == actor_id
    return "you" if is_me else work.assigned_name or work.assigned_to


def is_for(work: Work, actor_id: str, actor_name: str) -> bool:
    """Whether an exception is somebody's: claimed by them, or theirs to look at and nobody's.

    Whoever is asked by a name that was typed is known by that name only.
    """
    if work.state is ExceptionState.CLAIMED:
        return bool(work.owner) and work.owner == actor_id
    if work.state is ExceptionState.RESOLVED or not work.assigned_to:
        return False
    return work.assigned_to == actor_id or work.assigned_to.casefold() == actor_name.casefold()


def place_of(session: Session, record: ExceptionRecord) -> Place:
    """Where an exception belongs."""
    if record.finding is None:
        return Place()
    subject, state = record.finding.subject, session.state
    route = route_of(record, state, session.links)
    plan = route.plan if route else None
    vehicle = state.vehicles.get(subject.vehicle_id)
    carrier_id = subject.carrier_id or (plan.carrier_id if plan else "")
    return Place(
        stop_id=subject.stop_id,
        route_id=route.id if route else subject.route_id,
        route=route.name if route else "",
        number=session.links.number_of_stop.get(subject.stop_id, 0),
        carrier_id=carrier_id or (vehicle.value.carrier_id if vehicle else ""),
        depot_id=plan.depot_id if plan else "",
        service_level=_service_level(state.stops.get(subject.stop_id)),
    )


def _service_level(stop: Stop | None) -> str:
    return stop.plan.service_level if stop is not None and stop.plan is not None else ""


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
