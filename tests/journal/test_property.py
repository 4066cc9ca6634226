"""Whatever is appended, repeated, kept and reopened: the journal is its events, once each."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.happenings import histories
from tests.journal.diary import HandClock
from tower.domain.events import Event
from tower.domain.fold import fold
from tower.journal.decisions import decisions_of
from tower.journal.errors import VersionConflict
from tower.journal.journal import Journal

steps = st.lists(
    st.tuples(st.integers(0, 39), st.integers(0, 8), st.sampled_from(["", "snapshot", "reopen"])),
    max_size=12,
)


def appended(journal: Journal, batch: list[Event]) -> None:
    try:
        journal.append(batch).result()
    except VersionConflict:
        for event in batch:
            if not any(decisions_of(event)):
                journal.append([event]).result()


@settings(max_examples=30)
@given(histories, steps)
def test_the_journal_is_the_set_of_its_events_in_one_order(
    history: list[Event], plan: list[tuple[int, int, str]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        journal = Journal.open(path, HandClock())
        for start, count, then in plan:
            appended(journal, history[start : start + count])
            if then:
                journal.save_snapshot(journal.load_state()).result()
            if then == "reopen":
                journal.close()
                journal = Journal.open(path, HandClock())
        events, state = journal.read(0, 1000), journal.load_state()
        journal.close()

    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert len({event.id for event in events}) == len(events)
    assert state == fold(events)
