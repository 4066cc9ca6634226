"""What a search knows of the roads, some of which may come while it goes on."""

from collections.abc import Sequence

from tower.routes.case import RouteCase
from tower.routes.legs import Legs, teach
from tower.routes.optimiser.job import Job, More, Roads, learn
from tower.routes.optimiser.parts import Block, blocks_of
from tower.routes.travel import TravelTable


def nothing_more() -> None:
    """No roads come later."""


class Knowledge:
    """Travel times as far as they are known.

    Attributes:
        of: travel for the way each route's vehicle travels, by route id.
    """

    def __init__(self, job: Job, more: More) -> None:
        """Make it.

        Args:
            job: with the roads and legs that are known from the start.
            more: gives the roads that come later.
        """
        self._job, self._more, self._is_waiting = job, more, True
        self._tables = {case.profile: TravelTable(case.profile) for case in job.cases}
        self._blocks: set[Block] = set()
        for case in job.cases:
            if case.id in job.legs:
                _teach(self._tables[case.profile], case, job.legs[case.id])
        self._take(job.roads)
        self._vague = [case for case in job.cases if not self._is_told(case)]
        self.of = {case.id: self._tables[case.profile] for case in job.cases}

    def renew(self) -> list[RouteCase]:
        """Take in what came since.

        Returns:
            The routes whose own roads came.
        """
        if not self._is_waiting:
            return []
        roads = self._more()
        self._is_waiting = roads is not None
        self._take(roads or ())
        told = [case for case in self._vague if self._is_told(case)]
        self._vague = [case for case in self._vague if case not in told]
        return told

    def is_enough(self, cases: Sequence[RouteCase]) -> bool:
        """True where nothing is waited for before some routes can be searched together."""
        return not self._is_waiting or self._blocks.issuperset(blocks_of(cases, self._job))

    def _is_told(self, case: RouteCase) -> bool:
        return self._blocks.issuperset(blocks_of((case,), self._job))

    def _take(self, roads: Sequence[Roads]) -> None:
        for one in roads:
            learn(self._tables.setdefault(one.profile, TravelTable(one.profile)), one)
            self._blocks.add(Block(one.profile, one.places))


def _teach(table: TravelTable, case: RouteCase, legs: Legs) -> None:
    """Let a table know the legs of a route, where they are those of its stops."""
    stops = {stop.id: stop for stop in (*case.settled, *case.open)}
    order = [stops[stop_id] for stop_id in case.route.sequence if stop_id in stops]
    if legs.version == case.route.version and len(order) == len(legs.durations_s):
        teach(table, case.depot, order, legs)
