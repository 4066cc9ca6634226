"""Searches in processes of their own, so that a gateway keeps answering meanwhile.

The solver lets other threads run, but what judges its orders is Python and does not. A process of
its own also asks less of the processors than the gateway does.
"""

import contextlib
import pickle
import subprocess
import sys
from collections.abc import Sequence
from queue import Empty, SimpleQueue
from threading import Lock, Thread

from tower.routes.optimiser.hunt import IsOver
from tower.routes.optimiser.job import BrokeOff, Job, More, Progress, Proposal, Roads
from tower.routes.optimiser.optimise import Tell
from tower.routes.optimiser.travel import nothing_more

COMMAND = (sys.executable, "-m", "tower.routes.optimiser.worker")

_LOOK_EVERY_S = 0.05
_PARTING_S = 3.0

_Word = Progress | BrokeOff | None


class SearchBrokeOff(Exception):
    """A search came to no end; what it found before was told."""


class _Process:
    """A process and the pipes to it."""

    def __init__(self, command: tuple[str, ...]) -> None:
        pipe = subprocess.PIPE
        self._popen = subprocess.Popen(command, stdin=pipe, stdout=pipe)  # noqa: S603 - our own
        if self._popen.stdin is None or self._popen.stdout is None:
            raise SearchBrokeOff("its process has no pipes")
        self.orders, self.answers = self._popen.stdin, self._popen.stdout

    @property
    def is_over(self) -> bool:
        """It ended."""
        return self._popen.poll() is not None

    def hang_up(self) -> None:
        """Tell it that nothing is wanted any more."""
        with contextlib.suppress(BrokenPipeError):
            self.orders.close()

    def part(self) -> int:
        """Let it end; end it where it does not by itself. What it ended with."""
        self.hang_up()
        try:
            code = self._popen.wait(_PARTING_S)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            code = self._popen.wait()
        self.answers.close()
        return code


class Searchers:
    """Runs searches in processes; keeps one ready, so that the next begins at once.

    May be used from several threads.
    """

    def __init__(self, command: tuple[str, ...] = COMMAND) -> None:
        """Make it.

        Args:
            command: starts a process that works as `tower.routes.optimiser.worker` does.
        """
        self._command = command
        self._lock = Lock()
        self._ready: _Process | None = None

    def warm(self) -> None:
        """Start a process for the next search, where none is ready; takes no time here."""
        with self._lock:
            if self._ready is None or self._ready.is_over:
                self._ready = _Process(self._command)

    def run(
        self,
        job: Job,
        tell: Tell | None = None,
        is_cancelled: IsOver = lambda: False,
        more: More = nothing_more,
    ) -> Proposal | None:
        """Search, and wait for it; as `tower.routes.optimiser.optimise.optimise`.

        Raises:
            SearchBrokeOff: the search failed, or its process ended.
        """
        with self._lock:
            process, self._ready = self._ready, None
        if process is None or process.is_over:
            process = _Process(self._command)
        return _Errand(process, tell or (lambda _progress: None)).run(job, is_cancelled, more)

    def close(self) -> None:
        """End the process that is ready; searches under way are cancelled by who began them."""
        with self._lock:
            process, self._ready = self._ready, None
        if process is not None:
            process.part()


class _Errand:
    """One search in one process."""

    def __init__(self, process: _Process, tell: Tell) -> None:
        self._process, self._tell = process, tell
        self._words: SimpleQueue[_Word] = SimpleQueue()
        self._listener = Thread(target=self._listen, daemon=True)

    def run(self, job: Job, is_cancelled: IsOver, more: More) -> Proposal | None:
        """Hand the job over, pass on what is told both ways, and see the process off."""
        self._listener.start()
        try:
            self._send(job)
            return self._follow(is_cancelled, more)
        finally:
            self._process.hang_up()
            self._listener.join(_PARTING_S)
            self._process.part()

    def _follow(self, is_cancelled: IsOver, more: More) -> Proposal | None:
        is_complete = False
        while True:
            if is_cancelled():
                self._process.hang_up()
            elif not is_complete:
                is_complete = self._pass_on(more())
            with contextlib.suppress(Empty):
                word = self._words.get(timeout=_LOOK_EVERY_S)
                if not isinstance(word, Progress):
                    raise SearchBrokeOff(word.words if word else self._how_it_ended())
                self._tell(word)
                if word.is_over:
                    return word.best

    def _how_it_ended(self) -> str:
        return f"its process ended ({self._process.part()}) before the search was over"

    def _pass_on(self, roads: Sequence[Roads] | None) -> bool:
        """Send roads on; True once these were the last."""
        if roads is None or roads:
            self._send(None if roads is None else tuple(roads))
        return roads is None

    def _send(self, word: Job | tuple[Roads, ...] | None) -> None:
        """A process that ended before it took a word is found out by what it does not say."""
        with contextlib.suppress(BrokenPipeError):
            pickle.dump(word, self._process.orders)
            self._process.orders.flush()

    def _listen(self) -> None:
        """Pass on each word; None at the end."""
        try:
            while True:
                self._words.put(pickle.load(self._process.answers))  # noqa: S301 - our own
        except (EOFError, pickle.UnpicklingError):
            pass
        finally:
            self._words.put(None)
