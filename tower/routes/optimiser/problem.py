"""Some routes together, written as a problem of the solver, and its answers as orders of stops.

Time is seconds from now, on a clock that stands still while a driver rests.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from tower.domain.records import Break, Stop
from tower.domain.words import StopKind
from tower.routes.change import UNASSIGNED
from tower.routes.load import Load, load_of
from tower.routes.optimiser.costs import Costs, Sites
from tower.routes.optimiser.entries import Entries
from tower.routes.optimiser.job import Meeting
from tower.routes.optimiser.numbers import Numbers
from tower.routes.optimiser.start import Start
from tower.routes.solver.penalties import Penalties
from tower.routes.solver.problem import NO_LIMIT, Call, Carrier, Errand, Plan, Problem, Tours
from tower.routes.travel import TravelTable
from tower.routes.weights import KM_A_LATE_MINUTE, KM_LEFT_OUT, Weights

STAYS_WITHIN_S = 1_200
"""Stops that keep their order are served within so many seconds of when they would be now."""

_LATE_AT_LEAST_M, _LATE_AS_LIMIT_M = 0.5, 1_000.0
_LOAD_M = 20_000.0
_KM_M, _MINUTE_S = 1000.0, 60.0
_KG, _M3 = 10, 1000
_UNKNOWN = 10**9
_NOTHING = (0, 0, 0)


class Part(NamedTuple):
    """Routes that are searched together.

    Attributes:
        starts: where the open part of each begins.
        orders: route id to the ids of the stops after the pinned ones, as the search begins.
        loose: stops that may be left out; those in no order as yet, and those already placed.
        fixed: ids of the stops that keep their route and their order, with the seconds from now
            at which they would be served.
        stops: every stop by id, those of other parts too.
        no_later: stops that may be as late as they are now, with the seconds from now at which
            they are served; for a search in which being late is a limit.
    """

    starts: tuple[Start, ...]
    orders: Mapping[str, tuple[str, ...]]
    loose: tuple[Stop, ...]
    fixed: Mapping[str, float]
    stops: Mapping[str, Stop]
    no_later: Mapping[str, float]


class Written:
    """A part as a problem.

    Attributes:
        problem: what the solver is given.
        tours: the orders the search begins with.
    """

    def __init__(
        self,
        part: Part,
        travel_of: Mapping[str, TravelTable],
        entries: Entries,
        weights: Weights,
        meeting: Meeting | None,
    ) -> None:
        """Write it.

        Args:
            part: the routes.
            travel_of: travel for the way each route's vehicle travels, by route id.
            entries: who may take what.
            weights: what matters how much.
            meeting: where parcels of loose stops can be taken over.
        """
        self._part, self._weights = part, weights
        self._loose = frozenset(stop.id for stop in part.loose)
        self._starts = {start.case.id: start for start in part.starts}
        self._sites = Sites(_every_stop(part), meeting, part.starts)
        self._at = {stop.id: index for index, stop in enumerate(self._sites.stops)}
        self._numbers = Numbers(self._sites.stops, self._collected(meeting), meeting)
        costs = Costs(self._sites, travel_of, entries, weights, frozenset(part.fixed))
        self.problem = self._write(costs)
        self.tours: Tours = tuple(
            self._numbers.tour(part.orders[start.case.id]) for start in part.starts
        )

    @property
    def prices(self) -> Penalties:
        """What being late or overloaded costs in this problem."""
        late_m = self._weights.lateness * KM_A_LATE_MINUTE * _KM_M / _MINUTE_S
        if self._part.no_later:
            late_m = _LATE_AS_LIMIT_M
        return Penalties(late=max(_LATE_AT_LEAST_M, late_m), load=_LOAD_M)

    def orders(self, plan: Plan) -> dict[str, tuple[str, ...]]:
        """What the solver found: stop ids by route, the pinned ones included."""
        orders = {}
        for start, tour in zip(self._part.starts, plan.tours, strict=True):
            found = self._numbers.order(tour, start.case.id)
            pinned = tuple(stop.id for stop in start.pinned)
            kept = [stop.id for stop in start.open if stop.id in self._part.fixed]
            orders[start.case.id] = (*pinned, *in_order(found, kept))
        placed = {stop_id for order in orders.values() for stop_id in order}
        orders[UNASSIGNED] = tuple(s.id for s in self._part.loose if s.id not in placed)
        return orders

    def _collected(self, meeting: Meeting | None) -> list[tuple[str, str]]:
        """Pairs of the stop that collects ("" for the meeting) and the one that is delivered.

        Where the two are on different routes, which dispatchers may do, nothing ties them.
        """
        pairs = []
        for stop in self._sites.stops:
            if stop.plan is not None and stop.plan.kind is StopKind.PICKUP:
                ours = [one for one in stop.plan.collects if one in self._at]
                pairs += [
                    (stop.id, one) for one in ours if self._stop(one).route_id == stop.route_id
                ]
        if meeting is not None:
            pairs += [("", stop.id) for stop in self._part.loose if stop.id in meeting.stops]
        return pairs

    def _write(self, costs: Costs) -> Problem:
        vehicles = range(len(self._part.starts))
        matrices = [costs.of(vehicle) for vehicle in vehicles]
        return Problem(
            calls=tuple(self._call(self._stop(one)) for one in self._numbers.plain),
            errands=tuple(self._errand(pickup, one) for pickup, one in self._numbers.errands),
            carriers=tuple(self._carrier(vehicle) for vehicle in vehicles),
            costs=tuple(cost for cost, _ in matrices),
            durations=tuple(duration for _, duration in matrices),
        )

    def _stop(self, stop_id: str) -> Stop:
        return self._sites.stops[self._at[stop_id]]

    def _call(self, stop: Stop) -> Call:
        opens, closes = self._window(stop)
        is_return = stop.plan is not None and stop.plan.kind is StopKind.RETURN
        load = _units(load_of(stop))
        return Call(
            self._at[stop.id],
            opens,
            closes,
            brings=_NOTHING if is_return else load,
            collects=load if is_return else _NOTHING,
            forgoing=self._forgoing(stop),
        )

    def _errand(self, pickup: str, stop_id: str) -> Errand:
        stop = self._stop(stop_id)
        there = Call(self._at[stop_id], *self._window(stop))
        first = Call(self._sites.meeting_at)
        if pickup:
            opens, closes = self._window(self._stop(pickup))
            first = Call(self._at[pickup], min(opens, there.closes), closes)
        return Errand(first, there, _units(load_of(stop)), self._forgoing(stop))

    def _forgoing(self, stop: Stop) -> int | None:
        return int(KM_LEFT_OUT * _KM_M) if stop.id in self._loose else None

    def _carrier(self, vehicle: int) -> Carrier:
        start = self._part.starts[vehicle]
        plan, van = start.case.route.plan, start.case.vehicle
        ends = plan.duty_ends_at if plan else None
        room = Load(van.capacity_kg, van.capacity_m3, van.capacity_pieces) if van else Load()
        ready = max(0, _moment(start.ready, start))
        return Carrier(
            self._sites.start_at(vehicle),
            self._sites.end_at(vehicle),
            ready=ready,
            due=NO_LIMIT if ends is None else max(ready, _moment(ends, start)),
            starts_by=ready,
            capacity=tuple(units or _UNKNOWN for units in _units(room)),
            aboard=_units(start.aboard),
            profile=vehicle,
        )

    def _window(self, stop: Stop) -> tuple[int, int]:
        """Seconds from now; where the stop keeps its order, about when it would be served.

        The breaks of the driver who has it now shift it.
        """
        plan, start = stop.plan, self._starts.get(stop.route_id, self._part.starts[0])
        opens = _moment(plan.window_start, start) if plan and plan.window_start else 0
        closes = _moment(plan.window_end, start) if plan and plan.window_end else NO_LIMIT
        closes = max(closes, int(self._part.no_later.get(stop.id, 0)) + 1)
        served_s = self._part.fixed.get(stop.id)
        if served_s is not None:
            opens = max(opens, int(served_s) - STAYS_WITHIN_S)
            closes = min(max(closes, int(served_s)), int(served_s) + STAYS_WITHIN_S)
        return min(max(0, opens), closes), closes


def in_order(found: Sequence[str], kept: Sequence[str]) -> tuple[str, ...]:
    """The stops of `kept` in their own order, on the seats they have in `found`."""
    seated = set(found)
    left = iter([stop_id for stop_id in kept if stop_id in seated])
    keeps = set(kept)
    return tuple(next(left) if stop_id in keeps else stop_id for stop_id in found)


def working_s(seconds: float, breaks: Iterable[Break], now: datetime) -> int:
    """A moment on a clock that stands still while the driver rests.

    A break is taken to begin as early as it may.
    """
    rested = 0.0
    for one in breaks:
        begins = (one.earliest - now).total_seconds()
        rested += min(max(0.0, seconds - max(0.0, begins)), one.duration_s)
    return int(seconds - rested)


def _moment(at: datetime, start: Start) -> int:
    case = start.case
    return working_s((at - case.now).total_seconds(), case.whereabouts.breaks, case.now)


def _every_stop(part: Part) -> tuple[Stop, ...]:
    """The stops the part is about: those on its routes by now, and the loose ones."""
    named = [stop_id for order in part.orders.values() for stop_id in order]
    placed = {stop_id: part.stops[stop_id] for stop_id in named if stop_id in part.stops}
    return tuple({**placed, **{stop.id: stop for stop in part.loose}}.values())


def _units(load: Load) -> tuple[int, int, int]:
    """Tenths of kilograms, litres, pieces."""
    return round(load.kg * _KG), round(load.m3 * _M3), load.pieces
