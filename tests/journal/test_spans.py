"""A span of a journal is read in bulk, while it is written, and nothing of it is changed."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.journal.diary import NOON, HandClock, arrivals
from tower.domain.telemetry import Fix
from tower.journal.errors import JournalCorrupt, JournalUnavailable
from tower.journal.journal import Journal
from tower.journal.spans import Spans
from tower.journal.times import micros

HOUR_US = 3_600_000_000


@pytest.fixture
def spans(journal: Journal, path: Path, clock: HandClock) -> Iterator[Spans]:
    """One event a minute for ten minutes, and a vehicle that told where it was thrice."""
    for number in range(10):
        journal.append(arrivals(1, first=number)).result()
        clock.go(60)
    journal.breadcrumbs.add([fix("v2", minute) for minute in (0, 1, 5)] + [fix("v1", 3)])
    journal.flush()
    with closing(Spans(path)) as opened:
        yield opened


def fix(vehicle_id: str, minute: int) -> Fix:
    at = NOON + timedelta(minutes=minute)
    return Fix(vehicle_id=vehicle_id, at=at, lat=47 + minute / 100, lon=9.5, speed_mps=3.0)


def test_events_come_in_their_order_and_whole(spans: Spans, journal: Journal) -> None:
    rows = list(spans.events(after=4))
    assert [row.seq for row in rows] == [5, 6, 7, 8, 9, 10]
    assert [spans.decoded(row) for row in rows] == journal.read(4, 100)
    assert rows[0].type == "stop_arrived"
    assert spans.epoch() == journal.epoch


def test_who_knew_what_when_is_found(spans: Spans) -> None:
    minutes = [micros(NOON + timedelta(minutes=minute)) for minute in (-5, 0, 1, 4, 99)]
    assert [spans.last_before(at) for at in minutes] == [0, 0, 1, 4, 10]
    assert spans.last_before(micros(NOON) + 1) == 1
    assert spans.learnt_at(3) == NOON + timedelta(minutes=2)
    assert spans.learnt_at(99) == spans.last_learnt() == NOON + timedelta(minutes=9)
    assert spans.learnt_at(0) is None


def test_positions_of_a_span_begin_with_where_the_vehicle_was(spans: Spans) -> None:
    assert spans.vehicles() == ["v1", "v2"]
    since, until = (micros(NOON + timedelta(minutes=minute)) for minute in (2, 9))
    rows = spans.crumbs("v2", since, until, HOUR_US).rows
    assert rows[:, 0].tolist() == [micros(NOON + timedelta(minutes=minute)) for minute in (1, 5)]
    assert rows[:, 1].tolist() == [47.01, 47.05]
    assert np.isnan(rows[:, 4]).all()
    assert len(spans.crumbs("v2", since, until, 1_000).rows) == 1
    assert len(spans.crumbs("nobody", since, until, HOUR_US).rows) == 0


def test_what_is_written_meanwhile_is_read_too(spans: Spans, journal: Journal) -> None:
    journal.append(arrivals(1, first=10)).result()
    assert len(list(spans.events())) == 11


def test_where_there_is_no_journal_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(JournalUnavailable, match="There is no journal"):
        Spans(tmp_path / "journal.db")
    assert not (tmp_path / "journal.db").exists()
    (tmp_path / "letter.db").write_bytes(b"Dear all, " * 500)
    with pytest.raises(JournalCorrupt):
        Spans(tmp_path / "letter.db")


def test_an_empty_journal_has_nothing(journal: Journal, path: Path) -> None:
    assert journal.seq == 0
    with closing(Spans(path)) as opened:
        assert opened.last_learnt() is None
        assert opened.last_before(micros(NOON)) == 0
        assert list(opened.events()) == []
        assert opened.vehicles() == []
