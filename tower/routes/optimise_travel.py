"""What a search knows of the roads, some of which may come while it goes on."""

from collections.abc import Sequence

from tower.routes.case import RouteCase
from tower.routes.optimise_job import Job, More, Roads, learn
from tower.routes.optimise_parts import Block, blocks_of
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
            job: with the roads that are known from the start.
            more: gives those that come later.
        """
        self._job, self._more, self._is_waiting = job, more, True
        self._tables = {case.profile: TravelTable(case.profile) for case in job.cases}
        self._blocks: set[Block] = set()
        self._take(job.roads)
        self.renew()
        self.of = {case.id: self._tables[case.profile] for case in job.cases}

    def renew(self) -> None:
        """Take in what came since."""
        if self._is_waiting:
            roads = self._more()
            self._is_waiting = roads is not None
            self._take(roads or ())

    def is_enough(self, cases: Sequence[RouteCase]) -> bool:
        """True where nothing is waited for before some routes can be searched together."""
        return not self._is_waiting or self._blocks.issuperset(blocks_of(cases, self._job))

    def _take(self, roads: Sequence[Roads]) -> None:
        for one in roads:
            learn(self._tables.setdefault(one.profile, TravelTable(one.profile)), one)
            self._blocks.add(Block(one.profile, one.places))
