"""How long questions about travel take on the demo region's roads, and what live speeds cost.

The naive way of asking for a table, leg by leg, runs beside the smallest one.
"""

import time
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median

import numpy as np

from tests.report import Line, argument_parser, show
from tower.domain.geometry import LatLon
from tower.domain.records import Stop
from tower.domain.telemetry import Fix
from tower.gateway.line import LineWish, RouteLine, compute_line
from tower.gateway.regions import Regions
from tower.gateway.stretches import EVERY_S, Stretches
from tower.road.live import LiveSpeeds, SpeedMap, Stretch
from tower.road.pack import RegionPack
from tower.road.polyline import decode_polyline
from tower.road.region_engine import RegionEngine
from tower.road.road_engine import RoadEngine
from tower.road.roads import Profile
from tower.road.ruler import Ruler

NOON = datetime(2024, 5, 14, 10, 0, tzinfo=UTC)
ROUNDS = 5
PLACES = 1_500
VEHICLES = 2_000
LOOKS = 6


def measure(options: Namespace) -> list[Line]:
    """Ask for tables, learn speeds, follow vehicles; every time is the middle one of five."""
    with RegionPack.open(Regions.at_hand().find(options.region)) as pack:
        engine = RegionEngine(RoadEngine(pack.graph(), pack.info.zone))
        buildings = pack.buildings
    chosen = np.linspace(0, len(buildings) - 1, PLACES).astype(int).tolist()
    places = [buildings[index].location for index in chosen]
    few = places[:: PLACES // 25][:25]
    engine.table(places, places[:1], Profile.CAR)
    return [
        Line("places", len(places), "Places"),
        *_tables(engine, places, few),
        *_speeds(engine, places, few),
        *_following(engine, places),
    ]


def _tables(engine: RegionEngine, places: list[LatLon], few: list[LatLon]) -> list[Line]:
    many = places[:: PLACES // 200][:200]

    def table_ms(origins: list[LatLon], destinations: list[LatLon]) -> float:
        return _ms(lambda: engine.table(origins, destinations, Profile.CAR))

    naive_ms = _ms(lambda: [engine.leg(a, b, Profile.CAR) for a in few for b in few], 1)
    square_ms = table_ms(few, few)
    return [
        Line("leg_ms", _ms(lambda: engine.leg(places[0], places[700], Profile.CAR)), "A leg", "ms"),
        Line("table_1x1500_ms", table_ms(places[:1], places), "One to 1,500", "ms"),
        Line("table_1500x1_ms", table_ms(places, places[:1]), "1,500 to one", "ms"),
        Line("table_25x25_ms", square_ms, "25 to 25", "ms"),
        Line("table_25x25_naive_ms", naive_ms, "25 to 25, leg by leg", "ms"),
        Line("table_200x200_ms", table_ms(many, many), "200 to 200", "ms"),
    ]


def _speeds(engine: RegionEngine, places: list[LatLon], few: list[LatLon]) -> list[Line]:
    legs = engine.legs(few, Profile.CAR)
    rulers = [Ruler(leg.shape, leg.shape_times_s) for leg in legs]
    stretches = [
        Stretch(ruler.cells(0.0, ruler.length_m), 1.5 * leg.duration_s)
        for ruler, leg in zip(rulers, legs, strict=True)
    ]
    learnt = LiveSpeeds()
    observe_ms = _ms(lambda: learnt.observe(stretches, NOON))
    speeds = learnt.map(NOON)
    live_ms = _ms(lambda: _first_leg(engine, speeds, few))
    table_ms = _ms(lambda: engine.table(places[:1], places, Profile.CAR, NOON))
    return [
        Line("cells", len(speeds.keys), "Cells learnt"),
        Line("observe_us", 1000 * observe_ms / len(stretches), "Learning a stretch", "µs"),
        Line("new_speeds_ms", live_ms, "New speeds and the first leg by them", "ms"),
        Line("table_live_1x1500_ms", table_ms, "One to 1,500 by live speeds", "ms"),
    ]


def _first_leg(engine: RegionEngine, speeds: SpeedMap, few: list[LatLon]) -> None:
    engine.heed(speeds)
    engine.leg(few[0], few[-1], Profile.CAR, NOON)


def _following(engine: RegionEngine, places: list[LatLon]) -> list[Line]:
    """Vehicles on one leg, looked at every half minute as the gateway does."""
    wish = LineWish(
        route_id="R", version=1, depot=places[0], stops=(places[-1],), profile=Profile.CAR
    )
    line = compute_line(wish, engine, "roads")
    stretches, stop = Stretches(), Stop(id="S")
    spent = []
    for look in range(LOOKS):
        fix = _fix(line, look)
        begun = time.perf_counter()
        for number in range(VEHICLES):
            stretches.follow(str(number), line, 0, stop, fix, UTC)
        spent.append(time.perf_counter() - begun)
    measured = len(stretches.take())
    assert measured >= VEHICLES * (LOOKS - 2)
    look_s = median(spent[1:]) / VEHICLES
    share = 100 * 10_000 * look_s / EVERY_S
    return [
        Line("look_us", 1e6 * look_s, "Looking at a vehicle on its way", "µs"),
        Line("following_10k_pct", share, "Following 10,000 vehicles", "% of a core"),
    ]


def _fix(line: RouteLine, look: int) -> Fix:
    """Where a vehicle at half the expected speed is after so many looks."""
    seconds = 30.0 + 0.5 * look * (EVERY_S + 1)
    shape, clock = decode_polyline(line.shape), line.clock_s
    lat, lon = (float(np.interp(seconds, clock, shape[:, axis])) for axis in (0, 1))
    at = NOON + timedelta(seconds=look * (EVERY_S + 1))
    return Fix(vehicle_id="V", at=at, lat=lat, lon=lon)


def _ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    spent = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begun)
    return 1000 * median(spent)


def main() -> None:
    """Run from the command line."""
    parser = argument_parser("tests.benchmarks.roads", str(__doc__))
    parser.add_argument("--region", default="liechtenstein", help="whose roads (%(default)s)")
    options = parser.parse_args()
    show(measure(options), as_json=options.json)


if __name__ == "__main__":
    main()
