"""What legs really take: a constant for each, and a factor on what the roads expect of it.

`seconds = apart + factor(hour, weekday or weekend) * wet(rain) * expected`

- `apart`: pulling out, looking for the house, parking: what every leg costs however short it is;
- `factor`: of each hour, drawn towards the factor of all hours by `n / (n + 40)`;
- `wet = 1 + share * rain / (rain + 1 mm/h)`: the first drops slow most, a downpour little more
  than heavy rain.

Fitted by least squares on the legs that are not far off (a stop at the baker's is no driving).
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from tower.eta.model import Floats

TRUST_LEGS = 40.0
"""So many legs of an hour weigh as much as all hours together."""

LEAST_LEGS = 300
"""With fewer legs, what the roads say holds."""

LONGEST_S, LARGEST_RATIO = 2_700.0, 4.0
"""A leg that took longer than 45 minutes, or four times what was expected and two minutes more,
was not only driving."""

_SLACK_S = 120.0
_HOURS = 24
_SATURDAY = 5
_LEAST_FACTOR, _MOST_FACTOR = 0.5, 2.5
_MOST_APART_S = 180.0
_MOST_WET = 1.0
_ROUNDS = 4


class Leg(NamedTuple):
    """A leg that was driven.

    Attributes:
        expected_s: seconds the roads expected; taken_s: from one door left to the next reached.
        hour: local, with its fraction; weekday: 0 for Monday.
        rain_mm_h: the weather.
    """

    expected_s: float
    taken_s: float
    hour: float
    weekday: int
    rain_mm_h: float


class LegLaw(msgspec.Struct, frozen=True, kw_only=True):
    """What legs take; see the top of this file. As it stands, what the roads say.

    Attributes:
        factors: 24 of working days, then 24 of weekends.
        usual: what all legs took over what the roads expected.
        legs: how many it rests on.
    """

    usual: float = 1.0
    apart_s: float = 0.0
    factors: tuple[float, ...] = (1.0,) * (2 * _HOURS)
    wet: float = 0.0
    legs: int = 0

    def seconds(self, expected_s: Floats, hour: Floats, weekday: int, rain_mm_h: float) -> Floats:
        """`(n,)` expected seconds of legs from what the roads say of them."""
        place = np.floor(hour).astype(np.int64) % _HOURS + _HOURS * (weekday >= _SATURDAY)
        factor = np.array(self.factors)[place] * (1.0 + self.wet * wetness(rain_mm_h))
        # No time is lost on a leg of no length: two doors at one kerb.
        apart_s = np.minimum(self.apart_s, expected_s)
        return np.asarray(apart_s + factor * expected_s)


def wetness(rain_mm_h: float) -> float:
    """How wet it is, 0 to 1; 0 where nobody tells."""
    rain = float(np.nan_to_num(rain_mm_h))
    return rain / (rain + 1.0)


def learnt_legs(legs: Sequence[Leg]) -> LegLaw:
    """What legs take, from legs that were driven."""
    if len(legs) < LEAST_LEGS:
        return LegLaw(legs=len(legs))
    table = np.array(legs, dtype=np.float64)
    expected, taken, hour, weekday, rain = table[_is_driving(table)].T
    wet = np.array([wetness(one) for one in rain.tolist()])
    apart_s, factor, slope = _fitted(expected, taken, wet)
    dry = (taken - np.minimum(apart_s, expected)) / (1.0 + slope * wet)
    place = np.floor(hour).astype(np.int64) % _HOURS + _HOURS * (weekday >= _SATURDAY)
    factors = _by_hour(expected, dry, place, factor)
    usual = float(taken.sum() / expected.sum())
    return LegLaw(usual=usual, apart_s=apart_s, factors=factors, wet=slope, legs=len(expected))


def _is_driving(table: Floats) -> np.ndarray:
    expected, taken = table[:, 0], table[:, 1]
    return (
        (taken > 0.0)
        & (expected > 0.0)
        & (taken < LONGEST_S)
        & (taken < LARGEST_RATIO * expected + _SLACK_S)
    )


def _fitted(expected: Floats, taken: Floats, wet: Floats) -> tuple[float, float, float]:
    """The constant, the factor and the share of rain, by least squares weighed anew each round.

    Legs far off weigh less (Huber 1964), and long legs less than short ones: their errors grow
    with their length.
    """
    terms = np.column_stack((np.ones_like(expected), expected, expected * wet))
    weights = 1.0 / (30.0 + expected)
    found = np.array([0.0, 1.0, 0.0])
    for _ in range(_ROUNDS):
        solved, *_rest = np.linalg.lstsq(terms * weights[:, None], taken * weights, rcond=None)
        found = np.asarray(solved)
        off = np.abs(taken - terms @ found) / (30.0 + expected)
        scale = max(1e-6, 1.5 * float(np.median(off)))
        weights = np.sqrt(np.minimum(1.0, 2.0 * scale / np.maximum(off, 1e-9))) / (30.0 + expected)
    apart_s = float(np.clip(found[0], 0.0, _MOST_APART_S))
    factor = float(np.clip(found[1], _LEAST_FACTOR, _MOST_FACTOR))
    return apart_s, factor, float(np.clip(found[2] / factor, 0.0, _MOST_WET))


def _by_hour(expected: Floats, dry: Floats, place: np.ndarray, factor: float) -> tuple[float, ...]:
    count = np.bincount(place, minlength=2 * _HOURS)
    whole = np.bincount(place, expected, minlength=2 * _HOURS)
    taken = np.bincount(place, dry, minlength=2 * _HOURS)
    share = count / (count + TRUST_LEGS)
    own = np.divide(taken, whole, out=np.full(2 * _HOURS, factor), where=whole > 0.0)
    factors = np.clip(share * own + (1.0 - share) * factor, _LEAST_FACTOR, _MOST_FACTOR)
    return tuple(float(one) for one in factors)
