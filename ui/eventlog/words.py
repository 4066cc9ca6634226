"""Every event in words a dispatcher reads at a glance. Knows no widgets."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from tower.domain import events as e
from tower.domain.records import Finding, Subject
from tower.domain.state import State
from tower.domain.words import ExceptionState, Notice, Severity, StopState
from ui.filter import Links


class Line(NamedTuple):
    """One event as the log shows it.

    Attributes:
        at: when it happened, seconds since 1970.
        topic: `stops`, `routes`, `exceptions`, `customers`, `carriers`, `plan`.
        text: what happened.
        who: who said so.
        tone: name of a colour of the palette.
        kind: kind of the thing a click selects, "" for none.
        id: its id.
    """

    seq: int
    at: float
    topic: str
    text: str
    who: str
    tone: str
    kind: str
    id: str


TOPICS = {
    "": "All events",
    "stops": "Stops",
    "routes": "Routes",
    "exceptions": "Exceptions",
    "customers": "Customers",
    "carriers": "Carriers",
    "plan": "Plan",
}
"""What the log can be narrowed to."""


def line_of(event: e.Event, state: State, links: Links) -> Line:
    """An event as a line of the log."""
    topic, tell = _TELLERS[type(event.body)]
    told = tell(event, event.body, _Names(state, links))
    kind, id_ = _subject(event)
    return Line(
        seq=event.seq,
        at=event.at.timestamp(),
        topic=topic,
        text=told.text,
        who=_who(event, state),
        tone=told.tone,
        kind=kind,
        id=id_,
    )


_NAMED = 5
"""So many things of a list are named."""


class _Told(NamedTuple):
    text: str
    tone: str = "text_secondary"


class _Names(NamedTuple):
    """Names of the things events are about."""

    state: State
    links: Links

    def stop(self, stop_id: str) -> str:
        stop = self.state.stops.get(stop_id)
        number = self.links.number_of_stop.get(stop_id)
        place = f"Stop {number}" if number else "Stop"
        if stop is None or stop.plan is None:
            return f"{place} {stop_id}"
        where = f"{place} of {self.route(stop.route_id)}" if stop.route_id else place
        return f"{where}, {stop.plan.customer or stop.plan.address}"

    def route(self, route_id: str) -> str:
        route = self.state.routes.get(route_id)
        return route.name if route else route_id

    def vehicle(self, vehicle_id: str) -> str:
        entry = self.state.vehicles.get(vehicle_id)
        return entry.value.label if entry else vehicle_id

    def carrier(self, carrier_id: str) -> str:
        entry = self.state.carriers.get(carrier_id)
        return entry.value.name if entry else carrier_id

    def exception(self, exception_id: str) -> str:
        record = self.state.exceptions.get(exception_id)
        finding = record.finding if record else None
        return self.finding(finding) if finding else "Exception"

    def finding(self, finding: Finding) -> str:
        """What was found where, its kind only where the headline does not say it."""
        kind = finding.kind.value.replace("_", " ")
        said = finding.headline.casefold().startswith(kind)
        what = finding.headline if said else f"{kind}, {finding.headline}"
        where = self._where(finding.subject)
        return f"{where}: {what}" if where else what

    def _where(self, subject: Subject) -> str:
        if subject.stop_id:
            return self.stop(subject.stop_id)
        if subject.route_id:
            return self.route(subject.route_id)
        if subject.vehicle_id:
            return self.vehicle(subject.vehicle_id)
        return self.carrier(subject.carrier_id) if subject.carrier_id else ""


def _subject(event: e.Event) -> tuple[str, str]:
    for kind in ("exception", "stop", "route", "vehicle", "carrier"):
        if id_ := getattr(event.subject, f"{kind}_id"):
            return kind, id_
    if isinstance(event.body, e.RoutesSequenced) and event.body.routes:
        return "route", event.body.routes[0].route_id
    return "", ""


def _who(event: e.Event, state: State) -> str:
    if event.actor.kind == "carrier" and event.actor.id in state.carriers:
        return state.carriers[event.actor.id].value.name
    return event.actor.name or event.actor.id


_STOP_WORDS = {
    StopState.EN_ROUTE: ("on the way to {}", "muted"),
    StopState.ARRIVED: ("arrived at {}", "text_secondary"),
    StopState.SERVICING: ("at the door of {}", "text_secondary"),
    StopState.DELIVERED: ("{} delivered", "on_time"),
    StopState.COLLECTED: ("{} collected", "on_time"),
    StopState.CANCELLED: ("{} cancelled", "at_risk"),
    StopState.SKIPPED: ("{} skipped", "at_risk"),
}


def _stop(event: e.Event, body: Any, names: _Names) -> _Told:  # noqa: ANN401
    text, tone = _STOP_WORDS[body.state]
    told = text.format(names.stop(event.subject.stop_id))
    return _Told(_sentence(told, body.note), tone)


def _attempted(event: e.Event, body: e.StopAttempted, names: _Names) -> _Told:
    reason = body.reason.value.replace("_", " ")
    text = f"{names.stop(event.subject.stop_id)} attempted: {reason}"
    return _Told(_sentence(text, body.note), "late")


def _sentence(text: str, note: str) -> str:
    capital = text[:1].upper() + text[1:]
    return f"{capital} · {note}" if note else capital


def _raised(_event: e.Event, body: e.ExceptionRaised, names: _Names) -> _Told:
    finding = body.finding
    tone = "late" if finding.severity is Severity.CRITICAL else "at_risk"
    return _Told(_sentence(names.finding(finding), finding.detail), tone)


_WORK_WORDS = {
    ExceptionState.OPEN: "back in the queue",
    ExceptionState.CLAIMED: "claimed by {owner}",
    ExceptionState.SNOOZED: "snoozed by {owner}",
    ExceptionState.ESCALATED: "escalated",
    ExceptionState.RESOLVED: "resolved",
}


def _worked(event: e.Event, body: e.ExceptionWorked, names: _Names) -> _Told:
    words = _WORK_WORDS[body.state].format(owner=body.owner_name or body.owner)
    cleared = body.state is ExceptionState.RESOLVED and body.by_rule
    what = names.exception(event.subject.exception_id)
    text = f"{what} — {'cleared by itself' if cleared else words}"
    done = body.state is ExceptionState.RESOLVED
    return _Told(_sentence(text, body.cause), "on_time" if done else "text_secondary")


def _contacted(event: e.Event, body: e.CustomerContacted, names: _Names) -> _Told:
    topic = "where is my order" if body.topic == "wismo" else body.topic
    way = "asks" if body.inbound else "was told"
    text = f"customer of {names.stop(event.subject.stop_id)} {way}: {topic}"
    return _Told(_sentence(text, body.words), "accent")


def _sequenced(event: e.Event, body: e.RoutesSequenced, names: _Names) -> _Told:
    if len(body.routes) == 1 and body.routes[0].version == 1:
        one = body.routes[0]
        return _Told(
            f"{names.route(one.route_id)} has its order of {len(one.stops)} stops", "muted"
        )
    text = f"new order of stops on {_listed([names.route(one.route_id) for one in body.routes])}"
    if body.unassigned:
        text += f", taken off: {_listed([names.stop(one) for one in body.unassigned])}"
    if not body.overridden:
        return _Told(_sentence(text, body.reason), "accent")
    broken = f"{text} — broken on {event.actor.name or event.actor.id}'s word"
    return _Told(_sentence(f"{broken}: {_listed(body.overridden, '; ')}", body.reason), "late")


def _locked(_event: e.Event, body: e.StopsLocked, names: _Names) -> _Told:
    stops = _listed([names.stop(stop_id) for stop_id in body.stops])
    return _Told(_sentence(f"{stops} {'locked' if body.locked else 'released'}", body.reason))


_NOTICE_WORDS = {
    Notice.SENT: ("new order of {} sent to the driver", "muted"),
    Notice.SEEN: ("the driver of {} has seen the new order", "text_secondary"),
    Notice.ACCEPTED: ("the driver of {} accepted the new order", "on_time"),
    Notice.DECLINED: ("the driver of {} declined the new order", "late"),
}


def _noticed(event: e.Event, body: e.SequenceNoticed, names: _Names) -> _Told:
    text, tone = _NOTICE_WORDS[body.notice]
    return _Told(_sentence(text.format(names.route(event.subject.route_id)), body.note), tone)


_COMMAND_WORDS = {
    "claim_exception": "claim",
    "release_exception": "release",
    "resolve_exception": "resolution",
    "reopen_exception": "reopening",
    "sequence_routes": "new order of stops",
    "lock_stops": "lock",
}


def _refused(event: e.Event, body: e.CommandRefused, names: _Names) -> _Told:
    what = _COMMAND_WORDS.get(body.command, body.command.replace("_", " "))
    on = f" on {names.route(event.subject.route_id)}" if event.subject.route_id else ""
    return _Told(f"{what[0].upper()}{what[1:]}{on} refused: {body.why}", "at_risk")


def _listed(names: Sequence[str], between: str = ", ") -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return between.join(names[:_NAMED]) + more


def _plain(text: str, tone: str = "text_secondary") -> "Teller":
    def tell(event: e.Event, body: Any, names: _Names) -> _Told:  # noqa: ANN401
        subject = event.subject
        return _Told(
            text.format(
                body=body,
                stop=names.stop(subject.stop_id) if subject.stop_id else "",
                route=names.route(subject.route_id) if subject.route_id else "",
                vehicle=names.vehicle(subject.vehicle_id) if subject.vehicle_id else "",
                carrier=names.carrier(subject.carrier_id) if subject.carrier_id else "",
            ),
            tone,
        )

    return tell


Teller = Callable[[e.Event, Any, _Names], _Told]

_TELLERS: dict[type[e.Body], tuple[str, Teller]] = {
    e.ShiftOpened: (
        "plan",
        _plain("Shift {body.shift.name} of {body.shift.date} opened", "accent"),
    ),
    e.CarrierRegistered: ("carriers", _plain("Carrier {body.carrier.name} takes part")),
    e.DepotRegistered: ("plan", _plain("Depot {body.depot.name} registered", "muted")),
    e.VehicleRegistered: ("plan", _plain("Vehicle {body.vehicle.label} registered", "muted")),
    e.RoutePlanned: ("plan", _plain("Route {body.plan.name} planned", "muted")),
    e.StopPlanned: ("plan", _plain("Stop {body.plan.id} planned, {body.plan.customer}", "muted")),
    e.RoutesSequenced: ("routes", _sequenced),
    e.StopsLocked: ("stops", _locked),
    e.SequenceNoticed: ("routes", _noticed),
    e.RouteStarted: ("routes", _plain("{route} left the depot")),
    e.RouteFinished: ("routes", _plain("{route} is finished", "on_time")),
    e.StopEnRoute: ("stops", _stop),
    e.StopArrived: ("stops", _stop),
    e.StopServiced: ("stops", _stop),
    e.StopDelivered: ("stops", _stop),
    e.StopCollected: ("stops", _stop),
    e.StopAttempted: ("stops", _attempted),
    e.StopCancelled: ("stops", _stop),
    e.StopSkipped: ("stops", _stop),
    e.ExceptionRaised: ("exceptions", _raised),
    e.ExceptionWorked: ("exceptions", _worked),
    e.CustomerContacted: ("customers", _contacted),
    e.CarrierFellSilent: ("carriers", _plain("{carrier} sends nothing any more", "late")),
    e.CarrierHeard: ("carriers", _plain("{carrier} is heard again", "on_time")),
    e.CommandRefused: ("routes", _refused),
}


def tells_all() -> frozenset[type[e.Body]]:
    """The types of event the log has words for."""
    return frozenset(_TELLERS)
