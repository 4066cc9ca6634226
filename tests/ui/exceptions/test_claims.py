"""Who loses a claim is told."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from tests.ui.example_shift import example_state, raised
from tests.ui.exceptions.happenings import BEN, by, claimed, happen, worked
from tower.domain.fold import apply
from tower.domain.records import Actor
from tower.domain.words import ExceptionState
from ui.exceptions.claims import ClaimWatch
from ui.session import Session

_ME = Actor(kind="person", id="operator", name="A. Example")
_RULE = Actor(kind="rule", id="claims")


@pytest.fixture
def lost(session: Session) -> Iterator[list[str]]:
    """What was told, newest last, while one holds an exception."""
    watch, told = ClaimWatch(session), list[str]()
    watch.lost.connect(lambda _id, words: told.append(words))
    happen(session, by(_ME, claimed("x1", "operator")))
    yield told
    watch.deleteLater()


def test_taken_over(session: Session, lost: list[str]) -> None:
    happen(session, by(BEN, claimed("x1", "ben", "B. Example", version=2)))
    assert lost == ["Stop 1 · Customer 0000 · R-200: B. Example has taken it over from you"]
    happen(session, by(BEN, worked("x1", ExceptionState.OPEN, 3)))
    assert len(lost) == 1, "it was not ours any more"


def test_lapsed(session: Session, lost: list[str]) -> None:
    happen(session, by(_RULE, worked("x1", ExceptionState.OPEN, 2, by_rule=True)))
    assert lost[0].endswith("your claim has lapsed, it is back in the queue")


def test_over_by_itself(session: Session, lost: list[str]) -> None:
    over = worked("x1", ExceptionState.RESOLVED, 2, by_rule=True, cause="Delivered")
    happen(session, by(_RULE, over))
    assert lost[0].endswith("resolved by itself: Delivered")


def test_what_one_does_oneself_and_a_renewed_lease_are_no_loss(
    session: Session, lost: list[str]
) -> None:
    happen(session, by(_RULE, claimed("x1", "operator", version=2)))
    happen(session, by(_ME, worked("x1", ExceptionState.RESOLVED, 3, cause="Found it")))
    assert lost == []


def test_what_was_lost_while_the_gateway_was_away_is_told(
    session: Session, lost: list[str]
) -> None:
    state = example_state()
    apply(state, replace(claimed("x1", "ben", "B. Example", version=4), seq=state.seq + 1))
    session.replace_state(state, session.epoch)
    assert lost == ["Stop 1 · Customer 0000 · R-200: B. Example has taken it over from you"]


def test_another_journal_knows_nothing_of_it(session: Session, lost: list[str]) -> None:
    state = example_state()
    apply(state, replace(raised("x7"), seq=state.seq + 1))
    session.replace_state(state, "another epoch")
    assert lost == []
