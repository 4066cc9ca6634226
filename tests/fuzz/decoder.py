"""What is fuzzed: something that reads what others wrote, and how it may answer."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

CORPUS = Path(__file__).parent / "corpus"
"""A folder a decoder: inputs to begin with, and every input that once was its undoing."""


class Decoder(NamedTuple):
    """Something of Tower's that reads bytes of others.

    Attributes:
        name: its folder in the corpus.
        read: takes any bytes; returns, or raises one of `errors`.
        errors: what its documentation says it may raise; anything else is a fault.
        seeds: good inputs to begin with, by name.
        longest: bytes beyond which trying teaches nothing new.
    """

    name: str
    read: Callable[[bytes], object]
    errors: tuple[type[Exception], ...]
    seeds: Callable[[], Mapping[str, bytes]]
    longest: int = 4_096

    def tried(self, data: bytes) -> bool:
        """Read these bytes; True where they were good, False where they were refused in words."""
        try:
            self.read(data)
        except self.errors as refusal:
            if not str(refusal):
                raise AssertionError(f"{type(refusal).__name__} says nothing") from refusal
            return False
        return True

    @property
    def folder(self) -> Path:
        """Where its corpus lies."""
        return CORPUS / self.name

    def corpus(self) -> list[bytes]:
        """All kept inputs, in a repeatable order."""
        return [path.read_bytes() for path in sorted(self.folder.iterdir())]
