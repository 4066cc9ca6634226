"""Who is there: people with a live connection, or who were heard of lately."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Presence:
    """Signs of life of people, by wall time."""

    def __init__(self, lasts_s: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        """A single sign of life counts for `lasts_s` seconds."""
        self._lasts_s = lasts_s
        self._monotonic = monotonic
        self._seen: dict[str, float] = {}
        self._connected: Counter[str] = Counter()

    def seen(self, actor_id: str) -> None:
        """Take note of a sign of life."""
        self._seen[actor_id] = self._monotonic()

    @contextmanager
    def connected(self, actor_id: str) -> Iterator[None]:
        """There for as long as a connection lasts."""
        self._connected[actor_id] += 1
        try:
            yield
        finally:
            self._connected[actor_id] -= 1
            self.seen(actor_id)

    def present(self) -> frozenset[str]:
        """Ids of the people who are there."""
        since = self._monotonic() - self._lasts_s
        heard = {actor_id for actor_id, at in self._seen.items() if at >= since}
        return frozenset(heard | set(+self._connected))
