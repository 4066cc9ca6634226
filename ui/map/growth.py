"""When a renderer has grown so much, or lived so long, that a fresh one is better."""

import os
from typing import Final

import msgspec
import psutil

SETTLE_S: Final = 300.0
"""Until then a page fills its caches; what it has then is what it needs."""

MOST_GROWTH_MB: Final = 48.0
LONGEST_S: Final = 6 * 3600.0

_MB: Final = 1_000_000.0

_GIVE_BACK: Final = {"MALLOC_MMAP_THRESHOLD_": "131072", "MALLOC_TRIM_THRESHOLD_": "262144"}
"""For glibc (``man mallopt``), bytes: left to itself it raises both with the first large block that
is freed, and then keeps what canvases and tiles leave behind."""

_ENGINE_FLAGS: Final = "QTWEBENGINE_CHROMIUM_FLAGS"
_SCRIPT_FLAGS: Final = "--js-flags="
_SMALL_HEAP: Final = "--max-semi-space-size=4,--heap-growing-percent=20"
"""For V8: left to itself it lets garbage grow to as much as is alive before it looks for any."""


def have_memory_given_back() -> None:
    """Let the web engine's processes return what they free; call it before QApplication exists.

    What the user set in the environment stays, and holds.
    """
    for name, value in _GIVE_BACK.items():
        os.environ.setdefault(name, value)
    flags = os.environ.get(_ENGINE_FLAGS, "")
    if _SMALL_HEAP not in flags:
        os.environ[_ENGINE_FLAGS] = _with_small_heap(flags)


def _with_small_heap(flags: str) -> str:
    """The flags with ours for scripts before the user's: of two the last one holds."""
    if _SCRIPT_FLAGS in flags:
        return flags.replace(_SCRIPT_FLAGS, f"{_SCRIPT_FLAGS}{_SMALL_HEAP},", 1)
    return f"{flags} {_SCRIPT_FLAGS}{_SMALL_HEAP}".strip()


class Growth(msgspec.Struct):
    """The memory of one renderer over its life.

    Attributes:
        begun_s: When its page was loaded, seconds of any clock.
        settled_mb: What it had once its caches were full; None until then.
    """

    begun_s: float
    settled_mb: float | None = None

    def why_renew(self, now_s: float, memory_mb: float) -> str:
        """Note what it has now.

        Args:
            now_s: The time by the clock of ``begun_s``.
            memory_mb: Memory of the process, megabytes.

        Returns:
            Why there should be a fresh one, in words for the log; empty while there need not.
        """
        age_s = now_s - self.begun_s
        if age_s >= LONGEST_S:
            return f"it is {age_s / 3600:.0f} hours old and has {memory_mb:.0f} MB"
        if age_s < SETTLE_S:
            return ""
        if self.settled_mb is None:
            self.settled_mb = memory_mb
        grown_mb = memory_mb - self.settled_mb
        if grown_mb <= MOST_GROWTH_MB:
            return ""
        return f"it grew by {grown_mb:.0f} MB to {memory_mb:.0f}"


def memory_mb(pid: int) -> float:
    """What a process made for itself in memory, megabytes; 0 where there is no such process.

    Where the system does not tell what is shared with other processes, that is in it.
    """
    try:
        used = psutil.Process(pid).memory_info()
    except psutil.Error:
        return 0.0
    return float(used.rss - getattr(used, "shared", 0)) / _MB
