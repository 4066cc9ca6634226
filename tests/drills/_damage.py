"""Damage to a file's page: some of its bytes are others."""

import random
from pathlib import Path

PAGE = 4096
_HEADER = 100
"""Where a page's first rows may begin; what a page says of itself stands before."""

_FLIPS = 12


def pages_with(file: Path, mark: bytes, least: int = 4) -> list[int]:
    """Pages in which something stands at least so often: those of a table's rows."""
    data = file.read_bytes()
    numbers = range(len(data) // PAGE)
    return [n for n in numbers if data[n * PAGE : (n + 1) * PAGE].count(mark) >= least]


def damage(file: Path, page: int, rng: random.Random) -> None:
    """Make some bytes of a page others than they were."""
    with file.open("r+b", buffering=0) as raw:
        for _ in range(_FLIPS):
            place = page * PAGE + rng.randrange(_HEADER, PAGE)
            raw.seek(place)
            [byte] = raw.read(1)
            raw.seek(place)
            raw.write(bytes([byte ^ rng.randrange(1, 256)]))
