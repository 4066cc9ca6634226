"""How uncertain an arrival is, and how that grows along a route.

The model, until one learnt from arrivals replaces it:

- a leg of L seconds has a standard deviation of 0.20 L, a door of S seconds one of 0.45 S, all
  independent, so they add in squares;
- a route not begun leaves its depot with a standard deviation of five minutes around its plan;
- the driver's pace of the day is common to all of them: 0.04 of the time passed so far is added
  straight;
- a late surprise is longer than an early one: the late side is 1.25 times the early side;
- waiting for a window to open takes away what it swallows: the early side ends there, and the
  late side is shortened by the time waited.

P10 and P90 lie 1.2816 standard deviations from P50 (the 90th percentile of a normal
distribution).
"""

import math

import msgspec

Z90 = 1.2816
"""The 90th percentile of the standard normal distribution."""

LEG_SHARE = 0.20
SERVICE_SHARE = 0.45
PACE_SHARE = 0.04
DEPARTURE_S = 300.0
LATE_SKEW = 1.25
LEAST_S = 20.0
"""Nobody's arrival is known better than this, seconds of standard deviation."""


class Spread(msgspec.Struct, frozen=True):
    """What has gathered on the way to a stop.

    Attributes:
        early_var: variance on the early side, seconds squared.
        late_var: variance on the late side, seconds squared.
        passed_s: predicted seconds since the last certain moment.
    """

    early_var: float = 0.0
    late_var: float = 0.0
    passed_s: float = 0.0

    def after_departure(self) -> "Spread":
        """After leaving the depot at a time that is only planned."""
        added = DEPARTURE_S**2
        return Spread(self.early_var + added, self.late_var + added, self.passed_s)

    def after_leg(self, seconds: float) -> "Spread":
        """After driving for so long."""
        return self._grown(seconds, LEG_SHARE)

    def after_service(self, seconds: float) -> "Spread":
        """After so long at a door."""
        return self._grown(seconds, SERVICE_SHARE)

    def after_wait(self, seconds: float) -> "Spread":
        """After waiting so long for a window to open."""
        if seconds <= 0:
            return self
        late = max(0.0, math.sqrt(self.late_var) - seconds / Z90)
        return Spread(0.0, late * late, self.passed_s)

    @property
    def early_s(self) -> float:
        """Seconds from P10 to P50."""
        return Z90 * self._deviation(self.early_var)

    @property
    def late_s(self) -> float:
        """Seconds from P50 to P90."""
        return Z90 * LATE_SKEW * self._deviation(self.late_var)

    def _deviation(self, variance: float) -> float:
        return max(LEAST_S, math.sqrt(variance) + PACE_SHARE * self.passed_s)

    def _grown(self, seconds: float, share: float) -> "Spread":
        added = (share * seconds) ** 2
        return Spread(self.early_var + added, self.late_var + added, self.passed_s + seconds)
