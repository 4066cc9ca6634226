"""Whether the window's memory grows: hours of a dispatcher's work in the real window.

A real gateway process with a shift whose vehicles report once a second, and the real window on it.
A dispatcher pans and zooms the map, selects vehicles, routes, stops and exceptions, and switches
panels, at a hand's pace. Once a minute the map shows the whole shift, and page and window collect
their garbage, so that what they keep is told from what they have not yet thrown away. Then the
memory of every process is noted: PSS, its share of what it has in memory; RSS; and of PSS what no
file is behind. The slopes are of the last, by Theil and Sen, after the first minutes, in which
caches fill. The shift has one stop a vehicle, most of which are served in these minutes: what it
has to say of itself is all but complete by then, and what grows afterwards is not the shift.

With --crash the renderer of the map is killed instead, again and again, and what is told is how
long it took from the kill until map and vehicles were drawn again, and whether all was as before.
"""

import gc
import os
import sys
import tempfile
import time
import tracemalloc
from argparse import Namespace
from collections.abc import Callable, Iterator
from itertools import count, cycle
from pathlib import Path

from PySide6.QtWebEngineCore import qWebEngineChromiumVersion, qWebEngineVersion
from PySide6.QtWebEngineWidgets import QWebEngineView

from tests.benchmarks._display import settle_environment
from tests.benchmarks._growth import slope_mb_per_hour
from tests.benchmarks._map_room import Room, opened
from tests.benchmarks._memory import Diary, Sample, together
from tests.benchmarks._renderer_kills import kill_again_and_again
from tests.benchmarks._window import wait
from tests.report import Line, argument_parser, show

OWN = ("desktop", "renderer", "web", "gateway")
STEP_S = 1.5
SAMPLE_S = 60.0
SETTLE_MS = 5_000
LOOK_MS, COLLECT_MS = 3_000, 1_500
QUIET_MS, REPLACE_MS = 6_000, 20_000
V8_FLAGS = "--js-flags=--expose-gc --enable-precise-memory-info"
HEAP = "window.gc(); performance.memory.usedJSHeapSize / 1e6"
MOST_GROWN = 12


class Soak:
    """A room in which somebody works while its memory is noted.

    Args:
        room: the room.
        tell: takes a line for each look.
        recycle_s: replace the map's page so often, seconds; 0 leaves that to the desktop.
    """

    def __init__(self, room: Room, tell: Callable[[str], None], recycle_s: float) -> None:
        self._room, self._tell, self._recycle_s = room, tell, recycle_s
        self.diary, self.steps, self.pages = Diary(), 0, 1
        self._pid = 0
        self.heap_mb: list[float] = []

    def run(self, minutes: float) -> None:
        """Work for so long."""
        began = looked = recycled = time.monotonic()
        deeds = _deeds(self._room)
        self._look()
        while time.monotonic() - began < minutes * 60.0:
            next(deeds)
            self.steps += 1
            wait(STEP_S * 1000)
            now = time.monotonic()
            if self._recycle_s and now - recycled >= self._recycle_s:
                recycled = now
                wait(QUIET_MS)
                self._room.desktop.map.recycle("the soak asks for it")
                wait(REPLACE_MS)
            if now - looked >= SAMPLE_S:
                looked += SAMPLE_S
                self._look()

    def _look(self) -> None:
        self._collect()
        pid = self._room.desktop.map.renderer_pid
        self.pages += self._pid not in (0, pid)
        self._pid = pid
        sample = self.diary.look(self._room.costs.processes() | {pid: "renderer"})
        parts = "  ".join(
            f"{part} {used.pss:.1f}/{used.rss:.1f}/{used.own:.1f}"
            for part, used in sorted(sample.parts.items())
        )
        heap = f"{self.heap_mb[-1]:.1f}" if self.heap_mb else "?"
        at = f"{sample.at_s / 60:6.1f} min"
        self._tell(f"{at}  pss/rss/own MB: {parts}  heap of the page {heap} MB")

    def _collect(self) -> None:
        """Look at the same picture each time, and have garbage collected in the page and here."""
        self._room.desktop.session.select("", "")
        self._room.desktop.map.fit_all()
        wait(LOOK_MS)
        for view in self._room.desktop.window.findChildren(QWebEngineView):
            view.page().runJavaScript(HEAP, 0, self.heap_mb.append)
        gc.collect()
        wait(COLLECT_MS)


def _most_grown(before: tracemalloc.Snapshot, after: tracemalloc.Snapshot) -> list[str]:
    """The lines of the window's Python whose memory grew most, in words."""
    grown = after.compare_to(before, "lineno")
    return [str(one) for one in grown[:MOST_GROWN] if one.size_diff > 0]


def _deeds(room: Room) -> Iterator[None]:
    """One thing after another, as a dispatcher does."""
    desktop, window = room.desktop, room.desktop.window
    session, trigger = desktop.session, window.actions_by_id
    stops, vehicles = cycle(session.state.stops), cycle(session.vehicles.ids)
    docks = cycle(window.docks)
    for turn in count():
        desktop.map.move_by_itself("zoom" if turn % 4 == 3 else "drag", 3.0)
        yield
        session.select("vehicle", next(vehicles))
        yield
        window.show_dock(next(docks))
        yield
        session.select("stop", next(stops))
        yield
        for name in ("exception_next", "route_next", "map_fit_selected", "map_fit_all"):
            trigger[name].trigger()
            yield


def _traced(work: Soak, warm: float, minutes: float) -> list[str]:
    """Work with the window's Python memory traced; what grew most after the first minutes."""
    tracemalloc.start()
    work.run(warm)
    before = tracemalloc.take_snapshot()
    work.run(minutes - warm)
    after = tracemalloc.take_snapshot()
    tracemalloc.stop()
    return _most_grown(before, after)


def soak(options: Namespace, folder: Path) -> list[Line]:
    """Work in a room and tell how its memory went."""
    out = sys.stderr if options.json else sys.stdout
    with opened(options.vehicles, options.stops, folder) as room:
        wait(SETTLE_MS)
        work = Soak(room, lambda line: print(line, file=out, flush=True), options.recycle_s)
        warm = options.minutes / 4 if options.warm is None else options.warm
        grown = _traced(work, warm, options.minutes) if options.trace else None
        if grown is None:
            work.run(options.minutes)
    for line in grown or ():
        print(line, file=out)
    samples, warm_s = together(work.diary.samples, "all", OWN), 60.0 * warm
    late = together(work.diary.after(warm_s), "all", OWN)
    return [
        Line("minutes", options.minutes, "Worked in for", "min"),
        Line("vehicles", options.vehicles, "Vehicles, each reporting once a second"),
        Line("steps", work.steps, "Things done meanwhile"),
        Line("pages", work.pages, "Pages of the map, one after another"),
        Line("heap_start_mb", work.heap_mb[0] if work.heap_mb else None, "Page's heap first", "MB"),
        Line("heap_end_mb", work.heap_mb[-1] if work.heap_mb else None, "  and at the end", "MB"),
        Line("webengine", str(qWebEngineVersion()), "QtWebEngine"),
        Line("chromium", str(qWebEngineChromiumVersion()), "Chromium in it"),
        *_part(samples, late, "all", ""),
        *(line for part in OWN for line in _part(samples, late, part, f"{part}_")),
        Line("load", os.getloadavg()[0], "Load of the machine meanwhile, processes"),
    ]


def _part(samples: list[Sample], late: list[Sample], part: str, prefix: str) -> list[Line]:
    first, last = samples[0].parts.get(part), samples[-1].parts.get(part)
    title = "All of Tower" if part == "all" else f"{part.capitalize()}"
    slope = slope_mb_per_hour(late, part)
    return [
        Line(f"{prefix}slope_mb_per_hour", slope, f"{title}: grows by", "MB/h"),
        Line(f"{prefix}pss_start_mb", first.pss if first else None, "  PSS at the start", "MB"),
        Line(f"{prefix}pss_end_mb", last.pss if last else None, "  PSS at the end", "MB"),
        Line(f"{prefix}rss_end_mb", last.rss if last else None, "  RSS at the end", "MB"),
    ]


def crash(options: Namespace, folder: Path) -> list[Line]:
    """Kill the renderer again and again."""
    with opened(options.vehicles, options.stops, folder) as room:
        wait(SETTLE_MS)
        kills = kill_again_and_again(room, options.crash)
    times = sorted(kill.back_s for kill in kills)
    return [
        Line("vehicles", options.vehicles, "Vehicles, each reporting once a second"),
        Line("kills", len(kills), "Renderer killed, times"),
        Line("back_s", times[len(times) // 2], "Kill to map and vehicles drawn, median", "s"),
        Line("back_max_s", times[-1], "The same, longest", "s"),
        Line("kept", all(kill.is_as_before for kill in kills), "Zoom, selection, following kept"),
        Line("load", os.getloadavg()[0], "Load of the machine meanwhile, processes"),
    ]


def main() -> None:
    """Run from the command line."""
    parser = argument_parser("tests.benchmarks.soak", str(__doc__))
    parser.add_argument("--minutes", type=float, default=60.0, help="how long (%(default)s)")
    parser.add_argument("--vehicles", type=int, default=2_000, help="how many (%(default)s)")
    parser.add_argument("--stops", type=int, default=2_000, help="on the day (%(default)s)")
    parser.add_argument(
        "--warm", type=float, help="minutes left out of the slopes (a quarter of them)"
    )
    parser.add_argument(
        "--recycle-s", type=float, default=0.0, help="replace the map's page so often, seconds"
    )
    parser.add_argument(
        "--trace", action="store_true", help="tell which lines of the window's Python grew most"
    )
    parser.add_argument("--crash", type=int, default=0, help="kill the renderer so many times")
    options = parser.parse_args()
    settle_environment()
    os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = V8_FLAGS
    with tempfile.TemporaryDirectory(prefix="tower-soak-") as folder:
        measure = crash if options.crash else soak
        show(measure(options, Path(folder)), as_json=options.json)


if __name__ == "__main__":
    main()
