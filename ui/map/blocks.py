"""Long sequences in blocks: of a block in which nothing changed the very same tuple is kept."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Generic, Protocol, TypeVar, overload

BLOCK = 256
"""Records a block holds."""


class Identified(Protocol):
    """Something with an id of its own."""

    @property
    def id(self) -> str:
        """The id."""
        ...


Item_co = TypeVar("Item_co", covariant=True)
Record = TypeVar("Record", bound=Identified)


class Blocks(Sequence[Item_co]):
    """A sequence that nobody changes, made of blocks.

    Two that were made one after the other share the blocks in which nothing changed, so that
    a hundred thousand records are compared in some hundred looks.

    Attributes:
        blocks: the records, in their order.
    """

    def __init__(self, blocks: Iterable[tuple[Item_co, ...]]) -> None:
        self.blocks = tuple(blocks)
        self._flat: tuple[Item_co, ...] | None = None

    def __len__(self) -> int:
        """How many records."""
        return sum(map(len, self.blocks))

    def __iter__(self) -> Iterator[Item_co]:
        """One record after the other."""
        return chain.from_iterable(self.blocks)

    @overload
    def __getitem__(self, place: int) -> Item_co: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Item_co, ...]: ...

    def __getitem__(self, place: int | slice) -> Item_co | tuple[Item_co, ...]:
        """A record, or several; whoever asks for places has all of them put side by side."""
        if self._flat is None:
            self._flat = tuple(self)
        return self._flat[place]


def blocks_of(records: Sequence[Item_co]) -> Sequence[Sequence[Item_co]]:
    """The blocks of a sequence; one that has none is a block."""
    return records.blocks if isinstance(records, Blocks) else (records,)


class BlockedRecords(Generic[Record]):
    """Records by id, to be handed over in blocks. A record keeps its place."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._slots: list[Record | None] = []
        self._free: list[int] = []
        self._blocks: list[tuple[Record, ...]] = []
        self._stale: set[int] = set()
        self._shown: Blocks[Record] = Blocks(())

    def __iter__(self) -> Iterator[str]:
        """The ids of all records."""
        return iter(self._places)

    def get(self, id_: str) -> Record | None:
        """The record of an id, None where there is none."""
        place = self._places.get(id_)
        return None if place is None else self._slots[place]

    def place(self, id_: str) -> int | None:
        """The place of an id, from 0, which it keeps while it has a record; None of no record."""
        return self._places.get(id_)

    def put(self, record: Record) -> int:
        """Have this record, instead of the one with the same id; returns its place."""
        place = self._places.get(record.id)
        if place is None:
            place = self._places[record.id] = self._free_place()
        self._slots[place] = record
        self._stale.add(place // BLOCK)
        return place

    def at(self, place: int) -> Record:
        """The record of a place that has one."""
        record = self._slots[place]
        if record is None:
            msg = f"no record at {place}"
            raise IndexError(msg)
        return record

    def replace(self, place: int, record: Record) -> None:
        """Have this record at its place, instead of the one before with the same id."""
        self._slots[place] = record
        self._stale.add(place // BLOCK)

    def drop(self, id_: str) -> None:
        """Have no record of this id."""
        place = self._places.pop(id_, None)
        if place is not None:
            self._slots[place] = None
            self._free.append(place)
            self._stale.add(place // BLOCK)

    def shown(self) -> Blocks[Record]:
        """All records; the same object while none of them changed."""
        if self._stale:
            missing = max(self._stale) + 1 - len(self._blocks)
            self._blocks += [()] * missing
            for number in self._stale:
                slots = self._slots[number * BLOCK : (number + 1) * BLOCK]
                self._blocks[number] = tuple(record for record in slots if record is not None)
            self._stale.clear()
            self._shown = Blocks(self._blocks)
        return self._shown

    def _free_place(self) -> int:
        if self._free:
            return self._free.pop()
        self._slots.append(None)
        return len(self._slots) - 1
