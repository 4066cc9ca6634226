"""Words from outside, without what would change how the words around them are read."""

from operator import is_
from typing import TypeVar

import msgspec
from msgspec.structs import replace

_CONTROLS = {code: " " for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}
_DIRECTIONS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF], "")
_LINES = dict.fromkeys([0x2028, 0x2029], "\n")
_TABLE = {**_CONTROLS, **_DIRECTIONS, **_LINES}

Record = TypeVar("Record", bound=msgspec.Struct)


def tidy(words: str) -> str:
    """The words without control characters and without orders of direction.

    An override of direction (U+202E and its kin) goes on past the name it stands in and turns
    round whatever is shown after it. Letters written from right to left need none of them and
    stay as they are, as do joiners.
    """
    return words if words.isprintable() else words.translate(_TABLE)


def tidied(record: Record) -> Record:
    """The same record with all its words tidy."""
    values = {name: getattr(record, name) for name in record.__struct_fields__}
    changed = {
        name: tidier for name, value in values.items() if (tidier := _tidied(value)) is not value
    }
    return replace(record, **changed) if changed else record


def _tidied(value: object) -> object:
    """The very same value where nothing in it has to change."""
    match value:
        case str():
            return tidy(value)
        case msgspec.Struct():
            return tidied(value)
        case tuple():
            tidier = tuple(map(_tidied, value))
            return value if all(map(is_, tidier, value)) else tidier
        case _:
            return value
