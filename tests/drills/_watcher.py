"""A desktop without a window: the real feed client, and what its user reads meanwhile."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Self

from tests.drills._gateway import PATIENCE_S, TOKEN
from tower.domain.events import Event
from tower.domain.fold import fold
from tower.domain.state import State
from tower.feed.arrivals import ArrivalMirror
from tower.feed.client import FeedClient
from tower.feed.link import Link
from tower.feed.messages import CarrierHealth
from tower.feed.sections import Frame

_LOOK_S = 0.02
_LINK_WORDS = {
    "lost": "Gateway lost",
    "stale": "Nothing heard from the gateway",
    "refused": "Gateway refuses this desktop",
}


class Watcher:
    """Follows a gateway over both websockets, as every desktop does, across its deaths.

    Attributes:
        state: folded from what came, in the feed's thread; compare it only after `close`.
        replaced: how often the whole state came anew (the first time included).
        epochs: the journals that were followed, in turn.
        health: how each carrier was heard last.
        arrivals: when each stop is expected to be reached.
    """

    def __init__(self, port: int, token: str = TOKEN) -> None:
        self.state = State()
        self.replaced = 0
        self.epochs: list[str] = []
        self.health: dict[str, CarrierHealth] = {}
        self.arrivals = ArrivalMirror()
        self._seen: dict[str, None] = {}
        self._status, self._trouble, self._is_late = "connecting", "", False
        self._client = FeedClient(f"ws://127.0.0.1:{port}", token, self)
        self._thread = threading.Thread(target=self._run, name="watcher")
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[None] | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Follow no longer; harmless the second time."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._cancel)
            self._thread.join(PATIENCE_S)

    @property
    def seen(self) -> tuple[str, ...]:
        """What the user read so far that is not "all well", each wording once."""
        return tuple(self._seen)

    @property
    def is_well(self) -> bool:
        """Connected, and the gateway says of itself that all is well."""
        return self._status == "live" and not self._is_late and not self._trouble

    def saw(self, words: str) -> bool:
        """Something with these words was read."""
        return any(words in one for one in self._seen)

    def until_well(self, patience_s: float = PATIENCE_S) -> bool:
        """Wait until all is well; False where it never is."""
        return until(lambda: self.is_well, patience_s)

    def until_saw(self, words: str, patience_s: float = PATIENCE_S) -> bool:
        """Wait until something with these words was read; False where it never is."""
        return until(lambda: self.saw(words), patience_s)

    def state_replaced(self, state: State, epoch: str) -> None:
        """From the feed."""
        self.state, self.replaced = state, self.replaced + 1
        self.epochs.append(epoch)

    def events_arrived(self, events: list[Event]) -> None:
        """From the feed."""
        fold(events, self.state)

    def frame_arrived(self, frame: Frame) -> None:
        """From the feed."""
        self.arrivals.apply(frame)
        if frame.health is not None:
            self._trouble = frame.trouble
            self.health = {one.carrier_id: one for one in frame.health}
            self._read(frame.trouble)

    def link_changed(self, link: Link) -> None:
        """From the feed."""
        self._status, self._is_late = link.status, link.is_late
        if link.is_late:
            self._read("Late by some seconds")
        if link.status in _LINK_WORDS:
            self._read(f"{_LINK_WORDS[link.status]} · {link.reason}")

    def _read(self, words: str) -> None:
        if words:
            self._seen.setdefault(words)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._task = self._loop.create_task(self._client.run())
        try:
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            pass
        finally:
            self._loop.close()

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()


def until(look: Callable[[], bool], patience_s: float = PATIENCE_S) -> bool:
    """Ask again and again; False where it was not so in that time."""
    ends = time.monotonic() + patience_s
    while not look():
        if time.monotonic() > ends:
            return False
        time.sleep(_LOOK_S)
    return True
