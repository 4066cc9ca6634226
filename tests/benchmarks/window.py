"""Whether the window ever keeps a dispatcher waiting, and what it costs while nobody touches it.

The real window with its own gateway on the simulated shift. First it is only looked at, for what
its processes cost; then a dispatcher walks exceptions, routes and stops, and types into Ctrl+K. A
block is the longest time in which the window could not have answered a key; work is the processor
time of the window's own thread in it, which a busy machine does not lengthen.
"""

import os
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.benchmarks._display import settle_environment
from tests.benchmarks._map_costs import Costs
from tests.benchmarks._window import SIZE, Heart, until_live, wait
from tests.report import Line, argument_parser, show
from tower.cli.desktop import demo_command
from tower.gateway.options import DesktopOptions
from ui.desktop import Desktop, application
from ui.embedded import EmbeddedGateway
from ui.timings import Timings

STEP_MS = 250
SETTLE_MS = 5_000
TYPED = "demo pharmacy"


def measure(options: Namespace, folder: Path) -> list[Line]:
    """Open the window, look at it, work in it."""
    command = (*demo_command(options.speed, 1), "--data", str(folder / "data"))
    host = EmbeddedGateway(command, folder / "gateway.log")
    desktop = Desktop(DesktopOptions(size=SIZE), host, Timings(time.time()))
    until_live(desktop)
    wait(SETTLE_MS)
    heart, costs = Heart(desktop), Costs(host.pid)
    wait(options.seconds * 1000)
    cpu, idle = costs.cpu_pct(), (heart.block_ms, heart.work_ms)
    heart.forget()
    steps = _work(desktop, options.seconds)
    memory = costs.memory()
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
            Line(f"{part}_mb", used.pss, f"Memory of the {part}", "MB")
            for part, used in memory.items()
        ),
        Line("load", os.getloadavg()[0], "Load of the machine meanwhile, processes"),
    ]


def _work(desktop: Desktop, seconds: float) -> int:
    """Do one thing after another, as fast as hands can."""
    ends, steps = time.perf_counter() + seconds, 0
    deeds = _deeds(desktop)
    while time.perf_counter() < ends:
        next(deeds)()
        steps += 1
        wait(STEP_MS)
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
    app = application()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CONFIG_HOME"] = folder
        show(measure(options, Path(folder)), as_json=options.json)
    app.processEvents()


if __name__ == "__main__":
    main()
