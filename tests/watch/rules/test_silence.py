"""Vehicles and carriers that fall silent: told in time, once, and not one by one for a carrier."""

from tests.watch.day import Day, Skies, at, only_cause, only_finding
from tests.watch.day import Room as Here
from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.identity import subject_id
from tower.domain.records import Carrier, Finding, Subject
from tower.domain.words import ExceptionKind, Severity


def day() -> Day:
    return (
        Day()
        .opened()
        .route("R-1", "s1 s2 s3", windows={"s2": "12:00-14:45"})
        .delivered("s1", "9:05")
    )


class Room(Here):
    """A room that hears of one vehicle and one carrier."""

    def hear(self, clock: str, fix: str | None, heard: str | None = None) -> list[Event]:
        """Look, with the newest fix and the carrier's last message of these times."""
        told = clock if heard is None else heard
        self.skies = Skies()
        self.skies.heard = {"own": at(told)} if told else {}
        if fix:
            self.skies.seen("own:R-1", at(fix))
        return [
            event
            for event in self.look(clock)
            if not (isinstance(event.body, e.ExceptionWorked) and event.body.escalated_at)
        ]


def test_a_vehicle_under_way_without_a_fix_for_five_minutes() -> None:
    room = Room(day())

    assert room.hear("13:05", fix="13:00") == []
    finding = only_finding(room.hear("13:06", fix="13:00"))

    assert finding.kind is ExceptionKind.NO_SIGNAL
    assert finding.headline == "No signal since 13:00"
    assert finding.detail == "Last position 13:00, 2 stops left"
    assert finding.severity is Severity.MINOR
    assert finding.subject.vehicle_id == "own:R-1"
    assert finding.subject.route_id == "R-1"


def test_it_is_graver_where_a_window_ends_soon() -> None:
    room = Room(day())

    assert only_finding(room.hear("14:00", fix="13:50")).severity is Severity.MAJOR


def test_an_old_fix_trickling_in_does_not_end_the_silence_a_fresh_one_does() -> None:
    room = Room(day())
    room.hear("13:06", fix="13:00")

    room.hear("13:08", fix="13:05")
    assert room.open_kinds == [ExceptionKind.NO_SIGNAL]

    room.hear("13:09", fix="13:09")
    assert room.open_kinds == []


def test_a_vehicle_that_never_spoke_counts_from_the_start_of_its_route() -> None:
    room = Room(day())

    assert only_finding(room.hear("8:06", fix=None)).headline == "No signal since 08:00"


def test_a_vehicle_not_begun_or_done_may_be_silent() -> None:
    waiting = Room(Day().opened().route("R-1", "s1", started=None))
    home = Room(day().tell(e.RouteFinished(), "13:00", route_id="R-1"))
    empty = Room(day().delivered("s2", "12:00").delivered("s3", "12:30"))

    assert [room.hear("13:30", fix="12:30") for room in (waiting, home, empty)] == [[], [], []]


def test_a_carrier_with_its_own_limit_has_it() -> None:
    slow = Carrier(id="own", name="Own fleet", silent_after_s=1200)
    room = Room(day().tell(e.CarrierRegistered(carrier=slow), "8:01"))

    assert room.hear("13:15", fix="13:00") == []
    assert len(room.hear("13:21", fix="13:00")) == 1


def test_a_silent_carrier_is_one_exception_not_one_a_vehicle() -> None:
    room = Room(day().route("R-2", "s4 s5"))

    events = room.hear("13:06", fix="13:00", heard="13:00")

    finding = only_finding(events)
    assert finding.kind is ExceptionKind.CARRIER_SILENT
    assert finding.headline == "Own fleet silent since 13:00"
    assert finding.detail == "Last message 13:00, 2 routes under way"
    assert room.open_kinds == [ExceptionKind.CARRIER_SILENT]
    assert room.day.state.silences["own"].silent


def test_a_carrier_heard_again_is_said_to_be() -> None:
    room = Room(day())
    room.hear("13:06", fix="13:00", heard="13:00")
    assert room.hear("13:07", fix="13:00", heard="13:05") == []

    room.hear("13:08", fix="13:08", heard="13:08")

    assert room.open_kinds == []
    assert not room.day.state.silences["own"].silent


def test_what_ends_a_vehicles_silence_is_said_as_it_is() -> None:
    room = Room(day())
    room.hear("13:06", fix="13:00")
    silenced = room.hear("13:20", fix="13:00", heard="13:06")
    assert only_cause(silenced) == "Its whole carrier is silent now."
    room.hear("13:21", fix="13:00")
    room.hear("13:22", fix="13:00")
    assert room.open_kinds == [ExceptionKind.NO_SIGNAL]
    assert only_cause(room.hear("13:23", fix="13:23")) == "The vehicle is heard again."


def test_a_gateway_just_started_gives_carriers_time_to_be_heard() -> None:
    room = Room(day(), since="13:00")

    assert room.hear("13:04", fix="13:03", heard="") == []
    assert only_finding(room.hear("13:06", fix="13:05", heard="")).kind is (
        ExceptionKind.CARRIER_SILENT
    )


def test_what_a_carrier_reported_itself_is_the_same_exception() -> None:
    told = day()
    finding = Finding(
        kind=ExceptionKind.NO_SIGNAL,
        severity=Severity.MINOR,
        subject=Subject(vehicle_id="own:R-1"),
        headline="Device offline",
        source="own",
    )
    id_ = subject_id(ExceptionKind.NO_SIGNAL, "own:R-1", "1")
    room = Room(told.tell(e.ExceptionRaised(finding=finding), "13:05", exception_id=id_))

    assert only_finding(room.hear("13:06", fix="13:00")).headline == "No signal since 13:00"
    assert room.open_kinds == [ExceptionKind.NO_SIGNAL]

    room.hear("13:07", fix="13:07")
    assert room.open_kinds == []


def test_a_clock_set_back_does_not_make_a_silence_be_told_for_ever() -> None:
    room = Room(day())
    room.hear("13:06", fix="13:00", heard="13:00")
    room.hear("13:08", fix="13:08", heard="13:08")

    room.hear("12:06", fix="12:00", heard="12:00")

    assert room.day.state.silences["own"].silent
    assert room.open_kinds == [ExceptionKind.CARRIER_SILENT]
    assert room.hear("12:07", fix="12:00", heard="12:00") == []


def test_looking_again_says_nothing_new() -> None:
    room = Room(day())
    room.hear("13:06", fix="13:00", heard="13:00")

    assert [room.hear(f"13:{m:02d}", fix="13:00", heard="13:00") for m in (6, 7, 10, 30)] == [
        [],
        [],
        [],
        [],
    ]
