"""A table of live values that knows what changed since any version, and its mirror elsewhere.

Each change of a row takes the next version number for itself. So a table can be sent in pieces
of any size: a piece is all changes up to some version, and the reader continues from there.
"""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tower.feed.columns import I64, U8, U32, ColumnStore
from tower.feed.sections import FeedError, FrameGap, Section

Declaration = Mapping[str, tuple[np.dtype[Any], int]]
"""The type and the default of each column."""

_OWN_COLUMNS: Declaration = {"_version": (I64, 0), "_birth": (I64, 0), "_id_bytes": (U32, 0)}
"""Which change of the table was the last of a row, which made it, and how long its id is."""

_ID_OVERHEAD = 5
_SECTION_OVERHEAD = 512
_NOTHING: NDArray[np.uint32] = np.empty(0, U32)


class LiveTable:
    """Rows by id, each with the version of its last change; one thread writes and reads.

    Attributes:
        version: number of the last change, 0 before the first.
    """

    def __init__(self, columns: Declaration) -> None:
        """Takes the columns beside the handle."""
        self._columns = dict(columns)
        self._rows = ColumnStore({**columns, **_OWN_COLUMNS})
        self._handles: dict[str, int] = {}
        self._ids: list[str] = []
        self._row_bytes = 4 + sum(dtype.itemsize for dtype, _ in columns.values())
        self.version = 0

    def __len__(self) -> int:
        """How many ids the table knows."""
        return len(self._ids)

    @property
    def ids(self) -> Sequence[str]:
        """Ids by handle."""
        return self._ids

    def handle_of(self, id: str) -> int | None:  # noqa: A002 - the field's word
        """The handle of an id, or None where the table does not know it."""
        return self._handles.get(id)

    def handle(self, id: str) -> int:  # noqa: A002 - the field's word
        """The handle of an id, which is made where the table does not know it yet."""
        known = self._handles.get(id)
        if known is not None:
            return known
        handle = self._handles[id] = len(self._ids)
        self._ids.append(id)
        self._rows.grow(handle + 1)
        self.version += 1
        self._rows["_birth"][handle] = self.version
        self._rows["_id_bytes"][handle] = _id_bytes(id)
        return handle

    @property
    def columns(self) -> Mapping[str, NDArray[Any]]:
        """The columns by name; views to be read at once, not kept."""
        return {name: self._rows[name] for name in self._columns}

    def section(self, since: int, upto: int, limit_bytes: int) -> Section | None:
        """What changed after `since`, up to `upto` or to where `limit_bytes` is reached.

        Returns:
            None where nothing changed.
        """
        if since >= upto:
            return None
        rows, born = self._changed(since, upto)
        if rows.size == 0 and born.size == 0:
            return None
        reached = upto
        if self._bytes(rows, born) > limit_bytes:
            reached = self._reachable(rows, born, limit_bytes)
            rows, born = self._changed(since, reached)
        return self._section(since, reached, rows, born)

    def _write(self, rows: NDArray[Any], values: Mapping[str, NDArray[Any]]) -> None:
        """Set distinct rows and give each the next version number."""
        for name, array in values.items():
            self._rows[name][rows] = array
        self._rows["_version"][rows] = np.arange(self.version + 1, self.version + 1 + rows.size)
        self.version += int(rows.size)

    def _differs(self, rows: NDArray[Any], values: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
        """Which rows would change."""
        differs: NDArray[np.bool_] = self._rows["_version"][rows] == 0
        for name, array in values.items():
            differs |= self._rows[name][rows] != array
        return differs

    def _changed(self, since: int, upto: int) -> tuple[NDArray[Any], NDArray[Any]]:
        version, birth = self._rows["_version"], self._rows["_birth"]
        rows = np.flatnonzero((version > since) & (version <= upto))
        first = int(np.searchsorted(birth, since, side="right"))
        last = int(np.searchsorted(birth, upto, side="right"))
        return rows, np.arange(first, last)

    def _bytes(self, rows: NDArray[Any], born: NDArray[Any]) -> int:
        ids = int(self._rows["_id_bytes"][born].sum())
        return _SECTION_OVERHEAD + rows.size * self._row_bytes + ids

    def _reachable(self, rows: NDArray[Any], born: NDArray[Any], limit_bytes: int) -> int:
        """The highest version up to which everything fits; at least one change."""
        versions = np.concatenate([self._rows["_version"][rows], self._rows["_birth"][born]])
        sizes = np.concatenate([np.full(rows.size, self._row_bytes), self._rows["_id_bytes"][born]])
        order = np.argsort(versions, kind="stable")
        filled = np.cumsum(sizes[order]) + _SECTION_OVERHEAD
        fitting = int(np.searchsorted(filled, limit_bytes, side="right"))
        return int(versions[order][max(fitting - 1, 0)])

    def _section(self, since: int, upto: int, rows: NDArray[Any], born: NDArray[Any]) -> Section:
        first = int(born[0]) if born.size else 0
        values = self._rows.take(rows, self._columns)
        return Section(
            since=since,
            upto=upto,
            first=first,
            ids=tuple(self._ids[first : first + born.size]),
            columns={"handle": rows.astype(U32), **values},
        )


class LiveMirror:
    """A copy of a live table, kept by the sections of it that arrive.

    Attributes:
        version: the version of the table this copy stands at.
    """

    def __init__(self, columns: Declaration) -> None:
        """Takes the columns the table has."""
        self._columns = dict(columns)
        self._rows = ColumnStore({**columns, "_present": (U8, 0)})
        self._handles: dict[str, int] = {}
        self._ids: list[str] = []
        self._renew_views()
        self.version = 0

    def __len__(self) -> int:
        """How many rows have values."""
        return int(np.count_nonzero(self._present))

    @property
    def ids(self) -> Sequence[str]:
        """Ids by handle."""
        return self._ids

    @property
    def handles(self) -> Mapping[str, int]:
        """Handles by id, of rows without values too."""
        return self._handles

    @property
    def present(self) -> NDArray[np.uint32]:
        """Handles of the rows that have values."""
        return np.flatnonzero(self._present).astype(U32)

    @property
    def columns(self) -> Mapping[str, NDArray[Any]]:
        """The columns by name, indexed by handle; views to be read at once, not kept."""
        return self._views

    def handle_of(self, id: str) -> int | None:  # noqa: A002 - the field's word
        """The handle of an id that has values, else None."""
        handle = self._handles.get(id)
        return None if handle is None or not self._present[handle] else handle

    def id_of(self, handle: int) -> str:
        """The id of a handle, "" where it is not known (yet)."""
        return self._ids[handle] if 0 <= handle < len(self._ids) else ""

    def _take(self, section: Section | None) -> NDArray[np.uint32]:
        """Take a section in.

        Returns:
            Handles of the rows that changed.

        Raises:
            FrameGap: something between this copy and the section is missing.
            FeedError: the section contradicts itself.
        """
        if section is None:
            return _NOTHING
        if section.since == 0:
            self._clear()
        elif section.since != self.version:
            raise FrameGap(
                f"the frame continues from version {section.since}, this copy has {self.version}"
            )
        self._learn(section)
        handles: NDArray[np.uint32] = section.columns["handle"]
        if handles.size and int(handles.max()) >= len(self._ids):
            raise FeedError("the frame names a handle nobody introduced")
        for name in self._columns:
            self._views[name][handles] = section.columns[name]
        self._present[handles] = 1
        self.version = section.upto
        return handles

    def _learn(self, section: Section) -> None:
        if not section.ids:
            return
        if section.first != len(self._ids):
            raise FeedError(
                f"new ids start at handle {section.first}, this copy ends at {len(self._ids)}"
            )
        self._handles.update(zip(section.ids, count(section.first), strict=False))
        self._ids.extend(section.ids)
        self._rows.grow(len(self._ids))
        self._renew_views()

    def _renew_views(self) -> None:
        self._views = {name: self._rows[name] for name in self._columns}
        self._present = self._rows["_present"]

    def _clear(self) -> None:
        self._rows.clear()
        self._renew_views()
        self._handles.clear()
        self._ids.clear()
        self.version = 0


def _id_bytes(id_: str) -> int:
    return _ID_OVERHEAD + len(id_) * (1 if id_.isascii() else 4)
