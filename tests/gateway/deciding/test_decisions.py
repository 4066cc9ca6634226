"""What a command becomes, decided on a state: no process, no clock, no journal."""

from datetime import timedelta

import pytest

from tests.gateway.shift import GATE, NOON, small_shift
from tower.domain.commands import (
    AnyCommand,
    ClaimException,
    ReleaseException,
    ReopenException,
    ResolveException,
    SequenceRoutes,
    SequenceWish,
)
from tower.domain.events import RoutesSequenced
from tower.domain.fold import apply, fold
from tower.domain.records import Actor
from tower.domain.state import State
from tower.domain.words import ExceptionState
from tower.gateway.deciding.claiming import held_by
from tower.gateway.deciding.claims import sweep
from tower.gateway.deciding.decisions import decide
from tower.gateway.deciding.verdicts import Accepted, Outdated, Refused, Terms, Verdict
from tower.gateway.signin import Grant, Role

LEASE = timedelta(seconds=120)


def terms(person: str, seconds: float = 0, role: Role = Role.DISPATCHER) -> Terms:
    actor = Actor(kind="person", id=person, name=person.title())
    now = NOON + timedelta(seconds=seconds)
    return Terms(grant=Grant(actor=actor, role=role), now=now, lease=LEASE)


def carry_out(state: State, command: AnyCommand, asked: Terms) -> Verdict:
    verdict = decide(command, state, asked)
    if isinstance(verdict, Accepted):
        for event in verdict.events:
            apply(state, event)
    return verdict


@pytest.fixture
def state() -> State:
    return fold(small_shift())


def test_a_claim_holds_for_the_lease_and_names_its_holder(state: State) -> None:
    carry_out(state, ClaimException(exception_id=GATE, version=0), terms("ann"))
    work = state.exceptions[GATE].work
    assert (work.state, work.owner_name, work.fence) == (ExceptionState.CLAIMED, "Ann", 1)
    assert work.lease_until == NOON + LEASE


def test_the_second_to_claim_is_told_who_was_first(state: State) -> None:
    carry_out(state, ClaimException(exception_id=GATE, version=0), terms("ann"))
    late = carry_out(state, ClaimException(exception_id=GATE, version=0), terms("ben", 1))
    assert isinstance(late, Outdated)
    assert "Ann" in late.message
    assert late.fresh == state.exceptions[GATE]


def test_looking_again_does_not_take_a_claim_away(state: State) -> None:
    carry_out(state, ClaimException(exception_id=GATE, version=0), terms("ann"))
    for role in (Role.DISPATCHER, Role.SUPERVISOR):
        again = ClaimException(exception_id=GATE, version=1)
        assert isinstance(carry_out(state, again, terms("ben", 1, role)), Outdated)


def test_claiming_again_renews_the_lease_under_the_same_fence(state: State) -> None:
    carry_out(state, ClaimException(exception_id=GATE, version=0), terms("ann"))
    carry_out(state, ClaimException(exception_id=GATE, version=0), terms("ann", 60))
    work = state.exceptions[GATE].work
    assert work.lease_until == NOON + timedelta(seconds=60) + LEASE
    assert work.fence == 1


def test_a_lapsed_claim_may_be_taken_and_gets_a_new_fence(state: State) -> None:
    carry_out(state, ClaimException(exception_id=GATE, version=0), terms("ann"))
    carry_out(state, ClaimException(exception_id=GATE, version=1), terms("ben", 121))
    work = state.exceptions[GATE].work
    assert (work.owner, work.fence) == ("ben", 2)


def test_the_holder_resolves_though_the_renewals_outran_the_window(state: State) -> None:
    carry_out(state, ClaimException(exception_id=GATE, version=0), terms("ann"))
    carry_out(state, ClaimException(exception_id=GATE, version=1), terms("ann", 60))
    resolve = ResolveException(exception_id=GATE, version=1, cause="code found")
    carry_out(state, resolve, terms("ann", 70))
    work = state.exceptions[GATE].work
    assert (work.state, work.cause) == (ExceptionState.RESOLVED, "code found")


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.SUPERVISOR])
def test_only_a_supervisor_ends_another_persons_claim(state: State, role: Role) -> None:
    carry_out(state, ClaimException(exception_id=GATE, version=0), terms("ann"))
    release = ReleaseException(exception_id=GATE, version=1)
    verdict = carry_out(state, release, terms("sue", 1, role))
    assert isinstance(verdict, Accepted) == (role is Role.SUPERVISOR)
    assert held_by(state.exceptions[GATE], NOON) == ("" if role is Role.SUPERVISOR else "ann")


def test_resolved_is_resolved_until_it_is_reopened(state: State) -> None:
    carry_out(state, ResolveException(exception_id=GATE, version=0), terms("ann"))
    for senseless in (
        ClaimException(exception_id=GATE, version=1),
        ResolveException(exception_id=GATE, version=1),
        ReleaseException(exception_id=GATE, version=1),
    ):
        assert isinstance(carry_out(state, senseless, terms("ann", 1)), Refused)
    carry_out(state, ReopenException(exception_id=GATE, version=1), terms("ann", 2))
    assert state.exceptions[GATE].work.state is ExceptionState.OPEN


def test_the_sweep_ends_claims_of_the_silent_and_renews_those_of_the_present(state: State) -> None:
    carry_out(state, ClaimException(exception_id=GATE, version=0), terms("ann"))
    soon, later = NOON + timedelta(seconds=70), NOON + timedelta(seconds=121)
    assert sweep(state, soon, LEASE, frozenset()) == []
    assert sweep(state, NOON + timedelta(seconds=30), LEASE, {"ann"}) == []
    lapsed = fold(sweep(state, later, LEASE, frozenset()), fold(small_shift()))
    assert lapsed.exceptions[GATE].work.state is ExceptionState.OPEN
    for event in sweep(state, soon, LEASE, {"ann"}):
        apply(state, event)
    assert held_by(state.exceptions[GATE], later) == "ann"


def wish(state: State, route_id: str, stops: str) -> SequenceWish:
    version = state.routes[route_id].version
    return SequenceWish(route_id=route_id, version=version, stops=tuple(stops.split()))


def test_a_stop_moves_between_routes_and_another_is_taken_off(state: State) -> None:
    moved = SequenceRoutes(
        routes=(wish(state, "A", "S1 S3 S7 S2"), wish(state, "B", "S5 S6 S8")), reason="jam"
    )
    carry_out(state, moved, terms("ann"))
    assert [stop.id for stop in state.stops_of(state.routes["A"])] == ["S1", "S3", "S7", "S2"]
    assert [stop.id for stop in state.stops_of(state.routes["B"])] == ["S5", "S6", "S8"]
    assert state.stops["S4"].route_id == ""
    assert state.routes["A"].version == 2


def test_a_route_changed_by_someone_else_comes_back_fresh(state: State) -> None:
    command = SequenceRoutes(routes=(wish(state, "B", "S8 S7 S6 S5"),))
    carry_out(state, command, terms("ann"))
    verdict = carry_out(state, command, terms("ben", 1))
    assert isinstance(verdict, Outdated)
    assert verdict.fresh == state.routes["B"]


@pytest.mark.parametrize(
    ("stops", "says"),
    [
        ("S1 S2 S2 S3 S4", "twice"),
        ("S1 S2 S3 S99", "no stop S99"),
        ("S1 S2 S3 S5", "route B"),
        ("S2 S3 S4", "done"),
        ("S2 S3 S4", "cannot be moved"),
    ],
)
def test_an_order_nobody_can_drive_is_refused_in_words(state: State, stops: str, says: str) -> None:
    verdict = decide(SequenceRoutes(routes=(wish(state, "A", stops),)), state, terms("ann"))
    assert isinstance(verdict, Refused)
    assert says in verdict.message


def test_done_stops_keep_their_order_within_the_route(state: State) -> None:
    verdict = decide(SequenceRoutes(routes=(wish(state, "A", "S4 S1 S2 S3"),)), state, terms("ann"))
    assert isinstance(verdict, Accepted)
    body = verdict.events[0].body
    assert isinstance(body, RoutesSequenced)
    assert body.routes[0].stops == ("S4", "S1", "S2", "S3")


@pytest.mark.parametrize(
    "command",
    [
        ClaimException(exception_id="none", version=0),
        ReleaseException(exception_id="none", version=0),
        ResolveException(exception_id="none", version=0),
        ReopenException(exception_id="none", version=0),
        SequenceRoutes(routes=()),
        SequenceRoutes(routes=(SequenceWish(route_id="none", version=0, stops=()),)),
    ],
)
def test_what_is_not_there_cannot_be_commanded(state: State, command: AnyCommand) -> None:
    assert isinstance(carry_out(state, command, terms("ann")), Refused)
    assert state == fold(small_shift())
