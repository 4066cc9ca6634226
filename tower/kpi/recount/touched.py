"""Which things some events are about, and what they may move by having come late."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from tower.domain import events as e
from tower.domain.events import Event
from tower.kpi.facts import LEADS_MIN
from tower.kpi.recount.book import Thing
from tower.kpi.recount.ground import Ground

REGISTERING = (e.ShiftOpened, e.VehicleRegistered)
"""What says where facts belong, besides plans."""

_SHORTEST_LEAD = timedelta(minutes=min(LEADS_MIN))

_SETTLING = (e.StopDelivered, e.StopCollected, e.StopAttempted, e.StopCancelled, e.StopSkipped)
_HEARD = (e.ClaimFiled, e.SurveyAnswered, e.CustomerContacted)
_MAKING = (
    *_SETTLING,
    *_HEARD,
    e.RouteFinished,
    e.ExceptionRaised,
    e.MessageProgressed,
    e.CarrierMeasured,
)
"""What facts are made for: they stand at the time of such an event."""


class Touched(msgspec.Struct, kw_only=True):
    """What some events are about.

    Attributes:
        things: those whose facts have to be made again.
        alone: events that are facts by themselves.
        planned: stops planned or put on a route and when, whose facts have to be made again where
            they have an outcome.
        named_since: facts of this moment or later that are of `stops` or `routes` may have moved,
            UTC; None where none may.
        vehicles_since: so may those of these `vehicles`, "" for one nobody knew.
        any_since: so may all.
        newest: the latest moment a fact was made for.
    """

    things: set[Thing] = msgspec.field(default_factory=set)
    alone: list[Event] = msgspec.field(default_factory=list)
    planned: dict[str, datetime] = msgspec.field(default_factory=dict)
    named_since: datetime | None = None
    stops: set[str] = msgspec.field(default_factory=set)
    routes: set[str] = msgspec.field(default_factory=set)
    vehicles_since: datetime | None = None
    vehicles: set[str] = msgspec.field(default_factory=set)
    any_since: datetime | None = None
    newest: datetime | None = None

    def name(self, since: datetime, stops: Iterable[str] = (), routes: Iterable[str] = ()) -> None:
        """Facts of these stops and routes may have moved."""
        self.named_since = _earlier(self.named_since, since)
        self.stops.update(stops)
        self.routes.update(routes)


def _earlier(known: datetime | None, at: datetime) -> datetime:
    return at if known is None else min(known, at)


def touched(events: Iterable[Event], newest: datetime | None, ground: Ground) -> Touched:
    """What events in the journal's order are about.

    Args:
        events: that follow those taken before.
        newest: the latest moment a fact was made for before them.
        ground: knows these events already.
    """
    found = Touched(newest=newest)
    for event in events:
        _own(found, event)
        if found.newest is not None:
            _late(found, event, found.newest)
            _completing(found, event, found.newest, ground)
        if isinstance(event.body, _MAKING):
            found.newest = max(event.at, found.newest or event.at)
    return found


def _own(found: Touched, event: Event) -> None:
    """The thing whose facts an event makes or completes, whenever it comes."""
    body, subject = event.body, event.subject
    if _is_alone(event):
        found.alone.append(event)
    elif isinstance(body, (*_SETTLING, *_HEARD, e.ReturnClosed, e.ClaimSettled)):
        found.things.add(("stop", subject.stop_id))
    elif isinstance(body, (e.RouteFinished, e.RouteMeasured)):
        found.things.add(("route", subject.route_id))
    elif isinstance(body, (e.ExceptionRaised, e.ExceptionWorked)):
        found.things.add(("exception", subject.exception_id))
    elif isinstance(body, e.MessageProgressed):
        found.things.add(("message", subject.message_id))
    elif isinstance(body, e.ReplyReceived) and body.answers:
        found.things.add(("message", body.answers))


def _is_alone(event: Event) -> bool:
    is_of_nowhere = isinstance(event.body, e.CustomerContacted) and not event.subject.stop_id
    return is_of_nowhere or isinstance(event.body, e.CarrierMeasured)


def _late(found: Touched, event: Event, newest: datetime) -> None:
    """What an event may move that is about a moment facts were made after."""
    if event.at > newest:
        return
    body = event.body
    if isinstance(body, REGISTERING):
        found.any_since = _earlier(found.any_since, event.at)
    elif isinstance(body, (e.RoutePlanned, e.RouteStarted)):
        found.name(event.at, routes=(_route_of(event),))
    elif isinstance(body, (e.StopPlanned, e.StopAmended, e.RoutesSequenced)):
        stops = set(_stops_of(event))
        found.things |= {("stop", stop_id) for stop_id in stops}
        found.name(event.at, stops)
    elif isinstance(body, e.StopProgress):
        found.things.add(("stop", event.subject.stop_id))
    elif isinstance(body, e.ArrivalsPredicted) and event.at + _SHORTEST_LEAD <= newest:
        found.things |= {("stop", row.stop_id) for row in body.rows}


def _completing(found: Touched, event: Event, newest: datetime, ground: Ground) -> None:
    """What an event may tell of moments before it, of which nothing was said by then."""
    body, since = event.body, ground.tells_since(event)
    if since is None or newest < since:
        return
    if isinstance(body, (e.StopPlanned, e.RoutesSequenced)):
        found.planned |= dict.fromkeys(_stops_of(event), event.at)
        found.name(since, _stops_of(event))
    elif isinstance(body, e.RoutePlanned):
        found.name(since, routes=(body.plan.id,))
    elif isinstance(body, e.VehicleRegistered):
        found.vehicles_since = _earlier(found.vehicles_since, since)
        found.vehicles |= ground.kinds_besides(event)
    elif isinstance(body, e.ShiftOpened):
        found.any_since = _earlier(found.any_since, since)


def _route_of(event: Event) -> str:
    body = event.body
    return body.plan.id if isinstance(body, e.RoutePlanned) else event.subject.route_id


def _stops_of(event: Event) -> Iterable[str]:
    body = event.body
    if isinstance(body, e.StopPlanned):
        return (body.plan.id,)
    if isinstance(body, e.RoutesSequenced):
        return (*(id_ for one in body.routes for id_ in one.stops), *body.unassigned)
    return (event.subject.stop_id,)
