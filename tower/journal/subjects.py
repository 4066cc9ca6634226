"""What an event is about, for the index that answers "what happened to this stop?"."""

from collections.abc import Iterator

from tower.domain import events as e
from tower.domain.events import Event


def subjects_of(event: Event) -> set[tuple[str, str]]:
    """Every (kind, id) the event is about, those named in its body included."""
    subject = event.subject
    named = {
        ("carrier", subject.carrier_id),
        ("vehicle", subject.vehicle_id),
        ("route", subject.route_id),
        ("stop", subject.stop_id),
        ("exception", subject.exception_id),
        ("message", subject.message_id),
    }
    named.update(_in_body(event.body))
    return {pair for pair in named if pair[1]}


def _in_body(body: e.AnyBody) -> Iterator[tuple[str, str]]:
    yield from _introduced(body)
    yield from _in_conversation(body)
    match body:
        case e.StopPlanned(plan=plan):
            yield from (("stop", stop_id) for stop_id in plan.collects)
        case e.RoutesSequenced():
            yield from _in_sequences(body)
        case e.StopsLocked(stops=stops):
            yield from (("stop", stop_id) for stop_id in stops)
        case e.ExceptionRaised(finding=finding):
            yield "stop", finding.subject.stop_id
            yield "vehicle", finding.subject.vehicle_id
        case e.ExceptionWorked(merged_into=other):
            yield "exception", other


def _introduced(body: e.AnyBody) -> Iterator[tuple[str, str]]:
    match body:
        case e.CarrierRegistered(carrier=carrier):
            yield "carrier", carrier.id
        case e.DepotRegistered(depot=depot):
            yield "depot", depot.id
        case e.PickupPointRegistered(point=point):
            yield "pickup_point", point.id
        case e.VehicleRegistered(vehicle=vehicle):
            yield "vehicle", vehicle.id
        case e.RoutePlanned(plan=route_plan):
            yield "route", route_plan.id
        case e.StopPlanned(plan=stop_plan):
            yield "stop", stop_plan.id


def _in_conversation(body: e.AnyBody) -> Iterator[tuple[str, str]]:
    match body:
        case e.StopAmended(reply_id=reply_id):
            yield "reply", reply_id
        case e.MessageQueued(plan=plan):
            yield "stop", plan.stop_id
            yield "exception", plan.exception_id
        case e.ReplyReceived(reply_id=reply_id, answers=message_id):
            yield "reply", reply_id
            yield "message", message_id
        case e.RepliesSeen(replies=replies):
            yield from (("reply", reply_id) for reply_id in replies)


def _in_sequences(body: e.RoutesSequenced) -> Iterator[tuple[str, str]]:
    for sequence in body.routes:
        yield "route", sequence.route_id
        for stop_id in sequence.stops:
            yield "stop", stop_id
    for stop_id in body.unassigned:
        yield "stop", stop_id
