"""What the C library keeps of the memory a process has freed, and how it gives it back.

glibc learns from the first large block that is freed that large blocks come and go, and takes the
next ones from its heaps, where whatever lasts between them keeps the rest from being given back;
and each thread gets heaps of its own. Elsewhere than with glibc nothing here does anything.
"""

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""Numbers of `mallopt`, from <malloc.h>."""

_LARGE_BYTES = 256 * 1024
_SPARE_BYTES = 1024 * 1024
_ARENAS = 2


def keep_small() -> None:
    """Have two heaps, and large blocks given back as soon as freed; before there are threads."""
    glibc = _glibc()
    if glibc is not None:
        glibc.mallopt(_ARENA_MAX, _ARENAS)
        glibc.mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)
        glibc.mallopt(_TRIM_THRESHOLD, _SPARE_BYTES)


def give_back() -> None:
    """Give back what is free in the heaps; some milliseconds, other threads go on meanwhile."""
    glibc = _glibc()
    if glibc is not None:
        glibc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None
