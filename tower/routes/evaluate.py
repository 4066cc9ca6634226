"""What the rest of a route is like when it is driven in a given order."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property

from msgspec.structs import replace

from tower.domain.geometry import LatLon
from tower.domain.records import Stop
from tower.eta.schedule import Arrival, Begun, Itinerary, Whereabouts, itinerary, share_left
from tower.routes.case import RouteCase
from tower.routes.energy import Energy, energy_of
from tower.routes.load import Loading, loading
from tower.routes.travel import HERE, Travel, TravelTable
from tower.routes.violations import Drive, Rule, Violation, violations_of


class Prospect:
    """What one order of a route comes to.

    The arrivals are those the gateway predicts for the same order (`tower.eta.schedule`).

    Attributes:
        case: the route it is about.
        remaining: the stops not done, in the order they would be driven.
        legs: travel to each of them from the place before; of the leg the vehicle is on, what
            is left.
        home: travel from the last of them to the depot.
        itinerary: arrivals, departures and rests.
    """

    def __init__(
        self,
        case: RouteCase,
        remaining: tuple[Stop, ...],
        legs: tuple[Travel, ...],
        home: Travel,
        way: Itinerary,
        like: "Prospect | None" = None,
    ) -> None:
        self.case, self.remaining, self.legs, self.home = case, remaining, legs, home
        self.itinerary = way
        self._of_the_stops = like.violations if like is not None else None

    @property
    def arrivals(self) -> list[Arrival]:
        """The arrival at each of `remaining`."""
        return self.itinerary.arrivals

    @property
    def order(self) -> tuple[str, ...]:
        """Ids of the stops whose order is open, as they would be driven."""
        settled = {stop.id for stop in self.case.settled}
        return tuple(stop.id for stop in self.remaining if stop.id not in settled)

    @cached_property
    def ends_at(self) -> datetime:
        """When the vehicle is back at its depot; when it leaves the last stop without one."""
        leaves = self.itinerary.leaves
        last = leaves[-1] if leaves else self.case.route.finished_at or self.case.now
        return last + timedelta(seconds=self.home.seconds * self.case.whereabouts.pace)

    @cached_property
    def distance_m(self) -> float:
        """Metres still to be driven."""
        return sum(leg.metres for leg in self.legs) + self.home.metres

    @cached_property
    def driving_s(self) -> float:
        """Seconds at the wheel still to come."""
        driving = sum(leg.seconds for leg in self.legs) + self.home.seconds
        return driving * self.case.whereabouts.pace

    @cached_property
    def lateness_s(self) -> float:
        """Seconds after the ends of the windows, all stops together."""
        return sum(
            max(0.0, (arrival.p50 - stop.plan.window_end).total_seconds())
            for stop, arrival in zip(self.remaining, self.arrivals, strict=True)
            if stop.plan is not None and stop.plan.window_end is not None
        )

    @property
    def outside_s(self) -> float:
        """Seconds after the ends of windows, and before those no driver waits for."""
        return sum(one.excess for one in self.violations if one.rule is Rule.WINDOW)

    @property
    def energy(self) -> Energy:
        """Fuel or electricity still to be used."""
        return energy_of(self.case.kind, self.distance_m)

    @cached_property
    def loading(self) -> Loading:
        """What is aboard on the way."""
        return loading(self.case, self.remaining)

    @cached_property
    def load_share(self) -> float:
        """How full the vehicle is at its fullest, 1 for full; 0 where nobody said."""
        return self.loading.worst_share(self.case.vehicle)[1] if self.case.vehicle else 0.0

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """Everything that is broken."""
        if not self.remaining:
            return ()
        return violations_of(
            Drive(
                case=self.case,
                remaining=self.remaining,
                itinerary=self.itinerary,
                legs_m=[leg.metres for leg in self.legs],
                home_m=self.home.metres,
                driving_s=self.driving_s,
                ends_at=self.ends_at,
                loading=self.loading,
            ),
            self._of_the_stops,
        )

    @property
    def estimated(self) -> bool:
        """True where the roads of some leg were not asked."""
        return self.home.estimated or any(leg.estimated for leg in self.legs)


def evaluate(
    case: RouteCase,
    order: Sequence[Stop],
    travel: TravelTable,
    known: Sequence[Prospect] = (),
) -> Prospect:
    """Work out what an order comes to.

    Args:
        case: the route as it stands.
        order: the stops to be driven after the settled ones; may hold stops of other routes
            and leave out some of its own. Each must have a plan.
        travel: travel times for the route's way of travelling.
        known: other orders of the same case, by the same travel times: what they have in common
            with this one is not worked out again.
    """
    remaining = (*case.at_door, *order)
    if not remaining:
        return Prospect(case, (), (), _way_home(case, travel), Itinerary([], [], []))
    begins = _beginning(case, remaining[0])
    first = begins.origin or case.start or place_of(remaining[0])
    like, same = _begun(known, remaining)
    legs = _legs(first, remaining, travel, like.legs[:same] if like else ())
    last = place_of(remaining[-1])
    home = travel.leg(last, case.depot) if case.depot is not None else HERE
    fix = case.fix
    way = itinerary(
        remaining,
        [leg.seconds for leg in legs],
        fix.position if fix else None,
        fix.at if fix else None,
        case.now,
        begins,
        Begun(like.itinerary, same) if like else None,
    )
    left = _left_of(legs[0], case, begins.origin, place_of(remaining[0]))
    return Prospect(case, remaining, (left, *legs[1:]), home, way, _of_same_stops(known, remaining))


def _begun(known: Sequence[Prospect], remaining: Sequence[Stop]) -> tuple[Prospect | None, int]:
    """The known order that begins with most of the same stops, and how many those are."""
    best: tuple[Prospect | None, int] = (None, 0)
    for one in known:
        pairs = enumerate(zip(one.remaining, remaining, strict=False))
        shorter = min(len(one.remaining), len(remaining))
        same = next((place for place, (was, now) in pairs if was is not now), shorter)
        if same > best[1]:
            best = (one, same)
    return best


def _of_same_stops(known: Sequence[Prospect], remaining: Sequence[Stop]) -> Prospect | None:
    """A known order of just the same stops."""
    wanted = {id(stop) for stop in remaining}
    for one in known:
        if len(one.remaining) == len(remaining) and wanted == {id(stop) for stop in one.remaining}:
            return one
    return None


def present(case: RouteCase, travel: TravelTable) -> Prospect:
    """What the present order comes to."""
    return evaluate(case, case.open, travel)


def place_of(stop: Stop) -> LatLon:
    """Where a stop is.

    Raises:
        ValueError: nobody said.
    """
    if stop.plan is None:
        raise ValueError(f"Nobody said where stop {stop.id} is.")
    return stop.plan.position


def _beginning(case: RouteCase, first: Stop) -> Whereabouts:
    """What is known of the way to the stop that is to be next.

    Where the driver turns to another one on the way, the leg begins where the vehicle is.
    """
    turns = case.has_left and not case.at_door and first.id != case.next_open
    return replace(case.whereabouts, origin=None) if turns and case.fix else case.whereabouts


def _left_of(leg: Travel, case: RouteCase, origin: LatLon | None, to: LatLon) -> Travel:
    """What is still to be driven of the first leg."""
    if case.at_door:
        return HERE
    share = share_left(origin, case.fix.position if case.fix else None, to)
    return Travel(leg.seconds * share, leg.metres * share, leg.estimated)


def _way_home(case: RouteCase, travel: TravelTable) -> Travel:
    """From where the vehicle is back to the depot, where nothing is left to be served."""
    if case.depot is None or case.start is None or not case.has_left or case.route.finished_at:
        return HERE
    return travel.leg(case.start, case.depot)


def _legs(
    first: LatLon, remaining: Sequence[Stop], travel: TravelTable, known: Sequence[Travel]
) -> tuple[Travel, ...]:
    """The whole legs to all stops; of those known the first one may be what is left of it."""
    legs = [travel.leg(first, place_of(remaining[0])), *known[1:]]
    before = place_of(remaining[len(legs) - 1])
    for stop in remaining[len(legs) :]:
        here = place_of(stop)
        legs.append(travel.leg(before, here))
        before = here
    return tuple(legs)
