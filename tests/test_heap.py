"""What is freed is given back to the machine."""

import os
from pathlib import Path

import pytest

from tower import heap

_BLOCKS, _BYTES, _LASTS = 32_000, 1_024, 32


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(heap._glibc() is None, reason="only glibc can be asked to")
def test_what_lies_free_between_lasting_blocks_is_given_back() -> None:
    blocks = [bytearray(b"1" * _BYTES) for _ in range(_BLOCKS)]
    kept = blocks[::_LASTS]
    blocks.clear()
    before = _resident_bytes()
    heap.give_back()
    assert before - _resident_bytes() > _BLOCKS * _BYTES / 4
    assert len(kept) == _BLOCKS // _LASTS
