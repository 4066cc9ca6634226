"""Which routes may take a stop at all, wherever on them it is put."""

from collections.abc import Hashable, Iterable, Iterator
from enum import Enum

from tower.domain.records import Stop
from tower.domain.words import StopKind
from tower.routes.case import RouteCase
from tower.routes.evaluate import evaluate
from tower.routes.optimiser.job import Meeting, meeting_stop
from tower.routes.travel import TravelTable
from tower.routes.violations import Rule

_WHEREVER = frozenset({Rule.SKILLS, Rule.ACCESS, Rule.LOCKED, Rule.COLD_CHAIN})
_SOFT = frozenset({Rule.CARRIER, Rule.HANDOVER})


class Entry(Enum):
    """Whether a route may take a stop."""

    FREE = "free"
    UNWELCOME = "unwelcome"
    BARRED = "barred"


class Entries:
    """Answers for some routes whether they may take a stop, each question once.

    Args:
        cases: the routes.
        meeting: where parcels can be taken over.
    """

    def __init__(self, cases: Iterable[RouteCase], meeting: Meeting | None) -> None:
        self._meeting = meeting
        self._tied = frozenset(_tied(cases))
        self._known: dict[tuple[Hashable, ...], Entry] = {}

    def entry(self, stop: Stop, case: RouteCase, travel: TravelTable) -> Entry:
        """Whether a route may take a stop that is not on it."""
        holder = case.collected.get(stop.id, "")
        key = (case.id, holder, stop.id in self._tied, *_asks(stop))
        if key not in self._known:
            self._known[key] = self._found(stop, case, travel)
        return self._known[key]

    def _found(self, stop: Stop, case: RouteCase, travel: TravelTable) -> Entry:
        if stop.id in self._tied:
            return Entry.BARRED
        broken = evaluate(case, (*self._met(stop, case), stop), travel).violations
        about = [one for one in broken if one.stop_id == stop.id]
        if any(one.hard and one.rule in _WHEREVER for one in about):
            return Entry.BARRED
        rules = {one.rule for one in about}
        if Rule.HANDOVER in rules and stop.route_id:
            return Entry.BARRED
        return Entry.UNWELCOME if rules & _SOFT else Entry.FREE

    def _met(self, stop: Stop, case: RouteCase) -> tuple[Stop, ...]:
        if self._meeting is None or stop.id not in self._meeting.stops:
            return ()
        return (meeting_stop(self._meeting.handover(case.id, (stop.id,))),)


def _asks(stop: Stop) -> tuple[Hashable, ...]:
    """All that decides which routes may take a stop; stops that ask the same are alike."""
    plan = stop.plan
    if plan is None or plan.longest_aboard_s:
        return (stop.id,)
    asked = (plan.kind, plan.needs, plan.temperature_limit_c, bool(plan.parcels))
    access = (plan.height_limit_m, plan.low_emission_zone, plan.bikes_only)
    return (stop.route_id, stop.parcels_on, stop.lock is None, *asked, *access)


def _tied(cases: Iterable[RouteCase]) -> Iterator[str]:
    """Stops that cannot change their route: what collects, what is collected, and chargers."""
    for case in cases:
        for stop in (*case.settled, *case.open):
            plan = stop.plan
            if plan is not None and plan.kind in (StopKind.PICKUP, StopKind.CHARGE):
                yield stop.id
                yield from plan.collects
