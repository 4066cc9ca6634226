"""The renderer of the map is killed, and the time until the map is back is taken."""

import os
import signal
import time
from typing import Any, NamedTuple

from tests.benchmarks._map_room import Room
from tests.benchmarks._window import TimedOut, wait

APART_MS = 62_000
"""Two kills within a minute would be answered with the plainer map."""

PATIENCE_S = 60.0
LOOK_MS = 5


class Kill(NamedTuple):
    """One kill of the renderer.

    Attributes:
        back_s: from the kill until map and vehicles were drawn again, seconds.
        is_as_before: Zoom, selection and who is followed were those before it.
    """

    back_s: float
    is_as_before: bool


def kill_again_and_again(room: Room, times: int) -> list[Kill]:
    """Kill the renderer so many times, a minute apart."""
    session, kills = room.desktop.session, list[Kill]()
    routes = list(session.state.routes)
    for number in range(times):
        if number:
            wait(APART_MS)
        route_id = routes[number % len(routes)]
        session.select("route", route_id)
        room.desktop.map.fit_route(route_id)
        wait(2_000)
        kills.append(_kill(room))
    return kills


def _kill(room: Room) -> Kill:
    host, drawn = room.desktop.map, set[str]()
    before = _standing(room)
    on_map, on_vehicles = (lambda: drawn.add("map")), (lambda: drawn.add("vehicles"))
    host.map_drawn.connect(on_map)
    host.vehicles_drawn.connect(on_vehicles)
    began = time.perf_counter()
    os.kill(host.renderer_pid, signal.SIGKILL)
    while len(drawn) < 2:
        wait(LOOK_MS)
        if time.perf_counter() - began > PATIENCE_S:
            raise TimedOut("the map did not come back")
    back_s = time.perf_counter() - began
    host.map_drawn.disconnect(on_map)
    host.vehicles_drawn.disconnect(on_vehicles)
    wait(1_000)
    return Kill(back_s, _standing(room) == before)


def _standing(room: Room) -> Any:  # noqa: ANN401 - compared, not looked into
    """What must be the same afterwards: zoom, and what the desktop knows."""
    page = room.page()
    session = room.desktop.session
    return round(page["zoom"], 3), session.selection, room.desktop.map.following
