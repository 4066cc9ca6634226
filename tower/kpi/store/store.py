"""The store of figures: one writer, any number of readers."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import msgspec

from tower.domain.events import Event
from tower.kpi.facts import Dimension, Fact
from tower.kpi.measures.definition import Definition
from tower.kpi.query import Answer, Ask, Behind, BehindAnswer, PlacesAnswer, PlacesAsk
from tower.kpi.recount.changes import Changes
from tower.kpi.store import asking, putting
from tower.kpi.store.conditions import period
from tower.kpi.store.errors import StoreFailed
from tower.kpi.store.frames import Frame, fact_of, held_row
from tower.kpi.store.layout import COLUMN_OF, FACTS, SUMS
from tower.kpi.store.lines import lines
from tower.kpi.store.opening import note_damage, opened
from tower.kpi.store.places import places

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FILE_NAME = "kpi.duckdb"
"""Beside the journal."""

_MERGED_AFTER = 5_000
"""So many rows of sums may be added before those of the same keys are made one again."""

_NAMED = (Dimension.CARRIER, Dimension.DEPOT, Dimension.ROUTE, Dimension.DRIVER, Dimension.ACCOUNT)


class Value(NamedTuple):
    """A key of a dimension and what it is called."""

    key: str
    name: str


class Store:
    """Facts and their sums in one DuckDB file, made of the journal and made again where lost.

    One thread writes (`put`, `load`, `rename`, `rebuild`); any thread reads, also meanwhile: a
    reader sees what was committed when it began.

    Attributes:
        told: what was done about an older or damaged file when it was opened, in words, or "".
    """

    def __init__(self, path: Path, epoch: str, root: "DuckDBPyConnection", told: str) -> None:
        self.path = path
        self.told = told
        self._epoch = epoch
        self._root = root
        self._writer = root.cursor()
        self._writing = threading.Lock()
        self._added = 0
        self._days: set[date] = set()
        self._seq = self._kept_seq()

    @classmethod
    def open(cls, path: Path, epoch: str) -> Self:
        """Open the store in a file, making it where it is missing.

        A damaged file, one of another version or of another journal is set aside; the figures
        then begin at sequence number 0.

        Args:
            path: the file; its folder exists.
            epoch: names the journal the figures are made of.

        Raises:
            StoreLocked: another process has it open.
            StoreFailed: the file cannot be made or written.
        """
        first = opened(path, epoch)
        try:
            return cls(path, epoch, first.connection, first.told)
        except StoreFailed:
            # What it stumbled over may have been noted as damage; then the file is set aside now.
            first.connection.close()
            again = opened(path, epoch)
            return cls(path, epoch, again.connection, again.told)

    @property
    def seq(self) -> int:
        """The journal's last event that is in it."""
        return self._seq

    @property
    def newest(self) -> datetime | None:
        """The latest moment a fact was made for, as `put` was told; None before the first."""
        with self._reading() as connection:
            value = _about(connection, "newest")
        return datetime.fromisoformat(value) if value else None

    def put(self, changes: Changes, seq: int) -> None:
        """Take in what events changed, all or nothing.

        Args:
            changes: the facts of whatever changed; they replace what is held of the same things.
            seq: the last of those events.

        Raises:
            StoreFailed: nothing was written.
        """
        with self._transaction():
            self._added += putting.put(self._writer, changes, seq)
            self._days |= {fact.day for some in changes.facts.values() for fact in some}
            if self._added > _MERGED_AFTER:
                putting.merge(self._writer, self._days)
                self._added, self._days = 0, set()
        self._seq = seq

    def load(self, columns: Frame) -> None:
        """Add many facts at once, such as those of a simulated past.

        Args:
            columns: a data frame, or arrays by name: those of `Fact` and of `COLUMNS`; what is
                missing is empty. `day` are dates, `at` times in UTC. Loaded day by day, the days
                in order, answers come quickest. An id must not have been there before.

        Raises:
            StoreFailed: nothing was written.
        """
        with self._transaction():
            putting.load(self._writer, columns)

    def rename(self, names: Mapping[tuple[Dimension, str], str]) -> None:
        """Say what keys of dimensions are called.

        Raises:
            StoreFailed: nothing was written.
        """
        self.put(Changes(names=dict(names)), self._seq)

    def rebuild(self) -> None:
        """Forget everything: what was loaded too. The figures begin at sequence number 0.

        Raises:
            StoreFailed: nothing was forgotten.
        """
        with self._transaction():
            for table in (FACTS, *(sums.table for sums in SUMS), "names", "registrations"):
                self._writer.execute(f"DELETE FROM {table}")  # noqa: S608 - names of tables
            self._writer.execute("DELETE FROM about WHERE key = 'newest'")
            self._writer.execute("UPDATE about SET value = '0' WHERE key = 'seq'")
        self._seq = 0

    def query(
        self, ask: Ask, measures: Mapping[str, Definition], today: date, definitions: int = 0
    ) -> Answer:
        """Measures, taken apart by dimensions.

        Args:
            ask: which, by what, of which facts.
            measures: the definitions, by key.
            today: the local day the filters count back from.
            definitions: their version.

        Raises:
            AskUnfit: a measure or a day asked for does not exist.
            StoreFailed: the database could not answer.
        """
        days = period(ask.filters, today, ask.shift_days)
        with self._reading() as connection:
            rows = asking.rows(connection, ask, measures, days)
            since = days.since if ask.filters.since or ask.filters.days else _first(connection)
            keys = {one: {row.keys[at] for row in rows} for at, one in enumerate(ask.by)}
            return Answer(
                measures=ask.measures,
                by=ask.by,
                rows=rows,
                since=since or days.until,
                until=days.until,
                names=_names(connection, keys),
                seq=_seq_of(connection),
                definitions=definitions,
            )

    def behind(
        self, behind: Behind, measures: Mapping[str, Definition], today: date
    ) -> BehindAnswer:
        """The facts behind one number.

        Args:
            behind: which number, and which of its facts.
            measures: the definitions, by key.
            today: the local day the filters count back from.

        Raises:
            AskUnfit: a measure, a row or a day asked for does not exist.
            StoreFailed: the database could not answer.
        """
        measure = asking.defined(measures, behind.measure)
        with self._reading() as connection:
            total, found = lines(connection, behind, measure, today)
            keys = {one: {getattr(line, one) for line in found} for one in _NAMED}
            return BehindAnswer(total=total, lines=found, names=_names(connection, keys))

    def places(
        self, ask: PlacesAsk, measures: Mapping[str, Definition], today: date
    ) -> PlacesAnswer:
        """A measure by place.

        Args:
            ask: which, of which facts, in how large cells.
            measures: the definitions, by key.
            today: the local day the filters count back from.

        Raises:
            AskUnfit: the measure or a day does not exist, or it cannot be told by place.
            StoreFailed: the database could not answer.
        """
        measure = asking.defined(measures, ask.measure)
        days = period(ask.filters, today)
        with self._reading() as connection:
            found = places(connection, ask, measure, days)
        return PlacesAnswer(measure=ask.measure, places=found, since=days.since, until=days.until)

    def known(self, dimension: Dimension, prefix: str = "", limit: int = 100) -> list[Value]:
        """Keys of a dimension there are facts of, by name: those with a word that begins so.

        Raises:
            StoreFailed: the database could not answer.
        """
        column = COLUMN_OF[dimension]
        question = (
            f'SELECT k, coalesce(name, k) FROM (SELECT DISTINCT "{column}"::VARCHAR AS k'  # noqa: S608 - names
            f" FROM {asking.table_for([column])}) LEFT JOIN names ON dimension = ? AND key = k"
            " WHERE k <> '' AND contains(' ' || lower(concat_ws(' ', k, name)), ' ' || ?)"
            " ORDER BY 2, 1 LIMIT ?"
        )
        begins = prefix.lower()
        with self._reading() as connection:
            found = connection.execute(question, [str(dimension), begins, limit]).fetchall()
        return [Value(key, name) for key, name in found]

    def resting_on(
        self,
        since: datetime,
        *,
        stops: Sequence[str] | None = None,
        routes: Sequence[str] | None = None,
        vehicles: Sequence[str] | None = None,
    ) -> dict[str, tuple[Fact, ...]]:
        """Facts at or after a moment, by what they are about; those that were loaded left out.

        Args:
            since: UTC.
            stops: those of these stops; None for any.
            routes: and those of these routes; None for any.
            vehicles: those of these kinds of vehicle, "" where it was not known; None for any.

        Raises:
            StoreFailed: the database could not answer.
        """
        tests = "TRUE"
        values: list[list[str]] = []
        if stops is not None or routes is not None:
            tests = "(stop_id IN (SELECT unnest(?::VARCHAR[]))"
            tests += " OR route IN (SELECT unnest(?::VARCHAR[])))"
            values = [list(stops or ()), list(routes or ())]
        if vehicles is not None:
            tests += " AND vehicle IN (SELECT unnest(?::VARCHAR[]))"
            values.append(list(vehicles))
        at = since.replace(tzinfo=None)
        # Nothing counts for a day so long before it happened; the days find the place in the file.
        first = at.date() - timedelta(days=3)
        with self._reading() as connection:
            found = connection.execute(
                f'SELECT * FROM {FACTS} WHERE {tests} AND "at" >= ? AND day >= ?'  # noqa: S608
                " AND subject <> '' ORDER BY id",
                [*values, at, first],
            )
            named = [column[0] for column in found.description or ()]
            rows = [held_row(named, row) for row in found.fetchall()]
        return _by_subject(rows)

    def registrations(self) -> list[Event]:
        """The shifts opened and vehicles registered, in no order.

        Raises:
            StoreFailed: the database could not answer.
        """
        with self._reading() as connection:
            rows = connection.execute("SELECT body FROM registrations").fetchall()
        return [_decoder.decode(body) for (body,) in rows]

    def close(self) -> None:
        """Let go of the file; closing twice does no harm."""
        with self._writing:
            self._writer.close()
            self._root.close()

    def _kept_seq(self) -> int:
        with self._reading() as connection:
            return _seq_of(connection)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        import duckdb

        with self._writing:
            try:
                self._writer.begin()
                yield
                self._writer.commit()
            except duckdb.Error as error:
                with suppress(duckdb.Error):
                    self._writer.rollback()
                note_damage(self.path, error)
                raise StoreFailed(
                    f"Figures could not be written to {self.path}: {error}"
                ) from error

    @contextmanager
    def _reading(self) -> Iterator["DuckDBPyConnection"]:
        import duckdb

        try:
            with self._root.cursor() as connection:
                connection.begin()
                yield connection
                connection.rollback()
        except duckdb.Error as error:
            note_damage(self.path, error)
            raise StoreFailed(f"Figures could not be read from {self.path}: {error}") from error


_decoder = msgspec.msgpack.Decoder(Event)


def _first(connection: "DuckDBPyConnection") -> date | None:
    row = connection.execute(f"SELECT min(day) FROM {SUMS[0].table} WHERE n > 0").fetchone()  # noqa: S608
    return row[0] if row else None


def _seq_of(connection: "DuckDBPyConnection") -> int:
    return int(_about(connection, "seq") or 0)


def _about(connection: "DuckDBPyConnection", key: str) -> str:
    row = connection.execute("SELECT value FROM about WHERE key = ?", [key]).fetchone()
    return str(row[0]) if row else ""


def _names(
    connection: "DuckDBPyConnection", keys: Mapping[Dimension, Iterable[str]]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for dimension, some in keys.items():
        if dimension in _NAMED:
            rows = connection.execute(
                "SELECT key, name FROM names WHERE dimension = ?"
                " AND key IN (SELECT unnest(?::VARCHAR[]))",
                [str(dimension), list(some)],
            ).fetchall()
            found.update((key, name) for key, name in rows if key != name)
    return found


def _by_subject(rows: Iterable[dict[str, Any]]) -> dict[str, tuple[Fact, ...]]:
    found: dict[str, tuple[Fact, ...]] = {}
    for row in rows:
        subject = row["subject"]
        found[subject] = (*found.get(subject, ()), fact_of(row))
    return found
