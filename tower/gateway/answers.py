"""What the gateway answers over HTTP, as records; the OpenAPI document is made from them."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from tower.domain.commands import Id
from tower.domain.events import Event
from tower.domain.geometry import LatLon
from tower.domain.records import Actor, ExceptionRecord, Route
from tower.gateway.signin import Role
from tower.road.roads import Profile
from tower.routes.violations import Violation

LONGEST_SIDE = 2_500
"""Places that may be named on one side of a table of travel."""

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


class TrailPoint(Answer, frozen=True, kw_only=True):
    """Where a vehicle was."""

    at: datetime
    lat: float
    lon: float
    speed_mps: float | None = None
    heading_deg: float | None = None


class ClockWish(Answer, frozen=True, kw_only=True):
    """How fast the simulated shift is to run, 1 to 60."""

    rate: float


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
