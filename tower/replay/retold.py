"""When a room that opened in the midst of a day would have learnt of what it was told at once.

A gateway that starts at noon is told the morning in a minute: its journal learnt all of it at one
moment, and nobody sat in the room before. A recording puts those events where they happened, so
that the morning can be looked at too; everything learnt later stays where it was learnt.
"""

from collections.abc import Sequence

import numpy as np

from tower.replay.ticks import Ticks

OPENING_US = 600_000_000
"""So long after the shift was opened what comes late was told at once, not learnt late."""

LATE_US = 300_000_000
"""What is learnt later than this after it happened comes late."""

_OPENED = "shift_opened"


def learnt_times(types: Sequence[str], at_us: Ticks, recorded_us: Ticks, begins_us: int) -> Ticks:
    """When each event of a span counts as learnt.

    Args:
        types: of the events, in the order they were recorded.
        at_us: when each happened, microseconds since 1970.
        recorded_us: when each was recorded, likewise; rising.
        begins_us: when the shift begins: the plan of the day was known by then.

    Returns:
        Microseconds since 1970; never later than it was recorded.
    """
    if _OPENED not in types:
        return recorded_us
    opened = types.index(_OPENED)
    ends_us = recorded_us[opened] + OPENING_US
    late = np.flatnonzero((recorded_us <= ends_us) & (recorded_us - at_us > LATE_US))
    late = late[late > opened]
    if not late.size:
        return recorded_us
    first, last = int(late[0]), int(late[-1]) + 1
    learnt = recorded_us.copy()
    learnt[:first] = np.minimum(begins_us, recorded_us[:first])
    happened = np.maximum(at_us[first:last], begins_us)
    learnt[first:last] = np.minimum(happened, recorded_us[first:last])
    return learnt
