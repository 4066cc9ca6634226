"""How soon the window shows any moment of a ten-hour shift of 300 vehicles, and what it blocks.

The real window on a recording, without any gateway. A moment is asked for at random; it is shown
once every panel, the figures and what the map is handed are of it. A block is the longest time in
which the window could not have answered a key; work is the processor time of the window's own
thread in it, which a busy machine does not lengthen.

python -m tests.benchmarks.timetravel [--moments N] [--vehicles N] [--file FILE.tower] [--json]
"""

import os
import random
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from tests.benchmarks._display import settle_environment
from tests.benchmarks._host import host_lines
from tests.benchmarks._replay_shift import make_shift
from tests.benchmarks._window import SIZE, Heart
from tests.benchmarks.replay import made
from tests.report import Line, argument_parser, show
from tower.domain.fold import fold
from tower.gateway.options import DesktopOptions
from tower.gateway.recordings import Setting
from tower.gateway.server import JOURNAL_FILE
from tower.journal.reading import read_events
from ui.desktop import Desktop, application
from ui.nogateway import NoGateway
from ui.timings import Timings

PATIENCE_S = 60.0
SETTLE_S = 5.0
BETWEEN_S = 0.15
"""Between two moments, as a hand that looks at each; in it the window catches up with nothing."""

STEPS = 40
STEP_S = 12.0
"""Shift time from picture to picture at x120."""


class NeverShownError(Exception):
    """A moment was not shown in a time anybody would wait."""


def recorded(folder: Path, vehicles: int, seed: int) -> Path:
    """A recording of a made-up shift, as a file."""
    shapes = make_shift(folder, vehicles, seed)
    journal = folder / JOURNAL_FILE
    events = list(read_events(journal))
    now = max(event.recorded_at for event in events)
    setting = Setting(shift=fold(events).shift, region="liechtenstein", now=now, shapes=shapes)
    file = folder / "shift.tower"
    file.write_bytes(made(journal, setting)[1])
    return file


class Room:
    """The window on a recording.

    Attributes:
        heart: how long the window is blocked.
    """

    def __init__(self, file: Path) -> None:
        options = DesktopOptions(size=SIZE, replay_file=str(file), awaits_vehicles=False, region="")
        self._desktop = Desktop(options, NoGateway(file), Timings(time.time()))
        self._shown = 0
        self._desktop.travel.shown.connect(self._on_shown)
        self._desktop.open()
        self._until(lambda: self._shown > 0 and self._is_settled)
        self.pause(SETTLE_S)
        self.heart = Heart(self._desktop)

    def _on_shown(self) -> None:
        self._shown += 1

    @property
    def _is_settled(self) -> bool:
        """Whether everything on the screen is of the moment that is shown."""
        return not (self._desktop.map.is_behind or self._desktop.window.is_behind)

    def shown_ms(self, share: float) -> float:
        """Milliseconds until the moment at a share of the span is on every panel."""
        travel, before = self._desktop.travel, self._shown
        begun = time.perf_counter()
        travel.go_to(travel.span.at(share))
        self._until(lambda: self._shown > before and self._is_settled)
        return (time.perf_counter() - begun) * 1000

    def share_of(self, seconds: float) -> float:
        """So many seconds as a share of the span."""
        span = self._desktop.travel.span
        return seconds / (span.ends - span.begins).total_seconds()

    def pause(self, seconds: float) -> None:
        """Let the window do what it likes."""
        ends = time.perf_counter() + seconds
        self._until(lambda: time.perf_counter() >= ends)

    def close(self) -> None:
        """Leave."""
        self._desktop.window.close()
        self._desktop.shut_down()

    def _until(self, happened: Callable[[], bool]) -> None:
        ends = time.perf_counter() + PATIENCE_S
        while not happened():
            if time.perf_counter() > ends:
                raise NeverShownError(self._desktop.travel.trouble or "the moment never came")
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 10)


def measure(options: Namespace, folder: Path) -> list[Line]:
    """Look at moments at random, then at one after the other."""
    file = Path(options.file) if options.file else recorded(folder, options.vehicles, options.seed)
    room, chance = Room(file), random.Random(options.seed)
    room.heart.forget()
    anywhere = []
    for _ in range(options.moments):
        anywhere.append(room.shown_ms(chance.random()))
        room.pause(BETWEEN_S)
    block, work = room.heart.block_ms, room.heart.work_ms
    room.heart.forget()
    first, step = chance.random() / 2, room.share_of(STEP_S)
    steps = [room.shown_ms(first + number * step) for number in range(STEPS)]
    played, worked = room.heart.block_ms, room.heart.work_ms
    room.close()
    return [
        Line("shown_p50_ms", float(np.percentile(anywhere, 50)), "A moment at random: half", "ms"),
        Line("shown_p95_ms", float(np.percentile(anywhere, 95)), "The same, 95 of 100", "ms"),
        Line("shown_max_ms", max(anywhere), "The same, the slowest", "ms"),
        Line("gui_block_max_ms", block, "Longest block of the window meanwhile", "ms"),
        Line("gui_work_max_ms", work, "The same, its own work in it", "ms"),
        Line("step_p95_ms", float(np.percentile(steps, 95)), "A step of x120: 95 of 100", "ms"),
        Line("step_block_max_ms", played, "Longest block of the window meanwhile", "ms"),
        Line("step_work_max_ms", worked, "The same, its own work in it", "ms"),
        Line("load", os.getloadavg()[0], "Load of the machine meanwhile, processes"),
    ]


def main() -> None:
    """Run from the command line."""
    parser = argument_parser("tests.benchmarks.timetravel", str(__doc__))
    parser.add_argument("--moments", type=int, default=100, help="looked at (%(default)s)")
    parser.add_argument("--vehicles", type=int, default=300, help="of the shift (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of everything made up (%(default)s)")
    parser.add_argument("--file", default="", help="a recording to travel in instead")
    options = parser.parse_args()
    settle_environment()
    host = host_lines()
    app = application()
    with tempfile.TemporaryDirectory(prefix="tower-timetravel-") as folder:
        show([*measure(options, Path(folder)), *host], as_json=options.json)
    app.processEvents()


if __name__ == "__main__":
    main()
