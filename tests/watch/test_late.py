"""A stop expected after its window is told once, in words, and cleared when it is not so."""

from datetime import timedelta

from tests.watch.day import Day, Expected, at, expected
from tower.domain import events as e
from tower.domain.events import Event, ExceptionRaised
from tower.domain.records import ExceptionRecord, Finding
from tower.domain.state import State
from tower.domain.words import ExceptionKind, ExceptionState, Severity
from tower.watch.late import late
from tower.watch.watch import Sight, Watch


def day() -> Day:
    return Day().opened().route("R-1", "s1 s2", windows={"s1": "12:00-14:45"})


class Room:
    """A watch looking at a day; what it finds goes into the day."""

    def __init__(self, told: Day, since: str = "8:00") -> None:
        self.day = told
        self.watch = Watch(at(since))

    def look(self, clock: str, eta: str = "", seconds: int = 0) -> list[Event]:
        arrivals = expected(s1=eta) if eta else {}
        now = at(clock) + timedelta(seconds=seconds)
        sight = Sight(arrivals=arrivals, last_fix={"own:R-1": now}, last_heard={"own": now})
        events = self.watch.look(self.day.state, sight, now)
        self.day.add(events)
        return events

    @property
    def exceptions(self) -> list[ExceptionRecord]:
        return list(self.day.state.exceptions.values())


def only_finding(events: list[Event]) -> Finding:
    [event] = events
    assert isinstance(event.body, ExceptionRaised)
    return event.body.finding


def test_a_late_stop_is_told_with_its_times_after_a_minute() -> None:
    room = Room(day())

    assert room.look("14:00", eta="14:51") == []
    assert room.look("14:00", eta="14:51", seconds=30) == []
    finding = only_finding(room.look("14:01", eta="14:51"))

    assert finding.kind is ExceptionKind.LATE
    assert finding.severity is Severity.MINOR
    assert finding.headline == "6 min past its window"
    assert finding.detail == "Window ends 14:45, ETA 14:51"
    assert finding.sla_due_at == at("15:01")
    assert finding.subject.stop_id == "s1"
    assert finding.subject.route_id == "R-1"
    assert finding.subject.vehicle_id == "own:R-1"
    assert finding.subject.carrier_id == "own"


def test_a_gateway_that_starts_in_the_middle_of_a_shift_tells_what_is_late_at_once() -> None:
    room = Room(day(), since="14:00")

    assert room.look("14:00", eta="14:51") == []
    assert len(room.look("14:00", eta="14:51", seconds=2)) == 1


def test_one_slow_traffic_light_is_no_exception() -> None:
    room = Room(day())

    room.look("14:00", eta="14:51")
    room.look("14:00", eta="14:44", seconds=30)
    assert room.look("14:01", eta="14:51") == []
    assert room.exceptions == []


def test_a_few_minutes_late_is_not_yet_worth_a_person() -> None:
    room = Room(day())

    for minute in range(5):
        assert room.look(f"14:0{minute}", eta="14:50") == []


def test_a_window_far_ahead_is_left_to_mend_itself() -> None:
    room = Room(day())

    assert [room.look(f"13:{m}", eta="15:40") for m in (30, 40, 44)] == [[], [], []]
    assert room.look("13:45", eta="15:40") == []
    assert len(room.look("13:46", eta="15:40")) == 1


def test_a_day_that_is_over_is_not_late() -> None:
    tomorrow = at("14:00") + timedelta(days=1)
    arrivals = {"s1": Expected(p50=tomorrow)}

    assert late(day().state, {}, arrivals, tomorrow) == []
    assert len(late(day().state, {}, arrivals, at("20:00"))) == 1


def test_it_stays_while_the_eta_wavers_and_clears_once_well_below() -> None:
    room = Room(day())
    room.look("14:00", eta="14:51")
    room.look("14:01", eta="14:51")

    room.look("14:10", eta="14:48")
    assert [record.is_open for record in room.exceptions] == [True]

    [cleared] = room.look("14:12", eta="14:46")
    assert isinstance(cleared.body, e.ExceptionWorked)
    assert cleared.body.by_rule
    assert cleared.body.cause == "The vehicle is expected in time again."
    assert [record.is_open for record in room.exceptions] == [False]


def test_what_comes_back_soon_is_the_same_exception_reopened() -> None:
    room = Room(day())
    room.look("14:00", eta="14:51")
    room.look("14:01", eta="14:51")
    room.look("14:05", eta="14:40")
    room.look("14:08", eta="14:55")
    room.look("14:10", eta="14:55")

    [record] = room.exceptions
    assert record.work.state is ExceptionState.OPEN
    assert record.finding is not None
    assert record.finding.detail == "Window ends 14:45, ETA 14:55"


def test_what_comes_back_much_later_is_another_episode() -> None:
    room = Room(day())
    room.look("14:00", eta="14:51")
    room.look("14:01", eta="14:51")
    room.look("14:05", eta="14:40")
    room.look("14:30", eta="14:55")
    room.look("14:32", eta="14:55")

    assert [record.is_open for record in room.exceptions] == [False, True]


def test_what_a_person_resolved_is_not_raised_again_at_once() -> None:
    room = Room(day())
    room.look("14:00", eta="14:51")
    room.look("14:01", eta="14:51")
    [record] = room.exceptions
    room.day.resolved(record.id, "14:02")

    assert [room.look(f"14:{m}", eta="14:59") for m in ("03", "10", "20", "31")] == [[]] * 4
    assert len(room.look("14:33", eta="14:59")) == 1
    assert len(room.exceptions) == 2


def test_growing_lateness_is_renewed_now_and_then_and_worse_at_once() -> None:
    room = Room(day())
    room.look("14:00", eta="14:51")
    room.look("14:01", eta="14:51")

    assert room.look("14:02", eta="14:53") == []
    renewed = only_finding(room.look("14:04", eta="14:54"))
    worse = only_finding(room.look("14:04", eta="15:05", seconds=2))

    assert renewed.detail == "Window ends 14:45, ETA 14:54"
    assert renewed.sla_due_at == at("15:01")
    assert worse.severity is Severity.MAJOR
    assert worse.sla_due_at == at("14:19") + timedelta(seconds=2)
    assert len(room.exceptions) == 1


def test_a_clock_set_back_does_not_make_a_rise_be_told_for_ever() -> None:
    room = Room(day())
    room.look("14:00", eta="14:51")
    room.look("14:01", eta="14:51")

    graver = only_finding(room.look("13:50", eta="15:05"))

    assert graver.severity is Severity.MAJOR
    assert [record.finding for record in room.exceptions] == [graver]
    assert room.look("13:50", eta="15:05", seconds=5) == []


def test_what_a_person_resolved_long_ago_by_a_wrong_clock_is_raised_again() -> None:
    room = Room(day())
    room.look("14:00", eta="14:51")
    room.look("14:01", eta="14:51")
    room.day.resolved(room.exceptions[0].id, "19:00")

    assert len(room.look("14:05", eta="14:51")) == 1


def test_a_severity_once_told_is_not_talked_down() -> None:
    room = Room(day())
    room.look("14:00", eta="15:05")
    room.look("14:01", eta="15:05")

    assert only_finding(room.look("14:10", eta="14:52")).severity is Severity.MAJOR


def test_a_delivery_ends_it_and_says_so() -> None:
    room = Room(day())
    room.look("14:00", eta="14:51")
    room.look("14:01", eta="14:51")
    room.day.arrived("s1", "14:52")
    finding = only_finding(room.look("14:53", eta="14:52"))
    room.day.delivered("s1", "14:55")
    [cleared] = room.look("14:56")

    assert finding.detail == "Window ends 14:45, arrived 14:52"
    assert isinstance(cleared.body, e.ExceptionWorked)
    assert cleared.body.cause == "The stop is done: delivered."


def test_a_claim_is_kept_in_mind_when_the_rule_clears() -> None:
    room = Room(day())
    room.look("14:00", eta="14:51")
    room.look("14:01", eta="14:51")
    [record] = room.exceptions
    claim = e.ExceptionWorked(
        state=ExceptionState.CLAIMED, version=1, owner="anna", owner_name="Anna", fence=1
    )
    room.day.tell(claim, "14:03", exception_id=record.id)
    room.look("14:12", eta="14:40")

    [record] = room.exceptions
    assert (record.work.owner_name, record.work.version, record.is_open) == ("Anna", 2, False)


def test_a_missing_prediction_is_no_news() -> None:
    room = Room(day())
    room.look("14:00", eta="14:51")
    room.look("14:01", eta="14:51")

    assert room.look("14:05") == []
    assert [record.is_open for record in room.exceptions] == [True]


def test_the_minutes_said_are_those_between_the_times_said() -> None:
    half_past = {"s1": Expected(p50=at("14:51") + timedelta(seconds=50))}

    [found] = late(day().state, {}, half_past, at("14:40"))

    assert found.finding.headline == "6 min past its window"
    assert found.finding.detail == "Window ends 14:45, ETA 14:51"


def test_hours_late_are_said_in_hours() -> None:
    [found] = late(day().state, {}, expected(s1="16:50"), at("14:40"))

    assert found.finding.headline == "2 h 05 min past its window"


def severity_of(state: State, eta: str) -> Severity:
    [found] = late(state, {}, expected(s1=eta), at("14:40"))
    return found.finding.severity


def test_cold_chain_and_long_delays_are_graver() -> None:
    warm = day().state
    cold = day().stop("s1", window="12:00-14:45", temperature_limit_c=8.0).state

    assert [severity_of(warm, eta) for eta in ("14:51", "15:00", "15:45")] == [
        Severity.MINOR,
        Severity.MAJOR,
        Severity.CRITICAL,
    ]
    assert [severity_of(cold, eta) for eta in ("14:51", "15:00")] == [
        Severity.MAJOR,
        Severity.CRITICAL,
    ]
