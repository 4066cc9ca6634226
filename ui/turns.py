"""Keeps long pieces of work of the window's thread apart.

Lists, map, measures and arrivals of a large shift are brought up to date a share at a time, each by
its own timer. Timers that are due in one turn of the event loop fire one after the other, and
whoever presses a key waits for all of them: so of these one is let through, and the others come a
little later. While a hand moves the map they come rarely: the processor is for the map then.
"""

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QTimer
from shiboken6 import isValid

REST_S = 0.004
"""The window has so long for anything else between two shares, seconds."""

PART_UNDER_THE_HAND = 0.2
"""All shares together get this part of the time while a hand moves the map."""


class Turns:
    """Lets one share begin, and a while after it ended the one that has waited longest.

    Args:
        is_waited_for: true while somebody waits for the whole; then one share begins in each turn
            of the event loop, without a rest.

    Attributes:
        is_hand_moving: a hand moves the map, whose frames are not to wait for shares.
    """

    def __init__(self, is_waited_for: Callable[[], bool] = lambda: False) -> None:
        self._is_waited_for = is_waited_for
        self.is_hand_moving = False
        self._free_at, self._is_taken = 0.0, False
        self._waiting: list[QTimer] = []

    def take(self, timer: QTimer, work: Callable[[], None]) -> None:
        """Do a share of some work now, or when its turn comes.

        Args:
            timer: a single shot, which just fired and calls this; started again where there is
                to be a rest first.
            work: the share.
        """
        is_waited_for = self._is_waited_for()
        rest_ms = math.ceil((self._free_at - time.monotonic()) * 1000)
        is_resting = self._is_taken if is_waited_for else rest_ms > 0
        if is_resting or self._are_before(timer):
            if timer not in self._waiting:
                self._waiting.append(timer)
            timer.start(0 if is_waited_for else max(1, rest_ms))
            return
        if timer in self._waiting:
            self._waiting.remove(timer)
        began_at = time.monotonic()
        try:
            work()
        finally:
            ended_at = time.monotonic()
            self._free_at = ended_at + self._rest_s(ended_at - began_at)
            if is_waited_for:
                self._is_taken = True
                QTimer.singleShot(0, self._on_next_turn)

    def _rest_s(self, took_s: float) -> float:
        """How long nothing comes after a share that took so long, seconds."""
        if not self.is_hand_moving:
            return REST_S
        return max(REST_S, took_s / PART_UNDER_THE_HAND - took_s)

    def _on_next_turn(self) -> None:
        self._is_taken = False

    def _are_before(self, timer: QTimer) -> bool:
        """Whether others have waited longer; whoever was stopped meanwhile waits no longer."""
        self._waiting = [
            one for one in self._waiting if one is timer or (isValid(one) and one.isActive())
        ]
        return bool(self._waiting) and self._waiting[0] is not timer
