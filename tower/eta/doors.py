"""What decides how long a door takes, in numbers, and the door times already asked for."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from tower.domain.records import RoutePlan, Stop, StopPlan
from tower.domain.words import Building, StopKind, VehicleKind
from tower.eta.model import ArrivalModel, Door

DOOR_FEATURES: tuple[str, ...] = (
    "planned_s",
    "building",
    "floor",
    "has_lift",
    "floors_on_foot",
    "parcels",
    "weight_kg",
    "volume_m3",
    "kind",
    "needs",
    "has_code",
    "vehicle",
    "hour",
    "rain_mm_h",
)
"""What a row says of one door, in this order; nan where nobody told.

`planned_s`: seconds in the plan; `building`, `kind`, `vehicle`: places in the lists of their
words; `floors_on_foot`: the floor, 0 where there is a lift; `needs`: how many things it asks of
vehicle and crew; `has_code`: 1 where an access code is known; `hour`: local, with its fraction.
"""

_BUILDINGS = {word: float(place) for place, word in enumerate(Building)}
_KINDS = {word: float(place) for place, word in enumerate(StopKind)}
_VEHICLES = {word: float(place) for place, word in enumerate(VehicleKind)}
_NAN = float("nan")


def driver_key(plan: RoutePlan | None) -> str:
    """What stands for a driver in models: the same from shift to shift, and no name.

    A digest of the carrier and its own key of the driver, or of the name where it has none;
    "" where nobody is known. Of a name that somebody guesses it can be worked out anew, so it
    hides names from a glance and not from a search.
    """
    who = (plan.driver_id or plan.driver_name) if plan else ""
    if plan is None or not who:
        return ""
    return hashlib.blake2s(f"{plan.carrier_id}\0{who}".encode(), digest_size=8).hexdigest()


def door_columns(doors: Sequence[Door]) -> NDArray[np.float32]:
    """`(n, len(DOOR_FEATURES))` what the doors are like."""
    rows = np.array([_row(door) for door in doors], dtype=np.float32)
    return rows.reshape(len(doors), len(DOOR_FEATURES))


def _row(door: Door) -> tuple[float, ...]:
    plan = door.plan
    return (
        plan.service_s,
        _NAN if plan.building is None else _BUILDINGS[plan.building],
        _NAN if plan.floor is None else plan.floor,
        _NAN if plan.has_lift is None else float(plan.has_lift),
        _on_foot(plan),
        len(plan.parcels),
        plan.weight_kg,
        plan.volume_m3,
        _KINDS[plan.kind],
        len(plan.needs),
        float(bool(plan.access_code)),
        _VEHICLES[door.vehicle],
        door.hour,
        door.rain_mm_h,
    )


def _on_foot(plan: StopPlan) -> float:
    if plan.floor is None:
        return _NAN
    return 0.0 if plan.has_lift else float(abs(plan.floor))


class Caller(NamedTuple):
    """Who comes to the doors of a route, and in what weather."""

    carrier_id: str
    vehicle: VehicleKind
    driver: str
    rain_mm_h: float


class _Known(msgspec.Struct, frozen=True, gc=False):
    plan: StopPlan
    caller: Caller
    seconds: float


class DoorTimes:
    """The expected seconds at doors: a model is asked once for each, many at a time."""

    def __init__(self, model: ArrivalModel) -> None:
        self._model = model
        self._known: dict[str, _Known] = {}

    def learn(
        self, wanted: Sequence[tuple[Caller, Sequence[Stop]]], now: datetime, zone: tzinfo
    ) -> None:
        """Ask the model for every door not known yet.

        Args:
            wanted: the stops of routes, each with who comes there.
            now: the present, UTC: the hour of doors nobody planned.
            zone: of the local hour.
        """
        asked = [
            (stop.id, stop.plan, caller)
            for caller, stops in wanted
            for stop in stops
            if stop.plan is not None and not self._knows(stop, stop.plan, caller)
        ]
        if not asked:
            return
        doors = [_door(plan, caller, now, zone) for _, plan, caller in asked]
        seconds: list[float] = self._model.door_s(doors).tolist()
        for (stop_id, plan, caller), door_s in zip(asked, seconds, strict=True):
            is_planned = door_s == plan.service_s  # then it is held once
            self._known[stop_id] = _Known(plan, caller, plan.service_s if is_planned else door_s)

    def of(self, stops: Sequence[Stop]) -> list[float]:
        """The seconds at each door, 0 where nobody said anything of a stop."""
        return [self._known[stop.id].seconds if stop.plan is not None else 0.0 for stop in stops]

    def _knows(self, stop: Stop, plan: StopPlan, caller: Caller) -> bool:
        """A door that was left is not asked for again in other weather."""
        known = self._known.get(stop.id)
        if known is None or known.plan is not plan:
            return False
        if stop.is_done:
            caller = caller._replace(rain_mm_h=known.caller.rain_mm_h)
        return known.caller == caller


def _door(plan: StopPlan, caller: Caller, now: datetime, zone: tzinfo) -> Door:
    local = (plan.planned_at or now).astimezone(zone)
    hour = local.hour + local.minute / 60.0
    return Door(plan, caller.carrier_id, caller.vehicle, caller.driver, hour, caller.rain_mm_h)
