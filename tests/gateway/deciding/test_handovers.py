"""Visits at which parcels are taken over come and go with the change that needs them."""

import pytest

from tests.gateway.deciding.test_decisions import carry_out, terms, wish
from tests.gateway.shift import NOON, small_shift, told
from tower.domain.commands import Handover, SequenceRoutes
from tower.domain.events import AnyBody, RouteStarted, StopArrived, StopCancelled, StopCollected
from tower.domain.fold import apply, fold
from tower.domain.records import Subject
from tower.domain.state import State
from tower.domain.words import StopState
from tower.gateway.deciding.decisions import decide
from tower.gateway.deciding.verdicts import Accepted, Refused


def happens(state: State, body: AnyBody, *, stop: str = "", route: str = "") -> None:
    apply(state, told(NOON, Subject(stop_id=stop, route_id=route), body, "later"))


def sequenced(state: State, a: str, b: str, **more: tuple[object, ...]) -> SequenceRoutes:
    return SequenceRoutes(routes=(wish(state, "A", a), wish(state, "B", b)), **more)  # type: ignore[arg-type]


@pytest.fixture
def state() -> State:
    """Route A is on the way to take stop S6 over from route B."""
    state = fold(small_shift())
    happens(state, RouteStarted(), route="B")
    meeting = Handover(stop_id="H1", lat=47.15, lon=9.52, stops=("S6",))
    taken_over = sequenced(state, "S1 S2 H1 S6 S3 S4", "S5 S7 S8", handovers=(meeting,))
    assert isinstance(carry_out(state, taken_over, terms("ann")), Accepted)
    assert state.stops["S6"].parcels_on == "B"
    return state


def test_taking_a_handover_back_cancels_the_visit(state: State) -> None:
    back = sequenced(state, "S1 S2 S3 S4", "S5 S6 S7 S8", cancels=("H1",))
    verdict = carry_out(state, back, terms("ann", 60))
    assert isinstance(verdict, Accepted)
    assert [type(one.body) for one in verdict.events[1:]] == [StopCancelled]
    assert state.stops["H1"].state is StopState.CANCELLED
    assert state.stops["H1"].route_id == ""
    assert state.stops["S6"].parcels_on == ""


@pytest.mark.parametrize(
    ("a", "cancelled", "says"),
    [
        ("S1 S2 H1 S3 S4", "H1", "still on a route"),
        ("S1 S2 S3 S4", "S6", "no visit"),
        ("S1 S2 S3 S4", "H9", "no visit"),
    ],
)
def test_only_a_visit_that_no_route_makes_can_be_cancelled(
    state: State, a: str, cancelled: str, says: str
) -> None:
    command = sequenced(state, a, "S5 S6 S7 S8", cancels=(cancelled,))
    verdict = decide(command, state, terms("ann", 60))
    assert isinstance(verdict, Refused)
    assert says in verdict.message


def test_a_visit_that_was_made_cannot_be_cancelled(state: State) -> None:
    happens(state, StopCollected(), stop="H1", route="A")
    command = sequenced(state, "S1 H1 S2 S3 S4", "S5 S6 S7 S8", cancels=("H1",))
    verdict = decide(command, state, terms("ann", 60))
    assert isinstance(verdict, Refused)
    assert "is over" in verdict.message


def test_what_is_done_may_come_before_the_door_the_driver_stands_at(state: State) -> None:
    happens(state, StopArrived(), stop="S2", route="A")
    happens(state, StopCollected(), stop="H1", route="A")
    command = sequenced(state, "S1 H1 S2 S6 S4 S3", "S5 S7 S8")
    assert isinstance(decide(command, state, terms("ann", 60)), Accepted)
