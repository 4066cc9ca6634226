"""What a drill finds in the journal afterwards."""

from collections import Counter
from contextlib import closing
from pathlib import Path

from tower.domain.events import ExceptionRaised
from tower.feed.clock import SystemClock
from tower.gateway.server import open_journal

_PAGE = 10_000


def alarms_in(data: Path) -> Counter[str]:
    """How often each vehicle's alarm stands in the journal of a data folder."""
    found: Counter[str] = Counter()
    with closing(open_journal(data, SystemClock())) as journal:
        after = 0
        while page := journal.read(after, _PAGE):
            raised = (event for event in page if isinstance(event.body, ExceptionRaised))
            found.update(event.subject.vehicle_id for event in raised)
            after = page[-1].seq
    return found
