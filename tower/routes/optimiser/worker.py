"""The process a search runs in: `python -m tower.routes.optimiser.worker`.

A pickled `Job` comes in on standard input, then tuples of the `Roads` that come later, and None
once no more will come. A pickled `Progress` goes out several times a second, at last one that is
over, or a `BrokeOff`. Closing its input cancels the search.
"""

import os
import pickle
import sys
import threading
from typing import BinaryIO

from tower.routes.optimiser.job import BrokeOff, Job, Progress, Roads
from tower.routes.optimiser.optimise import optimise

NICER = 5
"""So much less than others the process asks of the processors."""

_CHUNK = 4096


class _Orders:
    """What comes in after the job, on a thread that waits for it."""

    def __init__(self, orders: BinaryIO) -> None:
        self._orders, self._lock = orders, threading.Lock()
        self._roads: list[Roads] = []
        self._is_complete = False
        self.cancelled = threading.Event()
        self._listener = threading.Thread(target=self._hear)
        self._listener.start()

    def more(self) -> list[Roads] | None:
        """The roads that came since; None once no more will come."""
        with self._lock:
            roads, self._roads = self._roads, []
            return roads or (None if self._is_complete else [])

    def wait(self) -> None:
        """Until it ends."""
        self._listener.join()

    def _hear(self) -> None:
        """Until nobody is there any more who wants an answer."""
        try:
            while True:
                self._take(pickle.load(self._orders))  # noqa: S301 - from who started this process
        except (EOFError, pickle.UnpicklingError):
            self.cancelled.set()

    def _take(self, roads: tuple[Roads, ...] | None) -> None:
        with self._lock:
            self._roads.extend(roads or ())
            self._is_complete = roads is None


def work(orders: BinaryIO, answers: BinaryIO) -> None:
    """Wait for a job, and do it.

    Args:
        orders: the job comes from here, and the roads that come later; its end cancels the
            search, or ends the waiting.
        answers: what is found goes here.
    """
    try:
        job: Job = pickle.load(orders)  # noqa: S301 - from who started this process
    except EOFError:
        return
    heard = _Orders(orders)

    def tell(word: Progress | BrokeOff) -> None:
        try:
            pickle.dump(word, answers)
            answers.flush()
        except BrokenPipeError:
            heard.cancelled.set()

    try:
        optimise(job, tell, heard.cancelled.is_set, heard.more)
    except Exception as error:  # noqa: BLE001 - who waits for it is told, and raises it
        tell(BrokeOff(f"{type(error).__name__}: {error}"))
    heard.wait()


def main() -> None:
    """Work for the process that started this one."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    if hasattr(os, "nice"):
        os.nice(NICER)
    work(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
