"""Which travel times a preview is about to need. Knows no widgets."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from tower.domain.geometry import LatLon
from tower.road.roads import Profile
from tower.routes.case import profile_of
from tower.routes.change import UNASSIGNED, Orders
from ui.draft.cases import Cases
from ui.draft.travel import Travels
from ui.exchange import Selection
from ui.session import Session
from ui.subjects import route_id_of


class Prefetch:
    """Asks for travel times ahead of need."""

    def __init__(self, session: Session, travels: Travels, cases: Cases) -> None:
        self._session, self._travels, self._cases = session, travels, cases

    def selected(self, selection: Selection) -> None:
        """A route is looked at: every way between its open stops may be needed."""
        case = self._cases.case(route_id_of(self._session, selection))
        if case is None:
            return
        places = [stop.plan.position for stop in case.open if stop.plan is not None]
        ends = [case.depot] if case.depot else []
        starts = [case.start] if case.start else []
        self._travels.want(case.profile, [*starts, *places], [*places, *ends])

    def lifted(self, orders: Orders, stops: Sequence[str]) -> None:
        """Stops are dragged: they may go before and behind every open stop of the shift."""
        moving = list(self._places(stops))
        for profile, routes in self._by_profile(orders).items():
            starts, ends = list[LatLon](), list[LatLon]()
            for route_id in routes:
                case = self._cases.case(route_id)
                if case is None:
                    continue
                others = [one for one in orders[route_id] if one not in stops]
                places = list(self._places(others))
                home = [case.depot] if case.depot else []
                at_door = [stop.plan for stop in case.settled if not stop.is_done and stop.plan]
                start = at_door[-1].position if at_door else case.start
                here = [start] if start else []
                self._close_gaps(profile, [*here, *places, *home], orders[route_id], stops)
                starts += [*here, *places]
                ends += [*places, *home]
            self._travels.want(profile, moving, [*ends, *moving])
            self._travels.want(profile, [*starts, *moving], moving)

    def _close_gaps(
        self, profile: Profile, places: Sequence[LatLon], order: Sequence[str], stops: Sequence[str]
    ) -> None:
        """Where a stop is taken out, the way from the place before to the one behind."""
        if set(order).isdisjoint(stops):
            return
        for before, behind in pairwise(places):
            self._travels.want(profile, [before], [behind])

    def _by_profile(self, orders: Orders) -> dict[Profile, list[str]]:
        found: dict[Profile, list[str]] = {}
        for route_id in orders:
            route = self._session.state.routes.get(route_id)
            if route_id != UNASSIGNED and route is not None and route.finished_at is None:
                found.setdefault(profile_of(self._session.state, route), []).append(route_id)
        return found

    def _places(self, stops: Iterable[str]) -> Iterable[LatLon]:
        known = (self._session.state.stops.get(stop_id) for stop_id in stops)
        return [stop.plan.position for stop in known if stop is not None and stop.plan is not None]
