"""Roads where somebody knows them, an estimate elsewhere."""

import logging
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

import numpy as np

from tower.domain.geometry import LatLon
from tower.road.engine import (
    Leg,
    OutsideRoadsError,
    RouteNotFoundError,
    RoutingEngine,
    RoutingError,
    RoutingServerError,
    StraightLineEngine,
    Table,
)
from tower.road.live import SpeedMap
from tower.road.roads import Profile

LOG = logging.getLogger(__name__)

_Answer = TypeVar("_Answer", list[Leg], Table)


class RegionEngine(RoutingEngine):
    """An engine that knows roads, and one that answers where it does not.

    Every answer says which (`Leg.source`, `Table.estimated`), so it never fails; `fault`
    says why the roads do not answer at present.
    """

    def __init__(self, roads: RoutingEngine, estimate: RoutingEngine | None = None) -> None:
        """Put two engines together.

        Args:
            roads: The one that knows roads; it may fail.
            estimate: The one that stands in, which never fails; straight lines unless given.
        """
        self.fault = ""
        self._roads = roads
        self._estimate = estimate or StraightLineEngine()

    def covers(self, point: LatLon) -> bool:
        """True where the roads are known at the point."""
        try:
            return self._roads.covers(point) or self._estimate.covers(point)
        except RoutingError as error:
            self._note(error)
            return self._estimate.covers(point)

    def legs(
        self, points: Sequence[LatLon], profile: Profile, departure: datetime | None = None
    ) -> list[Leg]:
        """Travel along a sequence of places, each leg by the best that is known."""
        try:
            return self._told(self._roads.legs(points, profile, departure))
        except (OutsideRoadsError, RouteNotFoundError) as error:
            if len(points) > 2:
                pairs = pairwise(points)
                return [self.legs(pair, profile, departure)[0] for pair in pairs]
            self._note(error)
        except RoutingError as error:
            self._note(error)
        return self._estimate.legs(points, profile, departure)

    def table(
        self,
        origins: Sequence[LatLon],
        destinations: Sequence[LatLon],
        profile: Profile,
        departure: datetime | None = None,
    ) -> Table:
        """Travel from every origin to every destination, estimated where roads do not answer."""
        try:
            known = self._told(self._roads.table(origins, destinations, profile, departure))
        except RoutingError as error:
            self._note(error)
            return self._estimate.table(origins, destinations, profile, departure)
        answered = np.isfinite(known.durations_s)
        if answered.all():
            return known
        guessed = self._estimate.table(origins, destinations, profile, departure)
        return Table(
            np.where(answered, known.durations_s, guessed.durations_s),
            np.where(answered, known.distances_m, guessed.distances_m),
            np.where(answered, known.estimated, guessed.estimated),
        )

    def heed(self, speeds: SpeedMap | None) -> None:
        """Have both engines drive by the speeds there really are."""
        self._roads.heed(speeds)
        self._estimate.heed(speeds)

    def close(self) -> None:
        """Close both engines."""
        self._roads.close()
        self._estimate.close()

    def _told(self, answer: _Answer) -> _Answer:
        if self.fault:
            LOG.info("the roads answer again")
        self.fault = ""
        return answer

    def _note(self, error: RoutingError) -> None:
        """Say once what is wrong, and keep what the room should know."""
        if isinstance(error, RoutingServerError):
            if not self.fault:
                LOG.warning("%s Until then travel times are estimates.", error)
            self.fault = str(error)
        elif isinstance(error, RouteNotFoundError):
            LOG.warning("%s The straight-line estimate is shown instead.", error)
