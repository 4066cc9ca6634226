"""Whether the window ever keeps a dispatcher waiting, and what it costs while nobody touches it.

The real window with its own gateway on the simulated shift. First it is only looked at, for what
its processes cost; then a dispatcher walks exceptions, routes and stops, and types into Ctrl+K. A
block is the longest time in which the window could not have answered a key; work is the processor
time of the window's own thread in it, which a busy machine does not lengthen.
"""

import os
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import psutil
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.benchmarks._display import settle_environment
from tests.report import Line, argument_parser, show
from tower.cli.desktop import demo_command
from tower.gateway.options import DesktopOptions
from ui.desktop import Desktop
from ui.embedded import EmbeddedGateway
from ui.map.scheme import register_scheme
from ui.timings import Timings

SIZE = (1920, 1080)
BEAT_MS = 5
STEP_MS = 250
SETTLE_MS = 5_000
PATIENCE_MS = 60_000
TYPED = "demo pharmacy"


class WindowTimedOut(Exception):
    """The window did not become live."""


class Heart:
    """Beats on the window's thread; a beat that is late says how long the thread was busy.

    Attributes:
        block_ms: between two beats, longest.
        work_ms: processor time of the thread between two beats, longest.
    """

    def __init__(self, parent: QObject) -> None:
        self.block_ms = self.work_ms = 0.0
        self._seen, self._worked = time.perf_counter(), time.thread_time()
        timer = QTimer(parent)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(self._on_timeout)
        timer.start(BEAT_MS)

    def forget(self) -> None:
        """Begin anew."""
        self.block_ms = self.work_ms = 0.0

    def _on_timeout(self) -> None:
        seen, worked = time.perf_counter(), time.thread_time()
        self.block_ms = max(self.block_ms, (seen - self._seen) * 1000 - BEAT_MS)
        self.work_ms = max(self.work_ms, (worked - self._worked) * 1000)
        self._seen, self._worked = seen, worked


class Costs:
    """Processor time and memory of the window, its web engine and its gateway.

    Args:
        gateway_pid: process id of the gateway; the other children are the web engine's.
    """

    def __init__(self, gateway_pid: int) -> None:
        own = psutil.Process()
        children = own.children(recursive=True)
        self._parts = {
            "desktop": [own],
            "map": [one for one in children if one.pid != gateway_pid],
            "gateway": [one for one in children if one.pid == gateway_pid],
        }
        self._begun, self._spent = time.perf_counter(), self._times()

    def _times(self) -> dict[str, float]:
        return {
            part: sum(sum(one.cpu_times()[:2]) for one in processes)
            for part, processes in self._parts.items()
        }

    def cpu_pct(self) -> dict[str, float]:
        """Share of one processor each part took since the beginning, per cent."""
        took = time.perf_counter() - self._begun
        return {
            part: 100 * (spent - self._spent[part]) / took for part, spent in self._times().items()
        }

    def memory_mb(self) -> dict[str, float]:
        """What each part has in memory that it shares with nobody, megabytes."""
        return {
            part: sum(one.memory_full_info().uss for one in processes) / 1e6
            for part, processes in self._parts.items()
        }


def measure(options: Namespace, folder: Path) -> list[Line]:
    """Open the window, look at it, work in it."""
    command = (*demo_command(options.speed, 1), "--data", str(folder / "data"))
    host = EmbeddedGateway(command, folder / "gateway.log")
    desktop = Desktop(DesktopOptions(size=SIZE), host, Timings(time.time()))
    _until_live(desktop)
    heart, costs = Heart(desktop), Costs(host.pid)
    _pause(int(options.seconds * 1000))
    cpu, idle = costs.cpu_pct(), (heart.block_ms, heart.work_ms)
    heart.forget()
    steps = _work(desktop, options.seconds)
    memory = costs.memory_mb()
    desktop.window.close()
    desktop.shut_down()
    return [
        Line("gui_block_max_ms", heart.block_ms, "Worked in: longest block of the window", "ms"),
        Line("gui_work_max_ms", heart.work_ms, "The same, its own work in it", "ms"),
        Line("steps", steps, "Things selected and typed meanwhile"),
        Line("idle_block_max_ms", idle[0], "Looked at: longest block of the window", "ms"),
        Line("idle_work_max_ms", idle[1], "The same, its own work in it", "ms"),
        *(
            Line(f"{part}_cpu_pct", value, f"Looked at: {part}", "% of a core")
            for part, value in cpu.items()
        ),
        *(
            Line(f"{part}_mb", value, f"Memory of the {part}", "MB")
            for part, value in memory.items()
        ),
        Line("load", os.getloadavg()[0], "Load of the machine meanwhile, processes"),
    ]


def _until_live(desktop: Desktop) -> None:
    loop = QEventLoop()
    desktop.timings.completed.connect(loop.quit)
    QTimer.singleShot(PATIENCE_MS, loop, lambda: loop.exit(1))
    desktop.open()
    if loop.exec():
        message = f"the window was not live within {PATIENCE_MS // 1000} s"
        raise WindowTimedOut(message)
    _pause(SETTLE_MS)


def _pause(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _work(desktop: Desktop, seconds: float) -> int:
    """Do one thing after another, as fast as hands can."""
    ends, steps = time.perf_counter() + seconds, 0
    deeds = _deeds(desktop)
    while time.perf_counter() < ends:
        next(deeds)()
        steps += 1
        _pause(STEP_MS)
    return steps


def _deeds(desktop: Desktop) -> Iterator[Callable[[], object]]:
    window, session = desktop.window, desktop.session
    trigger = {name: window.actions_by_id[name].trigger for name in window.actions_by_id}
    stops, letters = cycle(session.state.stops), cycle(TYPED)

    def type_one() -> None:
        if not window.palette_popup.isVisible():
            trigger["find"]()
        focused = QApplication.focusWidget()
        if focused is not None:
            QTest.keyClicks(focused, next(letters))

    for name in cycle(
        ("exception_next", "route_next", "stop_next", "map_fit_selected", "", "exception_next")
    ):
        if name:
            yield trigger[name]
        yield lambda: session.select("stop", next(stops))
        yield from (type_one for _ in TYPED[:4])
        yield window.palette_popup.close_palette


def main() -> None:
    """Run from the command line."""
    parser = argument_parser("tests.benchmarks.window", str(__doc__))
    parser.add_argument("--seconds", type=float, default=20.0, help="of each part (%(default)s)")
    parser.add_argument("--speed", type=float, default=1.0, help="of the shift (%(default)s)")
    options = parser.parse_args()
    settle_environment()
    register_scheme()
    application = QApplication(sys.argv[:1])
    application.setStyle("Fusion")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CONFIG_HOME"] = folder
        show(measure(options, Path(folder)), as_json=options.json)
    application.processEvents()


if __name__ == "__main__":
    main()
