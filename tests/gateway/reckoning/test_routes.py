"""How far a finished route drove: by its positions where they tell, else by the roads."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from tests.gateway.shift import NOON, small_shift, told
from tower.domain import events as e
from tower.domain.fold import apply, fold
from tower.domain.geometry import LatLon, distance_m
from tower.domain.records import Subject
from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.gateway.line import RouteLine, packed_legs
from tower.gateway.reckoning.routes import Drive, FinishedRoutes, measured
from tower.road.engine import DETOUR_FACTOR
from tower.road.roads import Profile

A = Subject(route_id="A")
END = NOON + timedelta(hours=1)
LINE = RouteLine(
    key="k",
    profile=Profile.CAR,
    shape="",
    clock=b"",
    stop_offsets=(),
    durations=packed_legs((60.0, 60.0)),
    distances=packed_legs((700.0, 800.0)),
    home_m=500.0,
)
STEP = LatLon(47.14, 9.52), LatLon(47.15, 9.52)


@pytest.fixture
def state() -> State:
    shift = fold(small_shift())
    for at, body in ((NOON, e.RouteStarted()), (END, e.RouteFinished())):
        apply(shift, told(at, A, body))
    return shift


def drive(state: State, lines: dict[str, tuple[int, RouteLine]]) -> Drive:
    finished = FinishedRoutes(lambda: lines)
    finished.note([told(END, A, e.RouteFinished())])
    (found,) = finished.take(state)
    return found


def to_and_fro(minutes: Sequence[float]) -> list[Fix]:
    """Back and forth between two places a kilometre apart."""
    return [
        Fix(vehicle_id="own:A", at=NOON + timedelta(minutes=m), lat=p.lat, lon=p.lon)
        for m, p in zip(minutes, STEP * len(minutes), strict=False)
    ]


def body_of(event: e.Event) -> e.RouteMeasured:
    assert isinstance(event.body, e.RouteMeasured)
    return event.body


def test_positions_say_how_far_it_drove(state: State) -> None:
    asked: list[tuple[str, datetime, datetime]] = []

    def trail(vehicle_id: str, since: datetime, until: datetime) -> list[Fix]:
        asked.append((vehicle_id, since, until))
        return to_and_fro(range(0, 61, 4))

    event = measured(drive(state, {"A": (1, LINE)}), trail)

    assert asked == [("own:A", NOON, END)]
    assert body_of(event).source == "positions"
    assert body_of(event).driven_m == pytest.approx(15 * distance_m(*STEP))
    assert (event.at, event.subject.route_id, event.subject.carrier_id) == (END, "A", "own")


def test_positions_with_a_hole_are_not_believed(state: State) -> None:
    fixes = to_and_fro([*range(0, 21, 4), *range(40, 61, 4)])

    event = measured(drive(state, {"A": (1, LINE)}), lambda *_: fixes)

    assert (body_of(event).source, body_of(event).driven_m) == ("roads", 2_000.0)


def test_without_a_line_the_straight_way_is_taken_longer(state: State) -> None:
    depot = LatLon(47.14, 9.52)
    stops = [state.stops[f"S{n}"].plan for n in (1, 2, 3, 4)]
    places = [depot, *(plan.position for plan in stops if plan), depot]
    straight = sum(map(distance_m, places, places[1:]))

    body = body_of(measured(drive(state, {}), lambda *_: []))

    assert body.driven_m == pytest.approx(straight * DETOUR_FACTOR)
    assert body.source == "roads"


def test_a_route_measured_again_is_the_same_event(state: State) -> None:
    one = measured(drive(state, {}), lambda *_: [])
    two = measured(drive(state, {"A": (1, LINE)}), lambda *_: [])
    assert one.id == two.id


def test_what_ended_while_no_gateway_ran_is_measured_later(state: State) -> None:
    finished = FinishedRoutes(dict)
    finished.recall(state, END + timedelta(hours=3))
    assert [one.route.id for one in finished.take(state)] == ["A"]
    assert finished.take(state) == []


def test_what_could_not_be_recorded_waits(state: State) -> None:
    finished = FinishedRoutes(dict)
    finished.recall(state, END)
    drives = finished.take(state)
    finished.put_back(drives)
    assert finished.take(state) == drives
