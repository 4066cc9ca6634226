"""Times as a recording keeps them in columns: whole microseconds since 1970, UTC."""

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

Ticks = NDArray[np.int64]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


def ticks(at: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (at - _EPOCH) // _TICK


def from_ticks(value: int) -> datetime:
    """The aware UTC time of microseconds since 1970."""
    return _EPOCH + value * _TICK


def last_not_after(times: Ticks, starts: Ticks, ends: Ticks, wanted: int) -> Ticks:
    """For many runs of rising times at once: the last place at or before a time.

    Args:
        times: `(n,)` rising within each run.
        starts: `(k,)` where each run begins in `times`.
        ends: `(k,)` where each run ends, exclusive.
        wanted: the time looked for.

    Returns:
        `(k,)` places in `times`; -1 where all of the run lies later.
    """
    low, high = starts.copy(), ends.copy()
    while (searching := low < high).any():
        middle = (low + high) >> 1
        earlier = searching & (times[np.minimum(middle, len(times) - 1)] <= wanted)
        low = np.where(earlier, middle + 1, low)
        high = np.where(searching & ~earlier, middle, high)
    return np.where(low > starts, low - 1, -1)
