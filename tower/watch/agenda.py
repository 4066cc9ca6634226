"""What is to be looked at, and when again."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import Enum
from itertools import islice
from typing import NamedTuple

_SPARE = 1_000
"""Times that hold no more and are kept anyway."""


class Sort(Enum):
    """What sort of thing is looked at."""

    STOP = "stop"
    VEHICLE = "vehicle"
    EXCEPTION = "exception"


class Subject(NamedTuple):
    """One thing that is looked at."""

    sort: Sort
    id: str


class Agenda:
    """Things to be looked at: now, and at given times."""

    def __init__(self) -> None:
        self._now: dict[Subject, None] = {}
        self._later: list[tuple[datetime, str, Subject]] = []
        self._at: dict[Subject, datetime] = {}

    def __len__(self) -> int:
        """How many are to be looked at now."""
        return len(self._now)

    def put(self, subjects: Iterable[Subject]) -> None:
        """These are to be looked at now; each once, in this order."""
        self._now.update(dict.fromkeys(subjects))

    def again(self, subject: Subject, at: datetime | None) -> None:
        """This is to be looked at again then and no other time; None for never by itself."""
        if at is None:
            self._at.pop(subject, None)
        elif self._at.get(subject) != at:
            self._at[subject] = at
            heapq.heappush(self._later, (at, subject.id, subject))
            if len(self._later) > _SPARE + 2 * len(self._at):
                self._tidy()

    def _tidy(self) -> None:
        """Leave out times that hold no more: what is put off again and again left one each time."""
        self._later = [(at, subject.id, subject) for subject, at in self._at.items()]
        heapq.heapify(self._later)

    def come_due(self, now: datetime) -> None:
        """Put what is due by now among what is looked at now."""
        while self._later and self._later[0][0] <= now:
            at, _, subject = heapq.heappop(self._later)
            if self._at.get(subject) == at:
                del self._at[subject]
                self._now[subject] = None

    def take(self, at_most: int | None = None) -> Iterator[Subject]:
        """Take out what is to be looked at now, the oldest first.

        Args:
            at_most: so many; all that was there at the beginning where not given.
        """
        # All at once: to find the first again and again is to step over those taken out before.
        for subject in list(islice(self._now, at_most)):
            if subject in self._now:
                del self._now[subject]
                yield subject
