"""Goods that must stay cool."""

from tests.watch.day import Day, Room, at, only_cause, only_finding
from tower.domain import events as e
from tower.domain.geometry import LatLon
from tower.domain.words import ExceptionKind, Severity

AWAY = LatLon(47.15, 9.55)


class Fridge(Room):
    """A room that reads the temperature of one van on its way."""

    def read(self, clock: str, celsius: float | None) -> list[e.Event]:
        now = at(clock)
        self.skies.heard["own"] = now
        metres = 200.0 * (now - at("8:00")).total_seconds() / 60.0
        place = LatLon(AWAY.lat + metres / 111_195, AWAY.lon)
        self.skies.seen("own:R-1", now, place, temperature_c=celsius)
        return self.look(clock)


def cold_day() -> Day:
    told = Day().opened().route("R-1", "s1 s2")
    return told.stop("s1", temperature_limit_c=8.0).stop("s2", 1, temperature_limit_c=12.0)


def test_goods_too_warm_for_three_minutes_are_told_with_how_warm_and_how_long() -> None:
    room = Fridge(cold_day())

    assert [room.read(f"9:0{minute}", 8.6) for minute in range(3)] == [[], [], []]
    finding = only_finding(room.read("9:03", 8.6))

    assert finding.kind is ExceptionKind.TEMPERATURE
    assert finding.severity is Severity.MAJOR
    assert finding.headline == "8.6 °C for 3 min, limit 8 °C"
    assert finding.detail == "2 cold stops left, the next is stop 1"


def test_a_door_that_stands_open_is_no_exception() -> None:
    room = Fridge(cold_day())

    for minute, celsius in enumerate((7.0, 9.5, 9.0, 7.5, 9.5, 9.0, 7.0)):
        assert room.read(f"9:0{minute}", celsius) == []


def test_two_degrees_above_are_critical_at_once() -> None:
    room = Fridge(cold_day())
    for minute in range(4):
        room.read(f"9:0{minute}", 8.6)

    assert only_finding(room.read("9:04", 10.0)).severity is Severity.CRITICAL


def test_it_stays_around_the_limit_and_clears_below() -> None:
    room = Fridge(cold_day())
    for minute in range(4):
        room.read(f"9:0{minute}", 8.6)

    room.read("9:05", 7.9)
    assert room.open_kinds == [ExceptionKind.TEMPERATURE]
    assert only_cause(room.read("9:06", 7.6)) == "Cool enough again: 7.6 °C, limit 8 °C."


def test_a_reading_that_is_missing_is_no_news() -> None:
    room = Fridge(cold_day())
    for minute in range(4):
        room.read(f"9:0{minute}", 8.6)

    assert room.read("9:05", None) == []
    assert room.open_kinds == [ExceptionKind.TEMPERATURE]


def test_the_limit_is_that_of_what_is_still_aboard() -> None:
    room = Fridge(cold_day().delivered("s1", "8:55"))

    for minute in range(5):
        assert room.read(f"9:0{minute}", 9.0) == []


def test_once_the_cold_goods_are_out_it_is_over() -> None:
    room = Fridge(cold_day().stop("s2", 1))
    for minute in range(4):
        room.read(f"9:0{minute}", 8.6)
    room.day.delivered("s1", "9:05")

    cause = only_cause(room.read("9:05", 8.6))
    assert cause == "Nothing that must stay cool is aboard any more."
