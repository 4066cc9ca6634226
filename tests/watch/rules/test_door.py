"""A driver at the door who cannot get in, stays too long, or stands somewhere else."""

import pytest

from tests.watch.day import Day, Room, at, only_cause, only_finding
from tower.domain import events as e
from tower.domain.geometry import LatLon
from tower.domain.records import StopChanges
from tower.domain.words import AttemptReason, ExceptionKind, Severity, StopKind

NO_ACCESS, DWELL, ADDRESS = (
    ExceptionKind.NO_ACCESS,
    ExceptionKind.LONG_DWELL,
    ExceptionKind.ADDRESS,
)
PIN = LatLon(47.1 + 1 / 111.195, 9.5)


def day() -> Day:
    return Day().opened().route("R-1", "s1 s2 s3")


def north(metres: float) -> LatLon:
    """So far north of the pin of s1."""
    return LatLon(PIN.lat + metres / 111_195, PIN.lon)


class Door(Room):
    """A room whose van R-1 is heard and stands at the pin unless said otherwise."""

    def see(self, clock: str, away_m: float = 0.0) -> list[e.Event]:
        self.skies.heard["own"] = at(clock)
        self.skies.seen("own:R-1", at(clock), north(away_m))
        return self.look(clock)


@pytest.mark.parametrize(
    "note",
    ["No gate code", "Tor zu, Schlüssel?", "Pas de digicode", "Falta la clave", "Manca il codice"],
)
def test_a_driver_who_asks_for_a_code_is_told_after_five_minutes(note: str) -> None:
    room = Door(day().tell(e.StopArrived(note=note), "9:00", stop_id="s1"))

    assert room.see("9:04") == []
    finding = only_finding(room.see("9:05"))

    assert finding.kind is NO_ACCESS
    assert finding.severity is Severity.MAJOR
    assert finding.headline == "At the door for 5 min, asks how to get in"
    assert finding.detail == f"{note}, no code known"


def test_a_driver_who_says_something_else_or_nothing_is_at_work() -> None:
    for note in ("", "Dog in the yard", "Encoded parcel, torn box"):
        room = Door(day().tell(e.StopArrived(note=note), "9:00", stop_id="s1"))
        room.see("9:10")
        assert NO_ACCESS not in room.open_kinds


def test_getting_in_ends_it() -> None:
    room = Door(day().tell(e.StopArrived(note="code?"), "9:00", stop_id="s1"))
    room.see("9:06")
    room.day.delivered("s1", "9:08")

    assert only_cause(room.see("9:09")) == "The stop is done: delivered."


def test_an_attempt_without_access_stays_until_the_driver_tries_again_or_the_route_ends() -> None:
    room = Door(day().attempted("s1", "9:00", AttemptReason.NO_ACCESS))

    assert only_finding(room.see("9:01")).kind is NO_ACCESS
    assert room.see("9:10") == []
    room.day.tell(e.StopEnRoute(), "9:11", stop_id="s1")
    assert only_cause(room.see("9:11")) == "The driver got in, or goes there again."

    ended = Door(day().attempted("s1", "9:00", AttemptReason.NO_ACCESS))
    ended.see("9:01")
    ended.day.tell(e.RouteFinished(), "9:50", route_id="R-1")
    events = ended.see("9:51")
    assert only_cause(events) == "The route has ended; the parcel comes back."
    assert only_finding(events).kind is ExceptionKind.FAILED_ATTEMPT


def test_a_stay_at_a_door_is_long_beyond_fifteen_minutes() -> None:
    room = Door(day().arrived("s1", "9:00"))

    assert room.see("9:14") == []
    finding = only_finding(room.see("9:15"))

    assert finding.kind is DWELL
    assert finding.subject.stop_id == "s1"
    assert finding.headline == "At the door for 15 min, planned 2 min"
    assert finding.severity is Severity.MINOR
    assert only_finding(room.see("9:31")).severity is Severity.MAJOR


def test_a_door_planned_to_take_long_may() -> None:
    room = Door(day().stop("s1", service_s=1200.0).arrived("s1", "9:00"))

    assert room.see("9:59") == []
    assert only_finding(room.see("10:00")).kind is DWELL


def test_waiting_for_the_window_and_charging_are_no_long_stays() -> None:
    waiting = Door(day().stop("s1", window="9:30-11:00").arrived("s1", "9:00"))
    charging = Door(day().stop("s1", kind=StopKind.CHARGE).arrived("s1", "9:00"))

    assert [room.see("9:40") for room in (waiting, charging)] == [[], []]
    assert only_finding(waiting.see("9:46")).kind is DWELL


def test_a_van_that_goes_on_ends_a_long_stay() -> None:
    room = Door(day().arrived("s1", "9:00"))
    room.see("9:16")
    room.day.delivered("s1", "9:17")

    assert only_cause(room.see("9:17")) == "The stop is done: delivered."


def test_a_driver_at_the_door_far_from_the_pin_is_told_after_a_minute() -> None:
    room = Door(day().stop("s1", address="Demo Street 3").arrived("s1", "9:00"))

    assert room.see("9:00", away_m=410) == []
    finding = only_finding(room.see("9:01", away_m=410))

    assert finding.kind is ADDRESS
    assert finding.headline == "The driver is 410 m from the pin"
    assert finding.detail == "Demo Street 3"


def test_parking_round_the_corner_is_no_wrong_address() -> None:
    room = Door(day().arrived("s1", "9:00"))

    assert [room.see(clock, away_m=140) for clock in ("9:00", "9:02")] == [[], []]


def test_a_van_where_the_road_to_a_remote_pin_ends_is_at_the_right_address() -> None:
    room = Door(day().arrived("s1", "9:00"))
    room.skies.reached = north(290)
    assert [room.see(clock, away_m=310) for clock in ("9:00", "9:01", "9:02")] == [[], [], []]

    elsewhere = Door(day().arrived("s1", "9:00"))
    elsewhere.skies.reached = north(290)
    elsewhere.see("9:00", away_m=600)
    finding = only_finding(elsewhere.see("9:01", away_m=600))
    assert finding.headline == "The driver is 600 m from the pin"


def test_a_van_that_drove_on_before_its_delivery_was_told_is_no_wrong_address() -> None:
    room = Door(day().arrived("s1", "9:00"))

    assert room.see("9:00") == []
    for clock, away_m in (("9:04", 300), ("9:05", 600), ("9:06", 1000), ("9:07", 1000)):
        assert room.see(clock, away_m) == [], clock


def test_a_driver_who_comes_to_the_pin_and_then_looks_for_the_door_is_told() -> None:
    room = Door(day().arrived("s1", "9:00"))

    for clock, away_m in (("9:00", 0), ("9:04", 400), ("9:05", 400)):
        assert room.see(clock, away_m) == []
    assert only_finding(room.see("9:06", 400)).kind is ADDRESS


def test_a_wrong_pin_clears_once_the_van_is_close_or_the_pin_is_moved() -> None:
    room = Door(day().arrived("s1", "9:00"))
    for clock in ("9:00", "9:01"):
        room.see(clock, away_m=300)
    assert room.see("9:02", away_m=100) == []
    assert room.open_kinds == [ADDRESS]
    room.see("9:03", away_m=60)
    assert room.open_kinds == []

    moved = Door(day().arrived("s1", "9:00"))
    for clock in ("9:00", "9:01"):
        moved.see(clock, away_m=300)
    there = north(300)
    pin = StopChanges(address="Demo Street 5", lat=there.lat, lon=there.lon)
    moved.day.tell(e.StopAmended(changes=pin), "9:02", stop_id="s1")
    moved.see("9:03", away_m=300)
    assert moved.open_kinds == []


def test_where_the_van_stood_before_it_arrived_says_nothing() -> None:
    room = Door(day())
    room.skies.seen("own:R-1", at("8:57"), north(900))
    room.skies.heard["own"] = at("9:00")
    room.day.arrived("s1", "9:00")

    assert [room.look(clock) for clock in ("9:00", "9:01")] == [[], []]


def test_an_address_not_found_stays_until_it_is_corrected() -> None:
    room = Door(day().attempted("s1", "9:00", AttemptReason.ADDRESS_NOT_FOUND))

    assert only_finding(room.see("9:01")).headline == "Address not found"
    assert room.open_kinds == [ADDRESS]
    there = north(300)
    pin = StopChanges(address="Demo Street 5", lat=there.lat, lon=there.lon)
    room.day.tell(e.StopAmended(changes=pin), "9:10", stop_id="s1")
    assert only_cause(room.see("9:11")) == "The address was corrected."
