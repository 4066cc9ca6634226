"""What goes wrong in the demo shift, drawn from its seed."""

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from tower.demo.chance import happens
from tower.demo.promise import OPENING_S, Promise
from tower.domain.geometry import LatLon, distance_m
from tower.domain.words import StopKind

SILENT_ROUTES = 6
"""Routes whose device falls silent some time in the shift."""


class Mishap(StrEnum):
    """What goes wrong at one stop."""

    NOT_HOME = "not_home"
    NO_ACCESS = "no_access"
    WRONG_PIN = "wrong_pin"
    REFUSED = "refused"
    DAMAGED = "damaged"
    CLOSED = "closed"
    ASKS_WHERE = "asks_where"
    ASKS_CHANGE = "asks_change"


_SHARES = {
    Mishap.NOT_HOME: 0.045,
    Mishap.NO_ACCESS: 0.012,
    Mishap.WRONG_PIN: 0.007,
    Mishap.REFUSED: 0.006,
    Mishap.DAMAGED: 0.003,
    Mishap.CLOSED: 0.004,
    Mishap.ASKS_WHERE: 0.018,
    Mishap.ASKS_CHANGE: 0.004,
}


class Jam(NamedTuple):
    """Traffic that crawls: everything within `radius_m` of `centre` takes `factor` as long."""

    centre: LatLon
    radius_m: float
    starts_s: float
    ends_s: float
    factor: float


class Happenings(NamedTuple):
    """Everything that goes wrong on one day.

    Attributes:
        pace: route id to how much longer its driver takes than planned.
        silences: route id to the spans in which its device sends nothing.
        mishaps: stop id to what goes wrong there.
        fridge: route id to when its cooling fails.
        breakdown: route id to when its vehicle stands still and for how long.
    """

    jams: tuple[Jam, ...]
    pace: dict[str, float]
    silences: dict[str, tuple[tuple[float, float], ...]]
    mishaps: dict[str, Mishap]
    fridge: dict[str, float]
    breakdown: dict[str, tuple[float, float]]

    def crawl(self, where: LatLon, at_s: float) -> float:
        """How much longer driving takes there and then; 1 where traffic flows."""
        rush = 1.0 + 0.18 * math.exp(-(((at_s - 17.2 * 3600) / 3600.0) ** 2))
        jams = (
            jam.factor
            for jam in self.jams
            if jam.starts_s <= at_s < jam.ends_s and distance_m(jam.centre, where) < jam.radius_m
        )
        return rush * max(jams, default=1.0)


def draw(promises: Sequence[Promise], depot: LatLon, rng: np.random.Generator) -> Happenings:
    """Draw the day's happenings for these routes."""
    busy = [promise for promise in promises if promise.ends_s > OPENING_S + 1800.0]
    picked = [busy[int(index)] for index in rng.permutation(len(busy))]
    heard = picked[SILENT_ROUTES:]
    return Happenings(
        jams=_jams(promises, depot),
        pace=_paces(promises, rng),
        silences=_silences([promise.id for promise in picked[:SILENT_ROUTES]], rng),
        mishaps=_mishaps(promises, rng),
        fridge={p.id: OPENING_S - 11 * 60.0 for p in [p for p in heard if p.is_cold][:1]},
        breakdown={
            p.id: (OPENING_S + 4 * 60.0, 35 * 60.0) for p in [p for p in heard if not p.is_cold][:1]
        },
    )


def _jams(promises: Sequence[Promise], depot: LatLon) -> tuple[Jam, ...]:
    """The road by the depot at noon, and the busiest quarter from 13:50 on."""
    stops = [stop for promise in promises for stop in promise.stops]
    quarter = LatLon(
        float(np.median([stop.lat for stop in stops])),
        float(np.median([stop.lon for stop in stops])),
    )
    return (
        Jam(depot, 900.0, 11.7 * 3600, 12.8 * 3600, 1.7),
        Jam(quarter, 1_600.0, 13.8 * 3600, 15.2 * 3600, 2.0),
    )


def _paces(promises: Sequence[Promise], rng: np.random.Generator) -> dict[str, float]:
    """Most drivers keep the plan's pace; one in ten has a slow day."""
    paces = {}
    for promise in promises:
        slow = happens(0.1, rng)
        paces[promise.id] = float(rng.uniform(1.14, 1.34) if slow else rng.normal(0.97, 0.04))
    return paces


def _silences(
    route_ids: Sequence[str], rng: np.random.Generator
) -> dict[str, tuple[tuple[float, float], ...]]:
    """Three devices are silent when the demo opens, the others fall silent later."""
    spans: dict[str, tuple[tuple[float, float], ...]] = {}
    for index, route_id in enumerate(route_ids):
        begin = OPENING_S + (-60.0 * float(rng.uniform(6, 11)) if index < 3 else 420.0 * index)
        spans[route_id] = ((begin, begin + 60.0 * float(rng.uniform(14, 40))),)
    return spans


def _mishaps(promises: Sequence[Promise], rng: np.random.Generator) -> dict[str, Mishap]:
    kinds, shares = list(_SHARES), np.array(list(_SHARES.values()))
    mishaps = {}
    for stop in (stop for promise in promises for stop in promise.stops):
        if rng.random() >= shares.sum():
            continue
        mishap = kinds[int(rng.choice(len(kinds), p=shares / shares.sum()))]
        if mishap is Mishap.NO_ACCESS and stop.access_code:
            continue
        if mishap is Mishap.DAMAGED and stop.kind is StopKind.RETURN:
            continue
        mishaps[stop.id] = mishap
    return mishaps
