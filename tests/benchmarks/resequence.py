"""How fast a dragged stop says what it would do, on a route of 200 stops.

The real draft and the real stop sheet, off screen, beside 59 other routes, with travel times from
the roads of the region that comes with Tower. The mouse drags a stop over places chosen at random;
each time is from the pointer's move to all numbers changed, and to all of them drawn. The naive way
runs beside it: the roads asked and every route worked out again at each move, nothing kept.

Then a morning of sixty routes at a real gateway: a van breaks down, and all of them are searched;
how long until the first orders are offered, and until the search is over.
"""

import gc
import random
import time
from argparse import Namespace
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.benchmarks._display import settle_environment
from tests.benchmarks._long_route import LONG, LONG_ROUTE, NOON, long_shift, places_needed
from tests.benchmarks._morning import measure_morning
from tests.report import Line, argument_parser, show
from tower.domain.geometry import LatLon
from tower.domain.records import Route
from tower.domain.state import State
from tower.feed.clock import FollowingClock
from tower.gateway.answers import TravelAnswer, TravelWish
from tower.gateway.regions import Regions, Roads
from tower.road.engine import RoutingEngine
from tower.road.pack import RegionPack
from tower.road.roads import Profile
from tower.routes.case import route_case
from tower.routes.change import Move, open_orders, replay
from tower.routes.evaluate import evaluate, present
from tower.routes.fleetbook import fleet_of
from tower.routes.impact import impact
from tower.routes.travel import TravelTable
from ui.draft.draft import Draft
from ui.exchange import Answer, Job, Question
from ui.routes.panel import RoutesPanel
from ui.session import Session
from ui.shapes import RouteShape
from ui.theme import Theme

REGION = "liechtenstein"
SIZE = (452, 730)
"""Of the panel in a window of 1920 x 1080."""
MOVES, NAIVE_MOVES = 400, 12
SEED = 7


class Room:
    """The routes panel on a long route, its questions answered by the road graph itself."""

    def __init__(self, engine: RoutingEngine, depot: LatLon, places: list[LatLon]) -> None:
        self._engine = engine
        clock = FollowingClock(NOON.timestamp(), monotonic=lambda: 0.0)
        self.session = Session(clock, Theme("dark"), "operator")
        self.session.job_given.connect(_work)
        self.session.question_asked.connect(self._on_question)
        self.session.replace_state(long_shift(depot, places), "epoch")
        self.session.set_shapes(shapes(engine, self.session.state))
        self.draft = Draft(self.session, self.session)
        self.panel = RoutesPanel(self.session, self.draft)
        self.panel.resize(*SIZE)
        self.panel.show()
        self.session.select("route", LONG_ROUTE)
        QApplication.processEvents()

    def _on_question(self, question: Question) -> None:
        """Answer as `POST /v1/travel` does."""
        wish = msgspec.json.decode(question.body or b"", type=TravelWish)
        table = self._engine.table(wish.origins, wish.destinations, wish.profile)
        answer = TravelAnswer(
            departure=NOON,
            durations_s=table.durations_s.tolist(),
            distances_m=table.distances_m.tolist(),
            estimated=table.estimated.tolist(),
        )
        question.on_answer(Answer(status=200, body=msgspec.json.encode(answer)))


def _work(job: Job) -> None:
    job.then(job.work())


def shapes(engine: RoutingEngine, state: State) -> dict[str, RouteShape]:
    """The legs of every route along the roads."""
    return {route.id: _shape(engine, state, route) for route in state.routes.values()}


def _shape(engine: RoutingEngine, state: State, route: Route) -> RouteShape:
    legs = engine.legs(_places(state, route), Profile.CAR)
    return RouteShape.of(
        version=route.version,
        points=np.empty((0, 2)),
        durations_s=tuple(leg.duration_s for leg in legs[:-1]),
        distances_m=tuple(leg.distance_m for leg in legs[:-1]),
        home_s=legs[-1].duration_s,
        home_m=legs[-1].distance_m,
    )


def _places(state: State, route: Route) -> list[LatLon]:
    depot = state.depots["depot"].value.position
    stops = [stop.plan.position for stop in state.stops_of(route) if stop.plan]
    return [depot, *stops, depot]


def drag(room: Room, chance: random.Random) -> tuple[list[float], list[float]]:
    """Drag the stop in the middle about.

    Returns:
        Milliseconds from each move to the numbers changed, and to everything drawn.
    """
    rows, model = room.panel.sheet.list, room.panel.sheet.model
    lifted = f"s0-{LONG // 2}"
    rows.scrollTo(model.index(model.place_of(lifted), 0))
    QApplication.processEvents()
    view = rows.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=rows.row_box(lifted).center())
    QTest.mouseMove(view, rows.row_box(lifted).center() + QPoint(0, 40))
    changed, drawn = [], []
    for _ in range(MOVES):
        bar = rows.verticalScrollBar()
        bar.setValue(chance.randrange(bar.maximum()))
        QApplication.processEvents()
        at = QPoint(chance.randrange(view.width()), chance.randrange(view.height()))
        begun = time.perf_counter()
        QTest.mouseMove(view, at)
        changed.append((time.perf_counter() - begun) * 1000)
        QApplication.processEvents()
        drawn.append((time.perf_counter() - begun) * 1000)
    QTest.keyClick(rows, Qt.Key.Key_Escape)
    return sorted(changed), sorted(drawn)


def naive(engine: RoutingEngine, state: State, chance: random.Random) -> list[float]:
    """The same moves, each by asking the roads and working every route out again."""
    took = []
    for _ in range(NAIVE_MOVES):
        anchor = f"s0-{chance.randrange(LONG)}"
        begun = time.perf_counter()
        _work_everything_out(engine, state, anchor)
        took.append((time.perf_counter() - begun) * 1000)
    return took


def _work_everything_out(engine: RoutingEngine, state: State, anchor: str) -> None:
    move = Move(stops=(f"s0-{LONG // 2}",), route_id=LONG_ROUTE, before=anchor)
    orders = replay(open_orders(state), [move]).orders
    fleet, before, after = fleet_of(state), {}, {}
    for route in state.routes.values():
        table = TravelTable(Profile.CAR)
        shape = _shape(engine, state, route)
        case = route_case(state, route, shape.durations_s, shape.distances_m, None, fleet, NOON)
        places = _places(state, route)
        table.learn_legs(
            places, (*shape.durations_s, shape.home_s), (*shape.distances_m, shape.home_m)
        )
        stops = [state.stops[stop_id] for stop_id in orders[route.id]]
        new = [places[0], *(stop.plan.position for stop in stops if stop.plan), places[0]]
        for (a, b), leg in zip(pairwise(new), engine.legs(new, Profile.CAR), strict=True):
            table.learn_legs([a, b], [leg.duration_s], [leg.distance_m])
        before[route.id] = present(case, table)
        after[route.id] = evaluate(case, stops, table)
    impact(before, after)


def measure(_options: Namespace) -> list[Line]:
    """Drag, and drag the naive way."""
    pack_file: Path = Regions.at_hand().find(REGION)
    with RegionPack.open(pack_file) as pack:
        houses = [building.location for building in pack.buildings]
    chance = random.Random(SEED)
    depot, *places = chance.sample(houses, places_needed() + 1)
    engine = Roads.of(pack_file).open()
    room = Room(engine, depot, places)
    # As the desktop does once a shift is there.
    gc.freeze()
    ours, drawn = drag(room, chance)
    theirs = sorted(naive(engine, room.session.state, chance))
    return [
        Line("preview_p50_ms", _part(ours, 0.5), "A move of the pointer, median", "ms"),
        Line("preview_p95_ms", _part(ours, 0.95), "A move of the pointer, slowest in twenty", "ms"),
        Line("drawn_p50_ms", _part(drawn, 0.5), "Until all of it is drawn, median", "ms"),
        Line("drawn_p95_ms", _part(drawn, 0.95), "The same, slowest in twenty", "ms"),
        Line("naive_p95_ms", _part(theirs, 0.95), "The naive way, slowest in twenty", "ms"),
        Line("ratio", _part(theirs, 0.95) / _part(ours, 0.95), "So many times as fast"),
    ]


def _part(ordered: list[float], part: float) -> float:
    return ordered[int(part * (len(ordered) - 1))]


def main() -> None:
    """Run from the command line."""
    options = argument_parser("tests.benchmarks.resequence", str(__doc__)).parse_args()
    settle_environment()
    app = QApplication(["tower"])
    lines = [*measure(options), *measure_morning()]
    show(lines, as_json=options.json)
    app.quit()


if __name__ == "__main__":
    main()
