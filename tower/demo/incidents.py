"""What goes wrong in the demo shift, drawn from its seed."""

from collections.abc import Sequence

import numpy as np

from tower.demo.chance import happens
from tower.demo.happenings import Happenings, Jam, Mishap
from tower.demo.plan import Life
from tower.demo.promise import OPENING_S, Promise
from tower.domain.geometry import LatLon
from tower.domain.words import CarrierKind, StopKind

SILENT_ROUTES = 6
"""Routes whose device falls silent some time in the shift."""


BREAKDOWN_S = (OPENING_S + 4 * 60.0, OPENING_S + 9 * 60.0)
"""At a door it leaves between these, one of our own vehicles does not start again."""

SLOW_SHARE = 0.14
"""Share of the drivers who have a slow day."""

STOPS_ABOARD = 9
"""It has at least so many stops left then."""

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


def draw(promises: Sequence[Promise], depot: LatLon, rng: np.random.Generator) -> Happenings:
    """Draw the day's happenings for these routes, all but the breakdown."""
    busy = [promise for promise in promises if promise.ends_s > OPENING_S + 1800.0]
    picked = [busy[int(index)] for index in rng.permutation(len(busy))]
    heard = picked[SILENT_ROUTES:]
    return Happenings(
        jams=_jams(promises, depot),
        pace=_paces(promises, rng),
        silences=_silences([promise.id for promise in picked[:SILENT_ROUTES]], rng),
        mishaps=_mishaps(promises, rng),
        fridge={p.id: OPENING_S - 11 * 60.0 for p in [p for p in heard if p.is_cold][:1]},
        breakdown={},
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
    """Most drivers keep the plan's pace; some have a slow day."""
    paces = {}
    for promise in promises:
        slow = happens(SLOW_SHARE, rng)
        paces[promise.id] = float(rng.uniform(1.14, 1.34) if slow else rng.normal(1.0, 0.05))
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
    for stop in (stop for promise in promises for stop in promise.stops if stop.kind.is_customer):
        if rng.random() >= shares.sum():
            continue
        mishap = kinds[int(rng.choice(len(kinds), p=shares / shares.sum()))]
        if mishap is Mishap.NO_ACCESS and stop.access_code:
            continue
        if mishap is Mishap.DAMAGED and stop.kind is StopKind.RETURN:
            continue
        mishaps[stop.id] = mishap
    return mishaps


def breakdown(
    promises: Sequence[Promise], lives: Sequence[Life], happenings: Happenings
) -> dict[str, float]:
    """Which of our own vehicles breaks down, and when it leaves its last door.

    Args:
        promises: the routes.
        lives: how each would be lived without it.
        happenings: what else goes wrong; it does not hit those who have trouble already.
    """
    spared = happenings.silences.keys() | happenings.fridge.keys()
    for promise, life in zip(promises, lives, strict=True):
        if promise.carrier.kind is not CarrierKind.OWN_FLEET or promise.id in spared:
            continue
        if promise.is_cold or promise.is_charged:
            continue
        for place, visit in enumerate(life.visits, start=1):
            is_then = BREAKDOWN_S[0] <= visit.leaves_s < BREAKDOWN_S[1]
            if is_then and len(life.visits) - place >= STOPS_ABOARD:
                return {promise.id: visit.leaves_s}
    return {}
