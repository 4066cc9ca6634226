"""Vehicles that drive elsewhere, stand where nothing is to be done, or will not get home."""

from tests.watch.day import HUB, Day, Room, at, only_cause, only_finding
from tower.domain import events as e
from tower.domain.geometry import LatLon
from tower.domain.records import Break, RoutePlan, Vehicle
from tower.domain.words import ExceptionKind, Severity, StopKind

OFF, DWELL, VEHICLE = (
    ExceptionKind.OFF_ROUTE,
    ExceptionKind.LONG_DWELL,
    ExceptionKind.VEHICLE,
)
AWAY = LatLon(47.15, 9.55)
"""A place far from the depot and every stop."""


def day() -> Day:
    return (
        Day()
        .opened()
        .route("R-1", "s1 s2 s3", windows={"s3": "12:00-14:45"})
        .delivered("s1", "8:30")
    )


class Road(Room):
    """A room whose van is heard wherever it is."""

    def see(self, clock: str, place: LatLon = AWAY, **more: float) -> list[e.Event]:
        self.skies.heard["own"] = at(clock)
        self.skies.seen("own:R-1", at(clock), place, **more)
        return self.look(clock)


def further(metres: float) -> LatLon:
    return LatLon(AWAY.lat + metres / 111_195, AWAY.lon)


def test_a_van_far_from_its_route_is_told_after_four_minutes() -> None:
    room = Road(day())
    room.skies.away_m = 1210.0

    for clock in ("9:00", "9:02", "9:03"):
        assert room.see(clock) == []
    finding = only_finding(room.see("9:04"))

    assert finding.kind is OFF
    assert finding.headline == "1.2 km from its route since 09:00"
    assert finding.detail == "next stop 2, 2 stops left, next window ends 14:45"
    assert finding.subject.vehicle_id == "own:R-1"


def test_back_near_the_line_it_clears_between_the_thresholds_it_stays() -> None:
    room = Road(day())
    room.skies.away_m = 600.0
    for clock in ("9:00", "9:04"):
        room.see(clock)
    room.skies.away_m = 300.0
    room.see("9:05")
    assert room.open_kinds == [OFF]

    room.skies.away_m = 200.0
    assert only_cause(room.see("9:06")) == "The vehicle is back on its route."


def test_at_a_door_at_the_depot_or_without_a_line_nobody_is_off_route() -> None:
    at_door = Road(day().arrived("s2", "8:55"))
    at_door.skies.away_m = 900.0
    at_depot = Road(day())
    at_depot.skies.away_m = 900.0
    unknown = Road(day())

    for clock in ("9:00", "9:04", "9:08"):
        at_door.see(clock)
        assert OFF not in at_door.open_kinds
        assert at_depot.see(clock, HUB) == []
        assert unknown.see(clock) == []


def test_a_van_standing_between_stops_is_a_long_stay_then_a_breakdown() -> None:
    room = Road(day())

    for minute in (0, 5, 10, 14):
        assert room.see(f"9:{minute:02d}", further(minute)) == []
    finding = only_finding(room.see("9:15"))
    assert (finding.kind, finding.severity) == (DWELL, Severity.MINOR)
    assert finding.headline == "Standing for 15 min, since 09:00"
    assert finding.subject.stop_id == ""

    for minute in (18, 22, 26, 30, 35):
        room.see(f"9:{minute}")
        assert room.open_kinds == [DWELL]
    events = room.see("9:37")
    assert only_finding(events).kind is VEHICLE
    assert only_cause(events) == "It has stood for so long that it may have broken down."
    assert room.open_kinds == [VEHICLE]


def test_a_van_that_moves_again_ends_it() -> None:
    room = Road(day())
    for minute in range(0, 18, 3):
        room.see(f"9:{minute:02d}")
    assert room.open_kinds == [DWELL]

    assert only_cause(room.see("9:18", further(200))) == "The vehicle moves again."


def test_a_van_in_slow_traffic_does_not_stand() -> None:
    room = Road(day())

    for minute in range(30):
        assert room.see(f"9:{minute:02d}", further(90.0 * minute)) == []


def test_a_break_that_falls_into_it_counts_extra() -> None:
    rest = Break(earliest=at("9:00"), latest=at("9:30"), duration_s=1800.0)
    plan = RoutePlan(
        id="R-1",
        name="R-1",
        carrier_id="own",
        vehicle_id="own:R-1",
        depot_id="hub",
        breaks=(rest,),
    )
    room = Road(day().tell(e.RoutePlanned(plan=plan), "8:01"))

    for minute in range(0, 45, 3):
        assert room.see(f"9:{minute:02d}") == []
    assert only_finding(room.see("9:45")).kind is DWELL


def test_who_waits_for_the_next_window_or_at_the_depot_does_not_stand() -> None:
    early = Road(day().stop("s2", 1, window="9:40-11:00"))
    home = Road(day())

    for minute in range(0, 30, 3):
        assert early.see(f"9:{minute:02d}") == []
        assert home.see(f"9:{minute:02d}", HUB) == []


def electric(*, charge_stop: bool = False) -> Day:
    told = day()
    vehicle = Vehicle(
        id="own:R-1", carrier_id="own", reference="R-1", label="R-1", range_m=200_000.0
    )
    told.tell(e.VehicleRegistered(vehicle=vehicle), "8:02")
    if charge_stop:
        told.stop("s2", 1, kind=StopKind.CHARGE).arrived("s2", "9:00")
    return told


def test_a_charge_that_does_not_reach_home_is_told() -> None:
    room = Road(electric())
    room.skies.ahead_m = 40_000.0

    room.see("9:00", battery_pct=22.0)
    assert room.see("9:02", further(500), battery_pct=22.0)[0].body is not None
    finding = room.only(VEHICLE).finding
    assert finding is not None
    assert finding.headline == "Charge 22 %, needs 20 % for the 40.0 km ahead"
    assert finding.severity is Severity.MAJOR

    room.skies.ahead_m = 30_000.0
    room.see("9:03", further(1000), battery_pct=22.0)
    assert room.open_kinds == [VEHICLE]
    room.skies.ahead_m = 20_000.0
    room.see("9:04", further(1500), battery_pct=22.0)
    assert room.open_kinds == []


def test_charging_is_no_worry_and_enough_is_enough() -> None:
    charging = Road(electric(charge_stop=True))
    charging.skies.ahead_m = 90_000.0
    enough = Road(electric())
    enough.skies.ahead_m = 40_000.0

    for minute in range(5):
        assert charging.see(f"9:0{minute}", further(500.0 * minute), battery_pct=20.0) == []
        assert enough.see(f"9:0{minute}", further(500.0 * minute), battery_pct=30.0) == []


def test_the_end_of_the_route_ends_what_was_open_about_its_vehicle() -> None:
    room = Road(day())
    room.skies.away_m = 900.0
    for clock in ("9:00", "9:04"):
        room.see(clock)
    room.day.tell(e.RouteFinished(), "9:10", route_id="R-1")

    assert only_cause(room.see("9:10")) == "The route has ended."
