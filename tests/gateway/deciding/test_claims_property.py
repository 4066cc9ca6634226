"""Whatever people and rules do in whatever order, a claim has one holder."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.gateway.shift import GATE, NOON, small_shift
from tower.domain.commands import (
    ClaimException,
    ReleaseException,
    ReopenException,
    ResolveException,
)
from tower.domain.events import Event, ExceptionWorked
from tower.domain.fold import apply, fold
from tower.domain.records import Actor
from tower.domain.state import State
from tower.domain.words import ExceptionState
from tower.gateway.deciding.claiming import held_by
from tower.gateway.deciding.claims import sweep
from tower.gateway.deciding.decisions import decide
from tower.gateway.deciding.verdicts import Accepted, Terms
from tower.gateway.signin import Grant, Role

LEASE = timedelta(seconds=120)
ROLES = {"ann": Role.DISPATCHER, "ben": Role.DISPATCHER, "sue": Role.SUPERVISOR}
OnException = ClaimException | ReleaseException | ResolveException | ReopenException
KINDS: tuple[type[OnException], ...] = (
    ClaimException,
    ReleaseException,
    ResolveException,
    ReopenException,
)

steps = st.lists(
    st.tuples(
        st.sampled_from(sorted(ROLES)),
        st.sampled_from((*KINDS, None)),
        st.integers(0, 2),
        st.sampled_from((0, 1, 30, 61, 121)),
        st.frozensets(st.sampled_from(sorted(ROLES))),
    ),
    max_size=25,
)
"""Who, what (None: the sweep), how far behind their window is, seconds passed, who is there."""


def grant(person: str) -> Grant:
    return Grant(actor=Actor(kind="person", id=person), role=ROLES[person])


@given(steps)
def test_no_two_people_ever_hold_one_exception(
    done: list[tuple[str, type[OnException] | None, int, int, frozenset[str]]],
) -> None:
    state, now = fold(small_shift()), NOON
    for person, kind, behind, passed, present in done:
        now += timedelta(seconds=passed)
        before = state.exceptions[GATE].work
        holder = held_by(state.exceptions[GATE], now)
        events: tuple[Event, ...]
        if kind is None:
            events = tuple(sweep(state, now, LEASE, present))
            assert all(event.actor.id in ("lease", holder) for event in events)
        else:
            command = kind(exception_id=GATE, version=max(0, before.version - behind))
            events = _accepted(command, state, Terms(grant=grant(person), now=now, lease=LEASE))
            if events:
                may = person == holder or not holder or ROLES[person] is Role.SUPERVISOR
                assert may, f"{person} acted under the claim of {holder}"
        for event in events:
            apply(state, event)
            _check(event, before.version, before.fence, state)


def _accepted(command: OnException, state: State, terms: Terms) -> tuple[Event, ...]:
    verdict = decide(command, state, terms)
    return verdict.events if isinstance(verdict, Accepted) else ()


def _check(event: Event, version: int, fence: int, state: State) -> None:
    body = event.body
    assert isinstance(body, ExceptionWorked)
    assert body.version == version + 1
    assert body.fence >= fence
    after = state.exceptions[GATE].work
    assert after.version == body.version
    assert (after.lease_until is not None) == (after.state is ExceptionState.CLAIMED)
