"""What goes wrong in the demo shift, drawn from its seed."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tower.demo.chance import happens
from tower.demo.doors import driver_pace
from tower.demo.doorstep import is_mended
from tower.demo.happenings import Happenings, Jam, Mishap, Spans
from tower.demo.plan import DemoStop, Life
from tower.demo.promise import OPENING_S, WEAK_ROUTE, Promise
from tower.demo.proof import METRE_DEG
from tower.domain.geometry import LatLon
from tower.domain.words import CarrierKind, StopKind

SILENT_ROUTES = 6
"""Routes whose device falls silent some time in the shift."""


WEAK_DRAIN = 1.55
"""The battery of one e-van empties so many times faster than rated: it does not bring it home."""

BREAKDOWN_S = (OPENING_S + 4 * 60.0, OPENING_S + 9 * 60.0)
"""At a door it leaves between these, one of our own vehicles does not start again."""

SLOW_SHARE, SLOW_PACE, DAY_PACE = 0.08, (1.12, 1.28), 0.04
"""Share of the drivers who have a slow day, how slow that is, and how much other days differ."""

STOPS_ABOARD = 9
"""It has at least so many stops left then."""

_SHARES = {
    Mishap.NOT_HOME: 0.045,
    Mishap.NO_ACCESS: 0.012,
    Mishap.WRONG_PIN: 0.006,
    Mishap.NOT_FOUND: 0.002,
    Mishap.REFUSED: 0.006,
    Mishap.DAMAGED: 0.003,
    Mishap.CLOSED: 0.004,
    Mishap.ASKS_WHERE: 0.018,
    Mishap.ASKS_CHANGE: 0.004,
    Mishap.WRONG_DOOR: 0.005,
    Mishap.PARCEL_SHORT: 0.012,
    Mishap.LONG_STAY: 0.005,
    Mishap.STANDS_BEFORE: 0.003,
    Mishap.DETOUR: 0.004,
}

FORGOTTEN_SHARE = 0.06
"""Share of the returns a driver passes by."""

OTHER_PLACE_M = {
    Mishap.WRONG_PIN: (140.0, 600.0),
    Mishap.WRONG_DOOR: (150.0, 400.0),
    Mishap.DETOUR: (1_200.0, 3_500.0),
}
"""How far from the pin the place of a mishap is, metres."""

DETOUR_APART_M = 900.0
"""A detour leads to where no stop of the route is this near, metres."""

TROUBLE = frozenset(
    {Mishap.NO_ACCESS, Mishap.WRONG_PIN, Mishap.LONG_STAY, Mishap.STANDS_BEFORE, Mishap.DETOUR}
)
"""What delays a vehicle."""

OUTAGE_CARRIER, OUTAGE_S = "3pl", (OPENING_S + 38 * 60.0, OPENING_S + 46 * 60.0)
"""Nothing at all comes from one carrier for eight minutes."""

_UNCOOLED_S = (
    (OPENING_S - 11 * 60.0, OPENING_S + 24 * 60.0),
    (OPENING_S + 21 * 60.0, OPENING_S + 45 * 60.0),
    (OPENING_S + 70 * 60.0, OPENING_S + 86 * 60.0),
)
"""Cooling fails on three of the four fridges on wheels."""


def draw(promises: Sequence[Promise], depot: LatLon, rng: np.random.Generator) -> Happenings:
    """Draw the day's happenings for these routes, all but those of the opening.

    Args:
        promises: the routes.
        depot: where they start.
        rng: decides everything that is chance.
    """
    busy = [
        promise
        for promise in promises
        if promise.ends_s > OPENING_S + 1800.0 and not promise.is_cold and promise.id != WEAK_ROUTE
    ]
    picked = [busy[int(index)] for index in rng.permutation(len(busy))]
    mishaps = _mishaps(promises, rng)
    return Happenings(
        jams=_jams(promises, depot),
        pace=_paces(promises, rng),
        silences=_silences([promise.id for promise in picked[:SILENT_ROUTES]], rng),
        outages={OUTAGE_CARRIER: (OUTAGE_S,)},
        mishaps=mishaps,
        places=other_places(promises, mishaps, rng),
        fridge=_uncooled([promise for promise in promises if promise.is_cold], rng),
        drain={promise.id: WEAK_DRAIN for promise in promises if promise.id == WEAK_ROUTE},
        breakdown={},
    )


def _uncooled(cold: Sequence[Promise], rng: np.random.Generator) -> dict[str, Spans]:
    """Which boxes are not cooled, and when; those on the road at the opening come first."""
    order = sorted(cold, key=lambda one: (one.starts_s > OPENING_S - 1800.0, one.id))
    shifts_s = rng.uniform(-60.0, 60.0, len(_UNCOOLED_S))
    return {
        promise.id: ((begin + shift, end + shift),)
        for promise, (begin, end), shift in zip(order, _UNCOOLED_S, shifts_s.tolist(), strict=False)
    }


def other_places(
    promises: Sequence[Promise], mishaps: Mapping[str, Mishap], rng: np.random.Generator
) -> dict[str, LatLon]:
    """The places mishaps are about: among the doors of the shift, or just off the pin.

    Args:
        promises: the routes.
        mishaps: stop id to what goes wrong there; those that need no place are passed over.
        rng: picks the places.
    """
    doors = np.array([stop.place for promise in promises for stop in promise.stops])
    found = {}
    for promise in promises:
        own = np.array([stop.place for stop in promise.stops])
        for stop in promise.stops:
            mishap = mishaps.get(stop.id)
            if mishap in OTHER_PLACE_M:
                able = _far_from(own, doors) if mishap is Mishap.DETOUR else doors
                found[stop.id] = _place_near(stop.place, OTHER_PLACE_M[mishap], able, rng)
    return found


def _far_from(own: NDArray[np.float64], doors: NDArray[np.float64]) -> NDArray[np.float64]:
    """The doors no stop of a route is near to."""
    nearest = np.min([_away_m(LatLon(lat, lon), doors) for lat, lon in own.tolist()], axis=0)
    far: NDArray[np.float64] = doors[nearest > DETOUR_APART_M]
    return far


def _away_m(pin: LatLon, doors: NDArray[np.float64]) -> NDArray[np.float64]:
    north = (doors[:, 0] - pin.lat) / METRE_DEG
    east = (doors[:, 1] - pin.lon) / METRE_DEG * math.cos(math.radians(pin.lat))
    away: NDArray[np.float64] = np.hypot(north, east)
    return away


def _place_near(
    pin: LatLon, metres: tuple[float, float], doors: NDArray[np.float64], rng: np.random.Generator
) -> LatLon:
    least_m, most_m = metres
    away = _away_m(pin, doors)
    able = np.flatnonzero((away >= least_m) & (away <= most_m))
    if len(able):
        lat, lon = doors[able[int(rng.integers(len(able)))]].tolist()
        return LatLon(lat, lon)
    bearing, far_m = rng.uniform(0.0, 2.0 * math.pi), rng.uniform(least_m, most_m)
    shrink = math.cos(math.radians(pin.lat))
    return LatLon(
        pin.lat + far_m * math.cos(bearing) * METRE_DEG,
        pin.lon + far_m * math.sin(bearing) * METRE_DEG / shrink,
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
    """Drivers are as fast as they are, give or take their day; some have a slow one."""
    paces = {}
    for promise in promises:
        slow = happens(SLOW_SHARE, rng)
        today = float(rng.uniform(*SLOW_PACE) if slow else rng.normal(1.0, DAY_PACE))
        paces[promise.id] = driver_pace(promise.driver.id) * today
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
    mishaps = dict[str, Mishap]()
    for stop in (stop for promise in promises for stop in promise.stops if stop.kind.is_customer):
        if stop.kind is StopKind.RETURN and happens(FORGOTTEN_SHARE, rng):
            mishaps[stop.id] = Mishap.FORGOTTEN
            continue
        if rng.random() >= shares.sum():
            continue
        mishap = kinds[int(rng.choice(len(kinds), p=shares / shares.sum()))]
        if may_happen(mishap, stop):
            mishaps[stop.id] = mishap
    return mishaps


def may_happen(mishap: Mishap, stop: DemoStop) -> bool:
    """False where a stop gives no occasion for a mishap."""
    is_return = stop.kind is StopKind.RETURN
    if is_mended(mishap, stop):
        return False
    match mishap:
        case Mishap.DAMAGED | Mishap.WRONG_DOOR:
            return not is_return
        case Mishap.PARCEL_SHORT:
            return not is_return and len(stop.parcels) > 1
        case _:
            return True


def _is_in_trouble(life: Life, happenings: Happenings) -> bool:
    """Whether something else delays the route about the time the demo opens."""
    about = {
        visit.stop_id
        for visit in life.visits
        if visit.leaves_s > OPENING_S - 3_600.0 and visit.arrives_s < OPENING_S + 2_700.0
    }
    return any(happenings.mishaps.get(one) in TROUBLE for one in about)


def breakdown(
    promises: Sequence[Promise], lives: Sequence[Life], happenings: Happenings
) -> dict[str, float]:
    """Which of our own vehicles breaks down, and when it leaves its last door.

    Args:
        promises: the routes.
        lives: how each would be lived without it.
        happenings: what else goes wrong; it does not hit those who have trouble already.
    """
    spared = happenings.silences.keys() | happenings.fridge.keys() | happenings.drain.keys()
    for promise, life in zip(promises, lives, strict=True):
        if promise.carrier.kind is not CarrierKind.OWN_FLEET or promise.id in spared:
            continue
        if promise.is_cold or promise.is_charged or _is_in_trouble(life, happenings):
            continue
        for place, visit in enumerate(life.visits, start=1):
            is_then = BREAKDOWN_S[0] <= visit.leaves_s < BREAKDOWN_S[1]
            if is_then and len(life.visits) - place >= STOPS_ABOARD:
                return {promise.id: visit.leaves_s}
    return {}
