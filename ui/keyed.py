"""A table model over rows named by id: live, never reset, sorted in place. Knows no widgets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from ui.tips import plain_tip

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex

NO_INDEX = QModelIndex()
_FEW = 8
"""So many rows are taken out one by one."""

_ASKED = 3
"""So many ids are looked for one by one before the places of all are counted."""

_MANY = 2_000
"""More rows than these coming and going at once are one change of the whole."""

ID_ROLE = int(Qt.ItemDataRole.UserRole)


def runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Ascending runs (first, last) of neighbouring numbers."""
    first = last = None
    for number in sorted(numbers):
        if last is not None and first is not None and number == last + 1:
            last = number
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = number
    if first is not None and last is not None:
        yield first, last


def held_order(shown: Sequence[str], wanted: Sequence[str], anchor: str) -> list[str]:
    """An order in which no row up to and including the anchor moves.

    Args:
        shown: the ids as they stand.
        wanted: the ids as they should stand.
        anchor: the id under the pointer, "" for none: then nothing that is shown moves.

    Returns:
        What is shown, with what is new in its place below the anchor, or at the end.
    """
    known, places = set(shown), {id_: place for place, id_ in enumerate(wanted)}
    cut = shown.index(anchor) + 1 if anchor in known else len(shown)
    below = list(shown[cut:])
    for id_ in wanted:
        if id_ not in known:
            after = (n for n, other in enumerate(below) if places.get(other, -1) > places[id_])
            below.insert(next(after, len(below)), id_)
    return [*shown[:cut], *below]


class KeyedModel(QAbstractTableModel, Generic[Row]):
    """Rows by id, in an order of their own.

    A subclass says what stands in its columns; views and delegates read `record`.

    Attributes:
        titles: the columns' titles.
        arranged: rows came, went or moved.
    """

    titles: tuple[str, ...] = ("",)
    arranged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: list[str] = []
        self._rows: dict[str, Row] = {}
        self._known_places: dict[str, int] | None = None
        self._asked: dict[str, int] = {}
        self._is_lent = False

    def text(self, row: Row, column: int) -> str:
        """What stands in a column of a row, in words."""
        raise NotImplementedError

    def tip(self, row: Row) -> str:
        """What the pointer is told about a row."""
        return ", ".join(filter(None, (self.text(row, n) for n in range(len(self.titles)))))

    # What views ask

    @property
    def ids(self) -> Sequence[str]:
        """The ids in their order."""
        return self._ids

    def id_at(self, row: int) -> str:
        """The id of a row; "" outside."""
        return self._ids[row] if 0 <= row < len(self._ids) else ""

    def place_of(self, id_: str) -> int:
        """The row of an id; -1 where it has none."""
        if self._known_places is None and id_ not in self._asked and len(self._asked) < _ASKED:
            # A view that asks for a row or two does not have all of them counted.
            self._asked[id_] = self._search(id_)
        return self._asked[id_] if id_ in self._asked else self._places.get(id_, -1)

    def _search(self, id_: str) -> int:
        """The row of an id, looked for; -1 where it has none."""
        try:
            return self._ids.index(id_) if id_ in self._rows else -1
        except ValueError:
            return -1

    @property
    def _places(self) -> dict[str, int]:
        """The row of each id; counted when somebody asks."""
        if self._known_places is None:
            self._known_places = dict(zip(self._ids, range(len(self._ids)), strict=True))
        return self._known_places

    def record(self, row: int) -> Row:
        """The record of a row."""
        return self._rows[self._ids[row]]

    def record_of(self, id_: str) -> Row | None:
        """The record of an id, None where it has no row."""
        known = self._rows.get(id_)
        return known if known is not None and self.place_of(id_) >= 0 else None

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """Rows; none below a row."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        """Columns; none below a row."""
        return 0 if parent.isValid() else len(self.titles)

    def index(self, row: int, column: int = 0, parent: Index = NO_INDEX) -> QModelIndex:
        """An index; the base class asks for both counts first, which views of long lists feel."""
        inside = 0 <= row < len(self._ids) and 0 <= column < len(self.titles)
        return self.createIndex(row, column) if inside and not parent.isValid() else QModelIndex()

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """The columns' titles."""
        is_title = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self.titles[section] if is_title and section < len(self.titles) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Words, the id, or what a screen reader says."""
        if not index.isValid() or index.row() >= len(self._ids):
            return None
        row = self.record(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, index.column())
        if role == ID_ROLE:
            return self._ids[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.tip(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self.tip(row))
        return None

    # What subclasses change

    def renew(self, rows: Mapping[str, Row]) -> None:
        """Put fresh records in the place of those that have a row."""
        if self._is_lent:
            self.tell(place for id_ in rows if (place := self._places.get(id_)) is not None)
            return
        known = self._rows
        others = [id_ for id_, row in rows.items() if id_ in known and known[id_] is not row]
        changed = [id_ for id_ in others if known[id_] != rows[id_]]
        known.update((id_, rows[id_]) for id_ in others)
        self.tell(self._places[id_] for id_ in changed)

    def tell(self, places: Iterable[int]) -> None:
        """Say that these rows look different now."""
        last_column = len(self.titles) - 1
        for first, last in runs(places):
            self.dataChanged.emit(self.index(first, 0), self.index(last, last_column))

    def line_up(self, ids: list[str], rows: dict[str, Row]) -> None:
        """Have the rows of these ids, in this order.

        For lists of any length: of a long one views hear once that it is another one, and whoever
        changes a record says so by `renew`.

        Args:
            ids: each once; not to be changed afterwards.
            rows: has a record of each, and may have others; the caller's to change.
        """
        if max(len(ids), len(self._ids)) <= _MANY:
            self.arrange({id_: rows[id_] for id_ in ids})
        elif ids != self._ids or not self._is_lent:
            self._exchange(ids, rows)
            self._is_lent = True
            self.arranged.emit()

    def arrange(self, rows: Mapping[str, Row]) -> None:
        """Have exactly these rows, in this order."""
        if self._is_lent:
            known = ((id_, self._rows.get(id_)) for id_ in self._ids)
            self._rows, self._is_lent = {i: row for i, row in known if row is not None}, False
        here = set(self._ids)
        gone, fresh = here - rows.keys(), rows.keys() - here
        if len(gone) + len(fresh) > _MANY:
            self._exchange(list(rows), dict(rows))
            self.arranged.emit()
            return
        places = [self._places[id_] for id_ in gone]
        if len(places) > _FEW:
            places = self._put_last(rows, len(places))
        self._remove(places)
        self._append({id_: rows[id_] for id_ in rows if id_ in fresh} if fresh else {})
        self.renew(rows)
        moved = self._order(list(rows))
        if gone or fresh or moved:
            self.arranged.emit()

    def _exchange(self, ids: list[str], rows: dict[str, Row]) -> None:
        """So many rows come, go or move that views look at the whole once, not at each run."""
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        names = [(self._ids[index.row()], index.column()) for index in old]
        self._ids, self._rows = ids, rows
        self._index()
        self.changePersistentIndexList(old, [self._index_of(*name) for name in names])
        self.layoutChanged.emit()

    def _index_of(self, id_: str, column: int) -> QModelIndex:
        """The index of an id, none where it has no row."""
        return self.index(self.place_of(id_), column)

    def _put_last(self, kept: Mapping[str, Row], count: int) -> list[int]:
        """Move what goes behind what stays: one run is removed sooner than a thousand."""
        known = self._rows
        stay, go = (
            [id_ for id_ in kept if id_ in known],
            [id_ for id_ in self._ids if id_ not in kept],
        )
        self._order([*stay, *go])
        return list(range(len(self._ids) - count, len(self._ids)))

    def _remove(self, places: Sequence[int]) -> None:
        for first, last in reversed(list(runs(places))):
            self.beginRemoveRows(NO_INDEX, first, last)
            for id_ in self._ids[first : last + 1]:
                self._rows.pop(id_, None)
            del self._ids[first : last + 1]
            self._index()
            self.endRemoveRows()

    def _append(self, rows: Mapping[str, Row]) -> None:
        if not rows:
            return
        first = len(self._ids)
        self.beginInsertRows(NO_INDEX, first, first + len(rows) - 1)
        self._ids.extend(rows)
        self._rows.update(rows)
        self._index()
        self.endInsertRows()

    def _order(self, ids: list[str]) -> bool:
        if ids == self._ids:
            return False
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        names = [(self._ids[index.row()], index.column()) for index in old]
        self._ids = ids
        self._index()
        self.changePersistentIndexList(old, [self._index_of(*name) for name in names])
        self.layoutChanged.emit()
        return True

    def _index(self) -> None:
        self._known_places, self._asked = None, {}
