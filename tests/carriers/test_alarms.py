"""Carriers' alarms in the exception queue: once, renewed, cleared, and back again."""

import json
from datetime import timedelta

import pytest
from msgspec.structs import replace

from plugins.driver_app import adapter as driver_app
from tests.carriers.shift import NOW, Room
from tower.carriers.intake import Intake
from tower.domain import events as e
from tower.domain.records import Actor, ExceptionRecord, Subject
from tower.domain.words import ExceptionKind, ExceptionState, Severity


@pytest.fixture
def room() -> Room:
    return Room()


def alarm(minutes: float = 0.0, **changes: object) -> bytes:
    moment = (NOW + timedelta(minutes=minutes)).isoformat()
    item = {"type": "alarm", "kind": "temperature", "vehicle": "van-1", "at": moment}
    return json.dumps(item | changes).encode()


def resolve(room: Room, record: ExceptionRecord, minutes: float) -> None:
    """A dispatcher resolves it."""
    at = NOW + timedelta(minutes=minutes)
    work = e.ExceptionWorked(state=ExceptionState.RESOLVED, version=record.work.version + 1)
    event = e.Event(
        id=f"resolved-{record.id}",
        at=at,
        recorded_at=at,
        actor=Actor(kind="person", id="dispatcher"),
        subject=Subject(exception_id=record.id),
        body=work,
    )
    room.fold([event])


def only(room: Room) -> ExceptionRecord:
    (record,) = room.state.exceptions.values()
    return record


def test_an_alarm_becomes_an_exception_with_its_facts(room: Room) -> None:
    room.hear(driver_app, alarm(-1, severity="critical", words="8.6 °C", detail="Limit 8 °C"))
    finding = only(room).finding
    assert finding is not None
    assert finding.kind is ExceptionKind.TEMPERATURE
    assert finding.severity is Severity.CRITICAL
    assert (finding.headline, finding.detail, finding.source) == ("8.6 °C", "Limit 8 °C", "own")
    assert finding.subject.vehicle_id == "own:van-1"
    assert finding.subject.exception_id == only(room).id
    assert finding.sla_due_at == NOW + timedelta(minutes=4)


def test_an_alarm_at_a_stop_names_its_route_and_vehicle(room: Room) -> None:
    room.hear(driver_app, alarm(-1, kind="no_access", stop="S2", vehicle=""))
    finding = only(room).finding
    assert finding is not None
    assert finding.subject.stop_id == "S2"
    assert finding.subject.route_id == "R1"
    assert finding.subject.vehicle_id == "own:van-1"
    assert finding.headline == "No access"


def test_repetitions_renew_one_exception_and_its_deadline_stays(room: Room) -> None:
    room.hear(driver_app, alarm(-10, words="8.1 °C"))
    due = only(room).finding
    room.hear(driver_app, alarm(-5, words="9.0 °C"))
    renewed = only(room).finding
    assert due is not None
    assert renewed is not None
    assert renewed.headline == "9.0 °C"
    assert renewed.sla_due_at == due.sla_due_at
    assert only(room).raised_at == NOW - timedelta(minutes=10)


def test_an_all_clear_closes_it_by_rule(room: Room) -> None:
    room.hear(driver_app, alarm(-10))
    room.hear(driver_app, alarm(-2, cleared=True))
    assert not only(room).is_open
    assert only(room).work.by_rule


def test_an_all_clear_for_nothing_says_nothing(room: Room) -> None:
    intake = room.hear(driver_app, alarm(-2, cleared=True))
    assert [event.type for event in intake.events] == ["vehicle_registered"]
    assert room.state.exceptions == {}


def test_an_all_clear_leaves_alone_what_somebody_else_found(room: Room) -> None:
    room.hear(driver_app, alarm(-10, kind="no_signal"))
    (record,) = room.state.exceptions.values()
    assert record.finding is not None
    taken_over = e.Event(
        id="watch",
        at=NOW - timedelta(minutes=5),
        recorded_at=NOW,
        actor=Actor(kind="rule", id="watch"),
        subject=record.finding.subject,
        body=e.ExceptionRaised(finding=replace(record.finding, source="tower:watch")),
    )
    room.fold([taken_over])
    room.hear(driver_app, alarm(-2, kind="no_signal", cleared=True))
    assert only(room).is_open


def test_a_late_all_clear_from_before_the_alarm_does_not_close_it(room: Room) -> None:
    room.hear(driver_app, alarm(-5))
    room.hear(driver_app, alarm(-6, cleared=True))
    assert only(room).is_open


def test_an_alarm_long_after_the_all_clear_is_a_new_episode(room: Room) -> None:
    for payload in (alarm(-19), alarm(-16, cleared=True), alarm(-3)):
        room.hear(driver_app, payload)
    records = list(room.state.exceptions.values())
    assert [record.is_open for record in records] == [False, True]


def test_an_alarm_shortly_after_the_all_clear_is_the_same_exception_again(room: Room) -> None:
    for payload in (alarm(-9), alarm(-6, cleared=True), alarm(-3)):
        room.hear(driver_app, payload)
    assert only(room).is_open
    assert only(room).raised_at == NOW - timedelta(minutes=9)
    room.hear(driver_app, alarm(-2, cleared=True))
    assert not only(room).is_open


def test_a_flapping_sensor_stays_one_exception(room: Room) -> None:
    for second in range(0, 2000, 10):
        room.hear(driver_app, alarm(-60 + second / 60, cleared=second % 20 == 10))
    assert not only(room).is_open


def test_a_late_alarm_does_not_open_what_a_newer_episode_replaced(room: Room) -> None:
    for payload in (alarm(-30), alarm(-20, cleared=True), alarm(-5)):
        room.hear(driver_app, payload)
    room.hear(driver_app, alarm(-15))
    room.hear(driver_app, alarm(-1, cleared=True))
    assert [record.is_open for record in room.state.exceptions.values()] == [False, False]


def test_what_the_journal_did_not_take_can_be_said_again(room: Room) -> None:
    room.hear(driver_app, alarm(-9))
    lost = room.hear_without_journal(driver_app, alarm(-6, cleared=True))
    room.normaliser.forget(lost.events)
    again = room.hear(driver_app, alarm(-6, cleared=True))
    assert again.events == lost.events
    assert not only(room).is_open


def test_a_vehicle_the_journal_did_not_take_is_registered_with_its_next_message(
    room: Room,
) -> None:
    lost = room.hear_without_journal(driver_app, alarm(-6, vehicle="van-77"))
    room.normaliser.forget(lost.events)
    room.hear(driver_app, alarm(-6, vehicle="van-77"))
    assert "own:van-77" in room.state.vehicles


def test_a_storm_of_alarms_is_bounded_and_says_so(room: Room) -> None:
    def storm(severity: str, first: int) -> Intake:
        items = [
            json.loads(alarm(-3, vehicle=f"v{number}", severity=severity))
            for number in range(first, first + 700)
        ]
        return room.hear(driver_app, json.dumps(items).encode())

    storm("minor", 0)
    full = storm("minor", 700)
    assert len(room.state.exceptions) == 1000
    assert len(full.refusals) == 201
    assert "1,000 exceptions of severity minor are open already" in full.refusals[0].reason
    assert not storm("critical", 0).refusals, "a flood of small things must not hide a grave one"
    assert not room.hear(driver_app, alarm(-3, severity="minor"), "other").refusals


def test_room_is_made_by_what_is_over(room: Room) -> None:
    numbers = range(1000)
    raised = [json.loads(alarm(-9, vehicle=f"v{number}")) for number in numbers]
    room.hear(driver_app, json.dumps(raised).encode())
    assert room.hear(driver_app, alarm(-8, vehicle="one-more")).refusals
    room.hear(driver_app, alarm(-7, vehicle="v1", cleared=True))
    assert not room.hear(driver_app, alarm(-6, vehicle="one-more")).refusals


def test_a_storm_costs_each_alarm_the_same_while_the_journal_lags(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    tidied: list[int] = []
    episodes = room.normaliser._alarms._episodes
    monkeypatch.setattr(episodes, "_forget_what_arrived", lambda: tidied.append(1))
    for severity in ("critical", "major", "minor", "info"):
        items = [
            json.loads(alarm(-3, vehicle=f"{severity}{number}", severity=severity))
            for number in range(1000)
        ]
        room.hear_without_journal(driver_app, json.dumps(items).encode())
    assert len(tidied) <= 2


def test_the_same_messages_again_change_nothing(room: Room) -> None:
    payloads = (alarm(-9), alarm(-6, cleared=True), alarm(-3))
    for payload in payloads:
        room.hear(driver_app, payload)
    before = dict(room.state.exceptions)
    for payload in payloads:
        room.hear(driver_app, payload)
    assert room.state.exceptions == before


def test_alarm_and_all_clear_meet_before_the_journal_has_either(room: Room) -> None:
    events = []
    for payload in (alarm(-9), alarm(-6, cleared=True), alarm(-3)):
        events += room.hear_without_journal(driver_app, payload).events
    room.fold(events)
    assert only(room).is_open


def test_what_a_dispatcher_resolved_stays_quiet_for_ten_minutes(room: Room) -> None:
    room.hear(driver_app, alarm(-30))
    resolve(room, only(room), minutes=-20)
    room.hear(driver_app, alarm(-11))
    assert not only(room).is_open
    room.hear(driver_app, alarm(-9))
    assert [record.is_open for record in room.state.exceptions.values()] == [False, True]


def test_a_dispatchers_work_is_seen_although_the_alarm_goes_on(room: Room) -> None:
    room.fold(room.hear_without_journal(driver_app, alarm(-30)).events)
    room.hear_without_journal(driver_app, alarm(-29))
    resolve(room, only(room), minutes=-28)
    room.hear(driver_app, alarm(-10))
    assert len(room.state.exceptions) == 2


def test_different_vehicles_and_kinds_do_not_mix(room: Room) -> None:
    for payload in (alarm(-3), alarm(-3, vehicle="van-2"), alarm(-3, kind="vehicle")):
        room.hear(driver_app, payload)
    assert len(room.state.exceptions) == 3


def test_the_log_of_alarms_on_their_way_does_not_grow_without_end(room: Room) -> None:
    for number in range(1100):
        severity = "minor" if number % 2 else "major"
        room.hear(driver_app, alarm(-3, vehicle=f"v{number}", severity=severity))
    kept = room.normaliser._alarms._episodes._ahead.exceptions
    assert len(kept) <= 1000
    assert len(room.state.exceptions) == 1100
