"""What is known of an exception, in words and links. Knows no widgets."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from tower.domain.records import ExceptionRecord, Stop
from tower.domain.words import ExceptionState
from ui.exceptions.rows import kind_words, subject_words
from ui.filter import route_of
from ui.session import Session


class Link(NamedTuple):
    """A thing the exception is about, to be selected everywhere."""

    kind: str
    id: str
    words: str


class Facts(NamedTuple):
    """What the card of an exception says.

    Attributes:
        headline: what it is about and what went wrong.
        times: ETA, window and promise of its stop; "" where it is about no stop.
        why: the reason.
        standing: who works on it, or how it ended.
    """

    headline: str
    times: str
    why: str
    standing: str
    links: tuple[Link, ...]


def facts_of(session: Session, record: ExceptionRecord) -> Facts:
    """What is known of an exception now."""
    finding = record.finding
    if finding is None:
        return Facts("", "", "", "", ())
    stop = session.state.stops.get(finding.subject.stop_id)
    why = ". ".join(dict.fromkeys(filter(None, (finding.headline, finding.detail))))
    return Facts(
        headline=f"{subject_words(session, record)} — {kind_words(finding.kind)}",
        times=" · ".join(_times(session, stop)) if stop else "",
        why=f"Why: {why}" if why else "",
        standing=_standing(session, record),
        links=tuple(_links(session, record)),
    )


def _times(session: Session, stop: Stop) -> Iterator[str]:
    plan, expected = stop.plan, session.arrivals.row(stop.id)
    text = session.clock_text
    if stop.finished_at is not None:
        yield f"{stop.state.replace('_', ' ')} {text(stop.finished_at)}"
    elif stop.arrived_at is not None:
        yield f"at the door since {text(stop.arrived_at)}"
    elif expected is not None:
        yield f"ETA {text(expected.p50)} ({text(expected.p10)}–{text(expected.p90)})"
    if plan is not None and plan.window_end is not None:
        begin = f"{text(plan.window_start)}–" if plan.window_start else "until "
        yield f"window {begin}{text(plan.window_end)}"
    if plan is not None and plan.planned_at is not None:
        yield f"planned {text(plan.planned_at)}"


def _standing(session: Session, record: ExceptionRecord) -> str:
    work = record.work
    who = "you" if work.owner and work.owner == session.actor_id else work.owner_name or work.owner
    at = f" at {session.clock_text(work.at)}" if work.at else ""
    match work.state:
        case ExceptionState.CLAIMED:
            return f"Claimed by {who}{at}"
        case ExceptionState.RESOLVED:
            by = "by itself" if work.by_rule else f"by {who}" if who else ""
            cause = f": {work.cause}" if work.cause else ""
            return f"Resolved {by}{at}{cause}"
        case ExceptionState.OPEN:
            return f"Open since {session.clock_text(record.raised_at)}, nobody works on it yet"
    return f"{work.state.capitalize()}{at}"


def _links(session: Session, record: ExceptionRecord) -> Iterator[Link]:
    subject = record.finding.subject if record.finding else None
    if subject is None:
        return
    state, known = session.state, session.links
    if stop := state.stops.get(subject.stop_id):
        number = known.number_of_stop.get(stop.id)
        yield Link("stop", stop.id, f"Stop {number}" if number else "Stop")
    route = route_of(record, state, known)
    if route is not None and route.plan is not None:
        yield Link("route", route.id, f"{route.plan.name} · {route.plan.driver_name}".strip(" ·"))
    vehicle_id = subject.vehicle_id or (route.plan.vehicle_id if route and route.plan else "")
    if vehicle := state.vehicles.get(vehicle_id):
        yield Link("vehicle", vehicle_id, vehicle.value.label)


def age_words(at: datetime | None, now: datetime) -> str:
    """`6 min ago`; "" for None."""
    if at is None:
        return ""
    minutes = max(0, round((now - at).total_seconds() / 60))
    return f"{minutes} min ago" if minutes < 90 else f"{minutes // 60} h ago"
