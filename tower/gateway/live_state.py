"""The one state of the gateway: folded on the event loop, from what the journal committed."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol

from tower.domain.events import Event
from tower.domain.fold import apply
from tower.domain.state import Changed, State
from tower.journal.port import Unsubscribe
from tower.lasting import set_apart

Listener = Callable[[list[Event], frozenset[Changed]], None]
"""Told, on the event loop, which events were folded and which records they changed."""


class Committed(Protocol):
    """The part of a journal the state is folded from."""

    def load_state(self) -> State:
        """The state after every event of the journal."""
        ...

    def subscribe(self, callback: Callable[[list[Event]], None]) -> Unsubscribe:
        """Be handed every batch after its commit."""
        ...


class LiveState:
    """The state, and those who want to hear of its changes."""

    def __init__(self, journal: Committed, loop: asyncio.AbstractEventLoop) -> None:
        """Load the state and follow the journal from there.

        Args:
            journal: nothing may be appended to it before this returns.
            loop: everything here happens on it.
        """
        with set_apart():
            self.state = journal.load_state()
        self._loop = loop
        self._listeners: list[Listener] = []
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self._unsubscribe = journal.subscribe(self._on_journal_committed)

    def listen(self, listener: Listener) -> None:
        """Call `listener` after every fold."""
        self._listeners.append(listener)

    async def until(self, seq: int) -> None:
        """Wait until the event with this sequence number is folded."""
        if self.state.seq >= seq:
            return
        folded: asyncio.Future[None] = self._loop.create_future()
        self._waiting.append((seq, folded))
        await folded

    async def after_commit(self, appended: Future[list[Event]]) -> list[Event]:
        """Wait until appended events are committed and folded.

        Returns:
            The events that were new.

        Raises:
            JournalError: nothing was recorded.
        """
        new = await asyncio.wrap_future(appended)
        if new:
            await self.until(new[-1].seq)
        return new

    def close(self) -> None:
        """Follow the journal no longer."""
        self._unsubscribe()

    def _on_journal_committed(self, events: list[Event]) -> None:
        """In the writer's thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._fold, events)

    def _fold(self, events: list[Event]) -> None:
        changed: set[Changed] = set()
        for event in events:
            changed.update(apply(self.state, event))
        self._wake()
        for listener in self._listeners:
            listener(events, frozenset(changed))

    def _wake(self) -> None:
        reached = self.state.seq
        for seq, folded in self._waiting:
            if seq <= reached and not folded.done():
                folded.set_result(None)
        self._waiting = [(seq, folded) for seq, folded in self._waiting if seq > reached]
