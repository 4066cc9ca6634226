"""What a rule looks at: one stop, one vehicle under way or one carrier, with all that bears on it.

A case is made for one look and thrown away; what is costly in it is worked out when asked for.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, tzinfo
from functools import cached_property

from tower.domain.geometry import LatLon, distance_m
from tower.domain.records import (
    Carrier,
    ExceptionRecord,
    Finding,
    Route,
    RoutePlan,
    Stop,
    StopPlan,
    Subject,
    Vehicle,
)
from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.domain.words import ExceptionKind, Severity, StopState
from tower.feed.arrivals import Arrival
from tower.watch.episodes import newest_episode
from tower.watch.found import SOURCE
from tower.watch.index import Index
from tower.watch.sight import Sight
from tower.watch.thresholds import LimitBook, Limits, Scope

Since = Mapping[tuple[ExceptionKind, str], datetime]
"""When each condition that holds was found first, by kind and what it is about."""


StoodSince = Callable[[str], datetime | None]
"""Since when a vehicle stands where it is, by its id; None where that is unknown."""


def _nobody_stands(_vehicle_id: str) -> datetime | None:
    return None


class Look:
    """What all cases of one look have in common.

    Attributes:
        state: the shift.
        index: what belongs together in it.
        sight: what is seen besides.
        book: the thresholds.
        now: the present, UTC.
        since: when conditions were found first.
        silent: ids of the carriers found silent.
        stood_since: since when a vehicle stands where it is.
        watching_since: when watching began, UTC.
    """

    def __init__(
        self,
        state: State,
        index: Index,
        sight: Sight,
        book: LimitBook,
        now: datetime,
        since: Since,
        watching_since: datetime,
    ) -> None:
        self.state, self.index, self.sight, self.book = state, index, sight, book
        self.now, self.since, self.watching_since = now, since, watching_since
        self.silent: frozenset[str] = frozenset()
        self.stood_since: StoodSince = _nobody_stands
        self.zone: tzinfo = state.zone


class Case:
    """One thing that is looked at.

    Attributes:
        about: its id.
        known: the open exceptions about it, whoever found them.
        ripe: the kinds that were found now and for long enough; filled in after the finding.
    """

    def __init__(self, look: Look, about: str) -> None:
        self.look, self.state, self.now, self.zone = look, look.state, look.now, look.zone
        self.about = about
        self.known = look.index.open_about(about)
        self.ripe: frozenset[ExceptionKind] = frozenset()

    @property
    def subject(self) -> Subject:
        """The ids an exception about it names."""
        raise NotImplementedError

    @cached_property
    def limits(self) -> Limits:
        """The thresholds that hold for it."""
        return self.look.book.limits(self.scope)

    @property
    def scope(self) -> Scope:
        """What the thresholds may differ by."""
        raise NotImplementedError

    def is_known(self, kind: ExceptionKind) -> bool:
        """True where an exception of this kind is open: then the threshold that clears counts."""
        return kind in self.known

    def record(self, kind: ExceptionKind) -> ExceptionRecord | None:
        """The open exception of a kind, None for none."""
        return self.known.get(kind)

    def since(self, kind: ExceptionKind) -> datetime:
        """When this condition was found first; now where it was not before."""
        return self.look.since.get((kind, self.about), self.now)

    def finding(
        self, kind: ExceptionKind, severity: Severity, headline: str, detail: str = ""
    ) -> Finding:
        """What an exception about it says."""
        return Finding(
            kind=kind,
            severity=severity,
            subject=self.subject,
            headline=headline,
            detail=detail,
            source=SOURCE,
        )


class StopCase(Case):
    """A stop that is planned.

    Attributes:
        stop: the stop.
        plan: its plan, with what was agreed since.
        route: the route it is on, None for none.
    """

    def __init__(self, look: Look, stop: Stop, plan: StopPlan) -> None:
        super().__init__(look, stop.id)
        self.stop, self.plan = stop, plan
        self.route: Route | None = look.state.routes.get(stop.route_id)

    @property
    def route_plan(self) -> RoutePlan | None:
        """The plan of its route, None for none."""
        return self.route.plan if self.route else None

    @property
    def subject(self) -> Subject:
        """The ids an exception about it names."""
        plan = self.route_plan
        return Subject(
            carrier_id=plan.carrier_id if plan else "",
            vehicle_id=plan.vehicle_id if plan else "",
            route_id=self.stop.route_id,
            stop_id=self.stop.id,
        )

    @property
    def scope(self) -> Scope:
        """What the thresholds may differ by."""
        plan = self.route_plan
        return Scope(
            self.plan.service_level,
            plan.carrier_id if plan else "",
            plan.depot_id if plan else "",
        )

    @cached_property
    def arrival(self) -> Arrival | None:
        """When the vehicle is expected, None where nothing is predicted."""
        return self.look.sight.arrivals.row(self.stop.id)

    def expected(self, stop_id: str) -> datetime | None:
        """When another stop is expected to be reached, None where nothing is predicted."""
        arrival = self.look.sight.arrivals.row(stop_id)
        return arrival.p50 if arrival else None

    @cached_property
    def fix(self) -> Fix | None:
        """Where its vehicle is, None where that is unknown."""
        plan = self.route_plan
        return self.look.sight.vehicles.position(plan.vehicle_id) if plan else None

    @cached_property
    def stops(self) -> list[Stop]:
        """All stops of its route, in driving order; empty where it is on none."""
        return self.state.stops_of(self.route) if self.route else []

    @cached_property
    def place(self) -> int:
        """Its place among them; -1 where it is on no route."""
        places = (at for at, stop in enumerate(self.stops) if stop.id == self.stop.id)
        return next(places, -1)

    @property
    def stood_since(self) -> datetime | None:
        """Since when its vehicle stands where it is, None where that is unknown."""
        plan = self.route_plan
        return self.look.stood_since(plan.vehicle_id) if plan else None

    @property
    def reached_at(self) -> LatLon | None:
        """Where the roads reach it, None where that is unknown."""
        if self.route is None or self.place < 0:
            return None
        return self.look.sight.reached(self.route, self.place)

    @property
    def is_cold(self) -> bool:
        """True for what must stay cool."""
        return self.plan.temperature_limit_c is not None

    @property
    def is_passed(self) -> bool:
        """True where the vehicle has gone on to a later stop, or its route has ended."""
        if self.route is None or self.place < 0:
            return False
        later = self.stops[self.place + 1 :]
        return any(map(_was_driven_to, later)) or self.route.finished_at is not None

    def was_moved(self, kind: ExceptionKind, happened_at: datetime) -> bool:
        """True where the stop is on another route than when its exception was raised.

        Args:
            kind: the kind of the exception.
            happened_at: what an exception raised before is about something else.
        """
        record, _ = newest_episode(self.state, kind, self.stop.id)
        if record is None or record.finding is None or record.raised_at is None:
            return False
        is_another = record.finding.subject.route_id not in ("", self.stop.route_id)
        return is_another and record.raised_at >= happened_at


class VehicleCase(Case):
    """A vehicle under way on a route.

    Attributes:
        route: the route.
        plan: its plan.
        stood_since: since when it has not moved, None where that is unknown.
    """

    def __init__(self, look: Look, route: Route, plan: RoutePlan) -> None:
        super().__init__(look, plan.vehicle_id)
        self.route, self.plan = route, plan
        self.stood_since = look.stood_since(plan.vehicle_id)

    @property
    def subject(self) -> Subject:
        """The ids an exception about it names."""
        return Subject(
            carrier_id=self.plan.carrier_id,
            vehicle_id=self.plan.vehicle_id,
            route_id=self.route.id,
        )

    @property
    def scope(self) -> Scope:
        """What the thresholds may differ by."""
        return Scope("", self.plan.carrier_id, self.plan.depot_id)

    @cached_property
    def vehicle(self) -> Vehicle | None:
        """What is known of the vehicle."""
        entry = self.state.vehicles.get(self.plan.vehicle_id)
        return entry.value if entry else None

    @cached_property
    def carrier(self) -> Carrier | None:
        """Who drives."""
        entry = self.state.carriers.get(self.plan.carrier_id)
        return entry.value if entry else None

    @cached_property
    def fix(self) -> Fix | None:
        """Where it is, None where it never said."""
        return self.look.sight.vehicles.position(self.plan.vehicle_id)

    @cached_property
    def stops(self) -> list[Stop]:
        """All stops of its route, in driving order."""
        return self.state.stops_of(self.route)

    @cached_property
    def left(self) -> list[Stop]:
        """Those not done."""
        return [stop for stop in self.stops if not stop.is_done]

    @cached_property
    def away_m(self) -> float | None:
        """Metres from the line of its route; None while either is unknown."""
        return self.look.sight.from_line(self.route, self.fix) if self.fix else None

    @cached_property
    def is_at_a_door(self) -> bool:
        """True while it stands at one of its stops, as the driver says."""
        return any(stop.state.is_at_the_door for stop in self.left)

    def is_near_depot(self, metres: float) -> bool:
        """True where it is within so many metres of its depot."""
        depot = self.state.depot_of(self.route)
        return depot is not None and self.distance_to(depot) <= metres

    def distance_to(self, place: LatLon) -> float:
        """Metres to a place; infinitely many where nobody knows where the vehicle is."""
        return distance_m(self.fix.position, place) if self.fix else float("inf")

    def number_of(self, stop: Stop) -> int:
        """The place of a stop in the sequence, from 1."""
        return next((n for n, one in enumerate(self.stops, 1) if one.id == stop.id), 0)


class CarrierCase(Case):
    """A carrier that takes part in the shift.

    Attributes:
        carrier: the carrier.
        under_way: how many of its routes are under way.
        heard_at: when its last message came; where it was never heard, when watching began.
    """

    def __init__(self, look: Look, carrier: Carrier) -> None:
        super().__init__(look, carrier.id)
        self.carrier = carrier
        self.under_way = look.index.routes_under_way(carrier.id)
        self.heard_at = look.sight.last_heard.get(carrier.id, look.watching_since)

    @property
    def subject(self) -> Subject:
        """The ids an exception about it names."""
        return Subject(carrier_id=self.carrier.id)

    @property
    def scope(self) -> Scope:
        """What the thresholds may differ by."""
        return Scope("", self.carrier.id, "")


def _was_driven_to(stop: Stop) -> bool:
    """True where the vehicle set out for a stop; one that is cancelled nobody drives to."""
    was_ended = stop.is_done and stop.state is not StopState.CANCELLED
    return stop.underway is not None or was_ended


def earliest_window_end(stops: Iterable[Stop]) -> datetime | None:
    """When the first of their windows ends, None where none has one."""
    ends = (stop.plan.window_end for stop in stops if stop.plan)
    return min((end for end in ends if end is not None), default=None)
