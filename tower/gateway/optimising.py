"""Searches for better orders: begun, watched, cancelled; only a commit changes anything."""

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from queue import SimpleQueue

from msgspec.structs import replace

from tower.domain.state import State
from tower.gateway.answers import (
    Offer,
    OptimisationAnswer,
    OptimisationState,
    OptimisationWish,
)
from tower.gateway.offers import Offers
from tower.gateway.options import TowerError
from tower.gateway.surveying import Surveyor
from tower.gateway.wishes import Task, task_of
from tower.routes.optimiser.job import Job, More, Progress, Proposal, Roads
from tower.routes.optimiser.parts import Block, blocks_wanted

_log = logging.getLogger(__name__)

AT_ONCE = 2
"""Searches that run side by side; each keeps a processor busy."""

KEPT = 20
"""Searches that are over stay known until there are more than these."""

_ID_BYTES = 9

_NOTHING_BETTER = "This is already the best order we can find."
_RUNNING = OptimisationState.RUNNING

Run = Callable[[Job, Callable[[Progress], None], Callable[[], bool], More], Proposal | None]
"""Searches, and blocks while it does: tells of progress, asks whether to end, and for roads."""


class TooManySearches(TowerError):
    """No more searches can run side by side."""


class _Search:
    """One search.

    Attributes:
        offers: makes offers of what is found; None while the roads are asked, and at the end.
        progress: the newest word of it.
    """

    def __init__(self, id_: str, begun: float) -> None:
        self.id, self.begun = id_, begun
        self.ended: float | None = None
        self.state, self.words = _RUNNING, "Asking the roads."
        self.is_cancelled = False
        self.offers: Offers | None = None
        self.progress: Progress | None = None
        self.offer: Offer | None = None
        self._offered: Proposal | None = None
        self.task: asyncio.Task[None]

    def hear(self, progress: Progress) -> None:
        """Take in how far it is; called on the search's own thread."""
        self.progress = progress

    def answer(self, now: float) -> OptimisationAnswer:
        """How it stands."""
        self._show_newest()
        heard = self.progress
        share = 1.0 if self.ended is not None else heard.share if heard else 0.0
        return OptimisationAnswer(
            id=self.id,
            state=self.state,
            words=self.words,
            elapsed_s=round((self.ended or now) - self.begun, 2),
            progress=round(share, 3),
            offer=self.offer,
        )

    def show(self, proposal: Proposal) -> None:
        """Offer these orders."""
        if self.offers is not None:
            self._offered, self.offer = proposal, self.offers.offer(proposal)

    def _show_newest(self) -> None:
        newest = self.progress.best if self.progress else None
        if newest is not None and newest is not self._offered:
            self.show(newest)

    def end(self, state: OptimisationState, words: str, now: float) -> None:
        """It is over; what it told last stays."""
        self._show_newest()
        self.state, self.words, self.ended = state, words, now
        self.offers = self.progress = None


class _Fed:
    """Roads on their way from the event loop to the search's thread."""

    def __init__(self, search: _Search) -> None:
        self._search = search
        self._queue: SimpleQueue[Roads | None] = SimpleQueue()
        self._is_complete = False

    def put(self, roads: Roads | None) -> None:
        """Roads for the search, and for what is offered; None after the last."""
        if roads is not None and self._search.offers is not None:
            self._search.offers.learn(roads)
        self._queue.put(roads)

    def take(self) -> Sequence[Roads] | None:
        """Those that came since; None once no more will come."""
        roads: list[Roads] = []
        while not self._is_complete and not self._queue.empty():
            one = self._queue.get()
            self._is_complete = one is None
            roads += [one] if one is not None else []
        return roads or (None if self._is_complete else ())


class Optimising:
    """All searches of a gateway. Lives on the event loop; the searching leaves it."""

    def __init__(
        self,
        state: State,
        surveyor: Surveyor,
        run: Run,
        prepare: Callable[[], None] = lambda: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make it.

        Args:
            state: the newest.
            surveyor: knows routes and roads.
            run: searches.
            prepare: called as soon as a search is wanted, while the roads are still asked.
            monotonic: seconds.
        """
        self._state, self._surveyor, self._run = state, surveyor, run
        self._prepare = prepare
        self._monotonic = monotonic
        self._searches: dict[str, _Search] = {}

    def begin(self, wish: OptimisationWish) -> str:
        """Begin a search.

        Returns:
            Its id.

        Raises:
            WishRefused: there is nothing to search for.
            TooManySearches: `AT_ONCE` run already.
        """
        if sum(one.ended is None for one in self._searches.values()) >= AT_ONCE:
            raise TooManySearches(f"{AT_ONCE} searches run already; cancel one or wait.")
        task = task_of(wish, self._state, self._surveyor)
        self._prepare()
        search = _Search(secrets.token_urlsafe(_ID_BYTES), self._monotonic())
        self._searches[search.id] = search
        search.task = asyncio.get_running_loop().create_task(self._search(search, task))
        self._forget()
        return search.id

    def look(self, id_: str) -> OptimisationAnswer | None:
        """How a search stands; None where nobody knows it (any more)."""
        search = self._searches.get(id_)
        return search.answer(self._monotonic()) if search else None

    def cancel(self, id_: str) -> OptimisationAnswer | None:
        """End a search; what it found so far stays."""
        search = self._searches.get(id_)
        if search is not None:
            search.is_cancelled = True
        return self.look(id_)

    async def close(self) -> None:
        """End all searches."""
        running = [one for one in self._searches.values() if one.ended is None]
        for search in running:
            search.is_cancelled = True
        await asyncio.gather(*(search.task for search in running))

    def _forget(self) -> None:
        over = [one.id for one in self._searches.values() if one.ended is not None]
        for id_ in over[: max(0, len(over) - KEPT)]:
            del self._searches[id_]

    async def _search(self, search: _Search, task: Task) -> None:
        try:
            blocks = blocks_wanted(task.job)
            first = [roads async for roads in self._roads(search, blocks.first)]
            job = replace(task.job, roads=tuple(first))
            if not search.is_cancelled:
                search.offers, search.words = Offers(job, task.cases), "Searching."
                found = await self._run_fed(search, job, blocks.later)
                if found is not None:
                    search.show(found)
        except Exception as error:  # noqa: BLE001 - whoever waits for the search is told
            _log.exception("a search for better orders broke off")
            words = f"The search broke off: {error}"
            search.end(OptimisationState.FAILED, words, self._monotonic())
            return
        words = "" if search.offer is not None else _NOTHING_BETTER
        if search.is_cancelled:
            search.end(OptimisationState.CANCELLED, "Cancelled.", self._monotonic())
        else:
            search.end(OptimisationState.DONE, words, self._monotonic())

    async def _run_fed(self, search: _Search, job: Job, later: Sequence[Block]) -> Proposal | None:
        """Let the search run while more roads are asked."""
        fed = _Fed(search)
        feeding = asyncio.create_task(self._feed(search, later, fed))
        try:
            return await asyncio.to_thread(
                self._run, job, search.hear, lambda: search.is_cancelled, fed.take
            )
        finally:
            feeding.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await feeding

    async def _feed(self, search: _Search, later: Sequence[Block], fed: "_Fed") -> None:
        try:
            async for roads in self._roads(search, later):
                fed.put(roads)
        finally:
            fed.put(None)

    async def _roads(self, search: _Search, blocks: Iterable[Block]) -> AsyncIterator[Roads]:
        """Travel between the places of each block."""
        for block in blocks:
            if search.is_cancelled:
                break
            table = await self._surveyor.table(block.places, block.profile)
            yield Roads(
                profile=block.profile,
                places=block.places,
                durations_s=table.durations_s,
                distances_m=table.distances_m,
                estimated=table.estimated,
            )
