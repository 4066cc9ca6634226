"""A damaged page: found, told, and mended from what is left."""

import logging
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.journal.diary import HandClock, arrivals, claimed, raised
from tower.domain.fold import fold
from tower.domain.state import State
from tower.journal.copying import EventsCopy, copied_events, copy_of
from tower.journal.errors import JournalCorrupt, JournalLocked
from tower.journal.journal import Journal
from tower.journal.mending import KEPT_ASIDE, mend, open_sound
from tower.journal.reading import read_events
from tower.journal.scrubbing import Scrub, whole_fault

COUNT = 2000
PAGE = 4096


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


def written(path: Path, *, copied: bool) -> State:
    """A closed journal of some events; the state folded from it."""
    journal = Journal.open(path, HandClock())
    journal.append([*arrivals(COUNT), raised(), claimed(1, "ann")]).result()
    if copied:
        with EventsCopy(journal):
            pass
    state = journal.load_state()
    journal.close()
    return state


def pages_of(path: Path, table: str) -> list[int]:
    """Pages of a table that hold rows, found by what stands in them: those of an event's body."""
    mark = {"events": b"stop_arrived", "subjects": b"\x01stop"}[table]
    data = path.read_bytes()
    found = [n for n in range(len(data) // PAGE) if data[n * PAGE : (n + 1) * PAGE].count(mark) > 3]
    assert found, f"no page of {table}"
    return found


def flip(path: Path, page: int, seed: int = 1, header: int = 200) -> None:
    """Flip some bytes of a page, past its first."""
    rng = random.Random(seed)
    with path.open("r+b") as file:
        for _ in range(8):
            place = page * PAGE + rng.randrange(header, PAGE)
            file.seek(place)
            [byte] = file.read(1)
            file.seek(place)
            file.write(bytes([byte ^ rng.randrange(1, 256)]))


def middle_page(path: Path) -> int:
    pages = pages_of(path, "events")
    return pages[len(pages) // 2]


@pytest.mark.parametrize("seed", range(5))
def test_a_damaged_page_is_found_and_everything_comes_back(path: Path, seed: int) -> None:
    state = written(path, copied=True)
    flip(path, middle_page(path), seed)
    assert whole_fault(path)
    journal, mended = open_sound(path, HandClock())
    assert mended is not None
    assert (mended.events, mended.missing) == (COUNT + 2, 0)
    assert 0 < mended.from_copy < 100
    assert "none is missing" in mended.words
    assert mended.aside.name in mended.words
    assert mended.aside.exists()
    assert journal.load_state() == state
    assert len(journal.about("stop", "s7")) == 1
    journal.close()
    assert whole_fault(path) == ""


def test_a_journal_mended_without_loss_is_the_same_journal(path: Path) -> None:
    written(path, copied=True)
    with closing(sqlite3.connect(path)) as raw:
        [epoch] = raw.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()
    flip(path, middle_page(path))
    journal, _ = open_sound(path, HandClock())
    assert journal.epoch == epoch
    [next_one] = journal.append(arrivals(1, first=COUNT)).result()
    assert next_one.seq == COUNT + 3
    journal.close()


def test_without_a_copy_the_rest_is_kept_and_the_loss_is_counted(path: Path) -> None:
    state = written(path, copied=False)
    flip(path, middle_page(path))
    journal, mended = open_sound(path, HandClock())
    assert mended is not None
    assert 0 < mended.missing < 100
    assert f"{mended.missing} could not be read" in mended.words
    assert mended.events + mended.missing == COUNT + 2
    numbers = [event.seq for event in journal.read(0, 5000)]
    assert len(numbers) == mended.events
    assert journal.load_state().exceptions == state.exceptions
    journal.close()


def test_the_state_a_gateway_had_holds_what_its_past_lacks(path: Path) -> None:
    state = written(path, copied=False)
    flip(path, middle_page(path))
    journal, _ = open_sound(path, HandClock(), state)
    assert journal.load_state() == state
    journal.append(arrivals(1, first=COUNT)).result()
    assert journal.seq == state.seq + 1
    journal.close()


def test_a_journal_whose_first_page_is_gone_comes_back_from_its_copy(path: Path) -> None:
    state = written(path, copied=True)
    with path.open("r+b") as file:
        file.write(b"\0" * PAGE)
    journal, mended = open_sound(path, HandClock())
    assert mended is not None
    assert mended.from_copy == COUNT + 2
    assert journal.load_state() == state
    journal.close()


def test_a_damaged_event_is_never_shown_as_if_it_were_sound(path: Path) -> None:
    written(path, copied=False)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE events SET body = replace(body, 's1000', 's1001') WHERE seq = 1001")
        raw.execute("UPDATE events SET body = CAST(body AS BLOB)")
    journal = Journal.open(path, HandClock())
    with pytest.raises(JournalCorrupt, match="event 1001 is damaged"):
        journal.read(900, 200)
    journal.close()
    with pytest.raises(JournalCorrupt, match="event 1001 is damaged"):
        list(read_events(path))


@pytest.mark.parametrize("column", ["at_us", "recorded_us", "type"])
def test_what_stands_beside_an_event_is_looked_at_too(path: Path, column: str) -> None:
    written(path, copied=False)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(f"UPDATE events SET {column} = {column} || '7' WHERE seq = 700")  # noqa: S608
    assert "event 700 is not as it was written" in whole_fault(path)


def test_a_journal_that_lost_its_end_gets_it_back_from_its_copy(path: Path) -> None:
    state = written(path, copied=True)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DELETE FROM events WHERE seq > 1500")
    journal, mended = open_sound(path, HandClock())
    assert mended is not None
    assert "its last 502 events are gone" in mended.words
    assert (mended.from_copy, mended.missing) == (502, 0)
    assert journal.load_state() == state
    journal.close()


def test_a_damaged_write_ahead_log_costs_nothing_though_sqlite_says_nothing(path: Path) -> None:
    """SQLite takes the first damaged frame for the end, and drops what was committed after it."""
    other = path.parent / "crashed" / path.name
    journal = Journal.open(path, HandClock())
    for number in range(0, COUNT, 100):
        journal.append(arrivals(100, first=number)).result()
    with EventsCopy(journal):
        pass
    state = journal.load_state()
    shutil.copytree(path.parent, other.parent)  # as a kill leaves it
    journal.close()
    log = other.with_name(f"{other.name}-wal")
    flip(log, log.stat().st_size // PAGE // 2)
    journal, mended = open_sound(other, HandClock())
    assert mended is not None
    assert mended.from_copy > 0
    assert (mended.events, mended.missing) == (COUNT, 0)
    assert journal.load_state() == state
    journal.close()


def test_only_some_damaged_files_are_kept(path: Path) -> None:
    written(path, copied=True)
    for day in range(1, 6):
        path.with_name(f"{path.name}.damaged-2026010{day}-120000").write_bytes(b"old")
    mend(path, "a test")
    kept = sorted(one.name for one in path.parent.glob("*.damaged-*"))
    assert len(kept) == KEPT_ASIDE
    assert kept[0].endswith("20260104-120000")


def test_a_journal_that_is_empty_all_of_a_sudden_comes_back_from_its_copy(path: Path) -> None:
    state = written(path, copied=True)
    path.unlink()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA user_version = 1")
    journal, mended = open_sound(path, HandClock())
    assert mended is not None
    assert (mended.from_copy, mended.missing) == (state.seq, 0)
    assert journal.load_state() == state
    journal.close()


def test_a_scrub_finds_what_is_damaged_while_the_journal_is_open(path: Path) -> None:
    written(path, copied=False)
    journal = Journal.open(path, HandClock())
    scrub = Scrub(path)
    assert [scrub.look() for _ in range(4)] == [""] * 4
    flip(path, middle_page(path))
    assert any(scrub.look() for _ in range(4))
    journal.close()


def test_a_scrub_comes_round_also_while_events_come_in(path: Path) -> None:
    written(path, copied=False)
    journal = Journal.open(path, HandClock())
    scrub = Scrub(path)
    page = middle_page(path)
    assert scrub.look() == ""
    flip(path, page)
    for number in range(5):
        journal.append(arrivals(1, first=COUNT + number)).result()
        if scrub.look():
            break
    else:
        pytest.fail("it never came round")
    journal.close()


def test_a_scrub_rests_a_hundred_times_as_long_as_it_works(path: Path) -> None:
    written(path, copied=False)
    scrub = Scrub(path)
    assert scrub.is_due
    scrub.look()
    assert not scrub.is_due


def test_a_file_of_somebody_else_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"a letter to a friend" * 500)
    with pytest.raises(JournalCorrupt):
        open_sound(path, HandClock())
    assert path.read_bytes() == b"a letter to a friend" * 500


def test_a_journal_in_use_is_not_mended(path: Path) -> None:
    written(path, copied=False)
    journal = Journal.open(path, HandClock())
    with pytest.raises(JournalLocked):
        mend(path, "a test")
    journal.close()


def test_a_sound_journal_is_only_opened(path: Path) -> None:
    state = written(path, copied=True)
    journal, mended = open_sound(path, HandClock())
    assert mended is None
    assert journal.load_state() == state
    journal.close()


def test_the_copy_follows_and_begins_anew_for_another_journal(path: Path) -> None:
    state = written(path, copied=True)
    assert len(list(copied_events(path))) == state.seq
    path.unlink()
    journal = Journal.open(path, HandClock())
    kept = journal.append(arrivals(3)).result()
    with EventsCopy(journal):
        pass
    journal.close()
    assert [seq for seq, _, _ in copied_events(path)] == [event.seq for event in kept]
    assert copy_of(path).with_name("journal.copy.db.earlier").exists()


def test_a_copy_that_is_damaged_itself_is_made_again(path: Path) -> None:
    state = written(path, copied=True)
    copy_of(path).write_bytes(b"no database" * 1000)
    journal = Journal.open(path, HandClock())
    with EventsCopy(journal) as copy:
        copy._try()
        copy._try()
    journal.close()
    assert len(list(copied_events(path))) == state.seq


def test_damage_to_the_journal_costs_its_copy_nothing(path: Path) -> None:
    state = written(path, copied=True)
    journal = Journal.open(path, HandClock())
    journal.append(arrivals(100, first=COUNT)).result()
    journal.close()
    journal = Journal.open(path, HandClock())
    for page in pages_of(path, "events")[-6:]:
        flip(path, page, header=0)
    with EventsCopy(journal):
        pass
    journal.close()
    assert len(list(copied_events(path))) >= state.seq


def test_the_order_of_events_does_not_matter_to_what_is_mended(path: Path) -> None:
    written(path, copied=True)
    for page in pages_of(path, "events")[::7]:
        flip(path, page, seed=page)
    journal, mended = open_sound(path, HandClock())
    assert mended is not None
    assert mended.missing == 0
    assert fold(journal.read(0, 10_000)) == journal.load_state()
    journal.close()
