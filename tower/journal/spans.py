"""A span of a journal read in bulk, as rows: nothing is decoded that need not be.

For any thread. It reads by a connection of its own, a few thousand rows at a time, so that who
writes and who else reads go on meanwhile.
"""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from tower.domain.events import Event
from tower.journal.checksums import is_sound
from tower.journal.database import inspect
from tower.journal.errors import JournalCorrupt, JournalUnavailable
from tower.journal.schema import HEAD
from tower.journal.times import from_micros

_CHUNK = 2_000
_PATIENCE_S = 5.0

_EVENTS = """
SELECT seq, type, at_us, recorded_us, body, checksum FROM events WHERE seq > ? ORDER BY seq LIMIT ?
"""

_VEHICLES = """
WITH RECURSIVE each(id) AS (
    SELECT min(vehicle_id) FROM breadcrumbs
    UNION ALL
    SELECT (SELECT min(vehicle_id) FROM breadcrumbs WHERE vehicle_id > id)
    FROM each WHERE id IS NOT NULL
)
SELECT id FROM each WHERE id IS NOT NULL
"""

_CRUMBS = """
SELECT at_us, lat, lon, speed_mps, heading_deg, temperature_c, battery_pct
FROM breadcrumbs WHERE vehicle_id = ? AND at_us BETWEEN ? AND ? ORDER BY at_us
"""

_CRUMB_BEFORE = """
SELECT at_us, lat, lon, speed_mps, heading_deg, temperature_c, battery_pct
FROM breadcrumbs WHERE vehicle_id = ? AND at_us < ? AND at_us >= ? ORDER BY at_us DESC LIMIT 1
"""

_ENDS = "SELECT min(seq), max(seq) FROM events"
_LEARNT = "SELECT recorded_us FROM events WHERE seq <= ? ORDER BY seq DESC LIMIT 1"
_NEWEST = "SELECT recorded_us FROM events ORDER BY seq DESC LIMIT 1"
_EPOCH = "SELECT value FROM meta WHERE key = 'epoch'"


class EventRow(NamedTuple):
    """An event as it stands in the journal.

    Attributes:
        at_us: when it happened, microseconds since 1970; recorded_us: when it was learnt.
        body: the whole event in MessagePack.
    """

    seq: int
    type: str
    at_us: int
    recorded_us: int
    body: bytes


class Crumbs(NamedTuple):
    """Positions of one vehicle.

    Attributes:
        rows: `(n, 7)` microseconds since 1970, latitude, longitude, metres a second, degrees
            clockwise from north, degrees Celsius, percent; NaN where not known.
    """

    vehicle_id: str
    rows: NDArray[np.float64]


class Spans:
    """Reads one journal, which another may be writing; to be closed."""

    def __init__(self, path: Path) -> None:
        """Look at a journal.

        Raises:
            JournalUnavailable: there is none, or it has to be brought up to date first.
            JournalTooNew: a newer Tower wrote it.
            JournalCorrupt: it is not a journal, or damaged.
        """
        revision = inspect(path)
        if not revision:
            raise JournalUnavailable(f"There is no journal at {path}.")
        if revision != HEAD:
            raise JournalUnavailable(
                f"{path} was written by an older Tower. Start its gateway once: it is brought up "
                "to date then."
            )
        self._path = path
        self._connection = _connected(path)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def epoch(self) -> str:
        """The journal's identity."""
        rows = self._rows(_EPOCH, ())
        return str(rows[0][0]) if rows else ""

    def last_learnt(self) -> datetime | None:
        """When the newest event was learnt, UTC; None while there is none."""
        rows = self._rows(_NEWEST, ())
        return from_micros(rows[0][0]) if rows else None

    def learnt_at(self, seq: int) -> datetime | None:
        """When the last event up to a number was learnt, UTC; None where there is none."""
        rows = self._rows(_LEARNT, (seq,))
        return from_micros(rows[0][0]) if rows else None

    def last_before(self, recorded_us: int) -> int:
        """Number of the last event learnt before a time, 0 where there is none.

        Numbers and times of learning rise together, so it is found by halving.
        """
        low, high = (int(one or 0) for one in self._rows(_ENDS, ())[0])
        low = max(low - 1, 0)
        while low < high:
            middle = (low + high + 1) // 2
            found = self._rows(_LEARNT, (middle,))
            if found and found[0][0] < recorded_us:
                low = middle
            else:
                high = middle - 1
        return low

    def events(self, after: int = 0) -> Iterator[EventRow]:
        """Events with a greater number, in the journal's order, as far as it is written.

        Raises:
            JournalCorrupt: one is not as it was written.
        """
        while rows := self._rows(_EVENTS, (after, _CHUNK)):
            yield from map(self._sound, rows)
            after = rows[-1][0]

    def _sound(self, row: tuple[Any, ...]) -> EventRow:
        seq, type_, at_us, recorded_us, body, checksum = row
        if not is_sound(seq, body, checksum):
            raise JournalCorrupt(self._path, f"event {seq} is damaged")
        return EventRow(seq, type_, at_us, recorded_us, body)

    def decoded(self, row: EventRow) -> Event:
        """The event of a row.

        Raises:
            JournalCorrupt: it cannot be read.
        """
        try:
            return _decoder.decode(row.body)
        except msgspec.MsgspecError as error:
            raise JournalCorrupt(self._path, f"event {row.seq} is damaged ({error})") from error

    def vehicles(self) -> list[str]:
        """Ids of all vehicles with positions."""
        return [str(row[0]) for row in self._rows(_VEHICLES, ())]

    def crumbs(self, vehicle_id: str, since_us: int, until_us: int, look_back_us: int) -> Crumbs:
        """Positions in [since, until], oldest first.

        Args:
            vehicle_id: whose.
            since_us: microseconds since 1970.
            until_us: likewise.
            look_back_us: where something at most so old says where the vehicle was at the
                beginning, that comes first.
        """
        before = self._rows(_CRUMB_BEFORE, (vehicle_id, since_us, since_us - look_back_us))
        rows = self._rows(_CRUMBS, (vehicle_id, since_us, until_us))
        return Crumbs(vehicle_id, np.array([*before, *rows], dtype=np.float64).reshape(-1, 7))

    def _rows(self, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        """Rows as the driver gives them: by far the quickest for hundreds of thousands."""
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.OperationalError as error:
            raise JournalUnavailable(f"{self._path} cannot be used now: {error}.") from error
        except sqlite3.DatabaseError as error:
            raise JournalCorrupt(self._path, str(error)) from error


def _connected(path: Path) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(
            path, timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA query_only = ON")
    except sqlite3.Error as error:
        raise JournalUnavailable(f"{path} cannot be opened: {error}.") from error
    return connection


_decoder = msgspec.msgpack.Decoder(Event)
