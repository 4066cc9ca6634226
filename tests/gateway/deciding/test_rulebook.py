"""Thresholds and playbooks are supervisors' to set, and only as something the rules understand."""

import pytest
from msgspec.structs import replace

from tests.gateway.deciding.test_decisions import carry_out, terms
from tests.gateway.shift import MORNING, small_shift, stop_plan, told
from tower.domain.commands import AnyCommand, SetPlaybooks, SetThresholds
from tower.domain.events import StopPlanned
from tower.domain.fold import apply, fold
from tower.domain.records import Subject
from tower.domain.rulebook import Playbook, Playbooks, PlaybookStep, Threshold, Thresholds
from tower.domain.state import State
from tower.domain.words import ExceptionKind, StepAction
from tower.gateway.deciding.verdicts import Accepted, Outdated, Refused, Terms, Verdict
from tower.gateway.signin import Role
from tower.watch.thresholds import DECLARED, LimitBook, Scope

LATE, RISK = ExceptionKind.LATE, ExceptionKind.LATE_RISK
NOTICE = PlaybookStep(title="Send delay notice", action=StepAction.MESSAGE, template="delay_notice")
CALL = PlaybookStep(title="Call the driver", action=StepAction.CALL_DRIVER)


def sue(role: Role = Role.SUPERVISOR) -> Terms:
    return replace(terms("sue", role=role), templates={"delay_notice"})


@pytest.fixture
def state() -> State:
    shift = fold(small_shift())
    express = replace(stop_plan(99), service_level="express")
    apply(shift, told(MORNING, Subject(stop_id="S99"), StopPlanned(plan=express)))
    return shift


def past(value: float, **scope: str) -> Threshold:
    return Threshold(kind=LATE, name="raise_past", value=value, **scope)


def set_thresholds(state: State, *thresholds: Threshold) -> Verdict:
    version = state.room_thresholds.version
    return carry_out(state, SetThresholds(version=version, thresholds=thresholds), sue())


def set_playbooks(state: State, *playbooks: Playbook) -> Verdict:
    version = state.room_playbooks.version
    return carry_out(state, SetPlaybooks(version=version, playbooks=playbooks), sue())


def test_a_threshold_holds_for_what_it_names_and_nothing_else(state: State) -> None:
    assert isinstance(
        set_thresholds(state, past(10), past(3, service_level="express", carrier_id="own")),
        Accepted,
    )
    set_ = state.room_thresholds
    assert LimitBook(set_).limits(Scope()).number(LATE, "raise_past") == 10
    express = LimitBook(set_).limits(Scope("express", "own", "D"))
    assert express.number(LATE, "raise_past") == 3


def test_all_rules_own_values_may_be_set(state: State) -> None:
    own = (Threshold(kind=one.kind, name=one.name, value=one.default) for one in DECLARED)
    assert isinstance(set_thresholds(state, *own), Accepted)


@pytest.mark.parametrize(
    ("thresholds", "says"),
    [
        ((past(-1),), "between 0 and 240"),
        ((past(241),), "between 0 and 240"),
        ((past(float("nan")),), "between"),
        ((Threshold(kind=LATE, name="patience", value=1),), "patience"),
        ((past(5), past(6)), "twice"),
        ((past(5, depot_id="X"),), "no depot X"),
        ((past(5, carrier_id="X"),), "no carrier X"),
        ((past(5, service_level="gold"),), "service level gold"),
        ((past(1),), "come and go"),
        ((Threshold(kind=RISK, name="clear_at", value=80),), "raised at 70 %"),
        (
            (past(5, depot_id="D"), Threshold(kind=LATE, name="clear_past", value=6)),
            "come and go",
        ),
        (
            (Threshold(kind=ExceptionKind.VEHICLE, name="clear_reserve", value=1),),
            "come and go",
        ),
    ],
)
def test_thresholds_no_rule_could_go_by_are_refused(
    state: State, thresholds: tuple[Threshold, ...], says: str
) -> None:
    verdict = set_thresholds(state, *thresholds)
    assert isinstance(verdict, Refused)
    assert says in verdict.message
    assert state.room_thresholds == Thresholds()


def test_what_is_set_for_a_depot_stays_where_todays_plan_does_not_know_it(state: State) -> None:
    set_thresholds(state, past(10, depot_id="D"))
    state.depots.clear()
    assert isinstance(set_thresholds(state, past(12, depot_id="D")), Accepted)
    assert isinstance(set_thresholds(state), Accepted)
    assert isinstance(set_thresholds(state, past(12, depot_id="D")), Refused)


def test_a_playbook_is_set_and_set_again(state: State) -> None:
    set_playbooks(state, Playbook(kind=LATE, steps=(NOTICE, CALL)))
    assert state.room_playbooks.of(LATE) == (NOTICE, CALL)
    set_playbooks(state, Playbook(kind=LATE, steps=(CALL,)))
    assert state.room_playbooks.of(LATE) == (CALL,)
    assert state.room_playbooks.version == 2


@pytest.mark.parametrize(
    ("playbooks", "says"),
    [
        ((Playbook(kind=LATE, steps=()), Playbook(kind=LATE, steps=(CALL,))), "2 playbooks"),
        ((Playbook(kind=LATE, steps=(replace(NOTICE, template="sonnet"),)),), "template sonnet"),
        (
            (
                Playbook(
                    kind=LATE,
                    steps=(CALL, replace(NOTICE, template="")),
                ),
            ),
            "step 2",
        ),
        ((Playbook(kind=LATE, steps=(replace(CALL, title=" "),)),), "no title"),
    ],
)
def test_playbooks_nobody_could_follow_are_refused(
    state: State, playbooks: tuple[Playbook, ...], says: str
) -> None:
    verdict = set_playbooks(state, *playbooks)
    assert isinstance(verdict, Refused)
    assert says in verdict.message
    assert state.room_playbooks == Playbooks()


COMMANDS: tuple[AnyCommand, ...] = (
    SetThresholds(version=0, thresholds=(past(10),)),
    SetPlaybooks(version=0, playbooks=(Playbook(kind=LATE, steps=(CALL,)),)),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: type(one).__name__)
def test_only_a_supervisor_sets_what_holds_for_all(state: State, command: AnyCommand) -> None:
    verdict = carry_out(state, command, sue(Role.DISPATCHER))
    assert isinstance(verdict, Refused)
    assert "supervisor" in verdict.message


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: type(one).__name__)
def test_the_second_supervisor_gets_what_the_first_set(state: State, command: AnyCommand) -> None:
    assert isinstance(carry_out(state, command, sue()), Accepted)
    late = carry_out(state, command, sue())
    assert isinstance(late, Outdated)
    assert late.fresh in (state.room_thresholds, state.room_playbooks)
