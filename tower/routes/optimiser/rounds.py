"""In which order the routes of a job are searched: alone, together, and in other company."""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from tower.domain.records import Stop
from tower.routes.case import RouteCase
from tower.routes.optimiser.job import Job
from tower.routes.optimiser.parts import CUTS, cut, is_large, may_change_routes, nearest_part

ALONE_SHARE = 0.3
"""Share of its time that a large job spends on each route alone, before it mixes them."""


class Manner(Enum):
    """How lateness is looked at: as something with a price, or as a limit.

    Where it is a limit, no stop may be later than it is now or than its window ends. That finds
    orders that break nothing anew where the price alone would trade one broken window for two.
    """

    PRICE = "price"
    LIMIT = "limit"


class Task(NamedTuple):
    """Routes to be searched together, with the loose stops among them."""

    cases: tuple[RouteCase, ...]
    loose: tuple[Stop, ...]
    manner: Manner


class Round(NamedTuple):
    """Routes in parts, each of which is searched.

    Attributes:
        parts: every route is in one of them.
        manners: each part is searched once in each.
        share: of the time that is left when the round begins.
    """

    parts: Sequence[tuple[RouteCase, ...]]
    manners: tuple[Manner, ...]
    share: float

    def tasks(self, loose: Sequence[Stop], route_of: Mapping[str, str]) -> list[Task]:
        """What is to be searched.

        Args:
            loose: each goes to the part on one of whose routes it is by now, else to the nearest.
            route_of: stop id to the route it is on by now.
        """
        part_of = {case.id: index for index, part in enumerate(self.parts) for case in part}
        shared: list[list[Stop]] = [[] for _ in self.parts]
        for stop in loose:
            known = part_of.get(route_of.get(stop.id, ""))
            shared[nearest_part(stop, self.parts) if known is None else known].append(stop)
        return [
            Task(part, tuple(mine), manner)
            for manner in self.manners
            for part, mine in zip(self.parts, shared, strict=True)
        ]


def rounds(job: Job) -> Iterator[Round]:
    """The rounds of a job, in turn."""
    both = tuple(Manner)
    if not job.cases:
        return
    if not is_large(job.cases):
        yield Round([job.cases], both, 1.0)
        return
    alone = [(case,) for case in job.cases]
    if not may_change_routes(job):
        yield Round(alone, (Manner.PRICE,), 0.5)
        yield Round(alone, (Manner.LIMIT,), 1.0)
        return
    yield Round(alone, (Manner.PRICE,), ALONE_SHARE)
    for place, how in enumerate(CUTS):
        yield Round(cut(job.cases, how), (both[place],), 1 / (len(CUTS) - place))
