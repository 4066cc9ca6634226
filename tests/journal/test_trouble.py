"""A full disk: what cannot be written is given back, the rest goes on."""

import logging
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event as hooks
from sqlalchemy import text
from sqlalchemy.engine.interfaces import DBAPIConnection

from tests.journal.diary import NOON, HandClock, arrivals
from tower.domain.fold import fold
from tower.domain.telemetry import Fix
from tower.journal.errors import JournalWriteFailed
from tower.journal.journal import Journal
from tower.journal.writer import Job


def shrink_disk(journal: Journal, pages: int) -> None:
    """Let the database have no more pages than so many (of 4 KiB) beyond what it has."""
    engine = journal._engine
    engine.dispose()

    @hooks.listens_for(engine, "connect")
    def _limit(raw: DBAPIConnection, _record: object) -> None:
        cursor = raw.cursor()
        [[have]] = cursor.execute("PRAGMA page_count").fetchall()
        cursor.execute(f"PRAGMA max_page_count = {have + pages}")
        cursor.close()


def what_is_wrong(journal: Journal) -> str:
    return str(journal.trouble or "")


def test_a_full_disk_loses_nothing_acknowledged_and_says_so(
    journal: Journal, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    kept = journal.append(arrivals(100)).result()
    shrink_disk(journal, 10)

    with pytest.raises(JournalWriteFailed, match=r"full.*[Ff]ree some disk space"):
        journal.append(arrivals(5000, first=100)).result()

    assert "full" in what_is_wrong(journal)
    assert journal.read(0, 1000) == kept
    [next_one] = journal.append(arrivals(1, first=100)).result()
    assert next_one.seq == 101
    assert what_is_wrong(journal) == ""
    journal.close()
    again = Journal.open(path, HandClock())
    assert again.load_state() == fold([*kept, next_one])
    again.close()


def test_senders_who_waited_together_are_all_told(
    journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    shrink_disk(journal, 0)

    waiting = [journal.append(arrivals(500, first=500 * n)) for n in range(4)]

    errors = [job.exception() for job in waiting]
    assert all(isinstance(error, JournalWriteFailed) for error in errors)
    assert journal.seq == 0
    assert journal.load_state().stops == {}


def test_an_unforeseen_failure_does_not_end_the_journal(
    journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    with journal._engine.begin() as connection:
        connection.execute(text("ALTER TABLE subjects RENAME TO elsewhere"))

    with pytest.raises(JournalWriteFailed, match="subjects"):
        journal.append(arrivals(1)).result()

    with journal._engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO subjects"))
    assert journal.append(arrivals(1)).result()[0].seq == 1


def test_trouble_is_over_by_itself_when_there_is_room_again(
    journal: Journal, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tower.journal.writer._PROBE_S", 0.02)
    caplog.set_level(logging.CRITICAL)
    is_over = threading.Event()
    commit = journal._writer._commit

    def watched(group: list[Job]) -> None:
        commit(group)
        if journal.trouble is None:
            is_over.set()

    monkeypatch.setattr(journal._writer, "_commit", watched)
    shrink_disk(journal, 0)
    assert isinstance(journal.append(arrivals(5000)).exception(), JournalWriteFailed)
    assert is_over.wait(20)
    assert what_is_wrong(journal) == ""


def test_positions_the_disk_did_not_take_are_kept_until_it_does(
    journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    shrink_disk(journal, 0)
    first = [
        Fix(vehicle_id=f"V{n}", at=NOON, lat=47.0, lon=9.5, speed_mps=1.0) for n in range(3000)
    ]
    journal.breadcrumbs.add(first)
    journal.flush()
    assert "full" in what_is_wrong(journal)
    assert journal.breadcrumbs.newest(NOON) == []
    shrink_disk(journal, 10_000)
    last = Fix(vehicle_id="V0", at=NOON + timedelta(minutes=1), lat=47.0, lon=9.6)
    journal.breadcrumbs.add([last])
    journal.flush()
    assert len(journal.breadcrumbs.newest(NOON)) == 3000
    assert [fix.at for fix in journal.breadcrumbs.trail("V0", NOON, last.at)] == [NOON, last.at]
