"""Rows of any number, sorted and searched in a few milliseconds. Knows no widgets.

What rows are sorted by stands in columns of numbers, kept up to date row by row; text is sorted by
its place among all texts of its column. What rows are found by is made small once, not once a key.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from ui.searched import SearchedTexts

Row = TypeVar("Row")
Slots = NDArray[np.intp]

_FEW = 64
"""So many new texts of a column are put between the others one by one; more are sorted in."""


class _Texts:
    """A column of text, each as its place among all there are."""

    def __init__(self) -> None:
        self.places = np.zeros(0, np.float64)
        self._texts: list[str] = []
        self._sorted: list[str] = []

    def set(self, slots: Sequence[int], texts: Sequence[str], capacity: int) -> None:
        """Set the texts of some slots."""
        self._texts += [""] * (capacity - len(self._texts))
        self.places = _grown(self.places, capacity)
        for slot, text in zip(slots, texts, strict=True):
            self._texts[slot] = text
        fresh = sorted({text for text in texts if not self._has(text)})
        if len(fresh) > len(self._sorted):
            self._sort_anew()
            return
        if fresh:
            self._make_room(fresh)
        for slot, text in zip(slots, texts, strict=True):
            self.places[slot] = bisect_left(self._sorted, text)

    def _has(self, text: str) -> bool:
        place = bisect_left(self._sorted, text)
        return place < len(self._sorted) and self._sorted[place] == text

    def _make_room(self, fresh: Sequence[str]) -> None:
        """Put new texts, sorted, among the others; those behind them move on."""
        before = [bisect_left(self._sorted, text) for text in fresh]
        self.places += np.searchsorted(before, self.places, side="right")
        if len(fresh) > _FEW:
            self._sorted += fresh
            self._sorted.sort()
            return
        for text in fresh:
            insort(self._sorted, text)

    def _sort_anew(self) -> None:
        self._sorted = sorted(set(self._texts))
        places = {text: place for place, text in enumerate(self._sorted)}
        found = (places[text] for text in self._texts)
        self.places = np.fromiter(found, np.float64, len(self._texts))


class RankedRows(Generic[Row]):
    """Rows by id.

    Args:
        numbers: columns of numbers by name, each read off a row.
        texts: columns of text, likewise.
        found_by: everything a row is found by, in small letters.
    """

    def __init__(
        self,
        numbers: Mapping[str, Callable[[Row], float]],
        texts: Mapping[str, Callable[[Row], str]],
        found_by: Callable[[Row], str],
    ) -> None:
        self._readers, self._text_readers, self._found_by = numbers, texts, found_by
        self.clear()

    def clear(self) -> None:
        """Have no rows."""
        self._slots: dict[str, int] = {}
        self._rows: list[Any] = []
        self._ids: NDArray[np.object_] = np.empty(0, np.object_)
        self._found = SearchedTexts()
        self._free: list[int] = []
        self._numbers = {name: np.zeros(0, np.float64) for name in self._readers}
        self._texts = {name: _Texts() for name in self._text_readers}
        self._orders: dict[tuple[str, ...], Slots] = {}

    def __len__(self) -> int:
        """How many rows."""
        return len(self._slots)

    def put(self, rows: Mapping[str, Row]) -> None:
        """Have these rows too, or in the place of those with the same ids."""
        if not rows:
            return
        slots = [self._slot(id_) for id_ in rows]
        for slot, row in zip(slots, rows.values(), strict=True):
            self._rows[slot] = row
        values, capacity = list(rows.values()), len(self._rows)
        self._found.set(slots, [self._found_by(row) for row in values], capacity)
        if capacity > len(self._ids):
            self._ids = np.concatenate((self._ids, np.full(capacity, "", np.object_)))
        self._ids[slots] = list(rows)
        for name, reader in self._readers.items():
            column = self._numbers[name] = _grown(self._numbers[name], capacity)
            column[slots] = [reader(row) for row in values]
        for name, text_reader in self._text_readers.items():
            self._texts[name].set(slots, [text_reader(row) for row in values], capacity)
        self._orders.clear()

    def drop(self, ids: Iterable[str]) -> None:
        """Have these rows no longer."""
        gone = [self._slots.pop(id_) for id_ in ids if id_ in self._slots]
        for slot in gone:
            self._rows[slot] = None
        self._found.set(gone, [""] * len(gone), len(self._rows))
        self._free += gone
        self._orders.clear()

    def _slot(self, id_: str) -> int:
        known = self._slots.get(id_)
        if known is not None:
            return known
        if self._free:
            slot = self._free.pop()
        else:
            slot = len(self._rows)
            self._rows.append(None)
        self._slots[id_] = slot
        return slot

    def order(self, *by: str) -> Slots:
        """The slots of all rows, sorted by columns, the first before the second.

        A name that begins with a minus sorts the greatest first.
        """
        if by not in self._orders:
            slots = np.fromiter(self._slots.values(), np.intp, len(self._slots))
            columns = [self._column(name)[slots] for name in reversed(by)]
            self._orders[by] = slots[np.lexsort(columns)] if columns else slots
        return self._orders[by]

    def number(self, name: str) -> NDArray[np.float64]:
        """A column of numbers, by slot."""
        return self._numbers[name]

    def with_words(self, slots: Slots, words: Iterable[str]) -> Slots:
        """Those of the slots in whose row every one of the words (in small letters) stands."""
        for word in words:
            slots = slots[self._found.mask(word)[slots]]
        return slots

    def passing(self, slots: Slots, lets: Callable[[Row], bool]) -> Slots:
        """Those of the slots whose row is let through."""
        rows = self._rows
        return np.array([slot for slot in slots.tolist() if lets(rows[slot])], np.intp)

    def ids(self, slots: Slots) -> list[str]:
        """The ids of slots."""
        found: list[str] = self._ids[slots].tolist()
        return found

    def _column(self, name: str) -> NDArray[np.float64]:
        plain = name.removeprefix("-")
        column = self._numbers[plain] if plain in self._numbers else self._texts[plain].places
        return -column if name.startswith("-") else column


def _grown(column: NDArray[np.float64], capacity: int) -> NDArray[np.float64]:
    if capacity <= len(column):
        return column
    bigger = np.zeros(max(capacity, 2 * len(column)), np.float64)
    bigger[: len(column)] = column
    return bigger
