"""Which things some events are about, and what they may move by having come late."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from tower.domain import events as e
from tower.domain.events import Event
from tower.kpi.facts import LEADS_MIN
from tower.kpi.recount.book import Thing

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
        late_since: the earliest moment something was said of only after facts at or after it were
            made; None where nothing came late.
        late_stops: what was late is about these stops; late_routes: or these routes.
        moves_all: what was late may be about anything.
        newest: the latest moment a fact was made for.
    """

    things: set[Thing] = msgspec.field(default_factory=set)
    alone: list[Event] = msgspec.field(default_factory=list)
    late_since: datetime | None = None
    late_stops: set[str] = msgspec.field(default_factory=set)
    late_routes: set[str] = msgspec.field(default_factory=set)
    moves_all: bool = False
    newest: datetime | None = None

    def late(self, at: datetime) -> None:
        """Something that was so at a moment was said late."""
        self.late_since = at if self.late_since is None else min(self.late_since, at)


def touched(events: Iterable[Event], newest: datetime | None) -> Touched:
    """What events in the journal's order are about.

    Args:
        events: that follow those taken before.
        newest: the latest moment a fact was made for before them.
    """
    found = Touched(newest=newest)
    for event in events:
        _own(found, event)
        if found.newest is not None and event.at <= found.newest:
            _late(found, event, found.newest)
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
    body = event.body
    if isinstance(body, REGISTERING):
        found.moves_all = True
        found.late(event.at)
    elif isinstance(body, (e.RoutePlanned, e.RouteStarted)):
        found.late_routes.add(_route_of(event))
        found.late(event.at)
    elif isinstance(body, (e.StopPlanned, e.StopAmended, e.RoutesSequenced)):
        stops = set(_stops_of(event))
        found.things |= {("stop", stop_id) for stop_id in stops}
        found.late_stops |= stops
        found.late(event.at)
    elif isinstance(body, e.StopProgress):
        found.things.add(("stop", event.subject.stop_id))
    elif isinstance(body, e.ArrivalsPredicted) and event.at + _SHORTEST_LEAD <= newest:
        found.things |= {("stop", row.stop_id) for row in body.rows}


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
