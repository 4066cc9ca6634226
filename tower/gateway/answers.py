"""What the gateway answers over HTTP, as records; the OpenAPI document is made from them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from tower.domain.commands import Handover, Id
from tower.domain.events import Event
from tower.domain.geometry import LatLon
from tower.domain.messages import Message
from tower.domain.records import Actor, ExceptionRecord, Route
from tower.domain.reporting import ReportingEntry
from tower.domain.rulebook import Playbooks, PolicyEntry, Thresholds
from tower.gateway.signin import Role
from tower.road.roads import Profile
from tower.routes.violations import Violation
from tower.routes.weights import Objective, Weights

LONGEST_SIDE = 2_500
"""Places that may be named on one side of a table of travel."""

MOST_ROUTES = 500
"""Routes that may be optimised together."""

MOST_MOVED, MOST_LOOSE = 20_000, 500
"""Stops that may be named to be moved, and stops on no route, in one search."""

MOST_STOPS = 50
"""Stops whose best places may be asked for at once."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every answer."""


class Problem(Answer, frozen=True, kw_only=True):
    """Why something was not done.

    Attributes:
        error: a word programs can tell apart: `not_found`, `too_large` and so on.
        message: what happened and what to do, for people.
    """

    error: str
    message: str


class ExceptionConflict(Problem, frozen=True, kw_only=True):
    """Somebody else worked on the exception first; `fresh` is how it stands now."""

    fresh: ExceptionRecord


class RouteConflict(Problem, frozen=True, kw_only=True):
    """Somebody else changed a route first; `fresh` is how it stands now.

    Attributes:
        routes: all routes the command named, as they stand now.
    """

    fresh: Route
    routes: tuple[Route, ...] = ()


class MessageConflict(Problem, frozen=True, kw_only=True):
    """Something else was decided about the message first; `fresh` is how it stands now."""

    fresh: Message


class ThresholdsConflict(Problem, frozen=True, kw_only=True):
    """Somebody else set thresholds first; `fresh` is what holds now."""

    fresh: Thresholds


class PlaybooksConflict(Problem, frozen=True, kw_only=True):
    """Somebody else set the playbooks first; `fresh` is what holds now."""

    fresh: Playbooks


class PolicyConflict(Problem, frozen=True, kw_only=True):
    """Somebody else set the outreach policy first; `fresh` is what holds now."""

    fresh: PolicyEntry


class ReportingConflict(Problem, frozen=True, kw_only=True):
    """Somebody else set targets, views or schedules first; `fresh` is what holds now."""

    fresh: ReportingEntry


class Infeasible(Problem, frozen=True, kw_only=True):
    """The change would break hard constraints; a supervisor may commit it with a reason.

    Attributes:
        violations: what would newly be broken, with its reason.
        estimated: true where some travel time it rests on is an estimate.
    """

    violations: tuple[Violation, ...]
    estimated: bool = False


class Health(Answer, frozen=True, kw_only=True):
    """The gateway is alive.

    Attributes:
        now: the gateway's clock, UTC.
        rate: seconds of that clock in one second.
        seq: the journal's last sequence number.
    """

    ok: bool
    version: str
    now: datetime
    rate: float
    seq: int


class Me(Answer, frozen=True, kw_only=True):
    """Who the token belongs to."""

    actor: Actor
    role: Role
    carrier_id: str = ""


class CommandDone(Answer, frozen=True, kw_only=True):
    """The command was carried out.

    Attributes:
        seq: the journal's sequence number of its last event.
        events: ids of its events.
    """

    seq: int
    events: tuple[str, ...]


class Receipt(Answer, frozen=True, kw_only=True):
    """A carrier's message was taken in, and what it held is in the journal.

    Attributes:
        fixes: positions understood.
        events: events understood, those already known included.
        refused: parts that were refused; `reasons` says why (the first ones).
    """

    fixes: int
    events: int
    refused: int
    reasons: tuple[str, ...] = ()


class ManifestProblem(Answer, frozen=True, kw_only=True):
    """One line of a manifest that was refused, or looks wrong.

    Attributes:
        line: from 1; 0 for the file as a whole.
        refused: False for a warning about something that was taken in all the same.
    """

    line: int
    field: str
    message: str
    refused: bool = True


class ManifestReceipt(Answer, frozen=True, kw_only=True):
    """A manifest was taken in.

    Attributes:
        routes: routes in the file.
        stops: stops in the file.
        events: what changed; 0 where the file was imported before.
        problems: lines that were refused, each with its reason.
    """

    routes: int
    stops: int
    events: int
    problems: tuple[ManifestProblem, ...] = ()


class CarrierReport(Answer, frozen=True, kw_only=True):
    """A carrier and how it is heard.

    Attributes:
        last_heard: when its last message came.
        lag_s: median seconds from a device's time to the gateway's.
        messages_per_s: over the last minute.
        refused: messages or parts of messages refused since the journal began.
    """

    id: str
    name: str
    kind: str
    adapter: str
    last_heard: datetime | None
    lag_s: float | None
    messages_per_s: float
    refused: int
    silent: bool


class RefusedMessage(Answer, frozen=True, kw_only=True):
    """A message, or a part of one, that was not believed.

    Attributes:
        excerpt: its beginning, bytes that are no UTF-8 replaced.
    """

    id: int
    carrier_id: str
    adapter: str
    at: datetime
    reason: str
    excerpt: str


class EventPage(Answer, frozen=True, kw_only=True):
    """Events in the journal's order.

    Attributes:
        next: give it as `after` to read on.
    """

    events: tuple[Event, ...]
    next: int


class ShapeAnswer(Answer, frozen=True, kw_only=True):
    """A route's line along the roads.

    Attributes:
        version: version of the route's sequence the line belongs to.
        shape: encoded polyline, precision 5.
        stop_offsets: for each stop of the sequence the index of its point in the line.
        durations_s: driving seconds to each stop from the place before it, as expected now for
            the hour each leg is driven in.
        distances_m: driven metres, likewise.
        home_s: driving seconds from the last stop back to the depot.
        home_m: driven metres, likewise.
    """

    version: int
    shape: str
    stop_offsets: tuple[int, ...]
    durations_s: tuple[float, ...] = ()
    distances_m: tuple[float, ...] = ()
    home_s: float = 0.0
    home_m: float = 0.0


class TravelWish(Answer, frozen=True, kw_only=True):
    """From where to where travel is asked for.

    Attributes:
        origins: `[latitude, longitude]` each, degrees.
        destinations: likewise.
    """

    origins: Annotated[tuple[LatLon, ...], Meta(min_length=1, max_length=LONGEST_SIDE)]
    destinations: Annotated[tuple[LatLon, ...], Meta(min_length=1, max_length=LONGEST_SIDE)]
    profile: Profile = Profile.CAR


class TravelAnswer(Answer, frozen=True, kw_only=True):
    """How long it takes to travel when leaving now, a row for each origin.

    Attributes:
        departure: when that is, by the gateway's clock, UTC.
        durations_s: seconds to each destination.
        distances_m: metres to each destination.
        estimated: true where the roads are not known and the straight line stands in.
    """

    departure: datetime
    durations_s: list[list[float]]
    distances_m: list[list[float]]
    estimated: list[list[bool]]


class SuggestionWish(Answer, frozen=True, kw_only=True):
    """Stops whose best places are asked for."""

    stops: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=MOST_STOPS)]


class PlaceAnswer(Answer, frozen=True, kw_only=True):
    """A place for a stop, and what it would cost.

    Attributes:
        route_id: the route that would serve it.
        before: the stop it would come before, "" for the end of the route.
        arrives_at: when it would be reached, UTC.
        lateness_s: seconds of lateness more over all stops, negative for less.
        distance_m: metres more, negative for less.
        broken: ids of the stops whose window would newly be missed.
        saved: ids of the stops whose window would be kept again.
        to_tell: ids of the stops whose customers would have to be told.
        violations: constraints that would newly be broken, hard ones first.
        estimated: true where some travel time it rests on is an estimate.
        words: all that for people.
    """

    route_id: str
    before: str
    arrives_at: datetime
    lateness_s: float
    distance_m: float
    broken: tuple[str, ...]
    saved: tuple[str, ...]
    to_tell: tuple[str, ...]
    violations: tuple[Violation, ...]
    estimated: bool
    words: str


class PlacesAnswer(Answer, frozen=True, kw_only=True):
    """The best places for a stop.

    Attributes:
        places: the best one first; hard constraints are broken only where no place keeps them.
        why: why there are none, in words.
    """

    stop_id: str
    places: tuple[PlaceAnswer, ...] = ()
    why: str = ""


class OptimisationWish(Answer, frozen=True, kw_only=True):
    """What is to be optimised.

    Attributes:
        routes: the routes that may change; none named for all that are under way.
        weights: what matters how much.
        stops: the stops that may move; null for all open ones of these routes.
        loose: stops on no route that are to find a place.
        out_of_service: a route whose vehicle cannot go on: others take over its stops.
    """

    routes: Annotated[tuple[Id, ...], Meta(max_length=MOST_ROUTES)] = ()
    weights: Weights = Weights()
    stops: Annotated[tuple[Id, ...], Meta(max_length=MOST_MOVED)] | None = None
    loose: Annotated[tuple[Id, ...], Meta(max_length=MOST_LOOSE)] = ()
    out_of_service: Id = ""


class OptimisationStarted(Answer, frozen=True, kw_only=True):
    """The search goes on under this id."""

    id: str


class OfferLegs(Answer, frozen=True, kw_only=True):
    """Driving along one of the orders offered.

    Attributes:
        durations_s: seconds from each stop to the one behind it, from the last to the depot.
        distances_m: metres, likewise.
    """

    durations_s: tuple[float, ...]
    distances_m: tuple[float, ...]


class Offer(Answer, frozen=True, kw_only=True):
    """The best orders found so far; nothing is changed before somebody commits them.

    Attributes:
        orders: route id to the ids of its open stops, for routes that change; "" to those that
            find no place.
        reasons: stop id to why it finds no place, in words.
        handovers: visits at which parcels are taken over; their stops stand in `orders`.
        versions: route id to the version of the sequence it was made for.
        legs: route id to the driving along its order.
        before: what all routes searched come to as they are; `after` as they are offered.
        estimated: true where some travel time it rests on is an estimate.
    """

    orders: dict[str, tuple[str, ...]]
    reasons: dict[str, str]
    handovers: tuple[Handover, ...]
    versions: dict[str, int]
    legs: dict[str, OfferLegs]
    before: Objective
    after: Objective
    estimated: bool


class OptimisationState(StrEnum):
    """How far a search has come."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class OptimisationAnswer(Answer, frozen=True, kw_only=True):
    """How a search stands.

    Attributes:
        words: what it does, what came out of it, or why it failed.
        progress: share of its time that is over, 0 to 1.
        offer: null while nothing better than the present order was found.
    """

    id: str
    state: OptimisationState
    words: str
    elapsed_s: float
    progress: float
    offer: Offer | None = None


class TrailPoint(Answer, frozen=True, kw_only=True):
    """Where a vehicle was."""

    at: datetime
    lat: float
    lon: float
    speed_mps: float | None = None
    heading_deg: float | None = None


class ClockWish(Answer, frozen=True, kw_only=True):
    """How fast the simulated shift is to run, 1 to 60."""

    rate: Annotated[float, Meta(extra_json_schema={"minimum": 1, "maximum": 60})]


class ClockAnswer(Answer, frozen=True, kw_only=True):
    """The gateway's clock."""

    now: datetime
    rate: float


class Heartbeat(Answer, frozen=True, kw_only=True):
    """Claims that still hold.

    Attributes:
        claims: ids of the exceptions this person holds.
    """

    claims: tuple[str, ...]


JsonObject = dict[str, Any]
"""A document whose form another standard sets."""
