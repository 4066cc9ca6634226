"""Every event in words a dispatcher reads at a glance. Knows no widgets."""

from typing import Any, NamedTuple

from tower.domain import events as e
from tower.domain.state import State
from tower.domain.words import MessageState, Notice, StopState
from ui.eventlog import customers, work
from ui.eventlog.names import Names, Teller, Told, listed, sentence
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
    told = tell(event, event.body, Names(state, links))
    kind, id_ = _subject(event)
    return Line(
        seq=event.seq,
        at=event.at.timestamp(),
        topic=_topic(event, topic),
        text=told.text,
        who=_who(event, state),
        tone=told.tone,
        kind=kind,
        id=id_,
    )


def _topic(event: e.Event, topic: str) -> str:
    """What was refused belongs to what it was about."""
    if not isinstance(event.body, e.CommandRefused):
        return topic
    if event.subject.exception_id:
        return "exceptions"
    if event.subject.message_id:
        return "customers"
    return "stops" if event.subject.stop_id else topic


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


def _stop(event: e.Event, body: Any, names: Names) -> Told:  # noqa: ANN401
    text, tone = _STOP_WORDS[body.state]
    told = text.format(names.stop(event.subject.stop_id))
    return Told(sentence(told, body.note), tone)


def _attempted(event: e.Event, body: e.StopAttempted, names: Names) -> Told:
    reason = body.reason.value.replace("_", " ")
    text = f"{names.stop(event.subject.stop_id)} attempted: {reason}"
    return Told(sentence(text, body.note), "late")


def _sequenced(event: e.Event, body: e.RoutesSequenced, names: Names) -> Told:
    if len(body.routes) == 1 and body.routes[0].version == 1:
        one = body.routes[0]
        return Told(f"{names.route(one.route_id)} has its order of {len(one.stops)} stops", "muted")
    text = f"new order of stops on {listed([names.route(one.route_id) for one in body.routes])}"
    if body.unassigned:
        text += f", taken off: {listed([names.stop(one) for one in body.unassigned])}"
    if not body.overridden:
        return Told(sentence(text, body.reason), "accent")
    broken = f"{text} — broken on {event.actor.name or event.actor.id}'s word"
    return Told(sentence(f"{broken}: {listed(body.overridden, '; ')}", body.reason), "late")


def _locked(_event: e.Event, body: e.StopsLocked, names: Names) -> Told:
    stops = listed([names.stop(stop_id) for stop_id in body.stops])
    return Told(sentence(f"{stops} {'locked' if body.locked else 'released'}", body.reason))


_NOTICE_WORDS = {
    Notice.SENT: ("new order of {} sent to the driver", "muted"),
    Notice.SEEN: ("the driver of {} has seen the new order", "text_secondary"),
    Notice.ACCEPTED: ("the driver of {} accepted the new order", "on_time"),
    Notice.DECLINED: ("the driver of {} declined the new order", "late"),
}


def _noticed(event: e.Event, body: e.SequenceNoticed, names: Names) -> Told:
    text, tone = _NOTICE_WORDS[body.notice]
    return Told(sentence(text.format(names.route(event.subject.route_id)), body.note), tone)


def _published(event: e.Event, body: e.ArrivalPublished, names: Names) -> Told:
    span = f"{names.clock(body.start)}–{names.clock(body.end)}"
    text = f"{names.stop(event.subject.stop_id)} is told to expect us {span}"
    return Told(sentence(text, body.because), "text_secondary" if body.because else "muted")


def _survey(event: e.Event, body: e.SurveyAnswered, names: Names) -> Told:
    said = [f"satisfaction {body.csat} of 5"] if body.csat is not None else []
    said += [f"recommendation {body.nps} of 10"] if body.nps is not None else []
    text = f"{names.stop(event.subject.stop_id)} answered: {', '.join(said) or 'nothing'}"
    return Told(sentence(text, body.words), "text_secondary")


def _claim(event: e.Event, body: e.ClaimFiled, names: Names) -> Told:
    kind = body.kind.value.replace("_", " ")
    text = f"Claim {body.claim_id} about {names.stop(event.subject.stop_id)}: {kind}"
    return Told(sentence(text, body.words), "at_risk")


def _settled(_event: e.Event, body: e.ClaimSettled, _names: Names) -> Told:
    return Told(sentence(f"Claim {body.claim_id} {body.outcome}", body.words), "text_secondary")


def _report(_event: e.Event, body: e.ReportProgressed, _names: Names) -> Told:
    text, tone = _REPORT_WORDS.get(body.state, ("may have been sent or not", "at_risk"))
    return Told(sentence(f"Scheduled report {text}", body.problem), tone)


_REPORT_WORDS = {
    MessageState.SENDING: ("is being sent", "muted"),
    MessageState.SENT: ("was sent", "on_time"),
    MessageState.FAILED: ("was not sent", "late"),
}


def _plain(text: str, tone: str = "text_secondary") -> Teller:
    def tell(event: e.Event, body: Any, names: Names) -> Told:  # noqa: ANN401
        subject = event.subject
        return Told(
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


_TELLERS: dict[type[e.Body], tuple[str, Teller]] = {
    e.ShiftOpened: (
        "plan",
        _plain("Shift {body.shift.name} of {body.shift.date} opened", "accent"),
    ),
    e.CarrierRegistered: ("carriers", _plain("Carrier {body.carrier.name} takes part")),
    e.PickupPointRegistered: (
        "plan",
        _plain("Pick-up point {body.point.name} registered", "muted"),
    ),
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
    **{body: ("exceptions", tell) for body, tell in work.TELLERS.items()},
    **{body: ("customers", tell) for body, tell in customers.TELLERS.items()},
    e.ThresholdsSet: ("plan", _plain("Thresholds set", "accent")),
    e.PlaybooksSet: ("plan", _plain("Playbooks set", "accent")),
    e.OutreachPolicySet: ("plan", _plain("Rules of writing to customers set", "accent")),
    e.ArrivalsPredicted: ("routes", _plain("Arrivals of {route} predicted", "muted")),
    e.ArrivalPublished: ("customers", _published),
    e.ConditionsReported: ("plan", _plain("{body.conditions.id} says how the roads are", "muted")),
    e.RouteMeasured: ("routes", _plain("{route} measured", "muted")),
    e.CarrierMeasured: ("carriers", _plain("Data of {carrier} measured", "muted")),
    e.ReturnClosed: ("stops", _plain("{stop} is back and booked in", "on_time")),
    e.ClaimFiled: ("customers", _claim),
    e.ClaimSettled: ("customers", _settled),
    e.SurveyAnswered: ("customers", _survey),
    e.ReportingSet: ("plan", _plain("Targets, views and reports set", "accent")),
    e.ReportProgressed: ("plan", _report),
    e.CarrierFellSilent: ("carriers", _plain("{carrier} sends nothing any more", "late")),
    e.CarrierHeard: ("carriers", _plain("{carrier} is heard again", "on_time")),
    e.CommandRefused: ("routes", work.refused),
}


UNLISTED = frozenset({e.ArrivalsPredicted, e.CarrierMeasured})
"""Types the log leaves out: they come every few minutes and say nothing to a person."""


def tells_all() -> frozenset[type[e.Body]]:
    """The types of event the log has words for."""
    return frozenset(_TELLERS)
