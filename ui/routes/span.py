"""The part of the clock that all rows of a stop sheet show. Knows no widgets."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF

from ui.routes.stops import StopRow

PAST_S = 30 * 60.0
SHORTEST_S, LONGEST_S = 2 * 3_600.0, 6 * 3_600.0
MARGIN_S = 10 * 60.0
STEP_S = 5 * 60.0
_TICKS_S = tuple(3_600.0 * hours for hours in (0.5, 1, 2, 3, 4, 6, 12, 24))
_TICK_PX = 34.0


class Span(NamedTuple):
    """From when to when, seconds since 1970."""

    begin: float
    end: float

    def x(self, at: float, bar: QRectF) -> float:
        """Where a moment stands on a bar, pixels; may lie outside."""
        return bar.left() + (at - self.begin) / (self.end - self.begin) * bar.width()

    def ticks(self, width: float, offset_s: float) -> Iterator[float]:
        """Round moments of the local clock, far enough apart to be written out.

        Args:
            width: pixels of the bar.
            offset_s: how far the local clock is ahead of UTC.
        """
        wanted = _TICK_PX / max(1.0, width) * (self.end - self.begin)
        step = next((tick for tick in _TICKS_S if tick >= wanted), _TICKS_S[-1])
        tick = ((self.begin + offset_s) // step + 1) * step - offset_s
        while tick < self.end:
            yield tick
            tick += step


def span_of(rows: Sequence[StopRow], now: float) -> Span:
    """From half an hour ago until the last stop expected or planned, two to six hours.

    Where nothing is to come any more: the hours in which the stops were reached. Moves in steps
    of five minutes, so that rows stand still between.
    """
    ahead = [at for row in rows if (at := _ahead(row)) is not None]
    reached = [row.reached for row in rows if row.reached is not None]
    if ahead or not reached:
        begin, last = now - PAST_S, max(ahead, default=now)
    else:
        begin, last = min(reached) - MARGIN_S, max(reached)
    begin = begin // STEP_S * STEP_S
    wanted = -((begin - last - MARGIN_S) // STEP_S) * STEP_S
    longest = LONGEST_S if ahead else max(LONGEST_S, wanted)
    return Span(begin, begin + min(longest, max(SHORTEST_S, wanted)))


def _ahead(row: StopRow) -> float | None:
    """When a stop is reached at the latest, as far as one can say; None once it is."""
    if row.expected is not None:
        return row.expected.p90
    return row.planned if row.reached is None and not row.is_done else None
