"""Claims, answers and returns are written down once, about stops there are."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from tests.gateway.deciding.test_decisions import carry_out, terms
from tests.gateway.shift import MORNING, NOON, small_shift, stop_plan, told
from tower.domain import events as e
from tower.domain.commands import AnyCommand, CloseReturn, FileClaim, RecordSurvey, SettleClaim
from tower.domain.fold import apply, fold
from tower.domain.records import Subject
from tower.domain.state import State
from tower.domain.words import ClaimKind, ClaimOutcome, StopKind
from tower.gateway.deciding.verdicts import Accepted, Refused, Verdict

FILED = FileClaim(stop_id="S1", claim_id="C-1", kind=ClaimKind.DAMAGED, words="wet", amount=20.0)
SETTLED = SettleClaim(claim_id="C-1", outcome=ClaimOutcome.UPHELD, words="refunded")
ANSWERED = RecordSurvey(survey_id="Q-1", stop_id="S1", csat=4, nps=9)


@pytest.fixture
def state() -> State:
    shift = fold(small_shift())
    for number, kind in ((90, StopKind.RETURN), (91, StopKind.RETURN), (92, StopKind.DELIVERY)):
        plan = replace(stop_plan(number), kind=kind)
        apply(shift, told(MORNING, Subject(stop_id=plan.id), e.StopPlanned(plan=plan)))
    for stop_id in ("S90", "S92"):
        apply(shift, told(NOON, Subject(stop_id=stop_id), e.StopCollected()))
    return shift


def told_by_ann(state: State, command: AnyCommand, seconds: float = 3_600) -> Verdict:
    return carry_out(state, command, terms("ann", seconds))


def refusal(state: State, command: AnyCommand) -> str:
    verdict = told_by_ann(state, command)
    assert isinstance(verdict, Refused)
    return verdict.message


def test_a_claim_is_filed_and_settled(state: State) -> None:
    told_by_ann(state, FILED)
    told_by_ann(state, SETTLED)
    claim = state.claims["C-1"]
    assert (claim.stop_id, claim.kind, claim.amount) == ("S1", ClaimKind.DAMAGED, 20.0)
    assert (claim.outcome, claim.settlement) == (ClaimOutcome.UPHELD, "refunded")


@pytest.mark.parametrize("command", [FILED, SETTLED, ANSWERED, CloseReturn(stop_id="S90")])
def test_the_same_again_changes_nothing(state: State, command: AnyCommand) -> None:
    told_by_ann(state, FILED)
    told_by_ann(state, command)
    assert told_by_ann(state, command) == Accepted(())


def test_a_claim_without_a_number_gets_one_of_its_own(state: State) -> None:
    for words in ("wet", "torn"):
        told_by_ann(state, replace(FILED, claim_id="", words=words))
    assert {claim.words for claim in state.claims.values()} == {"wet", "torn"}


def test_a_claim_written_down_wrongly_is_corrected(state: State) -> None:
    told_by_ann(state, FILED)
    told_by_ann(state, replace(FILED, amount=25.0), seconds=3_700)
    assert [claim.amount for claim in state.claims.values()] == [25.0]


def test_it_counts_for_the_time_it_happened(state: State) -> None:
    told_by_ann(state, replace(FILED, at=NOON))
    told_by_ann(state, CloseReturn(stop_id="S90", at=NOON + timedelta(minutes=20)))
    assert state.claims["C-1"].filed_at == NOON
    assert state.stops["S90"].closed_at == NOON + timedelta(minutes=20)


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (replace(FILED, stop_id="S404"), "no stop S404"),
        (replace(FILED, at=NOON + timedelta(days=1)), "in the future"),
        (replace(FILED, at=datetime(2026, 11, 20, 8)), "time zone"),  # noqa: DTZ001
        (SETTLED, "no claim C-1"),
        (replace(ANSWERED, stop_id="S404"), "no stop S404"),
        (replace(ANSWERED, csat=None, nps=None), "no answer"),
        (replace(ANSWERED, survey_id=""), "needs an id"),
        (replace(FILED, at=datetime.min.replace(tzinfo=UTC)), "ten years ago"),
        (CloseReturn(stop_id="S90", at=NOON - timedelta(minutes=1)), "before it was collected"),
        (CloseReturn(stop_id="S404"), "no stop S404"),
        (CloseReturn(stop_id="S91"), "not collected"),
        (CloseReturn(stop_id="S92"), "no return"),
    ],
)
def test_what_cannot_be_is_refused_in_words(state: State, command: AnyCommand, says: str) -> None:
    assert says in refusal(state, command)


def test_a_claim_is_settled_once_and_after_it_was_filed(state: State) -> None:
    told_by_ann(state, FILED)
    assert "before it was filed" in refusal(state, replace(SETTLED, at=NOON - timedelta(days=1)))
    told_by_ann(state, SETTLED)
    assert "is settled" in refusal(state, replace(SETTLED, outcome=ClaimOutcome.REJECTED))


def test_numbers_belong_to_one_stop_and_answers_stay(state: State) -> None:
    told_by_ann(state, FILED)
    told_by_ann(state, ANSWERED)
    assert "about stop S1" in refusal(state, replace(FILED, stop_id="S2"))
    assert "answered already" in refusal(state, replace(ANSWERED, csat=1))
