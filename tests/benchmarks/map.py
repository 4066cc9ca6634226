"""How the window stands a large fleet: the real window on a real gateway, fed at 1 Hz a vehicle.

Three processes besides the web engine's: a feeder speaks for all vehicles, each of which says once
a second where it is on its way along the roads and reports its deliveries; the gateway takes that
in, predicts all stops and tells the desktop; the desktop is the one `tower` opens, 1920 x 1080.

The map shows the whole shift. First it is only looked at, then dragged, then zoomed in and out,
then a dispatcher selects one thing after another. A frame time is that between two frames of the
page. A block is the longest time in which the window could not have answered a key; work is the
processor time of the window's own thread in it, which a busy machine does not lengthen.

Send to drawn is from the device's time in a fix to the first painting with that fix in it, by the
machine's one clock, taken on the map itself. Memory is the sum of gateway, desktop and web engine:
`rss_*` counts a page several processes share once for each, `pss_*` once in all.

With --widget only the map widget is measured, without a gateway, on synthetic vehicles.
"""

import json
import os
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any, Literal, NamedTuple

from PySide6.QtWebEngineWidgets import QWebEngineView

from tests.benchmarks import _map_widget
from tests.benchmarks._display import settle_environment
from tests.benchmarks._host import host_lines
from tests.benchmarks._map_costs import all_told
from tests.benchmarks._map_room import Room, opened
from tests.benchmarks._memory import Used
from tests.benchmarks._window import Heart, wait
from tests.report import Line, argument_parser, show

SETTLE_MS = 8_000
STEP_MS = 250
LAST_FRAME_MS = 500
"""The page says what it counted when its own time is over, a little after ours."""

NEAR_ROUTE = "r0"
STOPS_A_VEHICLE = 10


class Stretch(NamedTuple):
    """What a while of one thing came to.

    Attributes:
        page: what the map page counted.
        block_ms: the longest block of the window. work_ms: its own work in it.
        over: blocks of more than 50 ms.
    """

    page: dict[str, Any]
    block_ms: float
    work_ms: float
    over: int


class Watched:
    """A room in which one thing is done after another, each for as long."""

    def __init__(self, room: Room, seconds: float) -> None:
        self._room, self._seconds = room, seconds

    def moving(self, movement: Literal["drag", "zoom", "still"]) -> Stretch:
        """The map moves by itself, or is only looked at."""
        return self._stretch(lambda: self._begin(movement))

    def working(self) -> Stretch:
        """A dispatcher selects one thing after another, as fast as hands can."""
        deeds, heart = _deeds(self._room), self._room.heart
        heart.forget()
        ends = time.perf_counter() + self._seconds
        while time.perf_counter() < ends:
            next(deeds)
            wait(STEP_MS)
        return self._read(heart)

    def picking(self) -> dict[str, Any]:
        """How long the page takes to find what lies under the pointer."""
        found: list[dict[str, Any]] = []
        self._page(
            "window.tower.measurePick()", lambda text: found.append(json.loads(text or "{}"))
        )
        while not found:
            wait(20)
        return found[0]

    def _begin(self, movement: Literal["drag", "zoom", "still"]) -> None:
        script = f"window.tower.measure('{movement}', {self._seconds * 1000})"
        self._page(script, lambda _: None)

    def _page(self, script: str, callback: Callable[[str], None]) -> None:
        """Have a script run by the page that is seen."""
        views = self._room.desktop.window.findChildren(QWebEngineView)
        next(view for view in views if view.isVisible()).page().runJavaScript(script, 0, callback)

    def _stretch(self, begin: Callable[[], object]) -> Stretch:
        heart = self._room.heart
        heart.forget()
        wait(self._seconds * 1000 + LAST_FRAME_MS, begin)
        return self._read(heart)

    def _read(self, heart: Heart) -> Stretch:
        seen = heart.block_ms, heart.work_ms, heart.over
        return Stretch(self._room.page(), *seen)


def _deeds(room: Room) -> Iterator[None]:
    session, trigger = room.desktop.session, room.desktop.window.actions_by_id
    stops, vehicles = cycle(session.state.stops), cycle(session.vehicles.ids)
    while True:
        session.select("stop", next(stops))
        yield
        session.select("vehicle", next(vehicles))
        yield
        for name in ("route_next", "exception_next", "stop_next"):
            trigger[name].trigger()
            yield


def measure(options: Namespace, folder: Path) -> list[Line]:
    """Open the room, look at it, drag, zoom, work."""
    host = host_lines()
    with opened(options.vehicles, options.stops, folder) as room:
        wait(SETTLE_MS)
        room.desktop.map.fit_all()
        wait(SETTLE_MS)
        room.feeder.sent()
        room.costs.restart()
        begun = room.costs.memory()
        watched = Watched(room, options.seconds)
        still, dragged = watched.moving("still"), watched.moving("drag")
        zoomed, worked = watched.moving("zoom"), watched.working()
        room.desktop.map.fit_route(NEAR_ROUTE)
        wait(2_000)
        near = watched.moving("drag")
        cpu, sent = room.costs.cpu_pct(), room.feeder.sent()
        picks, ended = watched.picking(), room.costs.memory()
        external = room.desktop.map.external_requests
        state = room.desktop.session.state
        return [
            Line("vehicles", int(still.page["vehicles"]), "Vehicles on the map"),
            Line("stops", len(state.stops), "Stops on the day"),
            *_frames("still", still, "Looked at"),
            *_frames("pan", dragged, "Dragged"),
            *_frames("zoom", zoomed, "Zoomed"),
            *_block("work", worked, "Worked in"),
            *_frames("pan_near", near, "Dragged close up"),
            *_blocks([still, dragged, zoomed, worked, near]),
            *_delays([still, dragged]),
            Line("draw_p95_ms", dragged.page["draw_p95_ms"], "Drawing vehicles, p95", "ms"),
            Line("pick_p50_ms", picks.get("pick_p50_ms"), "What lies under the pointer", "ms"),
            Line("pick_p95_ms", picks.get("pick_p95_ms"), "The same, 95 of 100 within", "ms"),
            *(Line(f"{part}_cpu_pct", cpu[part], f"Processor: {part}", "%") for part in cpu),
            *_memory(begun, ended),
            Line("sent_per_s", sent.fixes / max(sent.running_s, 1e-9), "Fixes sent", "1/s"),
            Line("sent_late_ms", 1000 * sent.late_s, "Sent late by at most", "ms"),
            Line("failed", sent.failed, "Messages the gateway did not take"),
            Line("ingest_max_ms", 1000 * sent.answer_s, "Longest answer to a message", "ms"),
            Line("live_s", room.live_s, "Window made to live vehicles on its map", "s"),
            Line("external_requests", external, "Requests that left the machine"),
            Line("load", os.getloadavg()[0], "Load of the machine meanwhile, processes"),
            *host,
        ]


def _frames(name: str, stretch: Stretch, words: str) -> list[Line]:
    page = stretch.page
    return [
        Line(f"fps_{name}", page["fps"], f"{words}: frames", "frames/s"),
        Line(f"frame_p50_{name}_ms", page["frame_p50_ms"], "  between them, median", "ms"),
        Line(f"frame_p95_{name}_ms", page["frame_p95_ms"], "  95 of 100 within", "ms"),
        Line(f"frame_max_{name}_ms", page["frame_max_ms"], "  longest", "ms"),
        *_block(name, stretch, words),
    ]


def _block(name: str, stretch: Stretch, words: str) -> list[Line]:
    """Frames are counted only while the map moves."""
    return [
        Line(f"gui_block_{name}_ms", stretch.block_ms, f"{words}: longest block", "ms"),
        Line(f"gui_work_{name}_ms", stretch.work_ms, "  its own work in it", "ms"),
    ]


def _blocks(stretches: list[Stretch]) -> list[Line]:
    block = max(stretch.block_ms for stretch in stretches)
    work = max(stretch.work_ms for stretch in stretches)
    over = sum(stretch.over for stretch in stretches)
    return [
        Line("gui_block_max_ms", block, "Longest block of the window", "ms"),
        Line("gui_work_max_ms", work, "Longest own work of its thread at a stretch", "ms"),
        Line("gui_blocks_over_50_ms", over, "Blocks of more than 50 ms"),
    ]


def _delays(stretches: list[Stretch]) -> list[Line]:
    worst = {key: max(one.page.get(key, 0.0) for one in stretches) for key in _DELAYS}
    return [Line(key, worst[key], words, "ms") for key, words in _DELAYS.items()]


_DELAYS = {
    "drawn_p50_ms": "Fix taken by the device to drawn, median",
    "drawn_p95_ms": "The same, 95 of 100 within",
    "drawn_p99_ms": "The same, 99 of 100 within",
    "behind_p95_ms": "Frame handed to the page to drawn, 95 of 100 within",
}


def _memory(begun: dict[str, Used], ended: dict[str, Used]) -> list[Line]:
    first, last = all_told(begun), all_told(ended)
    parts = [
        Line(f"{part}_{when}_mb", one.rss, f"  {part}, {words} (PSS {one.pss:.0f})", "MB")
        for when, words, memory in (("start", "at start", begun), ("end", "at end", ended))
        for part, one in memory.items()
    ]
    return [
        Line("rss_start_mb", first.rss, "Memory at start, RSS", "MB"),
        Line("rss_end_mb", last.rss, "Memory at end, RSS", "MB"),
        Line("pss_start_mb", first.pss, "Memory at start, PSS", "MB"),
        Line("pss_end_mb", last.pss, "Memory at end, PSS", "MB"),
        *parts,
    ]


def main() -> None:
    """Run from the command line."""
    parser = argument_parser("tests.benchmarks.map", str(__doc__))
    parser.add_argument("--vehicles", type=int, default=300, help="how many (%(default)s)")
    parser.add_argument("--stops", type=int, help=f"on the day ({STOPS_A_VEHICLE} a vehicle)")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each part (%(default)s)")
    parser.add_argument("--widget", action="store_true", help="the map widget alone")
    options = parser.parse_args()
    options.stops = options.stops or STOPS_A_VEHICLE * options.vehicles
    settle_environment()
    if options.widget:
        show(_map_widget.measure(options), as_json=options.json)
        return
    with tempfile.TemporaryDirectory(prefix="tower-map-") as folder:
        show(measure(options, Path(folder)), as_json=options.json)


if __name__ == "__main__":
    main()
