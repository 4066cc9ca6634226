"""A journal that cannot be used says why, and is left as it was."""

import gc
import multiprocessing
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from tests.journal.diary import HandClock, arrivals
from tower.journal.database import bring_up, migrate, writing_engine
from tower.journal.errors import (
    JournalCorrupt,
    JournalLocked,
    JournalTooNew,
    JournalUnavailable,
)
from tower.journal.journal import Journal
from tower.journal.schema import HEAD, metadata


def filled(path: Path, count: int = 200) -> None:
    journal = Journal.open(path, HandClock())
    journal.append(arrivals(count)).result()
    journal.close()


def untouched(path: Path, error: type[Exception]) -> str:
    """Open a journal that must be refused; returns the message."""
    before = path.read_bytes()
    with pytest.raises(error) as refused:
        Journal.open(path, HandClock())
    assert path.read_bytes() == before
    return str(refused.value)


def read_all(path: Path) -> None:
    journal = Journal.open(path, HandClock())
    try:
        journal.load_state()
    finally:
        journal.close()


def test_a_journal_keeps_its_epoch_and_another_one_has_another(tmp_path: Path) -> None:
    epochs = []
    for name in ("a.db", "a.db", "b.db"):
        journal = Journal.open(f"sqlite:///{tmp_path / name}", HandClock())
        epochs.append(journal.epoch)
        journal.close()

    assert epochs[0] == epochs[1] != epochs[2]


def test_a_folder_with_an_odd_name_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "100 % sure? #1" / "journal.db"

    filled(path)

    assert path.exists()
    read_all(path)


def test_a_journal_of_a_newer_tower_is_left_alone(path: Path) -> None:
    filled(path)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '0042'")

    message = untouched(path, JournalTooNew)

    assert "0042" in message
    assert HEAD in message


@pytest.mark.parametrize(
    "content", [b"Dear diary, today nothing happened.", b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_a_file_that_is_no_journal_is_left_alone(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)

    assert str(path) in untouched(path, JournalCorrupt)


def test_somebody_elses_database_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("CREATE TABLE photos (id INTEGER)")

    assert "not one of Tower's" in untouched(path, JournalCorrupt)


def test_a_journal_cut_short_by_a_broken_copy_is_told_as_damaged(path: Path) -> None:
    filled(path, 2000)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])

    with pytest.raises(JournalCorrupt, match="restore it"):
        read_all(path)


def test_a_damaged_event_is_named(journal: Journal, path: Path) -> None:
    journal.append(arrivals(5)).result()
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE events SET body = x'c1' WHERE seq = 3")

    with pytest.raises(JournalCorrupt, match="event 3 is damaged"):
        journal.load_state()


def test_a_damaged_journal_is_let_go_of_so_that_it_can_be_replaced(path: Path) -> None:
    Journal.open(path, HandClock()).close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("DELETE FROM meta")
        raw.commit()
    gc.disable()  # as on a machine that has no reason to collect yet
    try:
        with pytest.raises(JournalCorrupt, match="does not say which journal it is"):
            Journal.open(path, HandClock())
        held = {Path(file.path) for file in psutil.Process().open_files()}
    finally:
        gc.enable()
    assert not {one for one in held if one.parent == path.parent}


def test_a_second_gateway_on_the_same_journal_is_told_who_holds_it(
    journal: Journal, path: Path
) -> None:
    with pytest.raises(JournalLocked, match=rf"process {os.getpid()}.*--gateway"):
        Journal.open(path, HandClock())

    journal.close()
    Journal.open(path, HandClock()).close()


def _hold(path: Path, ready: "multiprocessing.Queue[bool]") -> None:
    Journal.open(path, HandClock())
    ready.put(True)
    multiprocessing.Event().wait()


@pytest.mark.slow
def test_a_killed_gateway_holds_no_lock(path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Queue()
    other = spawn.Process(target=_hold, args=(path, ready))
    other.start()
    ready.get(timeout=60)

    with pytest.raises(JournalLocked, match=str(other.pid)):
        Journal.open(path, HandClock())

    other.kill()
    other.join()
    Journal.open(path, HandClock()).close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(JournalUnavailable, match="cannot be made"):
        Journal.open(tmp_path / "file" / "journal.db", HandClock())


def test_a_database_tower_cannot_use_yet_is_refused() -> None:
    with pytest.raises(JournalUnavailable, match="only SQLite"):
        Journal.open("postgresql://db/tower", HandClock())


def tables_of(path: Path) -> set[tuple[str, str, str]]:
    with closing(sqlite3.connect(path)) as raw:
        names = [r[0] for r in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {
            (name, str(column[1:4]), str(column[5]))
            for name in names
            for column in raw.execute(f"PRAGMA table_info({name})")
        }
        indexes = {("index", str(r[0]), "") for r in raw.execute("SELECT name FROM sqlite_master")}
    return columns | indexes


def test_a_migrated_journal_has_the_tables_of_a_new_one(tmp_path: Path) -> None:
    new, old = tmp_path / "new.db", tmp_path / "old.db"
    engine = writing_engine(new)
    bring_up(engine, "")
    engine.dispose()
    engine = writing_engine(old)
    with engine.begin() as connection:
        migrate(connection)
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
    engine.dispose()

    assert tables_of(old) == tables_of(new)
    assert set(metadata.tables) <= {row[0] for row in tables_of(new)}


def test_opening_a_current_journal_does_not_wait_for_the_migration_tool(path: Path) -> None:
    filled(path)
    program = (
        "import sys\n"
        "from tests.journal.diary import HandClock\n"
        "from tower.journal.journal import Journal\n"
        f"Journal.open({str(path)!r}, HandClock()).close()\n"
        "print('alembic' in sys.modules)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "False"
