"""What is on the screen when the demo opens: one of each sort of trouble, just begun."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tower.demo.happenings import Happenings, Mishap
from tower.demo.incidents import may_happen, other_places
from tower.demo.plan import DemoStop, Life, Visit
from tower.demo.promise import OPENING_S, Promise
from tower.domain.words import StopKind


class _Part(NamedTuple):
    """One thing that is to be seen.

    Attributes:
        minutes: after the opening, between which the vehicle arrives at the stop without it.
        kind: of the stop.
    """

    mishap: Mishap
    minutes: tuple[float, float]
    kind: StopKind = StopKind.DELIVERY


_PARTS = (
    _Part(Mishap.NO_ACCESS, (-7.5, -5.0)),
    _Part(Mishap.WRONG_PIN, (-6.5, -3.0)),
    _Part(Mishap.LONG_STAY, (-27.0, -19.0)),
    _Part(Mishap.STANDS_BEFORE, (-13.0, -9.0)),
    _Part(Mishap.DETOUR, (-5.0, -1.0)),
    _Part(Mishap.WRONG_DOOR, (-14.0, -8.0)),
    _Part(Mishap.PARCEL_SHORT, (-22.0, -10.0)),
    _Part(Mishap.CLOSED, (-12.0, -7.0)),
    _Part(Mishap.NOT_HOME, (-45.0, -8.0), StopKind.RETURN),
    _Part(Mishap.ASKS_WHERE, (6.0, 16.0)),
    _Part(Mishap.ASKS_CHANGE, (9.0, 24.0)),
    _Part(Mishap.NO_ACCESS, (5.0, 9.0)),
    _Part(Mishap.WRONG_DOOR, (9.0, 15.0)),
    _Part(Mishap.DETOUR, (18.0, 26.0)),
)
"""Everything that is to be seen, those first that are there from the beginning."""


class _Occasion(NamedTuple):
    """A visit that can be spoilt."""

    route_id: str
    stop: DemoStop
    visit: Visit


def staged(
    promises: Sequence[Promise],
    lives: Sequence[Life],
    happenings: Happenings,
    rng: np.random.Generator,
) -> Happenings:
    """The happenings with those of the opening, each on a route that has no other trouble.

    Args:
        promises: the routes.
        lives: how each would be lived without them.
        happenings: what goes wrong anyhow.
        rng: picks among the visits of the right time.
    """
    spared = set(happenings.silences) | set(happenings.fridge) | set(happenings.drain)
    spared |= {promise.id for promise in promises if promise.carrier.raises_alarms}
    occasions = _occasions(promises, lives)
    mishaps = dict(happenings.mishaps)
    for part in _PARTS:
        able = [
            one for one in occasions if one.route_id not in spared and _fits(part, one, mishaps)
        ]
        if able:
            chosen = able[int(rng.integers(len(able)))]
            mishaps[chosen.stop.id] = part.mishap
            spared.add(chosen.route_id)
    places = other_places(promises, mishaps, rng)
    return happenings._replace(mishaps=mishaps, places=happenings.places | places)


def _occasions(promises: Sequence[Promise], lives: Sequence[Life]) -> list[_Occasion]:
    found = []
    for promise, life in zip(promises, lives, strict=True):
        known = {stop.id: stop for stop in promise.stops}
        found += [_Occasion(promise.id, known[visit.stop_id], visit) for visit in life.visits]
    return found


def _fits(part: _Part, one: _Occasion, mishaps: dict[str, Mishap]) -> bool:
    least_s, most_s = (OPENING_S + 60.0 * minute for minute in part.minutes)
    is_then = least_s <= one.visit.arrives_s <= most_s
    is_free = one.stop.id not in mishaps and one.stop.kind is part.kind
    return is_then and is_free and may_happen(part.mishap, one.stop)
