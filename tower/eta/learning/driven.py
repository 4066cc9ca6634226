"""What was driven and served in earlier shifts, from their journal: legs and doors.

A leg is direct: from the door that was left to the next that was reached, where that was the next
one expected. What the roads expected of it is what the newest prediction before says.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from tower.domain import events as e
from tower.domain.records import Route, Stop
from tower.domain.state import State
from tower.domain.words import VehicleKind
from tower.eta.doors import driver_key
from tower.eta.hindrances import weather_now
from tower.eta.learning.doors import Served
from tower.eta.learning.legs import Leg
from tower.eta.model import Door

_LEFT = (e.StopDelivered, e.StopAttempted, e.StopCollected)


class Driven(NamedTuple):
    """The doors and legs of one shift."""

    doors: Sequence[Served]
    legs: Sequence[Leg]


class _Expected(NamedTuple):
    """What the roads expect of the leg to a stop: from which stop, seconds."""

    origin: str
    travel_s: float


class Driving:
    """Gathers doors and legs, event by event, of one shift after the other."""

    def __init__(self) -> None:
        self._doors: dict[str, dict[str, Served]] = {}
        self._legs: dict[str, dict[str, Leg]] = {}
        self._expected: dict[str, _Expected] = {}
        self._left: dict[str, str] = {}

    def take(self, shift: str, state: State, event: e.Event) -> None:
        """Take in an event that the state has folded.

        Args:
            shift: the shift it belongs to.
            state: as it stands after the event.
            event: the event.
        """
        stop_id = event.subject.stop_id
        if isinstance(event.body, e.ArrivalsPredicted):
            self._expect(state, event.subject.route_id, event.body.rows)
        elif isinstance(event.body, e.StopArrived) and stop_id in state.stops:
            self._arrive(shift, state, state.stops[stop_id])
        elif isinstance(event.body, _LEFT) and stop_id in state.stops:
            self._leave(shift, state, state.stops[stop_id])

    def of(self, shift: str) -> Driven:
        """What was gathered of a shift."""
        doors, legs = self._doors.get(shift, {}), self._legs.get(shift, {})
        return Driven(list(doors.values()), list(legs.values()))

    def _expect(self, state: State, route_id: str, rows: Sequence[e.PredictedArrival]) -> None:
        route = state.routes.get(route_id)
        at_door = [s.id for s in state.stops_of(route) if s.state.is_at_the_door] if route else []
        before = at_door[0] if len(at_door) == 1 else ""
        for row in rows:
            if before:
                self._expected[row.stop_id] = _Expected(before, row.travel_s)
            before = row.stop_id

    def _arrive(self, shift: str, state: State, stop: Stop) -> None:
        expected = self._expected.pop(stop.id, None)
        route = state.routes.get(stop.route_id)
        if expected is None or route is None or self._left.get(route.id) != expected.origin:
            return
        origin = state.stops.get(expected.origin)
        if origin is None or origin.finished_at is None or stop.arrived_at is None:
            return
        taken_s = (stop.arrived_at - origin.finished_at).total_seconds()
        local = origin.finished_at.astimezone(state.zone)
        hour = local.hour + local.minute / 60.0
        rain = _rain(state, origin.finished_at)
        leg = Leg(expected.travel_s, taken_s, hour, local.weekday(), rain)
        self._legs.setdefault(shift, {})[stop.id] = leg

    def _leave(self, shift: str, state: State, stop: Stop) -> None:
        route = state.routes.get(stop.route_id)
        if route is not None:
            self._left[route.id] = stop.id
        door = _door_of(state, route, stop)
        if door is not None and stop.arrived_at is not None and stop.finished_at is not None:
            opens = stop.plan.window_start if stop.plan else None
            begun = max(stop.arrived_at, opens) if opens else stop.arrived_at
            taken_s = (stop.finished_at - begun).total_seconds()
            self._doors.setdefault(shift, {})[stop.id] = Served(door, taken_s)


def _door_of(state: State, route: Route | None, stop: Stop) -> Door | None:
    if stop.plan is None or stop.arrived_at is None:
        return None
    plan = route.plan if route else None
    vehicle = state.vehicle_of(route) if route else None
    local = stop.arrived_at.astimezone(state.zone)
    return Door(
        plan=stop.plan,
        carrier_id=plan.carrier_id if plan else "",
        vehicle=vehicle.kind if vehicle else VehicleKind.VAN,
        driver=driver_key(plan),
        hour=local.hour + local.minute / 60.0,
        rain_mm_h=_rain(state, stop.arrived_at),
    )


def _rain(state: State, at: datetime) -> float:
    weather = weather_now([one.value for one in state.conditions.values()], at)
    return weather.rain_mm_h if weather else 0.0
