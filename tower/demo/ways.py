"""The ways between a route's stops as they are really driven: detours and wrong pins included."""

from collections.abc import Sequence
from typing import NamedTuple

from tower.demo.happenings import Happenings, Mishap
from tower.demo.plan import DemoStop
from tower.domain.geometry import LatLon
from tower.road.engine import Leg, RoutingEngine
from tower.road.roads import Profile


class Way(NamedTuple):
    """How one stop is reached.

    Attributes:
        legs: free-flow travel to the pin; two where the driver makes a detour.
        to_door: on from the pin to where the door really is, None where it is at the pin.
    """

    legs: tuple[Leg, ...]
    to_door: Leg | None = None


class Ways(NamedTuple):
    """All that is driven on a route: a way to each stop, and the leg back to the depot."""

    stops: Sequence[Way]
    home: Leg


def planned_ways(legs: Sequence[Leg]) -> Ways:
    """Everything as planned: one leg to each stop, and one more back."""
    return Ways([Way((leg,)) for leg in legs[:-1]], legs[-1])


def real_ways(
    stops: Sequence[DemoStop],
    start: LatLon,
    home: LatLon,
    happenings: Happenings,
    engine: RoutingEngine,
    profile: Profile,
) -> Ways:
    """The ways from `start` over the stops to `home`.

    Args:
        stops: what is visited, in order.
        start: where the vehicle is.
        home: where the depot is.
        happenings: what goes wrong.
        engine: knows the roads.
        profile: of the vehicle.
    """
    places, counts = [start], list[tuple[int, bool]]()
    for stop in stops:
        mishap = happenings.mishaps.get(stop.id)
        other = happenings.places.get(stop.id)
        detour = [other] if other is not None and mishap is Mishap.DETOUR else []
        door = [other] if other is not None and mishap is Mishap.WRONG_PIN else []
        places += [*detour, stop.place, *door]
        counts.append((1 + len(detour), bool(door)))
    legs = iter(engine.legs([*places, home], profile))
    ways = []
    for approach, has_door in counts:
        approaching = tuple(next(legs) for _ in range(approach))
        ways.append(Way(approaching, next(legs) if has_door else None))
    return Ways(ways, next(legs))


def is_off_plan(stops: Sequence[DemoStop], happenings: Happenings) -> bool:
    """True where something on the route is driven otherwise than planned."""
    otherwise = (Mishap.DETOUR, Mishap.WRONG_PIN, Mishap.FORGOTTEN)
    return any(happenings.mishaps.get(stop.id) in otherwise for stop in stops)
