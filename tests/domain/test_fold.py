"""Any order, repetition and split of the same events is one shift."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.domain.happenings import MORNING, histories
from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.fold import apply, fold
from tower.domain.identity import derived_event_id
from tower.domain.messages import Attempt
from tower.domain.records import Actor, Finding, StopChanges, StopPlan, Subject
from tower.domain.state import TABLES, State
from tower.domain.words import (
    AttemptReason,
    Channel,
    ExceptionKind,
    ExceptionState,
    MessageState,
    Severity,
    StopState,
)


def a_minute(minute: float) -> datetime:
    return MORNING + timedelta(minutes=minute)


def event(body: e.AnyBody, at: datetime = MORNING, mark: str = "", **subject: str) -> Event:
    return Event(
        id=derived_event_id(at, repr(body), mark, *subject.values()),
        at=at,
        recorded_at=at,
        actor=Actor(kind="carrier", id="c1"),
        subject=Subject(**subject),
        body=body,
    )


@given(histories, st.randoms(use_true_random=False))
def test_events_in_any_order_and_repeated_give_the_same_shift(
    history: list[Event], chance: Random
) -> None:
    shuffled = [*history, *history[::3]]
    chance.shuffle(shuffled)

    assert fold(shuffled) == fold(history)


@given(histories, st.data())
def test_a_snapshot_anywhere_changes_nothing(history: list[Event], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(history)))
    kept = msgspec.msgpack.encode(fold(history[:cut]))

    resumed = fold(history[cut:], msgspec.msgpack.decode(kept, type=State))

    assert resumed == fold(history)


@given(histories, st.data())
def test_a_resumed_desktop_that_hears_some_events_twice_sees_the_same_shift(
    history: list[Event], data: st.DataObject
) -> None:
    heard = data.draw(st.integers(0, len(history)))
    again = data.draw(st.integers(0, heard))

    assert fold(history[again:], fold(history[:heard])) == fold(history)


@given(histories)
def test_an_event_known_already_changes_no_record(history: list[Event]) -> None:
    state = fold(history)

    assert [apply(state, known) for known in history] == [[] for _ in history]


@given(histories)
def test_whatever_changed_on_the_screen_was_said_to_have_changed(history: list[Event]) -> None:
    state = State()
    for happened in history:
        before = shown(state)
        changed = {(change.table, change.id) for change in apply(state, happened)}
        after = shown(state)
        assert {key for key in after if after[key] != before.get(key)} <= changed


def shown(state: State) -> dict[tuple[str, str], Any]:
    """Every record as a person sees it; stamps are not seen."""
    rows = {(table, id_): row for table in TABLES for id_, row in getattr(state, table).items()}
    for stop in state.stops.values():
        seen = (stop.plan, stop.route_id, stop.state, stop.finished_at, stop.arrived_at)
        if seen != (None, "", StopState.PLANNED, None, None):
            rows["stops", stop.id] = seen
        else:
            del rows["stops", stop.id]
    return rows


@given(histories)
def test_events_and_states_survive_the_json_of_other_peoples_tools(history: list[Event]) -> None:
    text = msgspec.json.encode(history)
    state = fold(history)

    assert msgspec.json.decode(text, type=list[Event]) == history
    assert msgspec.json.decode(msgspec.json.encode(state), type=State) == state


def test_a_late_message_does_not_take_a_delivery_back() -> None:
    delivered = event(e.StopDelivered(), a_minute(10), stop_id="s1")
    late = event(e.StopEnRoute(), a_minute(12), stop_id="s1")

    stop = fold([delivered, late]).stops["s1"]

    assert stop.state is StopState.DELIVERED
    assert stop.finished_at == a_minute(10)


def test_a_second_attempt_opens_the_stop_again_and_its_outcome_counts() -> None:
    failed = event(e.StopAttempted(reason=AttemptReason.NOT_HOME), a_minute(10), stop_id="s1")
    again = event(e.StopEnRoute(), a_minute(60), stop_id="s1")
    done = event(e.StopDelivered(), a_minute(70), stop_id="s1")

    assert fold([failed]).stops["s1"].reason is AttemptReason.NOT_HOME
    assert fold([failed, again]).stops["s1"].state is StopState.EN_ROUTE
    assert fold([again, done, failed]).stops["s1"].state is StopState.DELIVERED


def test_a_driver_may_come_back_to_a_skipped_stop_but_not_to_a_cancelled_one() -> None:
    back = event(e.StopArrived(), a_minute(60), stop_id="s1")
    skipped = event(e.StopSkipped(), a_minute(10), stop_id="s1")
    cancelled = event(e.StopCancelled(), a_minute(10), stop_id="s1")

    assert fold([skipped]).stops["s1"].is_done
    assert fold([back, skipped]).stops["s1"].state is StopState.ARRIVED
    assert fold([cancelled, back]).stops["s1"].state is StopState.CANCELLED


def test_of_two_outcomes_at_the_same_moment_every_desktop_takes_the_same() -> None:
    one = event(e.StopDelivered(), a_minute(5), stop_id="s1")
    other = event(e.StopSkipped(), a_minute(5), stop_id="s1")

    assert fold([one, other]) == fold([other, one])


def test_a_stop_moved_between_routes_is_on_the_one_named_last() -> None:
    planned = event(e.StopPlanned(plan=StopPlan(id="s1", lat=47.1, lon=9.5)))
    first = event(
        e.RoutesSequenced(routes=(e.RouteSequence(route_id="r1", version=1, stops=("s1",)),))
    )
    moved = event(
        e.RoutesSequenced(
            routes=(
                e.RouteSequence(route_id="r1", version=2, stops=()),
                e.RouteSequence(route_id="r2", version=1, stops=("s1",)),
            )
        ),
        a_minute(1),
    )

    state = fold([planned, moved, first])

    assert state.stops_of(state.routes["r1"]) == []
    assert [stop.id for stop in state.stops_of(state.routes["r2"])] == ["s1"]


def test_an_old_decision_arriving_late_does_not_undo_a_newer_one() -> None:
    finding = Finding(
        kind=ExceptionKind.LATE, severity=Severity.MAJOR, subject=Subject(), headline="Late"
    )
    raised = event(e.ExceptionRaised(finding=finding), exception_id="x1")
    claimed = event(
        e.ExceptionWorked(state=ExceptionState.CLAIMED, version=1, owner="anna"),
        a_minute(1),
        exception_id="x1",
    )
    resolved = event(
        e.ExceptionWorked(state=ExceptionState.RESOLVED, version=2, cause="Called."),
        a_minute(2),
        exception_id="x1",
    )

    record = fold([raised, resolved, claimed]).exceptions["x1"]

    assert not record.is_open
    assert record.work.cause == "Called."
    assert record.raised_at == MORNING


def test_an_exception_is_as_old_as_its_first_sign_even_where_that_came_late() -> None:
    def raised(minute: float, headline: str) -> Event:
        finding = Finding(
            kind=ExceptionKind.LATE, severity=Severity.MAJOR, subject=Subject(), headline=headline
        )
        return event(e.ExceptionRaised(finding=finding), a_minute(minute), exception_id="x1")

    record = fold([raised(5, "9 min late"), raised(2, "6 min late")]).exceptions["x1"]

    assert record.raised_at == a_minute(2)
    assert record.finding is not None
    assert record.finding.headline == "9 min late"


def test_a_gate_code_agreed_since_outlives_a_new_plan_of_the_stop() -> None:
    planned = event(e.StopPlanned(plan=StopPlan(id="s1", lat=47.1, lon=9.5, access_code="1")))
    agreed = event(
        e.StopAmended(changes=StopChanges(access_code="4417#")), a_minute(1), stop_id="s1"
    )
    anew = event(e.StopPlanned(plan=StopPlan(id="s1", lat=47.2, lon=9.5)), a_minute(2))

    stop = fold([agreed, planned, anew]).stops["s1"]

    assert stop.plan is not None
    assert stop.as_planned is not None
    assert (stop.plan.access_code, stop.plan.lat) == ("4417#", 47.2)
    assert stop.as_planned.access_code == ""


def test_a_message_is_as_far_as_its_newest_attempt_whatever_came_in_first() -> None:
    def attempt(number: int, state: MessageState, channel: Channel) -> Event:
        body = e.MessageProgressed(
            attempt=Attempt(
                number=number,
                channel=channel,
                address="+423000",
                provider="account",
                state=state,
                at=MORNING,
            )
        )
        return event(body, message_id="m1")

    delivered = attempt(1, MessageState.DELIVERED, Channel.SMS)
    sent = attempt(1, MessageState.SENT, Channel.SMS)
    failed = attempt(1, MessageState.FAILED, Channel.SMS)
    by_mail = attempt(2, MessageState.SENT, Channel.EMAIL)

    assert fold([delivered, sent]).messages["m1"].state is MessageState.DELIVERED
    assert fold([by_mail, failed]).messages["m1"].state is MessageState.SENT
    last = fold([by_mail, failed]).messages["m1"].last
    assert last is not None
    assert last.channel is Channel.EMAIL


def test_a_message_cancelled_after_it_left_has_left() -> None:
    attempt = Attempt(
        number=1,
        channel=Channel.SMS,
        address="+423000",
        provider="account",
        state=MessageState.SENT,
        at=MORNING,
    )
    sent = event(e.MessageProgressed(attempt=attempt), message_id="m1")
    cancelled = event(e.MessageCancelled(version=3, why="Too late."), message_id="m1")

    assert fold([cancelled]).messages["m1"].state is MessageState.CANCELLED
    assert fold([cancelled, sent]).messages["m1"].state is MessageState.SENT


def test_of_two_words_about_writing_to_somebody_the_newer_holds() -> None:
    start = event(e.ConsentSet(address="+423000", allowed=True), a_minute(9))
    stop = event(e.ConsentSet(address="+423000", allowed=False, words="STOP"), a_minute(5))

    assert fold([start, stop]).consents["+423000"].allowed
    assert not fold([stop]).consents["+423000"].allowed


def test_of_yes_and_no_in_one_moment_no_holds() -> None:
    yes = event(e.ConsentSet(address="+423000", allowed=True), a_minute(5))
    no = event(e.ConsentSet(address="+423000", allowed=False), a_minute(5))

    for yes_id, no_id in ((yes.id, no.id), (no.id, yes.id)):
        told = [replace(yes, id=yes_id), replace(no, id=no_id)]
        assert not fold(told).consents["+423000"].allowed


def test_a_refused_command_stays_in_the_journal_and_changes_nothing() -> None:
    refused = event(e.CommandRefused(command="claim_exception", why="Taken."))

    assert fold([refused]) == State()
