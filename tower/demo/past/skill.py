"""How good the days, the carriers, the drivers and the places of a made-up past are.

Chances are given as log odds, so that effects add up. All figures are invented, in the order of
magnitude of what parcel carriers publish: some 94 of 100 on time, some 6 of 100 not at the first
attempt.
"""

import hashlib
import math
from datetime import date
from typing import NamedTuple

import numpy as np

from tower.demo.past.operation import Numbers, Words

_WEEKDAYS_LOAD = (1.04, 0.98, 0.97, 1.0, 1.08, 0.62, 0.0)
_BUSIEST = date(2000, 12, 10).timetuple().tm_yday
_SEASON, _RAIN_SHARE = 0.16, 0.18
_ON_TIME, _BETTER_A_YEAR, _RAIN, _LOAD = 3.6, 0.35, -0.5, -1.6
_FAILED = -3.15
_SPREAD = 0.45


class Weekday(NamedTuple):
    """What sort of day it is.

    Attributes:
        load: stops, of those of an ordinary day; 0 where nobody works.
        mood: log odds added to being on time.
    """

    load: float
    mood: float


def weekday(day: date, rng: np.random.Generator) -> Weekday:
    """The season, the day of the week and the weather of one day."""
    turn = 2 * math.pi * (day.timetuple().tm_yday - _BUSIEST) / 365.25
    season = 1.0 + _SEASON * math.cos(turn)
    load = _WEEKDAYS_LOAD[day.weekday()] * season * rng.normal(1.0, 0.02)
    rains = rng.random() < _RAIN_SHARE
    years = (day - date(2026, 1, 1)).days / 365.25
    mood = _BETTER_A_YEAR * years + _LOAD * max(0.0, season - 1.0) + (_RAIN if rains else 0.0)
    return Weekday(max(0.0, load), mood + rng.normal(0.0, 0.08))


def on_time_odds(mood: float, carrier: Words, driver: Words, hour: Numbers) -> Numbers:
    """Log odds of being on time: the later in the day, the more delay has gathered."""
    lateness = -0.07 * np.maximum(0.0, hour - 11.0) - 0.25 * (np.abs(hour - 17.0) < 1.0)
    return _ON_TIME + mood + lateness + effect(carrier, 0.35) + effect(driver, _SPREAD)


def failed_odds(postcode: Words, account: Words, hour: Numbers) -> Numbers:
    """Log odds of a first attempt that fails: at noon fewer people are at home."""
    noon = 0.35 * np.exp(-(((hour - 12.5) / 2.0) ** 2))
    return _FAILED + noon + effect(postcode, 0.35) + effect(account, 0.25)


def chance(odds: Numbers) -> Numbers:
    """Log odds as a share of 1."""
    return np.asarray(1.0 / (1.0 + np.exp(-odds)), dtype=np.float64)


def effect(names: Words, spread: float) -> Numbers:
    """What each name adds: always the same for the same name, `spread` apart."""
    known, places = np.unique(names.astype(str), return_inverse=True)
    each = np.array([_leaning(str(name)) for name in known])
    return np.asarray(spread * each[places], dtype=np.float64)


def _leaning(name: str) -> float:
    """A number between -1.7 and 1.7 that hangs on the name alone, none more likely than others."""
    digest = hashlib.blake2s(name.encode(), digest_size=4).digest()
    return (int.from_bytes(digest, "big") / 2**32 - 0.5) * 2 * math.sqrt(3)
