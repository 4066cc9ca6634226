"""How trails are said: places, spans and what a vehicle was doing. Knows no widgets."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from tower.domain.geometry import LatLon, distance_m
from tower.domain.moments import utc
from tower.domain.records import Route, Stop
from tower.domain.state import State
from tower.domain.words import StopState
from tower.watch.words import metres, minutes
from ui.filter import Links
from ui.session import Session
from ui.trails.standing import Standing
from ui.trails.trail import GAP_S, Trail

Clock = Callable[[datetime], str]
_SLOW_KMH = 5.0
_NEAREST_M = 50_000.0


class Room(NamedTuple):
    """What words about a vehicle are made from.

    Attributes:
        route: what it drives, None where nothing.
    """

    state: State
    links: Links
    clock: Clock
    route: Route | None

    @property
    def stops(self) -> list[Stop]:
        """The stops of the route in driving order."""
        return self.state.stops_of(self.route) if self.route else []

    @property
    def depot(self) -> LatLon | None:
        """Where the route begins and ends, None where nobody said."""
        return self.state.depot_of(self.route) if self.route else None

    def stop_words(self, stop_id: str) -> str:
        """`stop 7 · Bakery Sample`."""
        stop, number = self.state.stops.get(stop_id), self.links.number_of_stop.get(stop_id)
        name = f"stop {number}" if number else "a stop"
        customer = stop.plan.customer if stop is not None and stop.plan is not None else ""
        return f"{name} · {customer}" if customer else name


def room_of(session: Session, vehicle_id: str) -> Room:
    """What words about a vehicle are made from, as the session shows it now."""
    route = session.state.routes.get(session.links.route_of_vehicle.get(vehicle_id, ""))
    return Room(session.state, session.links, session.clock_text, route)


def span_words(span: timedelta) -> str:
    """`4 min`, `1 h 40 min`, also of less than a minute: `35 s`."""
    seconds = round(abs(span.total_seconds()))
    return f"{seconds} s" if seconds < 60 else minutes(timedelta(seconds=seconds))


def shift_words(shift: timedelta | None) -> str:
    """`+12 min`, `−3 min`, `on plan`; "" where not known."""
    if shift is None:
        return ""
    if abs(shift) < timedelta(minutes=1):
        return "on plan"
    return f"{'+' if shift > timedelta() else '−'}{span_words(shift)}"


def place_words(room: Room, stay: Standing) -> str:
    """`at stop 7 · Bakery Sample`, `at the depot`, `not at a stop`."""
    if stay.stop_id:
        return f"at {room.stop_words(stay.stop_id)}"
    return "at the depot" if stay.is_at_depot else "not at a stop"


def stay_words(room: Room, stay: Standing) -> str:
    """`Stood 10:14–10:26 (12 min), not at a stop`."""
    span = f"{room.clock(stay.since)}–{room.clock(stay.until)}"
    return f"Stood {span} ({span_words(stay.lasted)}), {place_words(room, stay)}"


def doing_words(room: Room, trail: Trail, stays: Sequence[Standing], at: datetime) -> str:
    """What a vehicle was doing at a moment, in a sentence or two.

    Args:
        room: what it is said with.
        trail: where it was around the moment.
        stays: where it stood on that trail.
        at: the moment.
    """
    if not len(trail):
        return "No position of the vehicle is known around that moment."
    place = _last_before(trail, at)
    if place < 0:
        return f"The first position known of the vehicle is of {room.clock(trail.since)}."
    stay = next((one for one in stays if one.since <= at <= one.until), None)
    if stay is not None:
        return _standing_words(room, stay, at)
    if _was_silent(trail, place, at):
        return _silent_words(room, trail, place, at)
    return _driving_words(room, trail, place, at)


def _last_before(trail: Trail, at: datetime) -> int:
    return int(np.searchsorted(trail.at_s, at.timestamp(), side="right")) - 1


def _was_silent(trail: Trail, place: int, at: datetime) -> bool:
    if place + 1 < len(trail):
        return bool(trail.gaps[place])
    return at.timestamp() - float(trail.at_s[-1]) > GAP_S


def _standing_words(room: Room, stay: Standing, at: datetime) -> str:
    stood, left = at - stay.since, stay.until - at
    said = f"Had stood for {span_words(stood)}"
    if stay.stop_id:
        where = f" at {room.stop_words(stay.stop_id)}"
    elif stay.is_at_depot:
        where = " at the depot"
    else:
        where = _away_words(room, stay.at, at) or " not at a stop"
    expected = _door_words(room, stay.stop_id or _next_id(room, at))
    after = f", and for {span_words(left)} more" if left >= timedelta(minutes=1) else ""
    return f"{said}{where}{expected}{after}."


def _silent_words(room: Room, trail: Trail, place: int, at: datetime) -> str:
    last = LatLon(*trail.lat_lon[place].tolist())
    seen = room.clock(utc(float(trail.at_s[place])))
    said = f"Gave no signal since {seen}, when it was{_away_words(room, last, at) or ' under way'}"
    if place + 1 < len(trail):
        return f"{said}; it was heard again at {room.clock(utc(float(trail.at_s[place + 1])))}."
    return f"{said}."


def _driving_words(room: Room, trail: Trail, place: int, at: datetime) -> str:
    kmh = float(trail.told_kmh[place])
    here = LatLon(*trail.lat_lon[place].tolist())
    did = f"Was driving at {kmh:.0f} km/h" if kmh >= _SLOW_KMH else "Was moving slowly"
    return f"{did}{_away_words(room, here, at)}."


def _away_words(room: Room, here: LatLon, at: datetime) -> str:
    """` 300 m from stop 7 · Bakery Sample`, its next stop then; "" where there is none."""
    stop = room.state.stops.get(_next_id(room, at))
    if stop is None or stop.plan is None:
        return ""
    away = distance_m(here, stop.plan.position)
    if away > _NEAREST_M:
        return ""
    return f" {metres(away)} from {room.stop_words(stop.id)}, its next"


def _next_id(room: Room, at: datetime) -> str:
    """The first stop of the route that was not over at the moment, "" for none."""
    ahead = (stop.id for stop in room.stops if not _was_over(stop, at))
    return next(ahead, "")


def _was_over(stop: Stop, at: datetime) -> bool:
    if stop.state is StopState.CANCELLED:
        return True
    return stop.finished_at is not None and stop.finished_at <= at


def _door_words(room: Room, stop_id: str) -> str:
    stop = room.state.stops.get(stop_id)
    if stop is None or stop.plan is None:
        return ""
    return f", expected door time {span_words(timedelta(seconds=stop.plan.service_s))}"
