"""What the processes of a window cost: the desktop, its web engine, its gateway, and who feeds it.

Memory twice. RSS counts a page that several processes share once for each of them, so that the sum
over a web engine's processes is more than the machine gives; PSS divides such a page among them.
"""

import contextlib
import time
from collections.abc import Mapping

import psutil

from tests.benchmarks._memory import Used, used_by

_OWN = ("desktop", "web", "gateway")
"""What Tower itself runs; what feeds it does not count."""


class Costs:
    """Processor time and memory of every process of a room.

    Args:
        gateway_pid: process id of the gateway.
        feeder_pid: process id of who feeds it, 0 where nobody does.
    """

    def __init__(self, gateway_pid: int, feeder_pid: int = 0) -> None:
        self._own = psutil.Process()
        self._named = {gateway_pid: "gateway", feeder_pid: "feeder"}
        self.restart()

    def restart(self) -> None:
        """Count processor time from now on."""
        self._begun, self._spent = time.perf_counter(), self._times()

    def processes(self) -> dict[int, str]:
        """Every process there is now: its id and which part it is of.

        Parts are `desktop`, `web` (the map's processes), `gateway` and `feeder`.
        """
        children = self._own.children(recursive=True)
        return {self._own.pid: "desktop"} | {
            one.pid: self._named.get(one.pid, "web") for one in children
        }

    def cpu_pct(self) -> dict[str, float]:
        """Share of one processor each part took since the beginning, per cent."""
        took = time.perf_counter() - self._begun
        return {
            part: 100.0 * (spent - self._spent.get(part, 0.0)) / took
            for part, spent in self._times().items()
        }

    def memory(self) -> dict[str, Used]:
        """What each part has in memory."""
        found: dict[str, Used] = {}
        for pid, part in self.processes().items():
            so_far = found.get(part, Used())
            found[part] = so_far.plus(used_by(pid))
        return found

    def _times(self) -> dict[str, float]:
        spent: dict[str, float] = {}
        for pid, part in self.processes().items():
            with contextlib.suppress(psutil.NoSuchProcess):
                spent[part] = spent.get(part, 0.0) + sum(psutil.Process(pid).cpu_times()[:2])
        return spent


def all_told(memory: Mapping[str, Used]) -> Used:
    """Desktop, web engine and gateway together."""
    whole = Used()
    for part in _OWN:
        whole = whole.plus(memory.get(part, Used()))
    return whole
