"""The map is told what the session knows."""

from datetime import timedelta

import numpy as np
import pytest

from tests.ui.conftest import Fleet
from tests.ui.example_shift import NOON, event, raised
from tower.domain.events import (
    ExceptionWorked,
    RouteSequence,
    RoutesSequenced,
    RouteStarted,
    StopDelivered,
    StopPlanned,
    StopsLocked,
)
from tower.domain.records import StopPlan, Subject
from tower.domain.telemetry import Fix
from tower.domain.words import ExceptionState, Punctuality, StopState, VehicleKind
from tower.feed.sections import Frame
from tower.replay.recording import Moment
from ui.filter import Hidden
from ui.mapfeed import MapFeed
from ui.session import Session
from ui.shapes import RouteShape


@pytest.fixture
def feed(session: Session, fleet: Fleet) -> MapFeed:
    """A map feed on the example shift with two vehicles on their way."""
    session.apply_frames([_driving(fleet)])
    return MapFeed(session)


def _driving(fleet: Fleet) -> Frame:
    fixes = [
        Fix(vehicle_id=id_, at=NOON, lat=47.102, lon=9.5, speed_mps=8.0)
        for id_ in ("own:v0", "gig:v2")
    ]
    fleet.vehicles.update_fixes(fixes)
    fleet.arrivals.set(["s2"], [NOON.timestamp() + 600], [120], [180], [Punctuality.LATE.code])
    codes = [Punctuality.AT_RISK.code, Punctuality.ON_TIME.code]
    fleet.vehicles.set_punctuality(["own:v0", "gig:v2"], codes, [0, 0], ["s2", ""])
    return fleet.frame()


def test_vehicles_wear_their_names_and_standing(feed: MapFeed) -> None:
    columns = feed.vehicles()
    assert len(columns) == 2
    assert columns.lat.tolist() == [471_020_000, 471_020_000]
    assert columns.punctuality[0] == Punctuality.AT_RISK.code
    assert columns.kind[0] == list(VehicleKind).index(VehicleKind.E_VAN)
    name = columns.names[int(columns.handle[0])]
    assert (name.label, name.driver, name.carrier) == ("FL 4000", "Driver A0", "Own vans")
    assert (name.next_stop, name.eta) == ("3 · Customer 0002", "13:10 ±2")


def test_names_are_handed_over_again_while_nothing_changed(feed: MapFeed) -> None:
    assert feed.vehicles().names is feed.vehicles().names


def test_a_heading_nobody_told_is_handed_over_as_unknown(feed: MapFeed) -> None:
    columns = feed.vehicles()
    assert columns.heading.tolist() == [65535, 65535]
    assert columns.speed.tolist() == [800, 800]


def test_a_new_prediction_renews_the_card(feed: MapFeed, session: Session, fleet: Fleet) -> None:
    feed.vehicles()
    fleet.arrivals.set(["s2"], [NOON.timestamp() + 1200], [120], [180], [0])
    session.apply_frames([fleet.frame()])
    feed.note_arrivals({"s2"})
    columns = feed.vehicles()
    assert columns.names[int(columns.handle[0])].eta == "13:20 ±2"


def test_hiding_a_carrier_takes_its_vehicles_and_routes_off_the_map(
    feed: MapFeed, session: Session
) -> None:
    feed.vehicles()
    session.hide(Hidden(carriers=frozenset({"gig"})))
    feed.note_everything()
    assert len(feed.vehicles()) == 1
    scene = feed.scene()
    assert [route.id for route in scene.routes] == ["r0", "r1"]
    assert len(scene.stops) == 10


def test_the_scene_has_numbered_stops_marks_and_the_depot(feed: MapFeed) -> None:
    scene = feed.scene()
    stops = {stop.id: stop for stop in scene.stops}
    assert stops["s7"].number == 3
    assert stops["s2"].punctuality is Punctuality.LATE
    assert "ETA 13:10 ±2" in stops["s2"].detail
    assert "window 13:00–15:00" in stops["s2"].detail
    assert [(one.id, one.lat) for one in scene.exceptions] == [("x1", 47.1)]
    assert scene.depots[0].label == "Demo Depot"


def test_a_delivered_stop_is_done_on_the_map(feed: MapFeed, session: Session) -> None:
    before = feed.scene()
    delivered = event(StopDelivered(), Subject(stop_id="s0"), at=NOON, seq=99)
    session.records_changed.connect(feed.note_records)
    session.fold_events([delivered])
    after = feed.scene()
    stop = next(one for one in after.stops if one.id == "s0")
    assert (stop.state, stop.punctuality) == (StopState.DELIVERED, Punctuality.DONE)
    same = next(one for one in before.stops if one.id == "s1")
    assert any(one is same for one in after.stops)


def test_a_stop_is_open_and_done_again_as_the_past_is_travelled(
    feed: MapFeed, session: Session
) -> None:
    before = session.state.copied()
    session.fold_events([event(StopDelivered(), Subject(stop_id="s2"))])
    after = session.state.copied()
    shown = []
    for state in (before, after, before, after):
        moment = Moment(NOON, state, session.vehicles, session.arrivals, 0, True, frozenset())
        session.show_moment(moment)
        feed.note_everything()
        shown.append(next(stop for stop in feed.scene().stops if stop.id == "s2"))
    assert [stop.state.is_outcome for stop in shown] == [False, True, False, True]
    assert shown[:2] == shown[2:]
    assert shown[1].detail.startswith("delivered 13:00")
    assert shown[0].detail.startswith("ETA 13:10 ±2")


def test_a_route_is_done_up_to_its_vehicle(feed: MapFeed, session: Session) -> None:
    points = np.array([[47.10 + 0.001 * step, 9.5] for step in range(5)])
    session.set_shapes({"r0": RouteShape.of(1, points, (0, 1, 2, 3, 4))})
    route = next(one for one in feed.scene().routes if one.id == "r0")
    assert route.done_fraction == pytest.approx(0.0)
    for stop in ("s0", "s1"):
        session.fold_events([event(StopDelivered(), Subject(stop_id=stop), at=NOON, seq=99)])
    route = next(one for one in feed.scene().routes if one.id == "r0")
    assert route.done_fraction == pytest.approx(0.5)
    assert len(route.shape) == 5 * 8


def test_a_route_serves_between_its_first_and_its_last_stop(
    feed: MapFeed, session: Session
) -> None:
    points = np.array([[47.10 + 0.001 * step, 9.5] for step in range(11)])
    session.set_shapes({"r0": RouteShape.of(1, points, (2, 4, 6, 7, 9))})
    route = next(one for one in feed.scene().routes if one.id == "r0")
    assert (route.works_from, route.works_to) == pytest.approx((0.2, 0.9))
    session.set_shapes({"r0": RouteShape.of(2, points)})
    route = next(one for one in feed.scene().routes if one.id == "r0")
    assert (route.works_from, route.works_to) == (0.0, 1.0)


def test_a_line_of_the_present_order_says_where_each_stop_lies_on_it(
    feed: MapFeed, session: Session
) -> None:
    points = np.array([[47.10 + 0.001 * step, 9.5] for step in range(11)])
    session.set_shapes({"r0": RouteShape.of(1, points, (2, 4, 6, 7, 9))})
    routes = {one.id: one for one in feed.scene().routes}
    assert routes["r0"].stop_at == pytest.approx((0.2, 0.4, 0.6, 0.7, 0.9))
    assert routes["r0"].depot_id == "depot-1"
    assert [one.id for one in routes.values() if one.is_outdated] == []
    assert routes["r1"].stop_at == ()


def test_after_another_order_the_line_is_known_to_be_the_one_before(
    feed: MapFeed, session: Session
) -> None:
    points = np.array([[47.10 + 0.001 * step, 9.5] for step in range(11)])
    session.set_shapes({"r0": RouteShape.of(1, points, (2, 4, 6, 7, 9))})
    order = RouteSequence(route_id="r0", version=2, stops=("s1", "s0", "s2", "s3", "s4"))
    session.fold_events([event(RoutesSequenced(routes=(order,)), seq=99)])
    route = next(one for one in feed.scene().routes if one.id == "r0")
    assert route.is_outdated
    assert route.stop_at == ()
    assert len(route.shape) == 11 * 8
    session.set_shapes({"r0": RouteShape.of(2, points, (2, 4, 6, 7, 9))})
    assert not next(one for one in feed.scene().routes if one.id == "r0").is_outdated


def test_a_locked_stop_is_locked_on_the_map_until_it_is_done(
    feed: MapFeed, session: Session
) -> None:
    session.records_changed.connect(feed.note_records)
    about = Subject(stop_id="s3")

    def is_locked() -> bool:
        return next(one for one in feed.scene().stops if one.id == "s3").is_locked

    assert not is_locked()
    session.fold_events([event(StopsLocked(stops=("s3",), locked=True), about, seq=99)])
    assert is_locked()
    session.fold_events([event(StopDelivered(), about, seq=100)])
    assert not is_locked()


def test_an_exception_says_which_stop_it_is_about(feed: MapFeed, session: Session) -> None:
    record = session.state.exceptions["x1"]
    assert record.finding is not None
    marked = {one.id: one.stop_id for one in feed.scene().exceptions}
    assert marked == {"x1": record.finding.subject.stop_id}
    assert marked["x1"]


def test_a_large_shift_reaches_the_map_in_several_scenes(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.mapfeed.SHARE_S", 0.0)
    plans = (StopPlan(id=f"big{n}", lat=47.0, lon=9.5) for n in range(1000))
    session.fold_events([event(StopPlanned(plan=plan), seq=99) for plan in plans])
    feed = MapFeed(session)
    sizes = []
    for _ in range(20):
        sizes.append(len(feed.scene().stops))
        if not feed.is_behind:
            break
    assert 0 < sizes[0] < 1015
    assert sizes[-1] == 1015
    assert sizes == sorted(set(sizes))


def test_nothing_new_is_handed_over_as_the_very_same(feed: MapFeed) -> None:
    feed.scene()
    before, after = feed.scene(), feed.scene()
    assert after.stops is before.stops
    assert after.routes is before.routes
    assert after.exceptions is before.exceptions
    assert after.depots is before.depots


def test_a_route_of_many_is_looked_at_in_its_turn(
    session: Session, fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With time for one route a scene, its vehicle's progress reaches the map all the same."""
    monkeypatch.setattr("ui.mapfeed.SHARE_S", 0.0)
    monkeypatch.setattr("ui.maproutes.AT_LEAST", 1)
    points = np.array([[47.10 + 0.001 * step, 9.5] for step in range(11)])
    session.set_shapes({"r0": RouteShape.of(1, points, (2, 4, 6, 7, 9))})
    session.fold_events([event(RouteStarted(), Subject(route_id="r0"), at=NOON, seq=98)])
    session.apply_frames([_driving(fleet)])
    feed = MapFeed(session)

    def done() -> list[float]:
        found = [one for _ in range(40) for one in feed.scene().routes if one.id == "r0"]
        return [one.done_fraction for one in found[-1:]]

    assert done() == pytest.approx([0.2])
    fleet.vehicles.update_fixes(
        [Fix(vehicle_id="own:v0", at=NOON + timedelta(seconds=9), lat=47.101, lon=9.5)]
    )
    session.apply_frames([fleet.frame()])
    assert done() == pytest.approx([0.1])


def test_stops_of_a_changed_order_get_their_new_numbers(feed: MapFeed, session: Session) -> None:
    session.records_changed.connect(feed.note_records)
    feed.scene()
    order = RouteSequence(route_id="r0", version=2, stops=("s1", "s0", "s2", "s3", "s4"))
    session.fold_events([event(RoutesSequenced(routes=(order,)), seq=99)])
    numbers = {one.id: one.number for one in feed.scene().stops}
    assert (numbers["s1"], numbers["s0"]) == (1, 2)


def test_an_exception_that_is_over_leaves_the_map(feed: MapFeed, session: Session) -> None:
    session.records_changed.connect(feed.note_records)
    session.fold_events([raised("x2", stop=3)])
    assert {one.id for one in feed.scene().exceptions} == {"x1", "x2"}
    over = ExceptionWorked(state=ExceptionState.RESOLVED, version=2)
    session.fold_events([event(over, Subject(exception_id="x2"), seq=99)])
    assert {one.id for one in feed.scene().exceptions} == {"x1"}
