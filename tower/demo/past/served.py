"""Every stop of one made-up day: who went where, when, and how it ended."""

from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from tower.demo.past.operation import Counts, Numbers, Operation, Words
from tower.demo.past.skill import chance, failed_odds, on_time_odds, weekday

Flags = np.ndarray[Any, np.dtype[np.bool_]]
Moments = np.ndarray[Any, np.dtype[np.datetime64]]

_LEAVES_S, _LEAVES_SPREAD_S = 7.5 * 3600, 900.0
_WORKS_S, _WORKS_SPREAD_S = 8.6 * 3600, 1_500.0
_SAVED_SHARE, _AWAY = 0.3, 0.2
_EARLY_MEAN_S, _SPREAD_S, _LATE_S = -60.0, 420.0, 1_500.0


class Served(NamedTuple):
    """The stops of a day in columns, tour by tour in the order they were driven.

    Attributes:
        tour: number of the tour in the operation; the words of it stand beside.
        at: when each was finished, UTC.
        after_s: seconds after its tour began; hour: of the day, local.
        is_on_time, has_failed: at the first try; is_saved: a later try succeeded.
        late_s: seconds it came after what was predicted an hour ahead.
    """

    day: date
    ids: Words
    tour: Counts
    carrier: Words
    depot: Words
    route: Words
    driver: Words
    vehicle: Words
    postcode: Words
    account: Words
    service_level: Words
    lat: Numbers
    lon: Numbers
    at: Moments
    after_s: Numbers
    hour: Counts
    is_on_time: Flags
    has_failed: Flags
    is_saved: Flags
    late_s: Numbers

    @property
    def amount(self) -> int:
        """How many there are."""
        return len(self.tour)


def served(operation: Operation, day: date, rng: np.random.Generator, prefix: str) -> Served:
    """The stops of a day; none where nobody works.

    Args:
        operation: who drives, and where to.
        day: local.
        rng: the day's own, so that each day is the same however many are made.
        prefix: what the ids of the stops begin with.
    """
    sort = weekday(day, rng)
    counts = (
        rng.poisson(operation.stops * sort.load)
        if sort.load
        else np.zeros(len(operation.stops), np.int64)
    )
    tour = np.repeat(np.arange(len(counts)), counts)
    after_s, began_s = _times(counts, rng)
    hour = np.minimum(23.0, (began_s + after_s) / 3600.0)
    driver = _drivers(operation, rng)[tour]
    door = rng.integers(0, len(operation.postcode), len(tour))
    carrier, postcode = operation.carrier[tour], operation.postcode[door]
    failed = chance(failed_odds(postcode, operation.account[door], hour))
    punctual = chance(on_time_odds(sort.mood, carrier, driver, hour))
    has_failed = rng.random(len(tour)) < failed
    is_on_time = (rng.random(len(tour)) < punctual) & ~has_failed
    return Served(
        day=day,
        ids=np.array([f"{prefix}{day}:{number}" for number in range(len(tour))], dtype=object),
        tour=tour,
        carrier=carrier,
        depot=operation.depot[tour],
        route=operation.route[tour],
        driver=driver,
        vehicle=operation.vehicle[tour],
        postcode=postcode,
        account=operation.account[door],
        service_level=operation.service_level[door],
        lat=operation.lat[door],
        lon=operation.lon[door],
        at=_midnight(day, operation.zone) + (1e6 * (began_s + after_s)).astype("timedelta64[us]"),
        after_s=after_s,
        hour=hour.astype(np.int64),
        is_on_time=is_on_time,
        has_failed=has_failed,
        is_saved=has_failed & (rng.random(len(tour)) < _SAVED_SHARE),
        late_s=_late_s(is_on_time, rng),
    )


def _times(counts: Counts, rng: np.random.Generator) -> tuple[Numbers, Numbers]:
    """Seconds each stop came after its tour began, and when that was after local midnight."""
    tours = len(counts)
    began = rng.normal(_LEAVES_S, _LEAVES_SPREAD_S, tours)
    works = rng.normal(_WORKS_S, _WORKS_SPREAD_S, tours).clip(min=3_600.0)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    place = np.arange(counts.sum()) - first + rng.uniform(0.2, 0.8, counts.sum())
    of_tour = np.repeat(np.maximum(counts, 1), counts)
    return np.repeat(works, counts) * place / of_tour, np.repeat(began, counts)


def _drivers(operation: Operation, rng: np.random.Generator) -> Words:
    """Who drives each tour: everybody mostly their own, now and then another one's."""
    chosen = np.empty(len(operation.route), dtype=object)
    for carrier in operation.carriers:
        tours = np.flatnonzero(operation.carrier == carrier)
        pool = operation.drivers[carrier]
        away = rng.integers(0, len(pool), len(tours))
        own = np.arange(len(tours)) % len(pool)
        chosen[tours] = pool[np.where(rng.random(len(tours)) < _AWAY, away, own)]
    return chosen


def _late_s(is_on_time: Flags, rng: np.random.Generator) -> Numbers:
    """How wrong the predictions were: those that were late were often not seen coming."""
    off = rng.normal(_EARLY_MEAN_S, _SPREAD_S, len(is_on_time))
    surprise = rng.exponential(_LATE_S, len(is_on_time))
    return np.where(is_on_time, off, off + 0.5 * surprise)


def _midnight(day: date, zone: str) -> np.datetime64:
    """Local midnight in UTC, by the offset that holds at noon, when everybody is out."""
    noon = datetime.combine(day, time(12), ZoneInfo(zone)).astimezone(UTC)
    return np.datetime64(noon.replace(tzinfo=None), "us") - np.timedelta64(12, "h")
