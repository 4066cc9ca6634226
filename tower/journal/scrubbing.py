"""Looking through a journal for damage nobody has stumbled on yet."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import msgspec

from tower.journal.checksums import is_sound
from tower.journal.salvaging import connected
from tower.journal.times import micros

_PORTION = 2_000
_PATIENCE_S = 5.0
_NEXT = """
SELECT seq, id, type, at_us, recorded_us, body, checksum FROM events WHERE seq > ?
ORDER BY seq LIMIT ?
"""

_PREFACE = "*** in database main ***"

SHARE = 0.01
"""The share of a core a scrub may take, so that it costs nobody anything."""


class _Tagged(msgspec.Struct, frozen=True):
    type: str


class _Head(msgspec.Struct, frozen=True):
    """As much of an event as stands beside it in columns."""

    id: str
    seq: int
    at: datetime
    recorded_at: datetime
    body: _Tagged

    @property
    def columns(self) -> tuple[int, str, str, int, int]:
        """As they should stand."""
        return self.seq, self.id, self.body.type, micros(self.at), micros(self.recorded_at)


_Row = tuple[int, str, str, int, int, bytes, int | None]


class Scrub:
    """Goes through a journal again and again, a portion at a time; for one thread at once.

    Each round checks that the pages hang together and agree with their indexes, then that every
    event is as it was written.
    """

    def __init__(self, path: Path) -> None:
        """Begin with a round."""
        self._path = path
        self._after: int | None = None
        self._rests_until = 0.0

    @property
    def is_due(self) -> bool:
        """True where the next portion may be looked at."""
        return time.monotonic() >= self._rests_until

    def look(self) -> str:
        """Look at the next portion.

        Returns:
            What is damaged, in words; "" where all is sound, or could not be read now.
        """
        begun = time.thread_time()
        try:
            with closing(_connected(self._path)) as raw:
                return self._portion(raw)
        except sqlite3.OperationalError:
            return ""  # locked, or out of reach: that is another trouble, and told as such
        except sqlite3.DatabaseError as error:
            return str(error)
        finally:
            self._rests_until = time.monotonic() + (time.thread_time() - begun) / SHARE

    def _portion(self, raw: sqlite3.Connection) -> str:
        if self._after is None:
            self._after = 0
            return structure_fault(raw)
        rows = raw.execute(_NEXT, (self._after, _PORTION)).fetchall()
        # What is recorded meanwhile is for the next round, or this one would never end.
        self._after = rows[-1][0] if len(rows) == _PORTION else None
        return _unsound(rows)


def whole_fault(path: Path) -> str:
    """What is damaged in a whole journal of the newest revision, in words; "" where it is sound.

    Raises:
        sqlite3.OperationalError: it cannot be read now.
    """
    try:
        with closing(_connected(path)) as raw:
            return structure_fault(raw) or next(filter(None, map(_unsound, _portions(raw))), "")
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        return str(error)


def structure_fault(raw: sqlite3.Connection) -> str:
    """What SQLite finds wrong with its pages and indexes; "" for nothing."""
    [said] = raw.execute("PRAGMA integrity_check(1)").fetchone()
    return "" if said == "ok" else " ".join(str(said).replace(_PREFACE, "").split())


def _portions(raw: sqlite3.Connection) -> Iterator[list[_Row]]:
    after = 0
    while rows := raw.execute(_NEXT, (after, _PORTION)).fetchall():
        yield rows
        after = rows[-1][0]


def _unsound(rows: list[_Row]) -> str:
    wrong = [row[0] for row in rows if not _is_as_written(*row)]
    if not wrong:
        return ""
    return f"event {wrong[0]} is not as it was written" + (
        f", nor are {len(wrong) - 1} after it" if len(wrong) > 1 else ""
    )


def _is_as_written(
    seq: int, id_: str, type_: str, at_us: int, recorded_us: int, body: bytes, checksum: int | None
) -> bool:
    if not is_sound(seq, body, checksum):
        return False
    try:
        head = _heads.decode(body)
    except msgspec.MsgspecError:
        return False
    return head.columns == (seq, id_, type_, at_us, recorded_us)


_heads = msgspec.msgpack.Decoder(_Head)


def _connected(path: Path) -> sqlite3.Connection:
    raw = connected(path, _PATIENCE_S)
    raw.execute("PRAGMA query_only = ON")
    return raw
