"""Making the demo shift: promises first, then what really happens to them."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from tower.demo.incidents import draw
from tower.demo.life import live
from tower.demo.places import divide
from tower.demo.plan import FLEET, PLAN_VERSION, DemoPlan
from tower.demo.promise import Promise, cold_routes, promise_route
from tower.domain.geometry import LatLon
from tower.road.buildings import Building
from tower.road.engine import RoutingEngine

Progress = Callable[[float], None]


def plan_shift(
    *,
    region_id: str,
    region_checksum: str,
    buildings: Sequence[Building],
    depot: LatLon,
    engine: RoutingEngine,
    seed: int,
    timezone: str = "Europe/Vaduz",
    progress: Progress = lambda _fraction: None,
) -> DemoPlan:
    """The shift of a seed; the same arguments give the same plan.

    Args:
        region_id: names the region pack the plan is made for.
        region_checksum: of that pack; a plan of another pack is not this plan.
        buildings: the region's buildings that can be delivered to.
        depot: where every route starts and ends.
        engine: travel times and shapes on the region's roads.
        seed: decides everything that is chance.
        timezone: IANA name of the zone the times of day are in.
        progress: told the fraction done, 0 to 1.
    """
    reached = [building for building in buildings if engine.covers(building.location)]
    promises = _promises(reached, depot, engine, seed, progress)
    happenings = draw(promises, depot, np.random.default_rng([seed, 1]))
    lives = [
        live(promise, happenings, np.random.default_rng([seed, 2, index]))
        for index, promise in enumerate(promises)
    ]
    reports = [report for _, told in lives for report in told]
    return DemoPlan(
        version=PLAN_VERSION,
        seed=seed,
        region_id=region_id,
        region_checksum=region_checksum,
        timezone=timezone,
        depot=("depot", "Demo Depot", depot.lat, depot.lon),
        carriers=FLEET,
        routes=tuple(route for route, _ in lives),
        reports=tuple(sorted(reports, key=lambda report: (report.sent_s, report.stop_id))),
    )


def _promises(
    buildings: Sequence[Building],
    depot: LatLon,
    engine: RoutingEngine,
    seed: int,
    progress: Progress,
) -> list[Promise]:
    territories = divide(buildings, depot, FLEET, np.random.default_rng([seed, 0]))
    cold, numbers = cold_routes(FLEET), Counter[str]()
    promises = []
    for order, territory in enumerate(territories):
        letter = territory.carrier.route_letter
        numbers[letter] += 1
        promises.append(
            promise_route(
                territory,
                numbers[letter],
                order,
                f"{letter}-{numbers[letter]:02d}" in cold,
                depot,
                engine,
                np.random.default_rng([seed, 3, order]),
            )
        )
        progress((order + 1) / len(territories))
    return promises
