"""Which exceptions somebody is called to, and which not."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.ui.example_shift import NOON, example_state, raised
from tests.ui.exceptions.happenings import BEN, by, claimed, happen, worked
from tower.domain.fold import apply
from tower.domain.records import Actor
from tower.domain.words import ExceptionKind, ExceptionState, Severity
from ui.alerts.news import Alert, AlertWatch, Why
from ui.filter import Hidden
from ui.session import Session

_ME = Actor(kind="person", id="operator", name="A. Example")


@pytest.fixture
def told(session: Session) -> list[Alert]:
    """What was called to, newest last."""
    found: list[Alert] = []
    watch = AlertWatch(session, session)
    watch.alerted.connect(found.extend)
    return found


def test_what_stood_there_at_the_start_is_no_news(session: Session, told: list[Alert]) -> None:
    session.replace_state(example_state(), "epoch")
    happen(session, raised("x1"))
    assert told == []


def test_a_new_one_is_told_once(session: Session, told: list[Alert]) -> None:
    happen(session, raised("x9", 3, Severity.MAJOR, ExceptionKind.LATE))
    assert told == [Alert("x9", Severity.MAJOR, Why.NEW, "late · Stop 4 · Customer 0003 · R-200")]
    renewed = replace(raised("x9", 3, Severity.MAJOR), at=NOON + timedelta(seconds=30))
    happen(session, renewed)
    assert len(told) == 1


def test_filters_and_selection_bear_on_nothing(session: Session, told: list[Alert]) -> None:
    session.hide(Hidden(carriers=frozenset({"own"})))
    session.select("exception", "x1")
    happen(session, raised("x9", 3))
    assert [one.id for one in told] == ["x9"]


def test_what_became_graver_is_told_again(session: Session, told: list[Alert]) -> None:
    happen(session, raised("x9", 3, Severity.MINOR))
    graver = replace(raised("x9", 3, Severity.CRITICAL), at=NOON + timedelta(seconds=30))
    happen(session, graver)
    assert [one.why for one in told] == [Why.NEW, Why.WORSE]
    happen(session, claimed("x9", "ben", "B. Example"))
    graver_still = replace(raised("x9", 3, Severity.CRITICAL), at=NOON + timedelta(seconds=60))
    happen(session, graver_still)
    assert len(told) == 2


def test_what_somebody_works_on_already_is_no_news(session: Session, told: list[Alert]) -> None:
    happen(session, raised("x9", 3), by(BEN, claimed("x9", "ben", "B. Example")))
    assert told == []


def test_what_was_over_before_it_arrived_is_no_news(session: Session, told: list[Alert]) -> None:
    happen(session, raised("x9", 3), worked("x9", ExceptionState.RESOLVED, 1, by_rule=True))
    assert told == []
    happen(session, worked("x9", ExceptionState.OPEN, 2, by_rule=True))
    assert [one.why for one in told] == [Why.NEW], "it came back"


def test_escalations_are_a_supervisors(session: Session, told: list[Alert]) -> None:
    escalated = worked("x1", ExceptionState.ESCALATED, 1, escalated_at=NOON, by_rule=True)
    happen(session, escalated)
    assert told == []
    session.set_actor("operator", "Sue", is_supervisor=True)
    later = NOON + timedelta(minutes=1)
    happen(session, worked("x1", ExceptionState.ESCALATED, 2, escalated_at=later, by_rule=True))
    assert [one.why for one in told] == [Why.ESCALATED]
    happen(session, claimed("x1", "operator", version=3))
    assert len(told) == 1


def test_what_one_does_oneself_is_no_news(session: Session, told: list[Alert]) -> None:
    session.set_actor("operator", "Sue", is_supervisor=True)
    mine = worked("x1", ExceptionState.ESCALATED, 1, escalated_at=NOON)
    happen(session, by(_ME, mine))
    happen(session, by(_ME, worked("x1", ExceptionState.OPEN, 2, assigned_to="operator")))
    assert told == []


def test_who_is_asked_by_name_is_told(session: Session, told: list[Alert]) -> None:
    happen(session, by(BEN, worked("x1", ExceptionState.OPEN, 1, assigned_to="carla")))
    assert told == []
    happen(session, by(BEN, worked("x1", ExceptionState.OPEN, 2, assigned_to="operator")))
    assert [one.why for one in told] == [Why.ASSIGNED]


def test_a_snooze_that_ends_is_told_to_whom_it_belongs(session: Session, told: list[Alert]) -> None:
    until = NOON + timedelta(minutes=15)
    for owner, expected in (("ben", []), ("operator", [Why.WOKEN])):
        version = 1 if owner == "ben" else 3
        asleep = worked(
            "x1", ExceptionState.SNOOZED, version, snoozed_until=until, assigned_to=owner
        )
        awake = worked("x1", ExceptionState.OPEN, version + 1, assigned_to=owner, by_rule=True)
        happen(session, by(_ME, asleep))
        happen(session, awake)
        assert [one.why for one in told] == expected


def test_what_came_during_a_gap_is_told_but_not_of_another_journal(
    session: Session, told: list[Alert]
) -> None:
    state = example_state()
    apply(state, replace(raised("x9", 3), seq=state.seq + 1))
    session.replace_state(state, "epoch")
    assert [one.id for one in told] == ["x9"]
    other = example_state()
    apply(other, replace(raised("x10", 4), seq=other.seq + 1))
    session.replace_state(other, "another")
    assert len(told) == 1
