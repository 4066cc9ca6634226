"""One thread beside the GUI's, in which moments of the past are made."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from tower.replay.errors import RecordingError
from ui.precedence import go_first

_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)


class Works(Protocol):
    """Does work one piece after the other, and tells of it on the GUI thread."""

    def do(
        self,
        work: Callable[[], _Result],
        then: Callable[[_Result], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Do a piece of work after those given before."""
        ...

    def stop(self) -> None:
        """Nothing is wanted any more."""
        ...


class Worker(QObject):
    """A thread of its own: a reader of a recording may live in no other.

    Whoever travels waits for it as for the window itself, so it goes first as well.
    What it brings back crosses to the GUI thread by a queued signal, in the order of the work.
    """

    _crossed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads = ThreadPoolExecutor(1, "tower-past", go_first)
        self._crossed.connect(self._on_crossed, Qt.ConnectionType.QueuedConnection)
        self._is_ending = False

    def do(
        self,
        work: Callable[[], _Result],
        then: Callable[[_Result], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Do a piece of work after those given before.

        Args:
            work: done in the thread.
            then: called on the GUI thread with what came of it.
            failed: called there instead where it broke.
        """

        def cross(done: Future[_Result]) -> None:
            if self._is_ending or done.cancelled():
                return
            error = done.exception()
            if isinstance(error, Exception):
                unforeseen = None if isinstance(error, RecordingError) else error
                _log.warning("the past could not be made: %s", error, exc_info=unforeseen)
                self._crossed.emit(lambda: failed(error))
            elif error is None:
                self._crossed.emit(lambda: then(done.result()))

        self._threads.submit(work).add_done_callback(cross)

    def stop(self) -> None:
        """Drop what waits; what is being done ends by itself and is told to nobody."""
        self._is_ending = True
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _on_crossed(self, call: Callable[[], Any]) -> None:
        if not self._is_ending:
            call()
