"""What is known of an exception, in words and links. Knows no widgets."""

from collections.abc import Iterator
from typing import NamedTuple

from tower.domain.records import ExceptionRecord, Stop, Work
from tower.domain.words import Awaited, Disposition, ExceptionState
from ui.exceptions.rows import kind_words, subject_words
from ui.filter import route_of
from ui.session import Session

_FULL_STOPS = (".", "?", "!", "…")


class Link(NamedTuple):
    """A thing the exception is about, to be selected everywhere."""

    kind: str
    id: str
    words: str


class Facts(NamedTuple):
    """What the card of an exception says.

    Attributes:
        headline: what it is about and what went wrong.
        measures: ETA, window and plan of its stop, else what its vehicle says of itself.
        why: the reason.
        agreed: what the driver has to know at the door.
        standing: how grave it is, and who works on it or how it ended.
    """

    headline: str = ""
    measures: str = ""
    why: str = ""
    agreed: str = ""
    standing: str = ""
    links: tuple[Link, ...] = ()


def facts_of(session: Session, record: ExceptionRecord) -> Facts:
    """What is known of an exception now."""
    finding = record.finding
    if finding is None:
        return Facts()
    stop = session.state.stops.get(finding.subject.stop_id)
    measured = _times(session, stop) if stop else _vehicle(session, finding.subject.vehicle_id)
    measures = " · ".join(measured)
    why = " ".join(dict.fromkeys(map(_sentence, filter(None, (finding.headline, finding.detail)))))
    return Facts(
        headline=f"{subject_words(session, record)} — {kind_words(finding.kind)}",
        measures=measures[:1].upper() + measures[1:],
        why=f"Why: {why}" if why else "",
        agreed=" · ".join(_agreed(stop)),
        standing=f"{finding.severity.capitalize()} · {_standing(session, record)}",
        links=tuple(_links(session, record)),
    )


def _sentence(words: str) -> str:
    stop = "" if words.endswith(_FULL_STOPS) else "."
    return f"{words[:1].upper()}{words[1:]}{stop}"


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


def _vehicle(session: Session, vehicle_id: str) -> Iterator[str]:
    now, entry = session.vehicles.row(vehicle_id), session.state.vehicles.get(vehicle_id)
    if now is None:
        return
    yield f"last position {session.clock_text(now.at)}"
    if now.temperature_c is not None:
        limit = entry.value.temperature_limit_c if entry else None
        yield f"{now.temperature_c:.1f} °C" + (f" (limit {limit:g} °C)" if limit else "")
    if now.battery_pct is not None:
        yield f"battery {now.battery_pct:.0f} %"
    route = session.state.routes.get(session.links.route_of_vehicle.get(vehicle_id, ""))
    if route is not None:
        left = sum(1 for stop in session.state.stops_of(route) if not stop.is_done)
        yield f"{left} {'stop' if left == 1 else 'stops'} left"


def _agreed(stop: Stop | None) -> Iterator[str]:
    """What the driver has to know at the door."""
    plan = stop.plan if stop else None
    if stop is None or plan is None:
        return
    if plan.access_code:
        yield f"Gate code {plan.access_code}"
    if plan.safe_place:
        yield f"Leave it: {plan.safe_place}"
    if stop.changes.address is not None:
        yield f"To {stop.changes.address}"
    if stop.changes.window_start is not None:
        yield "window newly agreed"


def _standing(session: Session, record: ExceptionRecord) -> str:
    work = record.work
    words = [_state_words(session, record)]
    if work.state is not ExceptionState.ESCALATED and work.escalated_at and record.is_open:
        words.append(f"escalated {session.clock_text(work.escalated_at)}")
    if work.assigned_to and work.assigned_to != work.owner and record.is_open:
        words.append(f"for {_name(session, work.assigned_to, work.assigned_name)}")
    return " · ".join(words)


def _state_words(session: Session, record: ExceptionRecord) -> str:
    work = record.work
    at = f" at {session.clock_text(work.at)}" if work.at else ""
    because = f": {work.cause}" if work.cause else ""
    match work.state:
        case ExceptionState.CLAIMED:
            # When is in the history: the work is noted anew each time the lease is renewed.
            return f"claimed by {_name(session, work.owner, work.owner_name)}"
        case ExceptionState.RESOLVED:
            return f"{_ending(session, work)}{at}{because}"
        case ExceptionState.SNOOZED:
            sooner = f" or {_AWAITED[work.awaits]}" if work.awaits else ""
            return f"snoozed until {session.clock_text(work.snoozed_until)}{sooner}{because}"
        case ExceptionState.ESCALATED:
            why = work.escalated_because.rstrip(".")
            since = f" since {session.clock_text(work.escalated_at)}" if work.escalated_at else ""
            return f"waits for a supervisor{since}{f': {why}' if why else ''}"
    return f"open since {session.clock_text(record.raised_at)}, nobody works on it yet"


def _ending(session: Session, work: Work) -> str:
    judged = {
        Disposition.FALSE_ALARM: "false alarm, resolved",
        Disposition.DUPLICATE: "merged into another",
    }.get(work.disposition or Disposition.DONE, "resolved")
    who = _name(session, work.owner, work.owner_name)
    return f"{judged}{' by itself' if work.by_rule else f' by {who}' if who else ''}"


def _name(session: Session, person: str, name: str) -> str:
    return "you" if person and person == session.actor_id else name or person


_AWAITED = {
    Awaited.REPLY: "the customer's reply",
    Awaited.ARRIVAL: "the vehicle's arrival",
    Awaited.OUTCOME: "the stop's outcome",
}


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
