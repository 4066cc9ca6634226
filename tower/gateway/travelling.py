"""Travel between any places, asked of the roads away from the event loop and kept for a moment."""

import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from tower.domain.geometry import LatLon
from tower.feed.clock import Clock
from tower.road.engine import RoutingEngine, Table
from tower.road.roads import Profile
from tower.routes.travel import Travel, TravelTable

KEPT_S = 60.0
"""Seconds after which the roads are asked again: traffic changes."""

SLICE = 25
"""Places of the shorter side asked for at once; a search holds the interpreter for its length,
and this many take about 12 ms."""

KEPT_PAIRS = 50_000
"""Tables with more pairs are not kept: nobody asks for them a second time."""

_Answer = TypeVar("_Answer")


class AskRoads(Protocol):
    """Runs a question where the roads are open; see `RouteLines.asked`."""

    def __call__(self, ask: Callable[[RoutingEngine], _Answer], /) -> Awaitable[_Answer]:
        """The answer to a question."""
        ...


class Inquiry(TravelTable):
    """A table that notes the legs it was asked for and does not know.

    Attributes:
        missing: those legs, until `Travelling.settle` taught them.
    """

    def __init__(self, profile: Profile) -> None:
        super().__init__(profile)
        self.missing: dict[tuple[LatLon, LatLon], None] = {}

    def leg(self, origin: LatLon, destination: LatLon) -> Travel:
        """Travel from one place to another; estimated where it is not known."""
        if not self.knows(origin, destination):
            self.missing[origin, destination] = None
        return super().leg(origin, destination)


class Travelling:
    """Answers how long it takes to travel when leaving now. Lives on the event loop."""

    def __init__(
        self, asked: AskRoads, clock: Clock, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Make it.

        Args:
            asked: asks the roads.
            clock: the gateway's; its time is the departure.
            monotonic: ages what is kept.
        """
        self._asked, self._clock = asked, clock
        self._kept = _Kept(monotonic)

    async def table(
        self,
        origins: Sequence[LatLon],
        destinations: Sequence[LatLon],
        profile: Profile,
        *,
        keep: bool = True,
    ) -> Table:
        """Travel from each of n origins to each of m destinations.

        Args:
            origins: where travel begins.
            destinations: where it ends.
            profile: the way of travelling.
            keep: whether somebody may ask for parts of it again soon.

        Raises:
            RoutingError: the roads in use cannot tell and nothing stands in for them.
        """
        found = Table.unknown(len(origins), len(destinations))
        keep = keep and found.durations_s.size <= KEPT_PAIRS
        ask = self._kept_part if keep else self._part
        for rows, columns in _slices(len(origins), len(destinations)):
            part = await ask(origins[rows], destinations[columns], profile)
            found.durations_s[rows, columns] = part.durations_s
            found.distances_m[rows, columns] = part.distances_m
            found.estimated[rows, columns] = part.estimated
        return found

    async def settle(self, inquiry: Inquiry) -> None:
        """Let a table know the legs it was asked for in vain.

        Raises:
            RoutingError: as `table`.
        """
        missing, inquiry.missing = inquiry.missing, {}
        await self.teach(inquiry, missing)

    async def teach(self, travel: TravelTable, legs: Iterable[tuple[LatLon, LatLon]]) -> None:
        """Let a table know some legs.

        Raises:
            RoutingError: as `table`.
        """
        missing = [leg for leg in dict.fromkeys(legs) if not travel.knows(*leg)]
        for first in range(0, len(missing), SLICE):
            ends = missing[first : first + SLICE]
            origins = list(dict.fromkeys(origin for origin, _ in ends))
            destinations = list(dict.fromkeys(destination for _, destination in ends))
            await self.teach_all(travel, origins, destinations)

    async def teach_all(
        self, travel: TravelTable, origins: Sequence[LatLon], destinations: Sequence[LatLon]
    ) -> None:
        """Let a table know the travel from every origin to every destination.

        Raises:
            RoutingError: as `table`.
        """
        found = await self.table(origins, destinations, travel.profile)
        travel.learn(origins, destinations, found.durations_s, found.distances_m, found.estimated)

    async def _part(
        self, origins: Sequence[LatLon], destinations: Sequence[LatLon], profile: Profile
    ) -> Table:
        departure = self._clock.now()
        return await self._asked(lambda it: it.table(origins, destinations, profile, departure))

    async def _kept_part(
        self, origins: Sequence[LatLon], destinations: Sequence[LatLon], profile: Profile
    ) -> Table:
        departure = self._clock.now()

        def ask(engine: RoutingEngine) -> Table:
            known = self._kept.table(engine, profile)
            found, is_known = _recalled(known, origins, destinations)
            if is_known.all():
                return found
            rows = np.flatnonzero(~is_known.all(axis=1))
            columns = np.flatnonzero(~is_known.all(axis=0))
            starts, goals = _chosen(origins, rows), _chosen(destinations, columns)
            new = engine.table(starts, goals, profile, departure)
            known.learn(starts, goals, new.durations_s, new.distances_m, new.estimated)
            block = np.ix_(rows, columns)
            found.durations_s[block] = new.durations_s
            found.distances_m[block] = new.distances_m
            found.estimated[block] = new.estimated
            return found

        return await self._asked(ask)


class _Kept:
    """What the roads answered lately; used in the thread that has them open."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._engine: RoutingEngine | None = None
        self._since = 0.0
        self._tables: dict[Profile, TravelTable] = {}

    def table(self, engine: RoutingEngine, profile: Profile) -> TravelTable:
        """What is known of these roads, for one way of travelling."""
        now = self._monotonic()
        if engine is not self._engine or now - self._since > KEPT_S:
            self._engine, self._since, self._tables = engine, now, {}
        return self._tables.setdefault(profile, TravelTable(profile))


def _slices(rows: int, columns: int) -> Iterator[tuple[slice, slice]]:
    """Parts of a table, each with few places on the side the searches start from."""
    if columns < rows:
        for part, whole in _slices(columns, rows):
            yield whole, part
        return
    for first in range(0, rows, SLICE):
        yield slice(first, min(first + SLICE, rows)), slice(0, columns)


def _recalled(
    known: TravelTable, origins: Sequence[LatLon], destinations: Sequence[LatLon]
) -> tuple[Table, NDArray[np.bool_]]:
    """What is known of a table, and where."""
    found = Table.unknown(len(origins), len(destinations))
    is_known = np.zeros(found.durations_s.shape, dtype=bool)
    for row, origin in enumerate(origins):
        columns = [at for at, place in enumerate(destinations) if known.knows(origin, place)]
        legs = [known.leg(origin, destinations[at]) for at in columns]
        is_known[row, columns] = True
        found.durations_s[row, columns] = [leg.seconds for leg in legs]
        found.distances_m[row, columns] = [leg.metres for leg in legs]
        found.estimated[row, columns] = [leg.estimated for leg in legs]
    return found, is_known


def _chosen(places: Sequence[LatLon], wanted: NDArray[np.intp]) -> list[LatLon]:
    return [places[at] for at in wanted.tolist()]
