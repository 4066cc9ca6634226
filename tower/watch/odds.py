"""How probable it is that a window is missed.

An arrival is told as P10, P50 and P90. It is taken to be normal on either side of P50, with the
standard deviation of that side: (P50 - P10) / 1.2816 before it, (P90 - P50) / 1.2816 after it
(see `tower.eta.spread`). So P(arrival > t) = 1 - Phi((t - P50) / s), where Phi is the standard
normal distribution and s the deviation of the side on which t lies.

Phi is told to 1e-7, which is more than anybody knows about an arrival: numpy has none of its own,
and loading scipy for it would make every start of a gateway wait.
"""

import numpy as np
from numpy.polynomial.polynomial import polyval
from numpy.typing import NDArray

from tower.eta.spread import Z90

_LEAST_DEVIATION_S = 1.0
"""Of an arrival that is known for certain: the columns count in seconds."""


def probability_after(
    limit: NDArray[np.float64],
    p50: NDArray[np.float64],
    early: NDArray[np.float64],
    late: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Probability that each arrival lies after its limit, 0 to 1.

    Args:
        limit: the end of each window, seconds; NaN where there is none, whose probability is NaN.
        p50: when each arrival is expected, seconds.
        early: seconds from P10 to P50.
        late: seconds from P50 to P90.
    """
    left = limit - p50
    deviation = np.maximum(np.where(left >= 0, late, early) / Z90, _LEAST_DEVIATION_S)
    return _beyond(left / deviation)


def probability_late(window_end: float, p50: float, early_s: float, late_s: float) -> float:
    """The same for one arrival.

    Args:
        window_end: seconds; `p50` likewise.
        p50: when it is expected.
        early_s: seconds from P10 to P50.
        late_s: seconds from P50 to P90.
    """
    sides = (np.array([value]) for value in (window_end, p50, early_s, late_s))
    return float(probability_after(*sides)[0])


_P = 0.3275911
_A = (0.0, 0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)


def _beyond(deviations: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 - Phi: the share of a standard normal distribution beyond so many deviations.

    Half of erfc(z / sqrt 2), by M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions
    (1964), 7.1.26, whose error is at most 1.5e-7: half as much here.
    """
    z = np.abs(deviations) / np.sqrt(2.0)
    tail: NDArray[np.float64] = 0.5 * polyval(1.0 / (1.0 + _P * z), _A) * np.exp(-z * z)
    return np.where(deviations >= 0, tail, 1.0 - tail)
