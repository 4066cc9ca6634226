"""Keeps long pieces of work of the window's thread apart.

Lists, map, measures and arrivals of a large shift are brought up to date a share at a time, each by
its own timer. Timers that are due in one turn of the event loop fire one after the other, and
whoever presses a key waits for all of them: so of these one is let through, and the others come a
little later.
"""

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QTimer

REST_S = 0.008
"""The window has so long for anything else between two shares, seconds."""


class Turns:
    """Lets one share begin, and the next a while after it ended.

    Args:
        is_waited_for: true while somebody waits for the whole and not for the window; then every
            share begins at once.
    """

    def __init__(self, is_waited_for: Callable[[], bool] = lambda: False) -> None:
        self._is_waited_for = is_waited_for
        self._free_at = 0.0

    def take(self, timer: QTimer, work: Callable[[], None]) -> None:
        """Do a share of some work now, or when its turn comes.

        Args:
            timer: a single shot, which just fired and calls this; started again where there is
                to be a rest first.
            work: the share.
        """
        rest_s = self._free_at - time.monotonic()
        if rest_s > 0.0 and not self._is_waited_for():
            timer.start(math.ceil(rest_s * 1000))
            return
        try:
            work()
        finally:
            self._free_at = time.monotonic() + REST_S
