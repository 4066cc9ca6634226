"""Making the demo shift: promises first, then what really happens to them."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from tower.demo.carriers import FLEET, cold_routes, roster
from tower.demo.closing import Closing, closure_of, passes, queue_at
from tower.demo.happenings import Happenings, Mishap
from tower.demo.incidents import breakdown, draw
from tower.demo.late import late_orders
from tower.demo.life import live
from tower.demo.orders import address_of
from tower.demo.places import divide, old_town, shops
from tower.demo.plan import PLAN_VERSION, DemoPlan, DemoPoint, DemoRoute, DemoStop, Life
from tower.demo.promise import Promise, Region, promise_route
from tower.demo.regimes import SUPPOSED_DATE, Regime
from tower.demo.scene import staged
from tower.demo.straying import strays
from tower.demo.traffic import traffic_of
from tower.demo.ways import Ways, is_off_plan, planned_ways, real_ways
from tower.demo.weather import showers_of
from tower.domain.geometry import LatLon
from tower.road.buildings import Building
from tower.road.engine import RoutingEngine
from tower.road.roads import Profile

Progress = Callable[[float], None]

CHARGER_AREA_M2 = 300.0


class Ground(NamedTuple):
    """Where a shift takes place.

    Attributes:
        region_id: names the region pack.
        checksum: of that pack; a plan of another pack is not this plan.
        buildings: those that can be delivered to.
        depot: where every route starts and ends.
        engine: travel times and shapes on the region's roads.
        closing: the same while a road is closed.
        timezone: IANA name of the zone the times of day are in.
    """

    region_id: str
    checksum: str
    buildings: Sequence[Building]
    depot: LatLon
    engine: RoutingEngine
    closing: Closing
    timezone: str = "Europe/Vaduz"


def plan_shift(
    ground: Ground,
    seed: int,
    progress: Progress = lambda _fraction: None,
    *,
    regime: Regime = Regime.ORDINARY,
    on: date = SUPPOSED_DATE,
) -> DemoPlan:
    """The shift of a seed; the same arguments give the same plan.

    Args:
        ground: where it takes place.
        seed: decides everything that is chance.
        progress: told the fraction done, 0 to 1.
        regime: what sort of day it is.
        on: local date of it; of that only the weekday matters.
    """
    depot, engine = ground.depot, ground.engine
    reached = [building for building in ground.buildings if engine.covers(building.location)]
    region = Region(depot, old_town(reached), _chargers(reached), engine)
    promises = _promises(reached, region, seed, progress)
    happenings = draw(promises, depot, np.random.default_rng([seed, 1]))
    happenings = _of_day(happenings, promises, ground, regime, on.weekday(), seed)
    if happenings.closure is not None:
        region = region._replace(closed=ground.closing(happenings.closure))
    lives = _lives(promises, happenings, region, seed)
    happenings = staged(promises, lives, happenings, np.random.default_rng([seed, 8]))
    lives = _lives(promises, happenings, region, seed)
    happenings = happenings._replace(breakdown=breakdown(promises, lives, happenings))
    lives = _lives(promises, happenings, region, seed)
    return DemoPlan(
        version=PLAN_VERSION,
        seed=seed,
        region_id=ground.region_id,
        region_checksum=ground.checksum,
        timezone=ground.timezone,
        regime=regime,
        weekday=on.weekday(),
        depot=("depot", "Demo Depot", depot.lat, depot.lon),
        carriers=FLEET,
        routes=tuple(
            _route(promise, happenings, life) for promise, life in zip(promises, lives, strict=True)
        ),
        late=late_orders(reached, region.zone, np.random.default_rng([seed, 5])),
        points=_points(reached, depot),
        happenings=happenings,
    )


def _of_day(
    happenings: Happenings,
    promises: Sequence[Promise],
    ground: Ground,
    regime: Regime,
    weekday: int,
    seed: int,
) -> Happenings:
    """The happenings with the traffic, the rain and the closed road of the day."""
    places = [stop.place for promise in promises for stop in promise.stops]
    own = (np.random.default_rng([seed, number]) for number in (13, 14, 15))
    happenings = happenings._replace(
        traffic=traffic_of(places, ground.depot, regime, weekday, next(own)),
        showers=showers_of(regime, next(own)),
    )
    if regime is not Regime.BRIDGE:
        return happenings
    closure = closure_of(promises, ground.depot, ground.closing, next(own))
    return happenings._replace(closure=closure, jams=(*happenings.jams, queue_at(closure)))


def _lives(
    promises: Sequence[Promise], happenings: Happenings, region: Region, seed: int
) -> list[Life]:
    return [_life(number, one, happenings, region, seed) for number, one in enumerate(promises)]


def _life(number: int, promise: Promise, happenings: Happenings, region: Region, seed: int) -> Life:
    mishaps = happenings.mishaps
    stops = [stop for stop in promise.stops if mishaps.get(stop.id) is not Mishap.FORGOTTEN]
    rng = np.random.default_rng([seed, 2, number])
    return live(promise, stops, _ways(promise, stops, happenings, region), happenings, rng)


def _ways(
    promise: Promise, stops: Sequence[DemoStop], happenings: Happenings, region: Region
) -> list[Ways]:
    """The ways of a route, and those it has once the day's closure holds."""

    def driven(engine: RoutingEngine) -> Ways:
        profile = Profile.of_vehicle(promise.vehicle.kind)
        return real_ways(stops, region.depot, region.depot, happenings, engine, profile)

    is_off = is_off_plan(promise.stops, happenings)
    usual = driven(region.engine) if is_off else planned_ways(promise.legs)
    closure, closed = happenings.closure, region.closed
    if closure is None or closed is None or not (is_off or passes(promise.legs, closure)):
        return [usual]
    return [usual, driven(closed)]


def _points(buildings: Sequence[Building], depot: LatLon) -> tuple[DemoPoint, ...]:
    return tuple(
        DemoPoint(
            id=f"demo-point-{number}",
            name=f"Demo Shop {number}",
            address=address_of(shop),
            lat=shop.location.lat,
            lon=shop.location.lon,
        )
        for number, shop in enumerate(shops(buildings, depot), start=1)
    )


def _route(promise: Promise, happenings: Happenings, life: Life) -> DemoRoute:
    return DemoRoute(
        id=promise.id,
        carrier_id=promise.carrier.id,
        vehicle=promise.vehicle,
        driver=promise.driver,
        starts_s=promise.starts_s,
        ends_s=promise.ends_s,
        stops=promise.stops,
        life=life,
        silences_s=(
            *happenings.silences.get(promise.id, ()),
            *happenings.outages.get(promise.carrier.id, ()),
        ),
        strays_s=dict(strays(promise, life, happenings)),
        uncooled_s=happenings.fridge.get(promise.id, ()),
        drain=happenings.drain.get(promise.id, 1.0),
    )


def _chargers(buildings: Sequence[Building]) -> list[Building]:
    """Shops large enough to have charging points on their car park."""
    return [b for b in buildings if b.kind == "retail" and b.area_m2 >= CHARGER_AREA_M2]


def _promises(
    buildings: Sequence[Building],
    region: Region,
    seed: int,
    progress: Progress,
) -> list[Promise]:
    territories = divide(buildings, region.depot, FLEET, np.random.default_rng([seed, 0]))
    cold, numbers = cold_routes(FLEET), Counter[str]()
    people = {one.id: roster(one, np.random.default_rng([seed, 12])) for one in FLEET}
    promises = []
    for order, territory in enumerate(territories):
        letter = territory.carrier.route_letter
        numbers[letter] += 1
        promises.append(
            promise_route(
                territory,
                numbers[letter],
                order,
                people[territory.carrier.id][numbers[letter] - 1],
                f"{letter}-{numbers[letter]:02d}" in cold,
                region,
                np.random.default_rng([seed, 3, order]),
            )
        )
        progress((order + 1) / len(territories))
    return promises
