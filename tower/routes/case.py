"""One route as it stands, with everything that decides what another order would do."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

import msgspec

from tower.domain.geometry import LatLon
from tower.domain.records import Route, Stop, Vehicle
from tower.domain.state import State
from tower.domain.words import StopKind, VehicleKind
from tower.eta.schedule import Whereabouts, share_left
from tower.eta.whereabouts import in_order_driven, whereabouts
from tower.road.roads import Profile
from tower.routes.fleetbook import Fleet


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a vehicle was, and when."""

    position: LatLon
    at: datetime


class RouteCase(msgspec.Struct, frozen=True, kw_only=True):
    """A route and all that is known of it now.

    Attributes:
        vehicle: what drives it, None where nobody said.
        depot: where it begins and ends, None where nobody said.
        settled: its stops that cannot be moved: the done ones in their order, then those at
            whose door the vehicle stands.
        open: its other stops in the present order.
        whereabouts: what the done stops say about the leg to the next one.
        fix: where the vehicle is, None where it never said.
        driven_s: seconds at the wheel so far, by the legs of the stops it went to and what is
            driven of the leg it is on.
        driven_m: metres so far, likewise.
        charged_m: metres since the vehicle was charged last.
        departed: ids of all routes that have left their depot with what they loaded there.
        carriers: route id to carrier id, of all routes.
        collected: stop id to the route that collected its parcels on the way, of all stops.
        now: when all this was so, UTC.
        zone: the time zone words are in.
    """

    route: Route
    vehicle: Vehicle | None
    depot: LatLon | None
    settled: tuple[Stop, ...]
    open: tuple[Stop, ...]
    whereabouts: Whereabouts
    fix: Place | None
    driven_s: float
    driven_m: float
    charged_m: float
    departed: frozenset[str]
    carriers: Mapping[str, str]
    collected: Mapping[str, str] = {}
    now: datetime
    zone: tzinfo

    @property
    def id(self) -> str:
        """The route's id."""
        return self.route.id

    @property
    def name(self) -> str:
        """What people call the route."""
        return self.route.name

    @property
    def profile(self) -> Profile:
        """How its vehicle travels."""
        return Profile.of_vehicle(self.kind)

    @property
    def kind(self) -> VehicleKind:
        """What drives it; a van where nobody said."""
        return self.vehicle.kind if self.vehicle else VehicleKind.VAN

    @property
    def has_left(self) -> bool:
        """True once its vehicle has left the depot with what it loaded there."""
        return self.id in self.departed

    @property
    def at_door(self) -> tuple[Stop, ...]:
        """The stops at whose door the vehicle stands; two neighbours may be served together."""
        return tuple(stop for stop in self.settled if not stop.is_done)

    @property
    def next_open(self) -> str:
        """Id of the stop that is next in the present order, "" where none is left."""
        return self.open[0].id if self.open else ""

    @property
    def start(self) -> LatLon | None:
        """Where the way to the next stop begins: the vehicle, else the place it left, or depot."""
        if self.fix is not None:
            return self.fix.position
        return self.whereabouts.origin or self.depot


def route_case(
    state: State,
    route: Route,
    durations_s: Sequence[float],
    distances_m: Sequence[float],
    fix: Place | None,
    fleet: Fleet,
    now: datetime,
) -> RouteCase:
    """Gather what is known of a route.

    Args:
        state: the shift.
        route: one of its routes.
        durations_s: driving seconds to each of its stops from the one before, the first from
            the depot.
        distances_m: metres, likewise.
        fix: where its vehicle is.
        fleet: `fleet_of` the state.
        now: the present, UTC.

    Raises:
        ValueError: there are not as many legs as stops.
    """
    stops = state.stops_of(route)
    if len(durations_s) != len(stops) or len(distances_m) != len(stops):
        raise ValueError(f"{len(stops)} stops need as many legs, not {len(durations_s)}")
    home = state.depot_of(route)
    settled, remaining = parted(stops)
    place = fix.position if fix else None
    known = whereabouts(route, stops, durations_s, home, now, place)
    shares = _shares_driven(stops, known.origin, fix)
    return RouteCase(
        route=route,
        vehicle=state.vehicle_of(route),
        depot=home,
        settled=settled,
        open=remaining,
        whereabouts=known,
        fix=fix,
        driven_s=sum(leg * share for leg, share in zip(durations_s, shares, strict=True)),
        driven_m=sum(leg * share for leg, share in zip(distances_m, shares, strict=True)),
        charged_m=_charged_m(stops, distances_m, shares),
        departed=fleet.departed,
        carriers=fleet.carriers,
        collected=fleet.collected,
        now=now,
        zone=state.zone,
    )


def profile_of(state: State, route: Route) -> Profile:
    """How a route's vehicle travels; by road where nobody said what it is."""
    vehicle = state.vehicle_of(route)
    return Profile.of_vehicle(vehicle.kind if vehicle else VehicleKind.VAN)


def parted(stops: Sequence[Stop]) -> tuple[tuple[Stop, ...], tuple[Stop, ...]]:
    """The stops that cannot be moved any more, and the others; each in their order."""
    done, standing, still_open = list[Stop](), list[Stop](), list[Stop]()
    for stop in stops:
        state = stop.state
        kind = done if state.is_outcome else standing if state.is_at_the_door else still_open
        kind.append(stop)
    return (*done, *standing), tuple(still_open)


def _stands(stops: Sequence[Stop]) -> bool:
    return any(stop.state.is_at_the_door for stop in stops)


def _shares_driven(stops: Sequence[Stop], origin: LatLon | None, fix: Place | None) -> list[float]:
    """How much of the leg to each stop is driven: all, nothing, or part of the one it is on."""
    shares = [float(stop.is_done or stop.state.is_at_the_door) for stop in stops]
    place = next(iter(in_order_driven(stops)), None)
    towards = stops[place].plan if place is not None else None
    if place is not None and towards is not None and fix is not None and not _stands(stops):
        shares[place] = max(0.0, 1.0 - share_left(origin, fix.position, towards.position))
    return shares


def _charged_m(
    stops: Sequence[Stop], distances_m: Sequence[float], shares: Sequence[float]
) -> float:
    """Metres driven since the vehicle was charged last."""
    metres = 0.0
    for stop, leg_m, share in zip(stops, distances_m, shares, strict=True):
        metres += leg_m * share
        if stop.is_done and stop.plan is not None and stop.plan.kind is StopKind.CHARGE:
            metres = 0.0
    return metres
