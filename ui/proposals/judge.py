"""What a proposal does, by the same rules as a draft, a little at a time. Knows no widgets."""

import time
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from tower.domain.geometry import LatLon
from tower.domain.records import Stop
from tower.domain.state import Changed
from tower.gateway.answers import Offer
from tower.gateway.judging import met
from tower.routes.case import RouteCase
from tower.routes.change import UNASSIGNED, Arrange, replay
from tower.routes.evaluate import Prospect, place_of
from tower.routes.impact import impact
from ui.draft.draft import Draft
from ui.session import Session

SLICE_S = 0.008
"""Seconds of the GUI thread a slice of the work may take."""

MOST_ASKED = 8
"""Proposals over more routes than these keep estimates for those nobody looks at."""

_LEARNT_MS = 300
_AGE_TICKS = 10


class Judge(QObject):
    """Works out what an offer does to every promise, and again when more is known.

    Args:
        session: the shift.
        draft: lends its cases and travel times, so that proposal and draft say the same.

    Attributes:
        judged: the `Impact` of the newest offer.
    """

    judged = Signal(object)

    def __init__(self, session: Session, draft: Draft, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._draft = session, draft
        self._offer: Offer | None = None
        self._orders: dict[str, tuple[str, ...]] = {}
        self._added: dict[str, Stop] = {}
        self._todo: list[str] = []
        self._before: dict[str, Prospect] = {}
        self._after: dict[str, Prospect] = {}
        self._ticks = 0
        self._slice = _single_shot(self, 0, self._work)
        self._again = _single_shot(self, _LEARNT_MS, self._begin)
        draft.travels.learnt.connect(self._on_learnt)
        session.ticked.connect(self._on_ticked)
        session.records_changed.connect(self._on_records_changed)
        session.state_replaced.connect(self._on_learnt)

    def judge(self, offer: Offer | None) -> None:
        """Work out another offer; None forgets the one before."""
        self._offer = offer
        self._again.stop()
        self._slice.stop()
        if offer is not None:
            self._added = met(offer.handovers)
            self._learn(offer)
            self._begin()

    def look_at(self, route_id: str) -> None:
        """A route's proposed order is looked at: its roads are asked for where they are guesses."""
        before, after = self._before.get(route_id), self._after.get(route_id)
        case = self._draft.cases.case(route_id)
        if before is None or after is None or case is None:
            return
        if not (before.estimated or after.estimated):
            return
        places = [place_of(stop) for stop in (*after.remaining, *before.remaining)]
        start = [case.start] if case.start is not None else []
        home = [case.depot] if case.depot is not None else []
        self._draft.travels.want(case.profile, [*start, *places], [*places, *home])

    @property
    def orders(self) -> dict[str, tuple[str, ...]]:
        """The offer's orders on the shift as it stands now."""
        return self._orders

    # Working

    def _learn(self, offer: Offer) -> None:
        """Take the driving along the orders from the gateway's answer."""
        for route_id, legs in offer.legs.items() if not offer.estimated else ():
            case = self._draft.cases.case(route_id)
            if case is None:
                continue
            places = self._places(offer.orders.get(route_id, ()))
            ends = [case.depot] if case.depot is not None and places else []
            if len(legs.durations_s) == len(legs.distances_m) == len([*places, *ends]) - 1:
                table = self._draft.travels.table(case.profile)
                table.learn_legs([*places, *ends], legs.durations_s, legs.distances_m)
                self._ask_first_leg(case, places[:1])
        if offer.legs:
            self._draft.cases.renew_travel()

    def _ask_first_leg(self, case: RouteCase, first: Sequence[LatLon]) -> None:
        """The way from where the vehicle is, or stands, to the stops that may come next."""
        firsts = [*first, *(place_of(stop) for stop in case.open[:1])]
        starts = [place_of(stop) for stop in case.at_door[-1:]]
        if case.start is not None:
            starts.append(case.start)
        if starts and firsts:
            self._draft.travels.want(case.profile, starts, firsts)

    def _begin(self) -> None:
        if self._offer is None:
            return
        base = dict(self._draft.base)
        base[UNASSIGNED] = (*base.get(UNASSIGNED, ()), *self._added)
        done = replay(base, [Arrange(orders=self._offer.orders)])
        self._orders = {
            route_id: order
            for route_id, order in done.orders.items()
            if route_id == UNASSIGNED or order != base.get(route_id, ())
        }
        self._todo = [route_id for route_id in self._orders if route_id != UNASSIGNED]
        self._before, self._after = {}, {}
        self._work()

    def _work(self) -> None:
        """Judge routes until the slice is over; the others in the next turn of the loop."""
        if not self._todo:
            self._ask_roads()
            self.judged.emit(impact(self._before, self._after, self._taken()))
            return
        until = time.monotonic() + SLICE_S
        while self._todo and time.monotonic() < until:
            self._judge_route(self._todo.pop())
        self._slice.start()

    def _ask_roads(self) -> None:
        """Of a few routes the roads are asked at once; of many only where they are looked at."""
        if len(self._after) <= MOST_ASKED:
            for route_id in self._after:
                self.look_at(route_id)

    def _judge_route(self, route_id: str) -> None:
        cases = self._draft.cases
        before = cases.present(route_id)
        after = cases.prospect(route_id, self._stops(self._orders[route_id]))
        if before is not None and after is not None:
            self._before[route_id], self._after[route_id] = before, after
            # Worked out here, a route at a time, rather than all at once by the comparison.
            for prospect in (before, after):
                _ = prospect.violations

    def _taken(self) -> list[Stop]:
        """The stops that would come off their routes."""
        loose = {*self._draft.base.get(UNASSIGNED, ()), *self._added}
        return [one for one in self._stops(self._orders[UNASSIGNED]) if one.id not in loose]

    def _stops(self, ids: Sequence[str]) -> list[Stop]:
        state = self._session.state
        found = (state.stops.get(one) or self._added.get(one) for one in ids)
        return [stop for stop in found if stop is not None and stop.plan is not None]

    def _places(self, ids: Sequence[str]) -> list[LatLon]:
        return [place_of(stop) for stop in self._stops(ids)]

    # Happenings

    def _on_learnt(self) -> None:
        if self._offer is not None and not self._again.isActive():
            self._again.start()

    def _on_records_changed(self, changed: Iterable[Changed]) -> None:
        """Stops are served, routes get another order: the proposal is fitted to what is left."""
        state, named = self._session.state, self._orders.keys()
        if any(
            (one.table == "routes" and one.id in named)
            or (one.table == "stops" and state.stops[one.id].route_id in named)
            for one in changed
        ):
            self._on_learnt()

    def _on_ticked(self) -> None:
        """The vehicles drive on; what is proposed is compared with where they are now."""
        self._ticks += 1
        if self._ticks % _AGE_TICKS == 0 and not self._todo:
            self._begin()


def _single_shot(parent: QObject, interval_ms: int, then: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(interval_ms)
    timer.timeout.connect(then)
    return timer
