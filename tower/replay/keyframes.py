"""The state at any place of a run of events, without folding from the beginning.

Records are frozen and shared, so a keyframe costs no more than a copy of the tables.
"""

import threading
from collections.abc import Sequence

from tower.domain.events import Event
from tower.domain.fold import fold
from tower.domain.state import TABLES, Changed, State

EVERY = 2_000
"""Events from one keyframe to the next; so many have to be folded at most."""


def copied(state: State) -> State:
    """The same records in tables of its own."""
    tables = {name: getattr(state, name).copy() for name in TABLES}
    return State(seq=state.seq, **tables)


class Keyframes:
    """States along a run of events, made when they are first asked for; for any thread."""

    def __init__(self, base: State, events: Sequence[Event]) -> None:
        """Take the state before the events; nobody changes either from now on."""
        self._events = events
        self._frames = [base]
        self._making = threading.Lock()

    def continued(self, events: Sequence[Event]) -> "Keyframes":
        """The keyframes of a longer run that begins with this one; made ones are kept."""
        longer = Keyframes(self._frames[0], events)
        whole = len(self._events) // EVERY + 1
        longer._frames = self._frames[:whole]
        return longer

    def at(self, place: int) -> State:
        """The state after the first `place` events; the tables are the caller's own."""
        number = place // EVERY
        state = copied(self._frame(number))
        return fold(self._events[number * EVERY : place], state)

    def forward(self, state: State, since: int, place: int) -> State:
        """The state after `place` events, from the one after `since` of them.

        Args:
            state: after the first `since` events; left as it is.
            since: at most `place`.
            place: how many events.
        """
        if place - since > EVERY or place // EVERY > since // EVERY:
            return self.at(place)
        return fold(self._events[since:place], copied(state))

    def make_all(self) -> None:
        """Make every keyframe now, so that nobody waits for one later."""
        self._frame(len(self._events) // EVERY)

    def _frame(self, number: int) -> State:
        if number < len(self._frames):
            return self._frames[number]
        with self._making:
            while number >= len(self._frames):
                first = (len(self._frames) - 1) * EVERY
                state = copied(self._frames[-1])
                self._frames.append(fold(self._events[first : first + EVERY], state))
        return self._frames[number]


def differences(before: State, after: State) -> tuple[frozenset[Changed], bool]:
    """Which records are other ones, or new, and whether any is no longer there.

    Records nothing happened to are the same objects, so only others are compared by value.
    """
    changed: list[Changed] = []
    removed = False
    for table in TABLES:
        old, new = getattr(before, table), getattr(after, table)
        known = old.get
        other = [key for key, record in new.items() if known(key) is not record]
        changed += [Changed(table, key) for key in other if known(key) != new[key]]
        removed = removed or not old.keys() <= new.keys()
    return frozenset(changed), removed
