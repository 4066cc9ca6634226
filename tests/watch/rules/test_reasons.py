"""Why a vehicle will be late, in the words a dispatcher reads under the exception."""

from collections.abc import Mapping

from tests.watch.day import Day, at
from tower.watch.rules.reasons import why_late


def route() -> Day:
    """Three stops planned for 9:00, 9:30 and 10:00, each two minutes at the door."""
    return Day().opened().route("R-1", "s1 s2 s3")


def why(told: Day, stop_id: str, now: str, etas: Mapping[str, str]) -> str:
    """Why a stop will be late, where the others are expected at these times."""
    state = told.state
    driven = state.routes["R-1"]
    stops = state.stops_of(driven)
    place = [stop.id for stop in stops].index(stop_id)
    return why_late(
        stops, place, driven, lambda id_: at(etas[id_]) if id_ in etas else None, at(now)
    )


def test_a_door_that_took_longer_is_named_with_its_minutes() -> None:
    told = route().delivered("s1", "9:20", came="9:00")

    assert why(told, "s2", "9:21", {"s2": "9:48"}) == "18 min longer at stop 1"


def test_a_leg_that_takes_longer_is_named_with_its_stop() -> None:
    told = route().delivered("s1", "9:02", came="9:00")

    words = why(told, "s2", "9:05", {"s2": "9:50"})

    assert words == "the leg to stop 2 takes 20 min more than planned"


def test_the_longest_delays_come_first_and_open_stops_before_it_are_counted() -> None:
    told = route().delivered("s1", "9:12", came="9:00")

    words = why(told, "s3", "9:15", {"s2": "9:55", "s3": "10:25"})

    assert words == (
        "the leg to stop 2 takes 15 min more than planned, 10 min longer at stop 1, "
        "1 stop before it"
    )


def test_a_stop_the_vehicle_passed_by_is_late_for_that() -> None:
    told = route().delivered("s2", "9:32", came="9:30")

    words = why(told, "s1", "9:33", {"s1": "10:30", "s3": "10:00"})

    assert words == "passed by, 1 stop before it"


def test_a_route_on_its_plan_has_no_reason_to_name() -> None:
    told = route().delivered("s1", "9:02", came="9:00")

    assert why(told, "s2", "9:05", {"s2": "9:31"}) == ""
