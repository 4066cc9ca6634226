"""A reply taken apart: folded letter by letter, cut into clauses, found again in the original."""

import re
import unicodedata
from typing import NamedTuple

_CUT = re.compile(r"(?<=[.!?;,…])(?=\s|$)|(?<=[!?;,…])(?=[^\W\d])|\n")
_MARKS = " \t\r\n.!?;,…¡¿\"'()-–—:"
_ALIKE = {
    **dict.fromkeys("\u2019\u2018\u00b4\u0060", "'"),
    **dict.fromkeys("\u2013\u2014", "-"),
    **dict.fromkeys("\ufe0f\u20e3", " "),
}


class Clause(NamedTuple):
    """A stretch of a reply between two marks.

    Attributes:
        said: as the customer wrote it, without the marks around it.
        folded: the same in small letters without accents, letter for letter.
        asks: it ends with a question mark.
    """

    said: str
    folded: str
    asks: bool = False

    def original(self, start: int, end: int) -> str:
        """What stands in the original where something was found in the folded text."""
        return self.said[start:end].strip(_MARKS)


def folded(words: str) -> str:
    """Small letters without accents, as long as what went in."""
    return "".join(_fold(letter) for letter in words)


def tidied(words: str) -> str:
    """A reply with composed letters and no marks around it."""
    return unicodedata.normalize("NFC", words).strip(_MARKS)


def clauses(words: str) -> tuple[Clause, ...]:
    """The clauses of a reply, in order."""
    parts = _CUT.split(unicodedata.normalize("NFC", words))
    return tuple(_clause(part) for part in parts if part.strip(_MARKS))


def _clause(part: str) -> Clause:
    said = part.strip(_MARKS)
    return Clause(said, folded(said), part.rstrip().endswith("?"))


def _fold(letter: str) -> str:
    if letter in _ALIKE:
        return _ALIKE[letter]
    return unicodedata.normalize("NFKD", letter)[:1].lower()[:1] or letter
