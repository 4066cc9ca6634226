"""Words from outside, without what would change how the words around them are read."""

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
    changed = {
        name: tidy(value)
        for name in record.__struct_fields__
        if isinstance(value := getattr(record, name), str) and not value.isprintable()
    }
    return replace(record, **changed) if changed else record
