"""Where the feed thread meets the GUI thread: the only file that crosses.

The feed thread runs plain asyncio. What it hears is put into an inbox, merged, and drained on the
GUI thread every 100 ms; exceptions drain it at once.
"""

import asyncio
import contextlib
import logging
import secrets
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import NamedTuple, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from tower.domain.commands import Command
from tower.domain.events import Event, ExceptionRaised, ExceptionWorked
from tower.domain.state import State
from tower.feed.client import FeedClient, Link
from tower.feed.clock import FollowingClock
from tower.feed.sections import FeedError, Frame
from tower.gateway.options import TowerError
from ui.embedded import GatewayHost
from ui.exchange import Answer, CommandResult, Download, Job, Question
from ui.gateway import Gateway
from ui.precedence import go_first
from ui.session import Session

DRAIN_MS = 100
"""How long telemetry and events are gathered before the panels hear of them, milliseconds."""

FRESH_S = 0.06
"""A frame of vehicles that comes so long after the last drain is handed over at once: gateway and
window keep the same beat, and positions do not wait for the next of ours. Seconds."""

EVENTS_AT_ONCE, REST_MS = 100, 4
"""Events handed over in one turn of the event loop, some ten milliseconds' work, and how long the
window has for anything else before the next ones, milliseconds."""

_STOP_S = 3.0
_NOT_YET = "there is no connection to the gateway yet"
_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")


class Batch(NamedTuple):
    """What was heard since the last drain.

    Attributes:
        replaced: a whole state and its journal's epoch, or None; the events come after it.
        is_all: False where more events wait, and with them the frames and the link.
    """

    replaced: tuple[State, str] | None
    events: list[Event]
    frames: list[Frame]
    link: Link | None
    is_all: bool = True


class Inbox:
    """What the feed thread leaves for the GUI thread. Safe to use from both."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._empty()

    def _empty(self) -> None:
        self._replaced: tuple[State, str] | None = None
        self._events: list[Event] = []
        self._frames: list[Frame] = []
        self._link: Link | None = None

    def put_state(self, state: State, epoch: str) -> None:
        """A whole state; events put before are part of it."""
        with self._lock:
            self._replaced, self._events = (state, epoch), []

    def put_events(self, events: list[Event]) -> None:
        """Events, in the journal's order."""
        with self._lock:
            self._events += events

    def put_frame(self, frame: Frame) -> None:
        """A frame of the vehicle socket."""
        with self._lock:
            self._frames.append(frame)

    def put_link(self, link: Link) -> None:
        """How the connection stands; only the newest counts."""
        with self._lock:
            self._link = link

    def take(self) -> Batch:
        """What was put since the last take, up to some number of events."""
        with self._lock:
            if len(self._events) > EVENTS_AT_ONCE:
                first, self._events = self._events[:EVENTS_AT_ONCE], self._events[EVENTS_AT_ONCE:]
                replaced, self._replaced = self._replaced, None
                return Batch(replaced, first, [], None, is_all=False)
            batch = Batch(self._replaced, self._events, self._frames, self._link)
            self._empty()
        return batch


class Bridge(QObject):
    """Connects a session to a gateway.

    Args:
        session: filled from the feed; its commands and questions are sent.
        host: where the gateway comes from; waited for in the feed thread.
        clock: made to follow the gateway's.

    Attributes:
        drained: after each drain that brought something, on the GUI thread.
        connected: the gateway answers; its address.
        failed: there is no gateway to work with; the `TowerError` says why.
    """

    drained = Signal()
    connected = Signal(str)
    failed = Signal(object)
    _urgent = Signal()
    _crossed = Signal(object)

    def __init__(
        self,
        session: Session,
        host: GatewayHost,
        clock: FollowingClock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._host, self._clock = session, host, clock
        self._gateway: Gateway | None = None
        self._inbox, self._waking, self._drained_at = Inbox(), False, 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: FeedClient | None = None
        self._task: asyncio.Future[None] | None = None
        self._ending = False
        self._thread = self._new_thread()
        self._timer = QTimer(self)
        self._timer.setInterval(DRAIN_MS)
        self._timer.timeout.connect(self.drain)
        self._further = QTimer(self)
        self._further.setSingleShot(True)
        self._further.timeout.connect(self.drain)
        self._urgent.connect(self._on_urgent, Qt.ConnectionType.QueuedConnection)
        self._crossed.connect(self._on_crossed, Qt.ConnectionType.QueuedConnection)
        session.command_issued.connect(self._on_command_issued)
        session.question_asked.connect(self._on_question_asked)
        session.download_wanted.connect(self._on_download_wanted)
        session.job_given.connect(self._on_job_given)

    # GUI thread

    def start(self) -> None:
        """Start the feed thread and the drain."""
        self._thread.start()
        self._timer.start()

    def start_again(self) -> None:
        """After `failed`: wait for the gateway once more."""
        self._thread.join(_STOP_S)
        self._thread = self._new_thread()
        self._thread.start()

    def _new_thread(self) -> threading.Thread:
        return threading.Thread(target=self._run, name="tower-feed", daemon=True)

    def stop(self) -> None:
        """Close the websockets and end the feed thread; waits at most three seconds."""
        self._timer.stop()
        self._further.stop()
        self._ending = True
        # Still waiting for its gateway, the thread ends when that is stopped.
        if self._gateway is not None and self._thread.is_alive():
            self._call(self._cancel)
            self._thread.join(_STOP_S)
            if self._thread.is_alive():
                _log.warning("the feed did not close in time; it ends with the program")

    def resync(self) -> None:
        """Drop what the feed is at and ask the gateway for everything anew."""
        self._call(self._cancel)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def retry_now(self) -> None:
        """Try the connection again without waiting for the back-off."""
        if self._client is not None:
            self._call(self._client.retry_now)

    def drain(self) -> None:
        """Hand what was heard to the session; of very many events some, and soon the others."""
        self._waking, self._drained_at = False, time.monotonic()
        batch = self._inbox.take()
        if batch == _NOTHING:
            return
        if batch.replaced is not None:
            self._session.replace_state(*batch.replaced)
        if batch.events:
            self._session.fold_events(batch.events)
        if batch.frames:
            self._apply_frames(batch.frames)
        if batch.link is not None:
            self._session.set_link(batch.link)
        if not batch.is_all:
            self._further.start(REST_MS)
        self.drained.emit()

    def _apply_frames(self, frames: list[Frame]) -> None:
        try:
            self._session.apply_frames(frames)
        except FeedError as error:
            _log.warning("the vehicles are asked for anew: %s", error)
            self.resync()

    def _on_urgent(self) -> None:
        if self._waking:
            self.drain()

    def _on_crossed(self, call: Callable[[], None]) -> None:
        call()

    def _on_command_issued(self, command: Command) -> None:
        session, gateway, key = self._session, self._gateway, secrets.token_hex(16)
        if gateway is None or not self._is_running:
            session.answer(command, CommandResult(status=0, message=_NOT_YET))
            return
        self._in_background(
            lambda: gateway.command(command, key),
            lambda result: session.answer(command, result),
        )

    def _on_question_asked(self, question: Question) -> None:
        gateway = self._gateway
        if gateway is None or not self._is_running:
            question.on_answer(Answer(message=_NOT_YET))
            return
        self._in_background(lambda: gateway.ask(question), question.on_answer)

    def _on_download_wanted(self, wanted: Download) -> None:
        gateway = self._gateway
        if gateway is None or not self._is_running:
            wanted.on_answer(Answer(message=_NOT_YET))
            return

        def tell(came: int, whole: int) -> None:
            self._crossed.emit(lambda: wanted.on_progress(came, whole))

        self._in_background(
            lambda: gateway.download(wanted.path, tell, wanted.stop), wanted.on_answer
        )

    def _on_job_given(self, job: Job) -> None:
        self._in_background(job.work, job.then)

    def _in_background(self, work: Callable[[], _Result], then: Callable[[_Result], None]) -> None:
        """Run `work` in a worker of the feed thread's loop and `then` on the GUI thread."""

        async def run() -> None:
            result = await asyncio.to_thread(work)
            self._crossed.emit(lambda: then(result))

        self._submit(run())

    @property
    def _is_running(self) -> bool:
        return self._loop is not None and self._loop.is_running()

    def _submit(self, work: Coroutine[None, None, None]) -> None:
        if self._loop is None or not self._is_running:
            work.close()
            return
        asyncio.run_coroutine_threadsafe(work, self._loop).add_done_callback(_log_failure)

    def _call(self, call: Callable[[], object]) -> None:
        if self._loop is not None and self._is_running:
            self._loop.call_soon_threadsafe(call)

    # Feed thread

    def _run(self) -> None:
        go_first()
        try:
            asyncio.run(self._feed())
        except asyncio.CancelledError:
            return
        except Exception:
            _log.exception("the feed broke; the window keeps what it has. Restart to reconnect")
            raise

    async def _feed(self) -> None:
        self._loop = asyncio.get_running_loop()
        try:
            url = await asyncio.to_thread(self._host.wait_ready)
        except TowerError as error:
            why = error
            if not self._ending:
                self._crossed.emit(lambda: self.failed.emit(why))
            return
        self._gateway = Gateway(url, self._host.token)
        self._crossed.emit(lambda: self.connected.emit(url))
        while not self._ending:
            self._client = FeedClient(
                self._gateway.websocket_url, self._host.token, self, clock=self._clock
            )
            self._task = asyncio.ensure_future(self._client.run())
            # Cancelled by `stop`, or by `resync` to begin again with nothing.
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def state_replaced(self, state: State, epoch: str) -> None:
        """Take a snapshot from the feed (called in the feed thread)."""
        self._inbox.put_state(state, epoch)
        self._wake()

    def events_arrived(self, events: list[Event]) -> None:
        """Take events from the feed (called in the feed thread)."""
        self._inbox.put_events(events)
        if any(isinstance(one.body, ExceptionRaised | ExceptionWorked) for one in events):
            self._wake()

    def frame_arrived(self, frame: Frame) -> None:
        """Take a frame of vehicles from the feed (called in the feed thread)."""
        self._inbox.put_frame(frame)
        if time.monotonic() - self._drained_at > FRESH_S:
            self._wake()

    def link_changed(self, link: Link) -> None:
        """Take how the connection stands (called in the feed thread)."""
        self._inbox.put_link(link)
        self._wake()

    def _wake(self) -> None:
        if not self._waking:
            self._waking = True
            self._urgent.emit()


_NOTHING = Batch(None, [], [], None)


def _log_failure(done: Future[None]) -> None:
    if not done.cancelled() and (error := done.exception()) is not None:
        _log.error("a request to the gateway broke: %s", error, exc_info=error)
