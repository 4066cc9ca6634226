"""Some routes together, written as a problem of the solver, and its answers as orders of stops.

Money is metres: a metre driven costs one, everything else is weighed against that. Time is
seconds from now. Every vehicle has matrices of its own: the time at a door is part of the legs
that leave it, because each driver has a pace; what the driver knows, and what the vehicle is not
welcome to take, is part of what the legs cost.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tower.domain.geometry import LatLon
from tower.domain.records import Break, Stop
from tower.domain.words import StopKind
from tower.road.roads import Profile
from tower.routes.change import UNASSIGNED
from tower.routes.evaluate import place_of
from tower.routes.insertion import KM_A_VIOLATION
from tower.routes.load import Load, load_of
from tower.routes.optimise_entry import Entries, Entry
from tower.routes.optimise_job import Meeting
from tower.routes.optimise_start import Start
from tower.routes.seats import KM_A_LATE_MINUTE
from tower.routes.solver_penalties import Penalties
from tower.routes.solver_problem import (
    NO_LIMIT,
    Call,
    Carrier,
    Errand,
    IntMatrix,
    Plan,
    Problem,
    Tours,
)
from tower.routes.travel import HERE, TravelTable
from tower.routes.weights import KM_A_CHANGE, KM_LEFT_OUT, Weights

BARRED_M = 50_000_000
"""A stop a vehicle must not take costs so many metres there."""

STAYS_WITHIN_S = 1_200
"""Stops that keep their order are served within so many seconds of when they would be now."""

_DISTANCE_AT_LEAST = 0.02
_LATE_AT_LEAST_M = 0.5
_LOAD_M = 20_000.0
_LIMIT_M = 1_000.0
_KM_M, _MINUTE_S = 1000.0, 60.0
_KG, _M3 = 10, 1000
_UNKNOWN = 10**9

Floats = NDArray[np.float64]


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
        self._part, self._meeting, self._weights = part, meeting, weights
        self._travel_of, self._entries = travel_of, entries
        self._loose = {stop.id for stop in part.loose}
        self._grids: dict[Profile, tuple[Floats, Floats]] = {}
        self._stops = _every_stop(part)
        self._at = {stop.id: index for index, stop in enumerate(self._stops)}
        self._errands = self._what_is_collected()
        collected = {stop_id for _, stop_id in self._errands}
        pickups = {stop_id for stop_id, _ in self._errands}
        self._plain = [s.id for s in self._stops if s.id not in collected | pickups]
        self.problem = self._write()
        self.tours: Tours = tuple(self._tour(part.orders[start.case.id]) for start in part.starts)

    @property
    def prices(self) -> Penalties:
        """What being late or overloaded costs in this problem."""
        if self._part.no_later:
            return Penalties(late=_LIMIT_M, load=_LOAD_M)
        late_m = self._weights.lateness * KM_A_LATE_MINUTE * _KM_M / _MINUTE_S
        return Penalties(late=max(_LATE_AT_LEAST_M, late_m), load=_LOAD_M)

    def orders(self, plan: Plan) -> dict[str, tuple[str, ...]]:
        """What the solver found: stop ids by route, the pinned ones included."""
        orders = {}
        for start, tour in zip(self._part.starts, plan.tours, strict=True):
            found = self._ids(tour, start.case.id)
            pinned = tuple(stop.id for stop in start.pinned)
            kept = [stop.id for stop in start.open if stop.id in self._part.fixed]
            orders[start.case.id] = (*pinned, *in_order(found, kept))
        placed = {stop_id for order in orders.values() for stop_id in order}
        orders[UNASSIGNED] = tuple(s.id for s in self._part.loose if s.id not in placed)
        return orders

    # Places are numbered: every stop, the meeting, where each vehicle starts, where each ends.

    def _meeting_at(self) -> int:
        return len(self._stops)

    def _start_at(self, vehicle: int) -> int:
        return len(self._stops) + 1 + vehicle

    def _end_at(self, vehicle: int) -> int:
        return len(self._stops) + 1 + len(self._part.starts) + vehicle

    def _write(self) -> Problem:
        starts = self._part.starts
        matrices = [self._matrices(vehicle) for vehicle in range(len(starts))]
        stops = {stop.id: stop for stop in self._stops}
        return Problem(
            calls=tuple(self._call(stops[stop_id]) for stop_id in self._plain),
            errands=tuple(
                self._errand(pickup, stops[stop_id]) for pickup, stop_id in self._errands
            ),
            carriers=tuple(self._carrier(vehicle) for vehicle in range(len(starts))),
            costs=tuple(costs for costs, _ in matrices),
            durations=tuple(durations for _, durations in matrices),
        )

    def _what_is_collected(self) -> list[tuple[str, str]]:
        """Pairs of the stop that collects ("" for the meeting) and the one that is delivered."""
        pairs = []
        for stop in self._stops:
            if stop.plan is not None and stop.plan.kind is StopKind.PICKUP:
                pairs += [(stop.id, one) for one in stop.plan.collects if one in self._at]
        if self._meeting is not None:
            pairs += [("", stop.id) for stop in self._part.loose if stop.id in self._meeting.stops]
        return pairs

    def _call(self, stop: Stop) -> Call:
        opens, closes = self._window(stop)
        is_return = stop.plan is not None and stop.plan.kind is StopKind.RETURN
        load = _units(load_of(stop))
        return Call(
            self._at[stop.id],
            opens,
            closes,
            brings=(0, 0, 0) if is_return else load,
            collects=load if is_return else (0, 0, 0),
            forgoing=self._forgoing(stop),
        )

    def _errand(self, pickup: str, stop: Stop) -> Errand:
        if pickup:
            collector = self._stops[self._at[pickup]]
            first = Call(self._at[pickup], *self._window(collector))
        else:
            first = Call(self._meeting_at())
        there = Call(self._at[stop.id], *self._window(stop))
        return Errand(first, there, _units(load_of(stop)), self._forgoing(stop))

    def _forgoing(self, stop: Stop) -> int | None:
        return int(KM_LEFT_OUT * _KM_M) if stop.id in self._loose else None

    def _carrier(self, vehicle: int) -> Carrier:
        start = self._part.starts[vehicle]
        plan, van = start.case.route.plan, start.case.vehicle
        ends = plan.duty_ends_at if plan else None
        room = Load(van.capacity_kg, van.capacity_m3, van.capacity_pieces) if van else Load()
        ready = max(0, self._moment(start.ready, start))
        due = NO_LIMIT if ends is None else max(ready, self._moment(ends, start))
        return Carrier(
            self._start_at(vehicle),
            self._end_at(vehicle),
            ready=ready,
            due=due,
            starts_by=ready,
            capacity=tuple(units or _UNKNOWN for units in _units(room)),
            aboard=_units(start.aboard),
            profile=vehicle,
        )

    def _window(self, stop: Stop) -> tuple[int, int]:
        """Seconds from now; where the stop keeps its order, about when it would be served."""
        plan, start = stop.plan, self._start_of(stop)
        opens = self._moment(plan.window_start, start) if plan and plan.window_start else 0
        closes = self._moment(plan.window_end, start) if plan and plan.window_end else NO_LIMIT
        closes = max(closes, int(self._part.no_later.get(stop.id, 0)) + 1)
        served_s = self._part.fixed.get(stop.id)
        if served_s is not None:
            opens = max(opens, int(served_s) - STAYS_WITHIN_S)
            closes = min(max(closes, int(served_s)), int(served_s) + STAYS_WITHIN_S)
        return min(max(0, opens), closes), closes

    def _start_of(self, stop: Stop) -> Start:
        """The route whose driver's breaks shift the stop's window."""
        starts = {start.case.id: start for start in self._part.starts}
        return starts.get(stop.route_id, self._part.starts[0])

    @staticmethod
    def _moment(at: datetime, start: Start) -> int:
        """Seconds from now at which the driver is not resting."""
        case = start.case
        return working_s((at - case.now).total_seconds(), case.whereabouts.breaks, case.now)

    def _matrices(self, vehicle: int) -> tuple[IntMatrix, IntMatrix]:
        """What each leg costs this vehicle in metres, and takes in seconds."""
        start = self._part.starts[vehicle]
        seconds, metres = self._travel(vehicle, start)
        pace = start.case.whereabouts.pace
        services = self._services_s()
        durations = (seconds + services[:, None]) * pace
        np.fill_diagonal(durations, 0.0)
        costs = metres * max(_DISTANCE_AT_LEAST, self._weights.distance)
        costs[:, : len(self._stops)] += self._entry_m(vehicle, start)[None, :]
        costs[:, : len(self._stops)] += self._change_m(vehicle, start)
        return np.rint(costs).astype(np.int64), np.rint(durations).astype(np.int64)

    def _travel(self, vehicle: int, start: Start) -> tuple[Floats, Floats]:
        """Seconds and metres between all places, as this vehicle stands."""
        table = self._travel_of[start.case.id]
        if table.profile not in self._grids:
            self._grids[table.profile] = _grid(table, self._places())
        seconds, metres = (grid.copy() for grid in self._grids[table.profile])
        for stop_id, leg in start.legs.items():
            if stop_id in self._at:
                cell = self._start_at(vehicle), self._at[stop_id]
                seconds[cell], metres[cell] = leg.seconds, leg.metres
        return seconds, metres

    def _places(self) -> list[LatLon | None]:
        starts = self._part.starts
        return [
            *(place_of(stop) for stop in self._stops),
            self._meeting.at if self._meeting else None,
            *(start.place for start in starts),
            *(start.case.depot for start in starts),
        ]

    def _services_s(self) -> Floats:
        services = np.zeros(self._end_at(len(self._part.starts)))
        services[: len(self._stops)] = [s.plan.service_s if s.plan else 0.0 for s in self._stops]
        services[self._meeting_at()] = self._meeting.service_s if self._meeting else 0.0
        return services

    def _entry_m(self, vehicle: int, start: Start) -> Floats:
        """What it costs that a stop is on this route."""
        case = start.case
        own = {stop.id for stop in start.open}
        return np.array(
            [0.0 if s.id in own else self._entry_cost_m(s, case.id, vehicle) for s in self._stops]
        )

    def _entry_cost_m(self, stop: Stop, route_id: str, vehicle: int) -> float:
        case = self._part.starts[vehicle].case
        if stop.id in self._part.fixed:
            return BARRED_M
        entry = self._entries.entry(stop, case, self._travel_of[route_id])
        if entry is Entry.BARRED:
            return BARRED_M
        return KM_A_VIOLATION * _KM_M if entry is Entry.UNWELCOME else 0.0

    def _change_m(self, vehicle: int, start: Start) -> Floats:
        """What it costs that a stop follows another one than the driver knows, ``(n, stops)``."""
        costs = np.full(
            (self._end_at(len(self._part.starts)), len(self._stops)),
            self._weights.change * KM_A_CHANGE * _KM_M,
        )
        places = [self._start_at(vehicle), *(self._at.get(stop.id) for stop in start.open)]
        for before, here in pairwise(places):
            if before is not None and here is not None:
                costs[before, here] = 0.0
        return costs

    def _tour(self, order: Sequence[str]) -> tuple[int, ...]:
        """An order as numbers of calls."""
        numbers = {stop_id: number for number, stop_id in enumerate(self._plain)}
        of_pickup: dict[str, list[int]] = {}
        for errand, (pickup, stop_id) in enumerate(self._errands):
            number = self.problem.pickup(errand)
            numbers[stop_id] = number + 1
            of_pickup.setdefault(pickup, []).append(number)
        meeting_ids = set(self._meeting.ids.values()) if self._meeting else set()
        made = set(order)
        tour: list[int] = []
        for stop_id in order:
            pickup = "" if stop_id in meeting_ids else stop_id
            if pickup in of_pickup:
                tour += [n for n in of_pickup[pickup] if self._delivered(n) in made]
            elif stop_id in numbers:
                tour.append(numbers[stop_id])
        return tuple(tour)

    def _delivered(self, pickup: int) -> str:
        return self._errands[(pickup - len(self._plain)) // 2][1]

    def _ids(self, tour: Iterable[int], route_id: str) -> tuple[str, ...]:
        """Numbers of calls as an order; what is collected together is one visit, the first."""
        order: dict[str, None] = {}
        for number in tour:
            order[self._id(number, route_id)] = None
        return tuple(order)

    def _id(self, number: int, route_id: str) -> str:
        over = number - len(self._plain)
        if over < 0:
            return self._plain[number]
        pickup, stop_id = self._errands[over // 2]
        if over % 2:
            return stop_id
        if pickup or self._meeting is None:
            return pickup
        return self._meeting.ids[route_id]


def _grid(table: TravelTable, places: Sequence[LatLon | None]) -> tuple[Floats, Floats]:
    """Seconds and metres between places; nothing to and from those that are not there."""
    numbers = {place: index for index, place in enumerate(dict.fromkeys(places))}
    legs = [
        [table.leg(a, b) if a is not None and b is not None else HERE for b in numbers]
        for a in numbers
    ]
    of_place = np.array([numbers[place] for place in places])
    spread = np.ix_(of_place, of_place)
    seconds = np.array([[leg.seconds for leg in row] for row in legs])
    metres = np.array([[leg.metres for leg in row] for row in legs])
    return seconds[spread], metres[spread]


def in_order(found: Sequence[str], kept: Sequence[str]) -> tuple[str, ...]:
    """The stops of `kept` in their own order, on the seats they have in `found`."""
    left = iter([stop_id for stop_id in kept if stop_id in set(found)])
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


def _every_stop(part: Part) -> tuple[Stop, ...]:
    """The stops the part is about: those on its routes by now, and the loose ones."""
    named = [stop_id for order in part.orders.values() for stop_id in order]
    placed = {stop_id: part.stops[stop_id] for stop_id in named if stop_id in part.stops}
    return tuple({**placed, **{stop.id: stop for stop in part.loose}}.values())


def _units(load: Load) -> tuple[int, int, int]:
    """Tenths of kilograms, litres, pieces."""
    return round(load.kg * _KG), round(load.m3 * _M3), load.pieces
