"""Seconds to pixels and back, and the ticks between. Knows no widgets."""

from collections.abc import Iterator
from typing import NamedTuple

TICKS_S = (300.0, 900.0, 1_800.0, 3_600.0, 7_200.0, 14_400.0)
NARROWEST_S, WIDEST_S = 900.0, 18 * 3_600.0
TICK_PX = 64.0
"""Ticks stand at least this far apart, pixels."""


class Scale(NamedTuple):
    """What span of the clock a width of pixels shows.

    Attributes:
        begin: seconds since 1970 at the left edge.
        span: seconds shown.
        left: pixels left of the left edge.
        width: pixels shown.
    """

    begin: float
    span: float
    left: float
    width: float

    def x(self, at: float) -> float:
        """Pixels from the left of a moment."""
        return self.left + (at - self.begin) / self.span * self.width

    def at(self, x: float) -> float:
        """The moment at a pixel."""
        return self.begin + (x - self.left) / max(1.0, self.width) * self.span

    def zoomed(self, factor: float, x: float) -> "Scale":
        """Shows `factor` times the span, with the moment at pixel x where it was."""
        span = min(WIDEST_S, max(NARROWEST_S, self.span * factor))
        anchor = self.at(x)
        share = (x - self.left) / max(1.0, self.width)
        return self._replace(begin=anchor - share * span, span=span)

    def moved(self, pixels: float) -> "Scale":
        """Shows what lies `pixels` further left."""
        return self._replace(begin=self.begin - pixels / max(1.0, self.width) * self.span)

    def ticks(self, offset_s: float) -> Iterator[float]:
        """Round moments of the local clock, `offset_s` ahead of UTC."""
        wanted = TICK_PX / max(1.0, self.width) * self.span
        step = next((tick for tick in TICKS_S if tick >= wanted), TICKS_S[-1])
        tick = ((self.begin + offset_s) // step + 1) * step - offset_s
        while tick < self.begin + self.span:
            yield tick
            tick += step
