"""Keeps the figures up with the journal, in a thread of its own; a failure hurts nothing else."""

import logging
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue

from tower.gateway.reckoning.figures import Figures
from tower.journal.errors import JournalError
from tower.journal.journal import Journal
from tower.kpi.recount.recounting import Recounting
from tower.kpi.store.errors import StoreError
from tower.kpi.store.store import FILE_NAME, Store

_log = logging.getLogger(__name__)

SLICE = 2_000
"""Events taken in at once, at most."""

Past = Callable[[Store], None]
"""Puts a simulated past into a store."""

_RETRY_S, _LONGEST_RETRY_S = 2.0, 60.0
_CLOSING_S = 10.0


class Following:
    """Follows the journal and keeps the store of figures, from where it was left."""

    def __init__(
        self,
        journal: Journal,
        figures: Figures,
        pasts: "SimpleQueue[Past]",
        is_busy: Callable[[], bool],
        rest_s: float,
    ) -> None:
        """Nothing happens before `start`.

        Args:
            journal: what is followed; the figures lie in a file beside it.
            figures: answer from the store while it is open.
            pasts: simulated pasts, put into the store once the figures have caught up.
            is_busy: True while the gateway is still being told the past; then nothing is done
                unless somebody asks for figures.
            rest_s: seconds of wall time between two looks at what is new; so long the gateway has
                to itself at the start, too, unless somebody asks for figures.
        """
        self._journal = journal
        self._figures = figures
        self._is_busy, self._rest_s = is_busy, rest_s
        self._pasts = pasts
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
        wanted = self._figures.wanted
        while not wanted.wait(self._rest_s) and self._is_busy():
            pass
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
            recount = Recounting(self._journal, store)
            with self._figures.answering_from(store):
                while not self._ended.is_set():
                    if self._figures.wanted.is_set() or not self._is_busy():
                        self._figures.wanted.clear()
                        self._catch_up(store, recount)
                        self._figures.trouble = ""
                        self._recall_pasts(store)
                    self._ended.wait(self._rest_s)
        finally:
            store.close()

    def _recall_pasts(self, store: Store) -> None:
        while not (self._pasts.empty() or self._ended.is_set()):
            self._pasts.get()(store)
            self._figures.has_simulated_past = True

    def _catch_up(self, store: Store, recount: Recounting) -> None:
        """Take in all that is new, and rest in between as long as it took: others are at work."""
        while not self._ended.is_set():
            begun = time.monotonic()
            events = self._journal.read(store.seq, SLICE)
            if not events:
                return
            store.put(recount.take(events), events[-1].seq)
            if len(events) == SLICE:
                self._ended.wait(time.monotonic() - begun)
