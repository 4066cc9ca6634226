"""Whatever people and rules do in whatever order, a claim has one holder and nothing is lost."""

from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.gateway.shift import GATE, NOON, raised, small_shift
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
from tower.domain.events import Event, ExceptionNoted, ExceptionWorked
from tower.domain.fold import apply, fold
from tower.domain.records import Actor, Work
from tower.domain.state import State
from tower.domain.words import Awaited, Disposition, ExceptionState
from tower.gateway.deciding.claiming import held_by
from tower.gateway.deciding.claims import sweep
from tower.gateway.deciding.decisions import decide
from tower.gateway.deciding.verdicts import Accepted, Terms
from tower.gateway.signin import Grant, Role

LEASE = timedelta(seconds=120)
ROLES = {"ann": Role.DISPATCHER, "ben": Role.DISPATCHER, "sue": Role.SUPERVISOR}
PEOPLE = sorted(ROLES)
IDS = (GATE, "second", "third")

Wish = Callable[[str, int, datetime], AnyCommand]
"""A command on an exception of an id, looked at in a version, at a time."""

wishes: st.SearchStrategy[Wish] = st.one_of(
    st.sampled_from((ClaimException, ReleaseException, WakeException, ReopenException)).map(
        lambda kind: lambda id_, version, _: kind(exception_id=id_, version=version)
    ),
    st.sampled_from((*PEOPLE, "")).map(
        lambda to: (
            lambda id_, version, _: AssignException(
                exception_id=id_, version=version, to=to, to_name=to.title()
            )
        )
    ),
    st.tuples(st.integers(-1, 90_000), st.sampled_from((None, *Awaited))).map(
        lambda asked: (
            lambda id_, version, now: SnoozeException(
                exception_id=id_,
                version=version,
                until=now + timedelta(seconds=asked[0]),
                awaits=asked[1],
            )
        )
    ),
    st.just(
        lambda id_, version, _: EscalateException(exception_id=id_, version=version, reason="angry")
    ),
    st.sampled_from(IDS).map(
        lambda into: (
            lambda id_, version, _: MergeException(exception_id=id_, version=version, into=into)
        )
    ),
    st.sampled_from(Disposition).map(
        lambda judged: (
            lambda id_, version, _: ResolveException(
                exception_id=id_, version=version, cause="found", disposition=judged
            )
        )
    ),
    st.just(lambda id_, _version, _now: NoteException(exception_id=id_, words="called twice")),
)

steps = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from(IDS),
        st.none() | wishes,
        st.integers(0, 2),
        st.sampled_from((0, 1, 30, 61, 121)),
        st.frozensets(st.sampled_from(PEOPLE)),
    ),
    max_size=30,
)
"""Who, on what, what (None: the sweep), how far behind their window is, seconds passed, who is
there."""

Step = tuple[str, str, Wish | None, int, int, frozenset[str]]


def shift_of_three() -> State:
    return fold([*small_shift(), *map(raised, IDS[1:])])


@given(steps)
def test_no_two_people_ever_hold_one_exception(done: list[Step]) -> None:
    state, now = shift_of_three(), NOON
    for person, id_, wish, behind, passed, present in done:
        now += timedelta(seconds=passed)
        holder = held_by(state.exceptions[id_], now)
        events: tuple[Event, ...]
        if wish is None:
            events = tuple(sweep(state, now, LEASE, present))
        else:
            command = wish(id_, max(0, state.exceptions[id_].work.version - behind), now)
            events = _accepted(command, state, person, now)
            if events and not isinstance(command, NoteException):
                may = person == holder or not holder or ROLES[person] is Role.SUPERVISOR
                assert may, f"{person} acted under the claim of {holder}"
        for event in events:
            before = state.exceptions[event.subject.exception_id].work
            apply(state, event)
            _check(event, before, state)


@given(st.lists(st.tuples(st.sampled_from(IDS), st.none() | st.sampled_from(IDS)), max_size=12))
def test_a_duplicate_leads_to_something_that_is_none(done: list[tuple[str, str | None]]) -> None:
    state = shift_of_three()
    for id_, into in done:
        version = state.exceptions[id_].work.version
        command = (
            MergeException(exception_id=id_, version=version, into=into)
            if into
            else ReopenException(exception_id=id_, version=version)
        )
        for event in _accepted(command, state, "ann", NOON):
            apply(state, event)
        for record in state.exceptions.values():
            if into := record.work.merged_into:
                assert into != record.id
                assert not state.exceptions[into].work.merged_into


@given(steps)
def test_no_claim_passes_from_hand_to_hand_unless_it_ended(done: list[Step]) -> None:
    state, now = shift_of_three(), NOON
    for person, id_, wish, behind, passed, present in done:
        now += timedelta(seconds=passed)
        version = max(0, state.exceptions[id_].work.version - behind)
        events = (
            tuple(sweep(state, now, LEASE, present))
            if wish is None
            else _accepted(wish(id_, version, now), state, person, now)
        )
        for event in events:
            about = event.subject.exception_id
            before, fence = held_by(state.exceptions[about], now), state.exceptions[about].work
            apply(state, event)
            after = held_by(state.exceptions[about], now)
            if after not in ("", before):
                assert before == "", f"{after} took what {before} held"
                assert state.exceptions[about].work.fence == fence.fence + 1


def _accepted(command: AnyCommand, state: State, person: str, now: datetime) -> tuple[Event, ...]:
    grant = Grant(actor=Actor(kind="person", id=person), role=ROLES[person])
    verdict = decide(command, state, Terms(grant=grant, now=now, lease=LEASE))
    return verdict.events if isinstance(verdict, Accepted) else ()


def _check(event: Event, before: Work, state: State) -> None:
    body = event.body
    if isinstance(body, ExceptionNoted):
        assert state.notes[event.id].words == "called twice"
        return
    assert isinstance(body, ExceptionWorked)
    assert body.version == before.version + 1
    assert body.fence >= before.fence
    after = state.exceptions[event.subject.exception_id].work
    assert after.version == body.version
    _check_words(after)
    if event.actor.id == "lease":
        assert (after.assigned_to, after.escalated_at) == (before.assigned_to, before.escalated_at)


def _check_words(work: Work) -> None:
    """What a state brings with it is there in that state and in no other."""
    is_claimed = work.state is ExceptionState.CLAIMED
    is_resolved = work.state is ExceptionState.RESOLVED
    assert (work.lease_until is not None) == is_claimed
    assert bool(work.owner) == (is_claimed or is_resolved)
    assert (work.snoozed_until is not None) == (work.state is ExceptionState.SNOOZED)
    assert work.awaits is None or work.state is ExceptionState.SNOOZED
    assert (work.disposition is not None) == is_resolved
    assert bool(work.merged_into) == (work.disposition is Disposition.DUPLICATE)
    if work.state is ExceptionState.ESCALATED:
        assert work.escalated_at is not None
    if work.state is ExceptionState.OPEN:
        assert work.escalated_at is None
    if work.state is ExceptionState.SNOOZED:
        assert work.assigned_to
