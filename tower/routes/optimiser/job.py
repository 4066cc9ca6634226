"""What is to be optimised, and what comes out of it."""

from collections.abc import Callable, Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from tower.domain.commands import Handover
from tower.domain.geometry import LatLon
from tower.domain.records import Stop, StopPlan
from tower.domain.words import StopKind
from tower.road.roads import Profile
from tower.routes.case import RouteCase
from tower.routes.change import UNASSIGNED
from tower.routes.legs import Legs
from tower.routes.travel import TravelTable
from tower.routes.weights import Objective, Weights

More = Callable[[], "Sequence[Roads] | None"]
"""Asked again and again: the roads that came since; None once no more will come."""

BUDGET_S = 8.0
"""Seconds a search takes at most, unless it is told otherwise."""


class Roads(msgspec.Struct, frozen=True, kw_only=True):
    """Travel between all of some places.

    Attributes:
        places: n of them.
        durations_s: ``(n, n)`` seconds.
        distances_m: ``(n, n)`` metres.
        estimated: ``(n, n)`` true where the roads are not known.
    """

    profile: Profile
    places: tuple[LatLon, ...]
    durations_s: NDArray[np.float32]
    distances_m: NDArray[np.float32]
    estimated: NDArray[np.bool_]


class Meeting(msgspec.Struct, frozen=True, kw_only=True):
    """Where other vehicles can take over parcels that are aboard one, or still at its depot.

    Attributes:
        stops: ids of the stops whose parcels are there.
        at: the place; `address` is the same in words.
        service_s: seconds taking over takes.
        ids: route id to the id the visit is to have on that route.
        is_on_the_road: the parcels are aboard a vehicle that has left; else they are at a depot,
            where vehicles that have not left yet take them along anyway.
    """

    stops: frozenset[str]
    at: LatLon
    address: str = ""
    service_s: float = 120.0
    ids: Mapping[str, str]
    is_on_the_road: bool = True

    def handover(self, route_id: str, stops: tuple[str, ...]) -> Handover:
        """The visit of one route, where it takes over the parcels of these stops."""
        return Handover(
            stop_id=self.ids[route_id],
            lat=self.at.lat,
            lon=self.at.lon,
            stops=stops,
            address=self.address,
            service_s=self.service_s,
        )


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be optimised.

    Attributes:
        cases: the routes, as they stand.
        roads: travel between their places (see `tower.routes.optimiser.parts.blocks_wanted`);
            what is not in it, and does not come later, is estimated.
        legs: the legs of the present orders by route, as far as they are known without asking.
        free: ids of the stops that may be moved; the others keep their route and their order.
            None for all open ones.
        loose: stops on no route that are to find a place.
        meeting: where parcels of loose stops have to be collected first; None where they need
            not be.
        out_of_service: id of a route that ends here and now; its stops are among the loose ones.
        stranded: stops of that route nobody can take over, with the reason.
        weights: what matters how much.
        seconds: the search ends after these, earlier where nothing better is found any more.
    """

    cases: tuple[RouteCase, ...]
    roads: tuple[Roads, ...] = ()
    legs: Mapping[str, Legs] = {}
    free: frozenset[str] | None = None
    loose: tuple[Stop, ...] = ()
    meeting: Meeting | None = None
    out_of_service: str = ""
    stranded: Mapping[str, str] = {}
    weights: Weights = Weights()
    seconds: float = BUDGET_S


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """Better orders for all routes of a job.

    No constraint is newly broken that only a supervisor may break, except what a dispatcher
    asked for: a stop that finds no place is left out, with its reason.

    Attributes:
        orders: route id to the ids of its open stops in driving order; `UNASSIGNED` to those
            that find no place.
        reasons: why, by stop.
        handovers: visits to be added; their stops stand in `orders`.
        before: what the present orders come to; `after` the proposed ones.
        estimated: some travel time is an estimate.
    """

    orders: dict[str, tuple[str, ...]]
    reasons: dict[str, str] = {}
    handovers: tuple[Handover, ...] = ()
    before: Objective
    after: Objective
    estimated: bool = False

    @property
    def left_out(self) -> tuple[str, ...]:
        """Ids of the stops that find no place."""
        return self.orders.get(UNASSIGNED, ())


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a search has come.

    Attributes:
        elapsed_s: since it began.
        share: of its time that is over, 0 to 1.
        tried: orders looked at by the solver that were better than those before, so far.
        best: the best proposal so far; None while nothing better than the present was found.
        is_over: nothing more will come.
    """

    elapsed_s: float
    share: float
    tried: int
    best: Proposal | None
    is_over: bool = False


class BrokeOff(msgspec.Struct, frozen=True):
    """A search in a process of its own came to no end, and why."""

    words: str


def meeting_stop(handover: Handover) -> Stop:
    """The stop a visit for taking parcels over will be."""
    plan = StopPlan(
        id=handover.stop_id,
        kind=StopKind.PICKUP,
        customer="Handover",
        address=handover.address,
        lat=handover.lat,
        lon=handover.lon,
        service_s=handover.service_s,
        collects=handover.stops,
    )
    return Stop(id=handover.stop_id, plan=plan)


def learn(table: TravelTable, roads: Roads) -> None:
    """Let a table know some roads."""
    table.learn(roads.places, roads.places, roads.durations_s, roads.distances_m, roads.estimated)
