"""The state at any place of a run of events, without folding from the beginning.

Records are frozen and shared, so a keyframe costs no more than a copy of the tables.
"""

import threading
from collections.abc import Sequence
from itertools import compress
from operator import is_not
from typing import NamedTuple

from tower.domain.events import Event
from tower.domain.fold import apply, fold
from tower.domain.state import TABLES, Changed, State
from tower.replay.promises import PromiseLog
from tower.replay.ticks import ticks

LEAST_EVERY = 1_000
"""Events from one keyframe to the next; so many have to be folded at most."""

MOST_KEYFRAMES = 128
"""Longer runs have their keyframes further apart: each is a copy of the tables."""


class Pass(NamedTuple):
    """What one pass over the events left behind.

    Attributes:
        frames: the state before the events, and after each so many of them.
        log: what was promised of the stops as it went on.
        tail: the state after the last event.
    """

    frames: list[State]
    log: PromiseLog
    tail: State


class Keyframes:
    """States along a run of events, made in one pass when they are first asked for; for any thread.

    Attributes:
        events: in the order they were learnt.
        every: so many of them lie between two keyframes.
    """

    def __init__(
        self, base: State, events: Sequence[Event], shorter: "Keyframes | None" = None
    ) -> None:
        """Take the state before the events; nobody changes either from now on.

        Args:
            base: the state before the first of them.
            events: in the order they were learnt.
            shorter: of a run that these events begin with; its work is not done again.
        """
        self._base, self.events, self._shorter = base, events, shorter
        self.every = max(LEAST_EVERY, -(-len(events) // MOST_KEYFRAMES))
        self._making = threading.Lock()
        self._passed: Pass | None = None

    def continued(self, events: Sequence[Event]) -> "Keyframes":
        """The keyframes of a longer run that begins with this one."""
        return Keyframes(self._base, events, self)

    @property
    def promises(self) -> PromiseLog:
        """What was promised of the stops as it went on; not to be written to."""
        return self.whole.log

    def at(self, place: int) -> State:
        """The state after the first `place` events; the tables are the caller's own."""
        number = place // self.every
        state = self.whole.frames[number].copied()
        return fold(self.events[number * self.every : place], state)

    def forward(self, state: State, since: int, place: int) -> State:
        """The state after `place` events, from the one after `since` of them.

        Args:
            state: after the first `since` events; left as it is.
            since: at most `place`.
            place: how many events.
        """
        if place // self.every > since // self.every:
            return self.at(place)
        return fold(self.events[since:place], state.copied())

    @property
    def whole(self) -> Pass:
        """The pass over all events, made where it is not made yet."""
        with self._making:
            if self._passed is None:
                self._passed = self._made()
            return self._passed

    def _made(self) -> Pass:
        frames, log, tail, place = self._begun()
        self._shorter = None
        while place < len(self.events):
            ends = min(place - place % self.every + self.every, len(self.events))
            for event in self.events[place:ends]:
                stops = [one.id for one in apply(tail, event) if one.table == "stops"]
                if stops:
                    log.heed(tail, stops, ticks(event.recorded_at))
            if ends % self.every == 0:
                frames.append(tail.copied())
            place = ends
        return Pass(frames, log, tail)

    def _begun(self) -> tuple[list[State], PromiseLog, State, int]:
        """Where the pass begins: after the shorter run, where its keyframes are as far apart."""
        shorter = self._shorter
        if shorter is None or shorter.every != self.every:
            return [self._base], PromiseLog(self._base), self._base.copied(), 0
        frames, log, tail = shorter.whole
        return list(frames), log.copied(), tail.copied(), len(shorter.events)


def differences(before: State, after: State) -> tuple[frozenset[Changed], bool]:
    """Which records are other ones, or new, and whether any is no longer there.

    Records nothing happened to are the same objects, so only others are compared by value.
    """
    changed: list[Changed] = []
    removed = False
    for table in TABLES:
        old, new = getattr(before, table), getattr(after, table)
        known = old.get
        other = compress(new.items(), map(is_not, map(known, new), new.values()))
        changed += [Changed(table, key) for key, record in other if known(key) != record]
        removed = removed or not old.keys() <= new.keys()
    return frozenset(changed), removed
