"""Texts of many rows, searched for words in a few milliseconds. Knows no widgets.

They stand side by side as bytes: what is far apart in memory takes longer to fetch than to search.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_BYTES = 128
"""Longer texts are kept and searched one by one."""

_KEPT = 64
"""So many words are remembered with the rows they stand in."""

Mask = NDArray[np.bool_]
Slots = NDArray[np.intp]


class SearchedTexts:
    """A text for each slot."""

    def __init__(self) -> None:
        self._short = np.zeros(0, f"S{_BYTES}")
        self._long: dict[int, bytes] = {}
        self._masks: dict[str, Mask] = {}

    def set(self, slots: Sequence[int], texts: Sequence[str], capacity: int) -> None:
        """Set the texts of some slots; "" where a row is gone."""
        self._grow(capacity)
        for slot, code in zip(slots, map(_coded, texts), strict=True):
            self._long.pop(slot, None)
            is_long = len(code) > _BYTES
            if is_long:
                self._long[slot] = code
            self._short[slot] = b"" if is_long else code
        if len(self._masks) > _KEPT:
            self._masks.clear()
        changed = np.fromiter(slots, np.intp, len(slots))
        for word, mask in self._masks.items():
            mask[changed] = self._stands(word, changed)

    def mask(self, word: str) -> Mask:
        """In which slots a word stands; of one typed further only where it stood before."""
        if word not in self._masks:
            begun = next((w for w in reversed(self._masks) if word.startswith(w)), None)
            if begun is None:
                self._masks[word] = self._stands(word, slice(None))
            else:
                within = np.flatnonzero(self._masks[begun])
                mask = self._masks[word] = np.zeros(len(self._short), np.bool_)
                mask[within] = self._stands(word, within)
        return self._masks[word]

    def _stands(self, word: str, slots: Slots | slice) -> Mask:
        """Whether a word stands in each of the slots."""
        code = _coded(word)
        found: Mask = np.strings.find(self._short[slots], code) >= 0
        if self._long:
            longer = np.zeros(len(self._short), np.bool_)
            longer[[slot for slot, text in self._long.items() if code in text]] = True
            found |= longer[slots]
        return found

    def _grow(self, capacity: int) -> None:
        if capacity > len(self._short):
            more = max(capacity, 2 * len(self._short)) - len(self._short)
            self._short = np.concatenate((self._short, np.zeros(more, self._short.dtype)))
            self._masks.clear()


def _coded(text: str) -> bytes:
    """As UTF-8: a word stands in a text where its bytes do."""
    return text.encode("utf-8", "surrogatepass")
