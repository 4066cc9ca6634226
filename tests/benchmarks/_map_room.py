"""The real window on a real gateway, fed by the phones of a large shift: three processes."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from tests.benchmarks._map_costs import Costs
from tests.benchmarks._map_terms import REGION, TOKEN_VARIABLE, Sent
from tests.benchmarks._window import (
    PATIENCE_MS,
    SIZE,
    Heart,
    KnownGateway,
    TimedOut,
    until_live,
    wait,
)
from tower.gateway.options import DesktopOptions
from ui.desktop import Desktop, application
from ui.timings import Timings


class Feeder:
    """The process that speaks for all vehicles.

    Args:
        host: the gateway it speaks to.
        routes: how many there are.

    Attributes:
        pid: its process id.
    """

    def __init__(self, host: KnownGateway, routes: int) -> None:
        command = ("-m", "tests.benchmarks._map_feeder", host.url, f"--routes={routes}")
        self._process = subprocess.Popen(
            [sys.executable, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, TOKEN_VARIABLE: host.token},
        )
        self.pid = self._process.pid
        self._read()

    def begin(self) -> None:
        """From now on every vehicle says where it is once a second."""
        self._say()

    def sent(self) -> Sent:
        """What was sent so far."""
        self._say()
        return msgspec.json.decode(self._read(), type=Sent)

    def stop(self) -> None:
        """Fall silent for good."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()

    def _say(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()

    def _read(self) -> bytes:
        assert self._process.stdout is not None
        if not (line := self._process.stdout.readline()):
            raise TimedOut("the feeder ended")
        return line


class Room(NamedTuple):
    """All of it, live.

    Attributes:
        live_s: seconds from the making of the window to live vehicles on its map.
    """

    desktop: Desktop
    host: KnownGateway
    feeder: Feeder
    costs: Costs
    heart: Heart
    live_s: float

    def page(self) -> dict[str, Any]:
        """What the map page says of how it draws."""
        answers: list[dict[str, Any]] = []
        self.desktop.map.stats(answers.append)
        ends = time.perf_counter() + PATIENCE_MS / 1000
        while not answers and time.perf_counter() < ends:
            wait(5)
        if not answers:
            raise TimedOut("the map page does not answer")
        return answers[0]


@contextlib.contextmanager
def opened(vehicles: int, stops: int, folder: Path) -> Iterator[Room]:
    """A gateway with a large shift, its vehicles under way, and a window on it.

    There must be no QApplication yet; the scheme of the map is registered here.

    Args:
        vehicles: how many, each with a route.
        stops: how many in all.
        folder: where gateway and window keep what they keep.

    Raises:
        TimedOut: the window did not become live.
    """
    os.environ["XDG_CONFIG_HOME"] = str(folder)
    data = folder / "data"
    writing = ("-m", "tests.benchmarks._map_shift", str(data))
    subprocess.run(
        [sys.executable, *writing, f"--vehicles={vehicles}", f"--stops={stops}"], check=True
    )
    app = application()
    host = KnownGateway(_gateway_command(data), folder / "gateway.log")
    with contextlib.ExitStack() as stack:
        stack.callback(host.stop)
        host.wait_ready()
        feeder = Feeder(host, vehicles)
        stack.callback(feeder.stop)
        feeder.begin()
        yield _with_window(host, feeder, stack)
    app.processEvents()


def _gateway_command(data: Path) -> tuple[str, ...]:
    flags = ("--port", "0", "--announce", "--die-with-parent")
    return (
        sys.executable, "-m", "tower", "gateway", *flags, "--region", REGION, "--data", str(data)
    )  # fmt: skip


def _with_window(host: KnownGateway, feeder: Feeder, stack: contextlib.ExitStack) -> Room:
    began = time.perf_counter()
    desktop = Desktop(DesktopOptions(size=SIZE), host, Timings(time.time()))
    stack.callback(_close, desktop)
    until_live(desktop)
    live_s = time.perf_counter() - began
    costs = Costs(host.pid, feeder.pid)
    return Room(desktop, host, feeder, costs, Heart(desktop), live_s)


def _close(desktop: Desktop) -> None:
    desktop.window.close()
    desktop.shut_down()
