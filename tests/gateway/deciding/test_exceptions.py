"""The work of the room on one exception: handed on, put aside, escalated, merged, closed."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from tests.gateway.deciding.test_claims_property import shift_of_three
from tests.gateway.deciding.test_decisions import LEASE, carry_out, terms
from tests.gateway.shift import GATE, NOON, told
from tower.domain.commands import (
    AnyCommand,
    AssignException,
    ClaimException,
    EscalateException,
    MergeException,
    NoteException,
    ReleaseException,
    ReopenException,
    ResolveException,
    SnoozeException,
    WakeException,
)
from tower.domain.events import StopArrived, StopDelivered
from tower.domain.fold import apply
from tower.domain.records import Actor, Subject, Work
from tower.domain.state import State
from tower.domain.words import Awaited, Disposition, ExceptionState
from tower.gateway.deciding.claims import sweep
from tower.gateway.deciding.verdicts import Accepted, Outdated, Refused, Terms
from tower.gateway.signin import Grant, Role

SUE = Role.SUPERVISOR


@pytest.fixture
def state() -> State:
    return shift_of_three()


def work(state: State, id_: str = GATE) -> Work:
    return state.exceptions[id_].work


def does(state: State, command: AnyCommand, asked: Terms) -> Work:
    """Carry a command out; it is taken."""
    versioned = replace(command, version=work(state, command.exception_id).version)  # type: ignore[union-attr]
    verdict = carry_out(state, versioned, asked)
    assert isinstance(verdict, Accepted), verdict
    return work(state, command.exception_id)  # type: ignore[union-attr]


def refused(state: State, command: AnyCommand, asked: Terms) -> str:
    verdict = carry_out(state, command, asked)
    assert isinstance(verdict, Refused), verdict
    return verdict.message


def claim(id_: str = GATE) -> ClaimException:
    return ClaimException(exception_id=id_, version=0)


def assign(to: str) -> AssignException:
    return AssignException(exception_id=GATE, version=0, to=to, to_name=to.title())


def escalate(reason: str = "angry") -> EscalateException:
    return EscalateException(exception_id=GATE, version=0, reason=reason)


def snooze(seconds: float, awaits: Awaited | None = None) -> SnoozeException:
    until = NOON + timedelta(seconds=seconds)
    return SnoozeException(
        exception_id=GATE, version=0, until=until, awaits=awaits, reason="calls back"
    )


def test_an_assignment_outlives_claim_release_and_lapse(state: State) -> None:
    does(state, assign("ben"), terms("ann"))
    assert does(state, claim(), terms("ben", 1)).assigned_name == "Ben"
    release = ReleaseException(exception_id=GATE, version=0)
    assert does(state, release, terms("ben", 2)).assigned_to == "ben"
    does(state, claim(), terms("cem", 3))
    for event in sweep(state, NOON + timedelta(seconds=200), LEASE, frozenset()):
        apply(state, event)
    assert (work(state).state, work(state).assigned_to) == (ExceptionState.OPEN, "ben")


def test_who_assigns_what_they_hold_to_another_hands_it_over(state: State) -> None:
    does(state, claim(), terms("ann"))
    assert does(state, assign("ann"), terms("ann", 1)).owner == "ann"
    handed = does(state, assign("ben"), terms("ann", 2))
    assert (handed.state, handed.owner, handed.assigned_to) == (ExceptionState.OPEN, "", "ben")
    assert does(state, claim(), terms("ben", 3)).fence == 2


def test_nobody_in_particular_is_asked_any_more(state: State) -> None:
    does(state, assign("ben"), terms("ann"))
    asked = does(state, AssignException(exception_id=GATE, version=0, to=""), terms("ann", 1))
    assert (asked.assigned_to, asked.assigned_name) == ("", "")
    again = AssignException(exception_id=GATE, version=2, to="")
    assert "nobody" in refused(state, again, terms("ann", 2))


@pytest.mark.parametrize(
    "command",
    [
        assign("cem"),
        snooze(600),
        escalate(),
        MergeException(exception_id=GATE, version=0, into="second"),
        ResolveException(exception_id=GATE, version=0),
    ],
)
def test_what_one_person_holds_others_leave_alone_but_may_write_about(
    state: State, command: AnyCommand
) -> None:
    does(state, claim(), terms("ann"))
    held = replace(command, version=1)
    verdict = carry_out(state, held, terms("ben", 1))
    assert isinstance(verdict, Outdated)
    assert "Ann is working on this" in verdict.message
    note = NoteException(exception_id=GATE, words=" rang twice ")
    assert isinstance(carry_out(state, note, terms("ben", 2)), Accepted)
    assert [one.words for one in state.notes.values()] == ["rang twice"]
    assert isinstance(carry_out(state, held, terms("sue", 3, SUE)), Accepted)


def test_a_snooze_ends_the_claim_and_comes_back_to_who_snoozed(state: State) -> None:
    does(state, claim(), terms("ann"))
    aside = does(state, snooze(1800, Awaited.REPLY), terms("ann", 1))
    assert (aside.state, aside.owner, aside.lease_until) == (ExceptionState.SNOOZED, "", None)
    assert aside.snoozed_until == NOON + timedelta(minutes=30)
    assert (aside.awaits, aside.cause) == (Awaited.REPLY, "calls back")
    awake = does(state, WakeException(exception_id=GATE, version=0), terms("ben", 2))
    assert (awake.state, awake.assigned_name) == (ExceptionState.OPEN, "Ann")
    assert (awake.snoozed_until, awake.awaits, awake.cause) == (None, None, "")


def test_a_snoozed_one_comes_back_to_whom_it_was_assigned(state: State) -> None:
    does(state, assign("ben"), terms("ann"))
    assert does(state, snooze(60), terms("ann", 1)).assigned_to == "ben"


def test_a_snooze_is_moved_and_handed_on_and_claimed_out_of(state: State) -> None:
    does(state, snooze(60), terms("ann"))
    assert does(state, snooze(90), terms("ann")).snoozed_until == NOON + timedelta(seconds=90)
    assert does(state, assign("ben"), terms("ann")).state is ExceptionState.SNOOZED
    taken = does(state, claim(), terms("ben", 1))
    assert (taken.state, taken.snoozed_until) == (ExceptionState.CLAIMED, None)


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (snooze(0), "over"),
        (snooze(24 * 3600 + 1), "24 hours"),
        (
            SnoozeException(exception_id=GATE, version=0, until=datetime(2026, 3, 2, 15)),  # noqa: DTZ001 - what a careless program sends
            "time zone",
        ),
    ],
)
def test_a_snooze_ends_soon_and_not_in_the_past(
    state: State, command: AnyCommand, says: str
) -> None:
    assert says in refused(state, command, terms("ann"))


def test_nobody_waits_for_what_has_happened(state: State) -> None:
    stop_id = state.exceptions[GATE].finding.subject.stop_id  # type: ignore[union-attr]
    apply(state, told(NOON, Subject(stop_id=stop_id), StopArrived()))
    assert "at the door" in refused(state, snooze(60, Awaited.ARRIVAL), terms("ann"))
    apply(state, told(NOON, Subject(stop_id=stop_id), StopDelivered()))
    assert "delivered" in refused(state, snooze(60, Awaited.OUTCOME), terms("ann"))
    assert does(state, snooze(60, Awaited.REPLY), terms("ann")).awaits is Awaited.REPLY


def test_escalation_frees_it_and_stays_through_a_claim_and_its_lapse(state: State) -> None:
    does(state, claim(), terms("ann"))
    asked = does(state, escalate("wants a refund"), terms("ann", 1))
    assert (asked.state, asked.owner) == (ExceptionState.ESCALATED, "")
    assert (asked.escalated_at, asked.escalated_because) == (
        NOON + timedelta(seconds=1),
        "wants a refund",
    )
    again = EscalateException(exception_id=GATE, version=2)
    assert "already" in refused(state, again, terms("ben", 2))
    taken = does(state, claim(), terms("sue", 3, SUE))
    assert (taken.state, taken.escalated_because) == (ExceptionState.CLAIMED, "wants a refund")
    for event in sweep(state, NOON + timedelta(seconds=200), LEASE, frozenset()):
        apply(state, event)
    assert work(state).state is ExceptionState.ESCALATED


def test_a_dispatcher_who_gives_it_back_does_not_end_the_escalation(state: State) -> None:
    release = ReleaseException(exception_id=GATE, version=0)
    does(state, escalate(), terms("ann"))
    does(state, claim(), terms("ben", 1))
    assert does(state, release, terms("ben", 2)).state is ExceptionState.ESCALATED
    does(state, claim(), terms("sue", 3, SUE))
    looked = does(state, release, terms("sue", 4, SUE))
    assert (looked.state, looked.escalated_at) == (ExceptionState.OPEN, None)


def test_a_supervisor_who_assigns_it_has_looked(state: State) -> None:
    does(state, escalate(), terms("ann"))
    assert does(state, assign("ben"), terms("cem", 1)).state is ExceptionState.ESCALATED
    assert does(state, assign("ann"), terms("sue", 2, SUE)).state is ExceptionState.OPEN


def test_a_false_alarm_is_closed_as_one_and_reopens_without_that(state: State) -> None:
    alarm = ResolveException(
        exception_id=GATE, version=0, cause="stood in a tunnel", disposition=Disposition.FALSE_ALARM
    )
    closed = does(state, alarm, terms("ann"))
    assert (closed.disposition, closed.owner) == (Disposition.FALSE_ALARM, "ann")
    again = does(state, ReopenException(exception_id=GATE, version=0), terms("ann", 1))
    assert (again.state, again.disposition, again.cause) == (ExceptionState.OPEN, None, "")


def test_a_duplicate_needs_the_one_it_repeats(state: State) -> None:
    alone = ResolveException(exception_id=GATE, version=0, disposition=Disposition.DUPLICATE)
    assert "Merge" in refused(state, alone, terms("ann"))


def merge(id_: str, into: str) -> MergeException:
    return MergeException(exception_id=id_, version=0, into=into)


def test_a_duplicate_leads_to_the_other_and_back_out_of_it(state: State) -> None:
    merged = does(state, merge(GATE, "second"), terms("ann"))
    assert (merged.state, merged.merged_into) == (ExceptionState.RESOLVED, "second")
    assert merged.disposition is Disposition.DUPLICATE
    assert "gate code missing" in merged.cause
    assert (
        does(state, ReopenException(exception_id=GATE, version=0), terms("ann")).merged_into == ""
    )


def test_what_leads_to_a_duplicate_leads_to_where_that_leads(state: State) -> None:
    does(state, merge(GATE, "second"), terms("ann"))
    does(state, merge("second", "third"), terms("ann", 1))
    assert {work(state, one).merged_into for one in (GATE, "second")} == {"third"}


@pytest.mark.parametrize(("into", "says"), [(GATE, "itself"), ("none", "There is no")])
def test_merging_into_nothing_is_refused(state: State, into: str, says: str) -> None:
    assert says in refused(state, merge(GATE, into), terms("ann"))


def test_nothing_is_merged_into_what_is_closed(state: State) -> None:
    does(state, ResolveException(exception_id="second", version=0), terms("ann"))
    assert "resolved" in refused(state, merge(GATE, "second"), terms("ann"))
    assert work(state).state is ExceptionState.OPEN


@pytest.mark.parametrize(
    "command",
    [
        assign("ben"),
        snooze(60),
        escalate(),
        merge(GATE, "second"),
        WakeException(exception_id=GATE, version=0),
    ],
)
def test_work_on_what_is_closed_is_refused(state: State, command: AnyCommand) -> None:
    does(state, ResolveException(exception_id=GATE, version=0), terms("ann"))
    refused(state, replace(command, version=1), terms("ann", 1))


@pytest.mark.parametrize(
    "command",
    [
        AssignException(exception_id="none", version=0, to="ben"),
        SnoozeException(exception_id="none", version=0, until=datetime(2030, 1, 1, tzinfo=UTC)),
        WakeException(exception_id="none", version=0),
        EscalateException(exception_id="none", version=0),
        MergeException(exception_id="none", version=0, into=GATE),
        NoteException(exception_id="none", words="hello"),
    ],
)
def test_there_is_nothing_to_do_about_what_nobody_found(state: State, command: AnyCommand) -> None:
    assert "There is no exception none." in refused(state, command, terms("ann"))


def test_a_note_says_something(state: State) -> None:
    assert "nothing" in refused(state, NoteException(exception_id=GATE, words="  "), terms("ann"))


@pytest.mark.parametrize(
    ("first", "says"),
    [
        (claim(), "Ann took this exception"),
        (snooze(60), "snoozed"),
        (escalate(), "supervisor was asked"),
        (ResolveException(exception_id=GATE, version=0), "Ann resolved"),
    ],
)
def test_who_comes_second_is_told_what_happened(state: State, first: AnyCommand, says: str) -> None:
    does(state, first, terms("ann"))
    late = carry_out(state, assign("cem"), terms("ben", 1))
    assert isinstance(late, Outdated)
    assert says in late.message


def test_a_person_without_a_name_is_called_by_id(state: State) -> None:
    bot = Terms(
        grant=Grant(actor=Actor(kind="person", id="ops-7"), role=Role.DISPATCHER),
        now=NOON,
        lease=LEASE,
    )
    does(state, claim(), bot)
    late = carry_out(state, claim(), terms("ben", 1))
    assert isinstance(late, Outdated)
    assert "ops-7" in late.message
