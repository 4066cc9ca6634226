"""A gateway's worth of appending in a process of its own, to be killed.

`python -m tests.journal.sender JOURNAL` appends batches for ever and prints the ids of each batch
once it was acknowledged.
"""

import os
import sys
from collections import deque
from concurrent.futures import Future
from datetime import UTC, datetime

from tower.domain.events import Event, StopArrived
from tower.domain.identity import event_id
from tower.domain.records import Actor, Subject
from tower.journal.journal import Journal

IN_FLIGHT = 8
BATCH = 5


class WallClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The time, UTC."""
        return datetime.now(UTC)


def arrival() -> Event:
    """Something that never happened before."""
    now = datetime.now(UTC)
    return Event(
        id=event_id(now, os.urandom(10)),
        at=now,
        recorded_at=now,
        actor=Actor(kind="carrier", id="own"),
        subject=Subject(stop_id=f"s{now.microsecond % 1000}"),
        body=StopArrived(),
    )


def send(journal: Journal) -> None:
    """Append for ever, several batches under way at once; repeat every batch once."""
    waiting: deque[tuple[list[Event], Future[list[Event]]]] = deque()
    while True:
        batch = [arrival() for _ in range(BATCH)]
        waiting.append((batch, journal.append(batch)))
        journal.append(batch)
        if len(waiting) >= IN_FLIGHT:
            sent, job = waiting.popleft()
            job.result()
            sys.stdout.write(" ".join(event.id for event in sent) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    send(Journal.open(sys.argv[1], WallClock()))
