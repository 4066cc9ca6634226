"""How probable it is that a window is missed.

An arrival is told as P10, P50 and P90. It is taken to be normal on either side of P50, with the
standard deviation of that side: (P50 - P10) / 1.2816 before it, (P90 - P50) / 1.2816 after it
(see `tower.eta.spread`). So P(arrival > t) = 1 - Phi((t - P50) / s), where Phi is the standard
normal distribution and s the deviation of the side on which t lies.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

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
    probability: NDArray[np.float64] = ndtr(-left / deviation)
    return probability


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
