"""What the stops already done say about the way to the next one: breaks, and what was passed by."""

from datetime import datetime

from msgspec.structs import replace

from tests.watch.day import HUB, Day, at
from tower.domain import events as e
from tower.domain.geometry import LatLon
from tower.domain.records import Break
from tower.eta.schedule import Whereabouts
from tower.eta.whereabouts import in_order_driven, whereabouts

LEG_S = 600.0


def day(stops: str = "s1 s2 s3") -> Day:
    return Day().opened().route("R-1", stops)


def known(told: Day, clock: str, place: LatLon | None = None) -> Whereabouts:
    """Where a route with a quarter of an hour's break from 10:00 on stands."""
    route = told.state.routes["R-1"]
    assert route.plan is not None
    rest = Break(earliest=at("10:00"), latest=at("12:00"), duration_s=900.0)
    route = replace(route, plan=replace(route.plan, breaks=(rest,)))
    stops = told.state.stops_of(route)
    return whereabouts(route, stops, [LEG_S] * len(stops), HUB, at(clock), place)


def door(told: Day, stop_id: str) -> LatLon:
    plan = told.state.stops[stop_id].plan
    assert plan is not None
    return plan.position


def leaves(told: Day, clock: str, place: LatLon | None) -> tuple[datetime | None, int]:
    """When the next leg begins, and how many breaks are still to come."""
    found = known(told, clock, place)
    return found.left_at, len(found.breaks)


def test_a_driver_standing_at_the_door_when_the_break_is_due_takes_it_there() -> None:
    told = day().delivered("s1", "10:05")
    assert leaves(told, "10:10", door(told, "s1")) == (at("10:20"), 0)


def test_who_has_left_the_door_takes_the_break_later() -> None:
    told = day().delivered("s1", "10:05")
    assert leaves(told, "10:10", LatLon(door(told, "s1").lat + 0.01, HUB.lon)) == (at("10:05"), 1)
    assert leaves(told, "10:10", None) == (at("10:05"), 1)


def test_before_the_break_is_due_a_door_is_left_at_once() -> None:
    told = day().delivered("s1", "9:50")
    assert leaves(told, "9:52", door(told, "s1")) == (at("9:50"), 1)


def test_a_driver_who_is_done_some_seconds_before_the_break_is_due_takes_it_there() -> None:
    told = day().delivered("s1", "9:59")
    assert leaves(told, "10:10", door(told, "s1")) == (at("10:14"), 0)


def test_a_break_is_over_once_the_driver_sets_off_after_it() -> None:
    told = day().delivered("s1", "10:05")
    told.tell(e.StopEnRoute(), "10:20", stop_id="s2")
    assert leaves(told, "10:21", door(told, "s1")) == (at("10:05"), 0)
    at_once = day().delivered("s1", "10:05").tell(e.StopEnRoute(), "10:06", stop_id="s2")
    assert leaves(at_once, "10:08", door(at_once, "s1")) == (at("10:05"), 1)


def test_a_break_is_over_once_the_next_door_is_reached_after_it() -> None:
    told = day().delivered("s1", "10:05").arrived("s2", "10:31")
    assert leaves(told, "10:32", door(told, "s2"))[1] == 0
    quick = day().delivered("s1", "10:05").arrived("s2", "10:16")
    assert leaves(quick, "10:17", door(quick, "s2"))[1] == 1


def test_a_stop_passed_by_comes_last_and_the_way_goes_on_from_the_last_door() -> None:
    told = day("s1 s2 s3 s4 s5").delivered("s1", "9:00").delivered("s3", "9:30")
    stops = told.state.stops_of(told.state.routes["R-1"])
    assert [stops[place].id for place in in_order_driven(stops)] == ["s2", "s4", "s5"]
    told.delivered("s4", "9:45")
    stops = told.state.stops_of(told.state.routes["R-1"])
    assert [stops[place].id for place in in_order_driven(stops)] == ["s5", "s2"]
    assert known(told, "9:46").origin == door(told, "s4")


def test_a_stop_that_is_driven_to_late_is_not_passed_by() -> None:
    told = day("s1 s2 s3 s4").delivered("s1", "9:00").delivered("s3", "9:30")
    told.delivered("s4", "9:45").tell(e.StopEnRoute(), "9:46", stop_id="s2")
    stops = told.state.stops_of(told.state.routes["R-1"])
    assert [stops[place].id for place in in_order_driven(stops)] == ["s2"]


def test_cancelled_stops_do_not_make_one_passed_by() -> None:
    told = day("s1 s2 s3")
    for stop_id in ("s2", "s3"):
        told.tell(e.StopCancelled(), "9:00", stop_id=stop_id)
    stops = told.state.stops_of(told.state.routes["R-1"])
    assert in_order_driven(stops) == [0]
