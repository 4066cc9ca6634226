"""Searching everything by a few letters. Knows no widgets.

All entries stand in one long folded text, so a keystroke is a few scans in C: 100,000 stops take
milliseconds. Words that are nowhere are tried again as the nearest known word. An entry is made
again when it is found: kept, 100,000 of them would take 40 MB.
"""

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

_KIND_ORDER = ("command", "route", "vehicle", "exception", "stop", "parcel")
_CANDIDATES = 400
_MANY_CANDIDATES = 10_000
_NEAR_ENOUGH = 0.38
_ANY_TEXT = "surrogatepass"
"""Text that is no good Unicode is found as well."""

_WORD = re.compile(r"[^\W\d_]{4,23}")


class Entry(NamedTuple):
    """Something that can be found.

    Attributes:
        kind: `stop`, `vehicle`, `route`, `exception`, `depot` or `command`.
        id: what selecting it selects.
        title: first line of the result.
        detail: second line.
        words: everything else it can be found by (references, parcels, names).
    """

    kind: str
    id: str
    title: str
    detail: str = ""
    words: str = ""


class Entries(Protocol):
    """Entries by row, from 0."""

    def __len__(self) -> int:
        """How many."""
        ...

    def __getitem__(self, row: int, /) -> Entry:
        """The entry of a row."""
        ...


class Hit(NamedTuple):
    """An entry that was found; `score` is lower for the better."""

    entry: Entry
    score: float


def folded(text: str) -> str:
    """Lower case without accents, as people type when in a hurry."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in parts if not unicodedata.combining(char))


class _Lines:
    """Lines of text, packed one behind the other.

    Attributes:
        text: all of them, as bytes.
        ends: where the next one begins, of each.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        text, self.ends = bytearray(), array("I")
        for line in lines:
            text += line.encode(errors=_ANY_TEXT) + b"\n"
            self.ends.append(len(text))
        self.text = bytes(text)

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, row: int) -> str:
        start = self.ends[row - 1] if row else 0
        return self.text[start : self.ends[row] - 1].decode(errors=_ANY_TEXT)


def _line(entry: Entry, words: set[str]) -> str:
    """What an entry is found by; its words are added to those that are known."""
    said = f"{entry.title} {entry.detail} {entry.words}".replace("\n", " ")
    line = " " + folded(said)
    words.update(_WORD.findall(line))
    return line


class SearchIndex:
    """An index over entries; built once, then searched.

    Args:
        entries: what can be found; one may be made anew each time it is asked for.
    """

    def __init__(self, entries: Entries) -> None:
        self._entries, words = entries, set[str]()
        self._lines = _Lines(_line(entries[row], words) for row in range(len(entries)))
        self._vocabulary = _Vocabulary(words)

    def __len__(self) -> int:
        """How many entries it knows."""
        return len(self._lines)

    def search(self, query: str, limit: int = 50) -> list[Hit]:
        """The best entries that have every word of the query, best first.

        A word that is found nowhere counts as the nearest word known.
        """
        words = folded(query).split()
        if not words:
            return []
        found = list(self._matches(words, limit))
        if not found:
            found = list(self._matches([self._nearest(word) for word in words], limit))
        found.sort(key=lambda hit: hit.score)
        return found[:limit]

    def _matches(self, words: list[str], limit: int) -> Iterator[Hit]:
        wanted = max(_CANDIDATES, limit * 4)
        rows = self._candidates(words, wanted)
        lines = ((row, self._lines[row]) for row in rows)
        fitting = ((row, line) for row, line in lines if all(word in line for word in words))
        for row, line in islice(fitting, wanted):
            entry = self._entries[row]
            yield Hit(entry, _score(entry, line, words))

    def _candidates(self, words: list[str], wanted: int) -> list[int]:
        """Rows worth looking at: all that have the rarest word, or many of them."""
        found = [self._rows_with(word, wanted) for word in words]
        fewest = min(found, key=len)
        if len(fewest) < wanted or len(words) == 1:
            return fewest
        rarest = min(words, key=lambda word: self._lines.text.count(_packed(word)))
        return self._rows_with(rarest, _MANY_CANDIDATES)

    def _rows_with(self, word: str, wanted: int) -> list[int]:
        """Rows that have the word: first those where a word starts with it."""
        rows: dict[int, None] = {}
        text, ends = self._lines.text, self._lines.ends
        for needle in (_packed(" " + word), _packed(word)):
            at = text.find(needle)
            while at >= 0 and len(rows) < wanted:
                row = bisect_right(ends, at)
                rows[row] = None
                at = text.find(needle, ends[row])
        return list(rows)

    def _nearest(self, word: str) -> str:
        if len(word) < 4 or _packed(word) in self._lines.text:
            return word
        return self._vocabulary.nearest(word)


def _packed(word: str) -> bytes:
    return word.encode(errors=_ANY_TEXT)


def _score(entry: Entry, line: str, words: list[str]) -> float:
    title = folded(entry.title)
    score = float(_KIND_ORDER.index(entry.kind)) if entry.kind in _KIND_ORDER else 9.0
    for word in words:
        if title == word:
            score -= 40
        elif title.startswith(word):
            score -= 25
        elif " " + word in " " + title:
            score -= 15
        elif " " + word in line:
            score -= 6
    return score + len(title) / 200


class _Vocabulary:
    """Distinct words with their pairs of letters as bits, to find a mistyped one."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = list(words)
        self._bits: NDArray[np.uint64] = np.array(
            [_pair_bits(word) for word in self._words], dtype=np.uint64
        )

    def nearest(self, word: str) -> str:
        """The known word that shares the most pairs of letters; the word itself if none does."""
        if not self._words:
            return word
        wanted = np.uint64(_pair_bits(word))
        shared = np.bitwise_count(self._bits & wanted).astype(np.float64)
        total = np.bitwise_count(self._bits | wanted)
        likeness = shared / np.maximum(total, 1)
        best = int(np.argmax(likeness))
        return self._words[best] if likeness[best] >= _NEAR_ENOUGH else word


def _pair_bits(word: str) -> int:
    bits = 0
    for first, second in zip("^" + word, word + "$", strict=True):
        bits |= 1 << ((ord(first) * 31 + ord(second)) % 64)
    return bits
