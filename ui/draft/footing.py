"""What a draft was made on, and what happens when others change that. Knows no widgets."""

from collections.abc import Iterable, Mapping, Sequence

from tower.domain.state import State
from tower.routes.change import Orders, changed_routes
from ui.draft.outcome import Conflict
from ui.draft.reckoning import Reckoner
from ui.draft.steps import Step, replayed
from ui.session import Session


class Footing:
    """The versions of a draft's routes when it first changed them, and the orders then.

    Attributes:
        versions: version by route id; a command names them.
        seen: all orders as they were while nobody else had changed a route of the draft.
        conflict: what was found since; None while all versions stand.
    """

    def __init__(self, session: Session, reckoner: Reckoner, base: Orders) -> None:
        self._session, self._reckoner = session, reckoner
        self.versions: dict[str, int] = {}
        self.seen = base
        self.conflict: Conflict | None = None
        self._told: Mapping[str, int] = {}

    @property
    def outdated(self) -> dict[str, int]:
        """The routes that were put into another order since, with their version now."""
        routes = self._state.routes
        return {
            route_id: routes[route_id].version
            for route_id, version in self.versions.items()
            if route_id in routes and routes[route_id].version != version
        }

    def begin_anew(self, base: Orders) -> None:
        """The draft rests on the orders as they stand."""
        self.versions, self.seen, self.conflict = {}, base, None

    def hold(self, routes: Iterable[str]) -> None:
        """The draft changes just these routes: keep the version each was first changed in."""
        known, found = self.versions, self._state.routes
        self.versions = {one: known.get(one, found[one].version) for one in routes}
        if not self.outdated:
            self.conflict = None

    def hold_older(self, versions: Mapping[str, int]) -> None:
        """Some routes were looked at in an older version already."""
        self.versions.update((one, versions[one]) for one in self.versions if one in versions)

    def keep_up(self, base: Orders) -> None:
        """The orders moved on; what nobody else changed is what the dispatcher sees."""
        if not self.outdated:
            self.seen = base

    def find_conflict(
        self, base: Orders, begun: Orders, steps: Sequence[Step], by: tuple[str, str]
    ) -> Conflict | None:
        """Compare the draft with what others did; None where it was told before, or all is well.

        Args:
            base: all orders as they stand.
            begun: the orders the first step was made on.
            steps: the draft's.
            by: who changed them last, and why.
        """
        outdated = self.outdated
        if not steps or not outdated or (self.conflict is not None and outdated == self._told):
            return None
        self._told = outdated
        self.conflict = self._compare(base, begun, steps, by)
        return self.conflict

    def _compare(
        self, theirs: Orders, begun: Orders, steps: Sequence[Step], by: tuple[str, str]
    ) -> Conflict:
        before = _still_open(self.seen, theirs)
        mine = replayed(before, steps, self._state, begun).orders
        merged = replayed(theirs, steps, self._state, begun)
        ids = {
            route_id
            for orders in (theirs, mine, merged.orders)
            for route_id in changed_routes(before, orders)
        }
        return Conflict(
            routes=tuple(sorted(ids)),
            before=before,
            theirs=theirs,
            mine=mine,
            merged=merged.orders,
            dropped=merged.dropped,
            astray=merged.astray,
            who=by[0],
            why=by[1],
            impact_of_theirs=self._reckoner.between(before, theirs, ids),
            impact_of_mine=self._reckoner.between(before, mine, ids),
            impact_of_merged=self._reckoner.between(before, merged.orders, ids),
        )

    @property
    def _state(self) -> State:
        return self._session.state


def _still_open(orders: Orders, now: Orders) -> Orders:
    """Orders without what has been done since: a driver who goes on changes no order."""
    known = {stop_id for stops in now.values() for stop_id in stops}
    return {
        route_id: tuple(stop_id for stop_id in stops if stop_id in known)
        for route_id, stops in orders.items()
    }
