"""A journal opens from its newest good snapshot; a bad one costs time, never facts."""

import logging
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from tests.journal.diary import HandClock, arrivals, event
from tower.domain import events as e
from tower.domain.fold import apply, fold
from tower.domain.state import State
from tower.journal.errors import JournalClosed
from tower.journal.journal import Journal
from tower.journal.packing import packed
from tower.journal.snapshots import format_of_states, newest_state


def test_the_state_is_the_fold_of_every_event_with_or_without_a_snapshot(
    journal: Journal,
) -> None:
    first = journal.append(arrivals(50)).result()
    without = journal.load_state()
    journal.save_snapshot(without).result()
    second = journal.append([*arrivals(20, first=40)]).result()

    assert without == fold(first)
    assert journal.load_state() == fold(first + second)


def test_the_caller_goes_on_folding_while_its_snapshot_is_written(journal: Journal) -> None:
    [first] = journal.append(arrivals(1)).result()
    state = fold([first])
    waiting = journal.save_snapshot(state)
    [second] = journal.append([event(e.StopDelivered(), stop_id="s0")]).result()
    apply(state, second)
    waiting.result()

    assert journal.load_state() == state


def test_a_state_of_many_pieces_is_read_back_as_it_was(journal: Journal) -> None:
    events = journal.append(arrivals(1_201)).result()
    journal.save_snapshot(fold(events)).result()

    with journal._reading() as connection:
        assert newest_state(connection, journal.seq) == fold(events)


def test_a_snapshot_that_was_written_all_at_once_is_still_read(
    journal: Journal, path: Path
) -> None:
    events = journal.append(arrivals(3)).result()
    journal.save_snapshot(fold(events)).result()
    whole = msgspec.msgpack.encode(fold(events))
    with closing(sqlite3.connect(path)) as raw, raw:
        row = (format_of_states().removesuffix("-pieces"), zlib.crc32(whole), whole)
        raw.execute("UPDATE snapshots SET format = ?, checksum = ?, state = ?", row)

    with journal._reading() as connection:
        assert newest_state(connection, journal.seq) == fold(events)


def test_a_closed_journal_keeps_no_snapshot(journal: Journal) -> None:
    journal.close()

    with pytest.raises(JournalClosed):
        journal.save_snapshot(State())


def test_only_the_newest_two_are_kept(journal: Journal, path: Path) -> None:
    for number in range(4):
        journal.append(arrivals(3, first=3 * number)).result()
        journal.save_snapshot(journal.load_state()).result()

    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT seq FROM snapshots ORDER BY seq").fetchall() == [(9,), (12,)]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE snapshots SET state = CAST(x'00' || substr(state, 2) AS BLOB) WHERE seq = 6",
        "UPDATE snapshots SET format = '0-other' WHERE seq = 6",
        "UPDATE snapshots SET state = x'80' WHERE seq = 6",
        "UPDATE snapshots SET state = x'80', checksum = 0",
    ],
)
def test_a_damaged_snapshot_is_passed_over(
    journal: Journal, path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    events = []
    for number in range(2):
        events += journal.append(arrivals(3, first=3 * number)).result()
        journal.save_snapshot(journal.load_state()).result()
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(damage)

    assert journal.load_state() == fold(events)


@pytest.mark.parametrize("is_other_format", [False, True])
def test_a_snapshot_that_reads_well_but_is_not_what_was_written_is_passed_over(
    journal: Journal, path: Path, is_other_format: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    events = journal.append(arrivals(3)).result()
    journal.save_snapshot(journal.load_state()).result()
    with closing(sqlite3.connect(path)) as raw, raw:
        other = fold(arrivals(4))
        other.seq = events[-1].seq
        changed = packed(other)
        raw.execute("UPDATE snapshots SET state = ?", (changed,))
        if is_other_format:
            row = ("0-other", zlib.crc32(changed))
            raw.execute("UPDATE snapshots SET format = ?, checksum = ?", row)

    assert journal.load_state() == fold(events)


def test_a_snapshot_beyond_the_journal_is_of_another_one(
    journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    events = journal.append(arrivals(3)).result()
    journal.save_snapshot(State(seq=900)).result()

    assert journal.load_state() == fold(events)


def test_the_state_survives_closing(journal: Journal, path: Path) -> None:
    events = journal.append(arrivals(10)).result()
    journal.save_snapshot(journal.load_state())
    journal.close()

    again = Journal.open(path, HandClock())
    assert again.load_state() == fold(events)
    assert replace(again.load_state(), seq=0) != State()
    again.close()
