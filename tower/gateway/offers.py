"""What a search found, as it is offered to people."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from tower.domain.geometry import LatLon
from tower.gateway.answers import Offer, OfferLegs
from tower.road.roads import Profile
from tower.routes.case import RouteCase
from tower.routes.change import UNASSIGNED
from tower.routes.evaluate import place_of
from tower.routes.optimiser.job import Job, Proposal, Roads
from tower.routes.travel import HERE, Travel


class Offers:
    """Makes offers of the proposals for one job.

    Args:
        job: with its roads.
        cases: the routes it may change.
    """

    def __init__(self, job: Job, cases: Iterable[RouteCase]) -> None:
        self._cases = {case.id: case for case in cases}
        self._known = {
            case.id: tuple(stop.id for stop in case.open) for case in self._cases.values()
        }
        stops = [stop for case in self._cases.values() for stop in case.open]
        self._places = {stop.id: place_of(stop) for stop in (*stops, *job.loose)}
        self._blocks: list[tuple[Roads, dict[LatLon, int]]] = []
        for roads in job.roads:
            self.learn(roads)

    def learn(self, roads: Roads) -> None:
        """Take in roads that came later."""
        self._blocks.append((roads, {place: index for index, place in enumerate(roads.places)}))

    def offer(self, proposal: Proposal) -> Offer:
        """The routes that would change, with the driving along their new orders."""
        orders = {
            route_id: order
            for route_id, order in proposal.orders.items()
            if route_id == UNASSIGNED or order != self._known.get(route_id)
        }
        places = {**self._places, **{h.stop_id: LatLon(h.lat, h.lon) for h in proposal.handovers}}
        changed = [route_id for route_id in orders if route_id != UNASSIGNED]
        return Offer(
            orders=orders,
            reasons=proposal.reasons,
            handovers=proposal.handovers,
            versions={one: self._cases[one].route.version for one in changed},
            legs={
                one: self._legs(self._cases[one], [places[stop_id] for stop_id in orders[one]])
                for one in changed
            },
            before=proposal.before,
            after=proposal.after,
            estimated=proposal.estimated,
        )

    def _legs(self, case: RouteCase, order: Sequence[LatLon]) -> OfferLegs:
        ends = [case.depot] if case.depot is not None and order else []
        legs = [self._leg(case.profile, *pair) for pair in pairwise([*order, *ends])]
        known = [leg for leg in legs if leg is not None]
        if len(known) < len(legs):
            known = []
        return OfferLegs(
            durations_s=tuple(round(leg.seconds, 1) for leg in known),
            distances_m=tuple(round(leg.metres, 1) for leg in known),
        )

    def _leg(self, profile: Profile, origin: LatLon, destination: LatLon) -> Travel | None:
        if origin == destination:
            return HERE
        return next(self._found(profile, origin, destination), None)

    def _found(self, profile: Profile, origin: LatLon, destination: LatLon) -> Iterator[Travel]:
        for roads, index in self._blocks:
            if roads.profile is profile and origin in index and destination in index:
                cell = index[origin], index[destination]
                if not roads.estimated[cell]:
                    yield Travel(float(roads.durations_s[cell]), float(roads.distances_m[cell]))
