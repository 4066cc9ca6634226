"""A journal is read while it is written, and by whoever does not hold its lock."""

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.journal.diary import arrivals
from tower.journal.database import writing_engine
from tower.journal.errors import JournalCorrupt, JournalUnavailable
from tower.journal.journal import Journal
from tower.journal.reading import read_events


def test_every_event_is_read_in_its_order_while_the_gateway_runs(
    journal: Journal, path: Path
) -> None:
    journal.append(arrivals(7_000)).result()
    told = list(read_events(path))
    assert [event.seq for event in told] == list(range(1, 7_001))
    journal.append(arrivals(1, first=7_000)).result()
    assert sum(1 for _ in read_events(path)) == 7_001


def test_reading_changes_nothing(journal: Journal, path: Path) -> None:
    journal.append(arrivals(3)).result()
    journal.close()
    before = path.read_bytes()
    assert len(list(read_events(path))) == 3
    assert path.read_bytes() == before


def test_where_there_is_no_journal_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(JournalUnavailable, match="There is no journal"):
        list(read_events(tmp_path / "journal.db"))
    assert not (tmp_path / "journal.db").exists()


def test_a_damaged_event_is_said_to_be(journal: Journal, path: Path) -> None:
    journal.append(arrivals(3)).result()
    journal.close()
    engine = writing_engine(path)
    with engine.begin() as connection:
        connection.execute(text("UPDATE events SET body = x'C1' WHERE seq = 2"))
    engine.dispose()
    with pytest.raises(JournalCorrupt, match="event 2 is damaged"):
        list(read_events(path))


def test_what_is_no_journal_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"something else entirely, and long enough")
    with pytest.raises(JournalCorrupt):
        list(read_events(path))
