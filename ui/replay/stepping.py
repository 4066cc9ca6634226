"""Making one moment of a recording ready for the window, beside the GUI thread. No Qt."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from tower.domain.events import ArrivalsPredicted, CarrierMeasured, Event, RouteMeasured
from tower.feed.arrivals import ARRIVAL_COLUMNS, ArrivalMirror
from tower.replay.recording import Moment, Reader, Recording

UNSEEN = (ArrivalsPredicted, RouteMeasured, CarrierMeasured)
"""Events nobody sees: stepping passes over them."""


class Step(NamedTuple):
    """A moment, and what leads to it from the moment made before.

    Attributes:
        events: learnt in between, whichever way was travelled.
        arrivals: stops whose prediction is another; None for all.
    """

    moment: Moment
    events: Sequence[Event]
    arrivals: frozenset[str] | None


class Stepper:
    """Makes the moments of one recording, each with its difference from the one before.

    Lives in one thread, like the reader it holds.
    """

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._reader: Reader | None = None
        self._before: Moment | None = None

    def step(self, at: datetime) -> Step:
        """The moment at a time."""
        if self._reader is None:
            self._reader = self._recording.reader()
        before, moment = self._before, self._reader.moment(at)
        self._before = moment
        if before is None:
            return Step(moment._replace(removed=True), (), None)
        events = self._recording.events_between(min(before.at, at), max(before.at, at))
        return Step(moment, events, changed_arrivals(before.arrivals, moment.arrivals))


def changed_arrivals(before: ArrivalMirror, after: ArrivalMirror) -> frozenset[str] | None:
    """Stops whose prediction came, went or is another; None where the two do not compare.

    Two mirrors of one recording give each stop the same handle.
    """
    if before.ids != after.ids:
        return None
    was, is_now = before.columns, after.columns  # of a stop nothing is predicted for, no time
    differs = np.logical_or.reduce([was[name] != is_now[name] for name in ARRIVAL_COLUMNS])
    return frozenset(map(after.ids.__getitem__, np.flatnonzero(differs).tolist()))
