"""Which threshold holds for what, and which may be set."""

from hypothesis import given
from hypothesis import strategies as st

from tower.domain.rulebook import Threshold, Thresholds
from tower.domain.words import ExceptionKind, Severity
from tower.watch.thresholds import (
    DECLARED,
    LimitBook,
    Role,
    Scope,
    objection,
    thresholds_of,
    unclaimed_name,
)

LATE = ExceptionKind.LATE


def set_past(value: float, **scope: str) -> Threshold:
    return Threshold(kind=LATE, name="raise_past", value=value, **scope)


def past(*thresholds: Threshold, **scope: str) -> float:
    book = LimitBook(Thresholds(thresholds=thresholds))
    return book.limits(Scope(**scope)).number(LATE, "raise_past")


def test_every_kind_says_how_long_it_must_last_and_when_it_escalates() -> None:
    for kind in ExceptionKind:
        roles = {one.role for one in thresholds_of(kind)}
        assert {Role.LASTING, Role.ESCALATE} <= roles, kind
        names = [one.name for one in thresholds_of(kind)]
        assert len(names) == len(set(names))


def test_every_default_may_be_set() -> None:
    for one in DECLARED:
        assert objection(Threshold(kind=one.kind, name=one.name, value=one.default)) == ""


def test_what_clears_does_not_lie_beyond_what_raises() -> None:
    limits = LimitBook(Thresholds()).limits(Scope())

    assert limits.number(ExceptionKind.LATE_RISK, "clear_at") < limits.number(
        ExceptionKind.LATE_RISK, "raise_at"
    )
    assert limits.span(LATE, "clear_past") < limits.span(LATE, "raise_past")


def test_the_service_level_goes_before_the_carrier_and_that_before_the_depot() -> None:
    everywhere = set_past(1)
    depot = set_past(2, depot_id="hub")
    carrier = set_past(3, carrier_id="own")
    both = set_past(4, carrier_id="own", depot_id="hub")
    level = set_past(5, service_level="express")
    named = {"depot_id": "hub", "carrier_id": "own", "service_level": "express"}

    said = (level, both, carrier, depot, everywhere)
    for place, expected in enumerate((5, 4, 3, 2, 1)):
        assert past(*said[place:], **named) == expected
    assert past(*said, carrier_id="other") == 1
    assert past(level, both) == 5.0  # the rule's own: neither fits


@given(st.permutations([set_past(1), set_past(2, depot_id="hub"), set_past(3, carrier_id="own")]))
def test_the_order_they_were_set_in_does_not_matter(said: list[Threshold]) -> None:
    assert past(*said, carrier_id="own", depot_id="hub") == 3


def test_what_cannot_be_set_is_refused_in_words() -> None:
    assert "no threshold called 'colour'" in objection(
        Threshold(kind=LATE, name="colour", value=1.0)
    )
    assert "not between 0 and 240 min" in objection(set_past(-1))
    assert objection(set_past(float("nan"))) != ""


def test_the_gravest_escalate_first() -> None:
    limits = LimitBook(Thresholds()).limits(Scope())
    waits = [limits.span(LATE, unclaimed_name(one)) for one in list(Severity)[:3]]

    assert waits == sorted(waits)
