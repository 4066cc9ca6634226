"""The process a search runs in: `python -m tower.routes.optimise_worker`.

A pickled `Job` comes in on standard input, a pickled `Progress` goes out several times a second,
at last one that is over, or a `BrokeOff`. Closing its input cancels the search.
"""

import os
import pickle
import sys
import threading
from typing import BinaryIO

from tower.routes.optimise import optimise
from tower.routes.optimise_job import BrokeOff, Job, Progress

NICER = 5
"""So much less than others the process asks of the processors."""

_CHUNK = 4096


def work(orders: BinaryIO, answers: BinaryIO) -> None:
    """Wait for a job, and do it.

    Args:
        orders: the job comes from here; its end cancels the search, or ends the waiting.
        answers: what is found goes here.
    """
    try:
        job: Job = pickle.load(orders)  # noqa: S301 - from the process that started this one
    except EOFError:
        return
    cancelled = threading.Event()
    threading.Thread(target=_hear, args=(orders, cancelled), daemon=True).start()

    def tell(word: Progress | BrokeOff) -> None:
        pickle.dump(word, answers)
        answers.flush()

    try:
        optimise(job, tell, cancelled.is_set)
    except Exception as error:  # noqa: BLE001 - who waits for it is told, and raises it
        tell(BrokeOff(f"{type(error).__name__}: {error}"))


def _hear(orders: BinaryIO, cancelled: threading.Event) -> None:
    """Until nobody is there any more who wants an answer.

    Past the buffer, whose lock this thread would hold when the process ends.
    """
    while os.read(orders.fileno(), _CHUNK):
        pass
    cancelled.set()


def main() -> None:
    """Work for the process that started this one."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    if hasattr(os, "nice"):
        os.nice(NICER)
    work(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
