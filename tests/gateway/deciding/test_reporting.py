"""Targets, views and scheduled reports are supervisors' to set, and only as they can be used."""

import pytest
from msgspec.structs import replace

from tests.gateway.deciding.test_decisions import carry_out, terms
from tests.gateway.shift import small_shift
from tower.domain.commands import SetReporting
from tower.domain.fold import fold
from tower.domain.reporting import Filters, Reporting, ReportSchedule, SavedView, Target
from tower.domain.state import State
from tower.gateway.deciding.verdicts import Accepted, Outdated, Refused, Verdict
from tower.gateway.signin import Role

MORNINGS = SavedView(
    id="v1",
    name="Mornings",
    filters=Filters(days=28, hours=(7, 8, 9)),
    by="driver",
    measure="on_time",
)
WEEKLY = ReportSchedule(
    id="r1", name="Weekly", view_id="v1", to=("head@shop.example",), weekdays=(0,)
)
ALL = Reporting(
    targets=(Target(measure="on_time", value=97.0), Target(measure="nps", value=-5.0)),
    views=(MORNINGS,),
    schedules=(WEEKLY,),
)


@pytest.fixture
def state() -> State:
    return fold(small_shift())


def set_by(
    state: State, reporting: Reporting, role: Role = Role.SUPERVISOR, version: int = 0
) -> Verdict:
    command = SetReporting(version=version, reporting=reporting)
    return carry_out(state, command, terms("sue", role=role))


def test_what_a_supervisor_sets_holds(state: State) -> None:
    assert isinstance(set_by(state, ALL), Accepted)
    assert state.room_reporting.reporting == ALL
    assert state.room_reporting.version == 1


def test_a_dispatcher_may_not(state: State) -> None:
    verdict = set_by(state, ALL, Role.DISPATCHER)
    assert isinstance(verdict, Refused)
    assert "Only a supervisor" in verdict.message


def test_who_comes_second_is_shown_what_the_first_set(state: State) -> None:
    set_by(state, ALL)
    verdict = set_by(state, Reporting())
    assert isinstance(verdict, Outdated)
    assert verdict.fresh == state.room_reporting


@pytest.mark.parametrize(
    ("reporting", "says"),
    [
        (replace(ALL, targets=(ALL.targets[0], ALL.targets[0])), "2 times a target for on_time"),
        (replace(ALL, targets=(Target(measure="luck", value=1.0),)), "no measure luck"),
        (replace(ALL, targets=(Target(measure="on_time", value=101.0),)), "between 0 and 100"),
        (replace(ALL, targets=(Target(measure="lag", value=float("inf")),)), "no number"),
        (replace(ALL, views=(MORNINGS, MORNINGS)), "2 times a view with the id v1"),
        (replace(ALL, views=(MORNINGS, replace(MORNINGS, id="v2"))), "called Mornings"),
        (replace(ALL, views=(replace(MORNINGS, name=" "),)), "needs a name"),
        (replace(ALL, views=(replace(MORNINGS, by="colour"),)), "apart by colour"),
        (replace(ALL, views=(replace(MORNINGS, measure="luck"),)), "no measure luck"),
        (
            replace(ALL, views=(replace(MORNINGS, filters=Filters(since="2026-02-30")),)),
            "a day that there is not",
        ),
        (
            replace(
                ALL,
                views=(replace(MORNINGS, filters=Filters(since="2026-03-02", until="2026-03-01")),),
            ),
            "before its first",
        ),
        (replace(ALL, schedules=(WEEKLY, WEEKLY)), "2 times a report with the id r1"),
        (replace(ALL, schedules=(replace(WEEKLY, view_id="v9"),)), "no view v9"),
        (replace(ALL, schedules=(replace(WEEKLY, weekdays=(1, 1)),)), "named twice"),
        (replace(ALL, schedules=(replace(WEEKLY, to=("nobody",)),)), "not an e-mail address"),
        (
            replace(ALL, schedules=(replace(WEEKLY, to=("a@b.example\r\nBcc: c@d.example",)),)),
            "not an e-mail address",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(
    state: State, reporting: Reporting, says: str
) -> None:
    verdict = set_by(state, reporting)
    assert isinstance(verdict, Refused)
    assert says in verdict.message
    assert state.room_reporting.version == 0
