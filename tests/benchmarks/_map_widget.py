"""How smoothly the map widget alone draws: vehicles on real roads, dragged in circles.

The widget is the desktop's own, without a window around it, on the demo region, with synthetic
routes and vehicles that get a fix a second. Frame times are those between frames while the map is
being dragged, and while it zooms in and out; the longest block is the longest time the window could
not have answered a key.
"""

import os
import sys
import time
from argparse import Namespace
from pathlib import Path
from statistics import median
from typing import Any, Literal

import msgspec
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from tests.benchmarks._window import Heart, until, wait
from tests.report import Line
from tests.ui.map.synthetic_shift import SyntheticShift
from tower.road.pack import RegionPack
from ui.map.scene import VehicleColumns
from ui.map.scheme import register_scheme
from ui.map.view import MapView

PACK = Path(__file__).resolve().parents[2] / "resources" / "regions" / "liechtenstein.region"
WIDTH, HEIGHT = 1280, 800
ROUTES = 24
SETTLE_MS = 2_000
CALLS = 50
BETWEEN_CALLS_MS = 60
MANY = 10_000
ROUTE = "R-202"
SPARE_FRAMES = 12


def measure(options: Namespace) -> list[Line]:
    """Show the shift, drag the map, and read what the page counted."""
    register_scheme()
    application = QApplication(sys.argv[:1])
    with RegionPack.open(PACK) as pack:
        shift = SyntheticShift(pack, min(ROUTES, options.vehicles), options.vehicles)
        begun = time.perf_counter()
        view = MapView(pack)
        view.resize(WIDTH, HEIGHT)
        until(view.map_drawn, view.show)
        map_s = time.perf_counter() - begun
        call_ms = _show_vehicles_ms(view, SyntheticShift(pack, 4, MANY))
        fixes = _drive(view, shift, options.seconds)
        view.fit_route(ROUTE)
        wait(SETTLE_MS)
        heart = Heart(view)
        dragged = _moved(view, "drag", options.seconds)
        zoomed = _moved(view, "zoom", options.seconds)
        blocked_ms = heart.block_ms
        fixes.stop()
        external = view.external_requests
        view.close_page()
    application.processEvents()
    return [
        Line("vehicles", int(dragged["vehicles"]), "Vehicles on the map"),
        Line("fps_pan", dragged["fps"], "Frames while dragging", "frames/s"),
        Line("frame_p50_pan_ms", dragged["frame_p50_ms"], "Between them, median", "ms"),
        Line("frame_p95_pan_ms", dragged["frame_p95_ms"], "Between them, 95 of 100 within", "ms"),
        Line("frame_max_pan_ms", dragged["frame_max_ms"], "Between them, longest", "ms"),
        Line("fps_zoom", zoomed["fps"], "Frames while zooming", "frames/s"),
        Line("frame_p95_zoom_ms", zoomed["frame_p95_ms"], "Between them, 95 of 100 within", "ms"),
        Line("gui_block_max_ms", blocked_ms, "Longest block of the window", "ms"),
        Line("drawn_p50_ms", dragged["behind_p50_ms"], "Fix handed over to drawn, median", "ms"),
        Line("drawn_p95_ms", dragged["behind_p95_ms"], "The same, 95 of 100 within", "ms"),
        Line("draw_p95_ms", dragged["draw_p95_ms"], "Drawing vehicles, 95 of 100 within", "ms"),
        Line("map_s", map_s, "Widget made to base map drawn", "s"),
        Line("show_vehicles_10k_ms", call_ms, "Handing over 10,000 vehicles", "ms"),
        Line("external_requests", external, "Requests that left the machine"),
        Line("load", os.getloadavg()[0], "Load of the machine meanwhile, processes"),
    ]


def _show_vehicles_ms(view: MapView, shift: SyntheticShift) -> float:
    frames = [shift.frame(second) for second in range(4)]
    costs = []
    for call in range(CALLS):
        begun = time.perf_counter()
        view.show_vehicles(frames[call % len(frames)])
        costs.append((time.perf_counter() - begun) * 1000.0)
        wait(BETWEEN_CALLS_MS)  # so that the page asks again and the call has to answer
    return median(costs)


def _drive(view: MapView, shift: SyntheticShift, seconds: float) -> QTimer:
    """Show the shift and hand over a fix of every vehicle each second, worked out beforehand."""
    frames = [shift.frame(second) for second in range(int(2 * seconds) + SPARE_FRAMES)]
    handed = iter(frames)
    timer = QTimer(view)
    timer.timeout.connect(lambda: view.show_vehicles(_stamped(next(handed, frames[-1]))))
    timer.start(1000)
    view.show_scene(shift.scene())
    wait(SETTLE_MS)
    return timer


def _stamped(frame: VehicleColumns) -> VehicleColumns:
    """The frame as if its fixes were taken now, so that the page can tell the delay."""
    now_ms = time.time() * 1000.0
    return msgspec.structs.replace(frame, at_ms=frame.at_ms - frame.now_ms + now_ms, now_ms=now_ms)


def _moved(view: MapView, movement: Literal["drag", "zoom"], seconds: float) -> dict[str, Any]:
    """Let the map move by itself, and read what the page counted meanwhile."""
    view.move_by_itself(movement, seconds)
    wait(seconds * 1000 + 500)
    answers: list[dict[str, Any]] = []
    loop = QEventLoop()
    view.stats(answers.append)
    while not answers:
        loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    return answers[0]
