"""Keeps the figures up with the journal, in a thread of its own; a failure hurts nothing else."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from tower.domain.events import Event
from tower.gateway.reckoning.figures import Figures
from tower.journal.errors import JournalError
from tower.journal.journal import Journal
from tower.kpi.recount.changes import Changes
from tower.kpi.store.errors import StoreError
from tower.kpi.store.store import FILE_NAME, Store

_log = logging.getLogger(__name__)

SLICE = 500
"""Events taken in at once."""

_RETRY_S, _LONGEST_RETRY_S = 2.0, 60.0
_CLOSING_S = 10.0


class Recount(Protocol):
    """Makes facts of events."""

    def take(self, events: Sequence[Event]) -> Changes:
        """What these events change about the facts; they come once, in the journal's order."""
        ...


class Following:
    """Follows the journal and keeps the store of figures, from where it was left."""

    def __init__(
        self,
        journal: Journal,
        figures: Figures,
        recount: Callable[[Journal, Store], Recount],
        *,
        begin_after_s: float = 1.0,
        rest_s: float = 1.0,
        past: Callable[[Store], None] | None = None,
    ) -> None:
        """Nothing happens before `start`.

        Args:
            journal: what is followed; the figures lie in a file beside it.
            figures: answer from the store while it is open.
            recount: makes what makes facts, going on where a store is.
            begin_after_s: seconds of wall time the gateway has to itself to start in, unless
                somebody asks for figures.
            rest_s: seconds between two looks at what is new.
            past: puts a simulated past into the store, once the figures caught up.
        """
        self._journal = journal
        self._figures = figures
        self._recount = recount
        self._begin_after_s, self._rest_s = begin_after_s, rest_s
        self._past = past
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="figures", daemon=True)

    def start(self) -> None:
        """Begin to follow the journal."""
        self._thread.start()

    def close(self) -> None:
        """End; waits until what is being written is written."""
        self._ended.set()
        self._figures.wanted.set()
        if self._thread.is_alive():
            self._thread.join(_CLOSING_S)

    def _run(self) -> None:
        self._figures.wanted.wait(self._begin_after_s)
        pause = _RETRY_S
        while not self._ended.is_set():
            begun = time.monotonic()
            try:
                self._follow()
            except (StoreError, JournalError) as error:
                self._stumble(f"The figures stand still. {error}", pause)
            except Exception:  # noqa: BLE001 - whatever it is, the gateway goes on without figures
                _log.exception("figures cannot be made of what happened")
                self._stumble("The figures stand still: the log of the gateway says why.", pause)
            lasted = time.monotonic() - begun > _LONGEST_RETRY_S
            pause = _RETRY_S if lasted else min(2 * pause, _LONGEST_RETRY_S)

    def _stumble(self, words: str, pause: float) -> None:
        _log.warning("%s Tried again in %.0f s.", words, pause)
        self._figures.trouble = words
        self._ended.wait(pause)

    def _follow(self) -> None:
        """Open the store, and keep it up until the end."""
        store = Store.open(self._journal.path.parent / FILE_NAME, self._journal.epoch)
        try:
            if store.told:
                _log.warning("%s", store.told)
            recount = self._recount(self._journal, store)
            with self._figures.answering_from(store):
                self._catch_up(store, recount)
                self._figures.trouble = ""
                self._recall_past(store)
                while not self._ended.wait(self._rest_s):
                    self._catch_up(store, recount)
        finally:
            store.close()

    def _recall_past(self, store: Store) -> None:
        past, self._past = self._past, None
        if past is not None and not self._ended.is_set():
            past(store)

    def _catch_up(self, store: Store, recount: Recount) -> None:
        """Take in all that is new, and rest in between as long as it took: others are at work."""
        while not self._ended.is_set():
            begun = time.monotonic()
            events = self._journal.read(store.seq, SLICE)
            if not events:
                return
            store.put(recount.take(events), events[-1].seq)
            if len(events) == SLICE:
                self._ended.wait(time.monotonic() - begun)
