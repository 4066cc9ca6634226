"""A stop expected after its window is a risk while the window is open, and late once it is over."""

from datetime import timedelta

from tests.watch.day import Day, Room, at, only_cause, only_finding
from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.words import ExceptionKind, ExceptionState, Severity

RISK, LATE = ExceptionKind.LATE_RISK, ExceptionKind.LATE


def day(limit_c: float | None = None) -> Day:
    told = Day().opened().route("R-1", "s1 s2", windows={"s1": "12:00-14:45"})
    return told.stop("s1", window="12:00-14:45", temperature_limit_c=limit_c) if limit_c else told


def look(
    room: Room, clock: str, eta: str, seconds: float = 0.0, spread_min: float = 0.0
) -> list[Event]:
    """The gateway's own vehicle is heard; s1 is expected then, give or take some minutes."""
    now = at(clock) + timedelta(seconds=seconds)
    room.skies.heard["own"] = now
    room.skies.seen("own:R-1", now)
    spread_s = 60.0 * spread_min
    room.skies.expect("s1", at(eta) if eta else None, spread_s, spread_s)
    return room.look(clock, seconds)


def at_risk() -> Room:
    """A room in which s1 is at risk since 14:02: P50 six minutes past the end."""
    room = Room(day())
    look(room, "14:00", "14:51", spread_min=6)
    look(room, "14:02", "14:51", spread_min=6)
    return room


def is_late() -> Room:
    """A room in which s1 is late since 14:47."""
    room = Room(day())
    look(room, "14:46", "14:51")
    look(room, "14:47", "14:51")
    return room


def test_a_risk_is_told_with_its_times_and_its_probability() -> None:
    room = Room(day())

    assert look(room, "14:00", "14:51", spread_min=6) == []
    finding = only_finding(look(room, "14:02", "14:51", spread_min=6))

    assert finding.kind is RISK
    assert finding.severity is Severity.MAJOR
    assert finding.headline == "Window ends 14:45, ETA 14:51, P(late) 90 %"
    assert finding.sla_due_at == at("14:17")
    assert finding.subject.stop_id == "s1"
    assert finding.subject.route_id == "R-1"
    assert finding.subject.vehicle_id == "own:R-1"
    assert finding.subject.carrier_id == "own"


def test_a_coin_toss_is_no_exception_and_one_in_ten_is_none_either() -> None:
    room = Room(day())

    for minute in range(10):
        assert look(room, f"14:0{minute}", "14:46", spread_min=10) == []
        assert look(room, f"14:0{minute}", "14:35", seconds=30, spread_min=10) == []


def test_a_risk_is_told_long_before_the_window_ends_but_not_for_tonight() -> None:
    room = Room(day())

    assert look(room, "11:00", "15:10", spread_min=10) == []
    assert look(room, "12:40", "15:10", spread_min=10) == []
    assert look(room, "12:45", "15:10", spread_min=10) == []
    [raised] = look(room, "12:47", "15:10", spread_min=10)
    assert at("14:45") - raised.at > timedelta(minutes=30)


def test_a_risk_stays_while_the_chances_waver_and_clears_once_they_are_good() -> None:
    room = at_risk()

    assert look(room, "14:03", "14:46", spread_min=6) == []
    assert room.open_kinds == [RISK]

    cause = only_cause(look(room, "14:04", "14:41", spread_min=6))
    assert cause == "Expected in time again: ETA 14:41, window ends 14:45."
    assert room.open_kinds == []


def test_one_slow_traffic_light_is_no_exception() -> None:
    room = Room(day())

    look(room, "14:00", "14:51")
    look(room, "14:01", "14:40")
    assert look(room, "14:02", "14:51") == []
    assert look(room, "14:03", "14:51") == []
    assert room.exceptions == []


def test_a_gateway_that_starts_in_the_middle_of_a_shift_tells_what_holds_at_once() -> None:
    room = Room(day(), since="14:00")

    assert look(room, "14:00", "14:51") == []
    assert len(look(room, "14:00", "14:51", seconds=2)) == 1


def test_a_risk_says_it_became_late_and_whoever_worked_on_it_goes_on() -> None:
    room = at_risk()
    risk = room.only(RISK)
    claim = e.ExceptionWorked(
        state=ExceptionState.CLAIMED, version=1, owner="anna", owner_name="Anna", fence=1
    )
    room.day.tell(claim, "14:03", exception_id=risk.id)
    look(room, "14:20", "14:52")
    look(room, "14:46", "14:53")
    events = look(room, "14:47", "14:53")

    assert only_finding(events).kind is LATE
    assert only_cause(events) == "It became late."
    assert room.open_kinds == [LATE]
    assert room.only(LATE).work.assigned_name == "Anna"
    assert room.only(RISK).work.owner_name == "Anna"


def test_a_stop_is_never_at_risk_and_late_at_once() -> None:
    room = at_risk()

    for minute in range(40, 60):
        look(room, f"14:{minute}", "14:58", spread_min=3)
        assert len(room.open_kinds) == 1, minute


def test_who_comes_in_time_after_all_ends_the_risk() -> None:
    room = at_risk()
    room.day.arrived("s1", "14:44")

    assert only_cause(look(room, "14:44", "14:44")) == "The vehicle came in time, at 14:44."


def test_who_comes_a_minute_late_is_told_so() -> None:
    room = at_risk()
    room.day.delivered("s1", "14:47", came="14:46")

    assert only_cause(look(room, "14:47", "")) == "The vehicle came 1 min past the window."


def test_a_new_window_agreed_with_the_customer_ends_the_risk() -> None:
    room = at_risk()
    room.day.stop("s1", window="12:00-16:00")

    assert "window ends 16:00" in only_cause(look(room, "14:03", "14:51", spread_min=6))


def test_a_missing_prediction_is_no_news() -> None:
    room = at_risk()

    assert look(room, "14:05", "") == []
    assert room.open_kinds == [RISK]


def test_a_late_stop_is_told_with_its_times_after_a_minute() -> None:
    room = Room(day())

    assert look(room, "14:46", "14:51") == []
    assert look(room, "14:46", "14:51", seconds=30) == []
    finding = only_finding(look(room, "14:47", "14:51"))

    assert finding.kind is LATE
    assert finding.severity is Severity.MINOR
    assert finding.headline == "6 min past its window"
    assert finding.detail == "Window ended 14:45, ETA 14:51"
    assert finding.sla_due_at == at("15:47")


def test_a_few_minutes_late_is_not_yet_worth_a_person() -> None:
    room = Room(day())

    for minute in range(46, 50):
        assert look(room, f"14:{minute}", "14:50") == []


def test_a_day_that_is_over_is_not_late() -> None:
    room = Room(day())

    assert look(room, "26:46", "26:50") == []
    assert look(room, "26:50", "26:55") == []


def test_lateness_clears_once_it_is_well_below() -> None:
    room = is_late()

    assert look(room, "14:48", "14:48") == []
    assert room.open_kinds == [LATE]
    assert look(room, "14:49", "14:46") != []
    assert room.open_kinds == []


def test_what_comes_back_soon_is_the_same_exception_reopened() -> None:
    room = at_risk()
    look(room, "14:05", "14:40")
    look(room, "14:08", "14:55")
    look(room, "14:10", "14:55")

    record = room.only(RISK)
    assert record.work.state is ExceptionState.OPEN
    assert record.finding is not None
    assert record.finding.headline == "Window ends 14:45, ETA 14:55, P(late) 99 %"


def test_what_comes_back_much_later_is_another_episode() -> None:
    room = at_risk()
    look(room, "14:05", "14:40")
    look(room, "14:30", "14:55")
    look(room, "14:32", "14:55")

    assert [record.is_open for record in room.exceptions] == [False, True]


def test_what_a_person_resolved_is_not_raised_again_at_once() -> None:
    room = is_late()
    room.day.resolved(room.only(LATE).id, "14:48")

    for clock in ("14:49", "14:58", "15:08", "15:17"):
        assert look(room, clock, "15:59") == []
    assert len(look(room, "15:19", "15:59")) == 1
    assert len(room.exceptions) == 2


def test_a_false_alarm_keeps_quiet_for_longer() -> None:
    room = is_late()
    room.day.resolved(room.only(LATE).id, "14:48", false_alarm=True)

    for clock in ("15:19", "16:30", "18:40"):
        assert look(room, clock, "19:30") == []
    assert len(look(room, "18:49", "19:30")) == 1


def test_a_merged_one_is_quiet_while_its_target_is_open() -> None:
    room = is_late()
    room.day.alarm("other", "14:40", stop_id="s2")
    room.day.resolved(room.only(LATE).id, "14:48", merged_into="other")

    look(room, "16:00", "16:30")
    assert room.open_kinds == [ExceptionKind.NO_ACCESS]

    room.day.resolved("other", "16:01", version=2)
    look(room, "16:02", "16:30")
    assert room.open_kinds == []
    look(room, "16:32", "16:50")
    assert room.open_kinds == [LATE]


def test_a_snoozed_one_is_renewed_and_stays_snoozed() -> None:
    room = at_risk()
    snooze = e.ExceptionWorked(
        state=ExceptionState.SNOOZED, version=1, snoozed_until=at("14:40"), assigned_to="anna"
    )
    room.day.tell(snooze, "14:03", exception_id=room.only(RISK).id)

    assert len(look(room, "14:10", "15:01", spread_min=6)) == 1
    record = room.only(RISK)
    assert record.work.state is ExceptionState.SNOOZED
    assert record.finding is not None
    assert "ETA 15:01" in record.finding.headline


def test_growing_lateness_is_renewed_now_and_then_and_worse_at_once() -> None:
    room = is_late()

    assert look(room, "14:48", "14:53") == []
    renewed = only_finding(look(room, "14:50", "14:54"))
    worse = only_finding(look(room, "14:50", "15:05", seconds=2))

    assert renewed.detail == "Window ended 14:45, ETA 14:54"
    assert renewed.sla_due_at == at("15:47")
    assert worse.severity is Severity.MAJOR
    assert worse.sla_due_at == at("15:05") + timedelta(seconds=2)
    assert len(room.exceptions) == 1


def test_a_clock_set_back_does_not_make_a_rise_be_told_for_ever() -> None:
    room = is_late()

    graver = only_finding(look(room, "14:46", "15:05"))

    assert graver.severity is Severity.MAJOR
    assert room.only(LATE).finding == graver
    assert look(room, "14:46", "15:05", seconds=5) == []


def test_what_a_person_resolved_long_ago_by_a_wrong_clock_is_raised_again() -> None:
    room = is_late()
    room.day.resolved(room.only(LATE).id, "19:00")

    assert len(look(room, "14:50", "14:55")) == 1


def test_a_severity_once_told_is_not_talked_down() -> None:
    room = Room(day())
    look(room, "14:46", "15:05")
    look(room, "14:47", "15:05")

    assert only_finding(look(room, "14:56", "14:57")).severity is Severity.MAJOR


def test_a_delivery_ends_it_and_says_so() -> None:
    room = is_late()
    room.day.arrived("s1", "14:52")
    finding = only_finding(look(room, "14:53", "14:52"))
    room.day.delivered("s1", "14:55")
    cause = only_cause(look(room, "14:56", ""))

    assert finding.detail == "Window ended 14:45, arrived 14:52"
    assert cause == "The stop is done: delivered."


def test_the_minutes_said_are_those_between_the_times_said() -> None:
    room = Room(day())
    for clock in ("14:46", "14:47"):
        now = at(clock)
        room.skies.heard["own"] = now
        room.skies.seen("own:R-1", now)
        room.skies.expect("s1", at("14:51") + timedelta(seconds=50))
        events = room.look(clock)

    assert only_finding(events).headline == "6 min past its window"


def test_hours_late_are_said_in_hours() -> None:
    room = Room(day())
    look(room, "14:46", "16:50")

    assert only_finding(look(room, "14:47", "16:50")).headline == "2 h 05 min past its window"


def severity_of(eta: str, limit_c: float | None = None) -> Severity:
    room = Room(day(limit_c))
    look(room, "14:46", eta)
    return only_finding(look(room, "14:47", eta)).severity


def test_cold_chain_and_long_delays_are_graver() -> None:
    assert [severity_of(eta) for eta in ("14:51", "15:00", "15:45")] == [
        Severity.MINOR,
        Severity.MAJOR,
        Severity.CRITICAL,
    ]
    assert [severity_of(eta, limit_c=8.0) for eta in ("14:51", "15:00")] == [
        Severity.MAJOR,
        Severity.CRITICAL,
    ]
