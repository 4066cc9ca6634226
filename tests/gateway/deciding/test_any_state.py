"""Whatever the journal holds and whatever is commanded, there is a verdict, and it can be kept."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.happenings import (
    CARRIERS,
    EXCEPTIONS,
    MESSAGES,
    MORNING,
    REPLIES,
    STOPS,
    histories,
)
from tower.domain import commands as c
from tower.domain.events import CommandRefused, Event
from tower.domain.fold import apply, fold
from tower.domain.records import Actor, StopChanges
from tower.domain.reporting import Reporting, Target
from tower.domain.rulebook import OutreachPolicy, Playbook, PlaybookStep, Threshold
from tower.domain.state import State
from tower.domain.words import (
    Awaited,
    ClaimKind,
    ClaimOutcome,
    Disposition,
    ExceptionKind,
    StepAction,
)
from tower.gateway.deciding.decisions import decide, refusal_event
from tower.gateway.deciding.verdicts import Accepted, Outdated, Refused, Terms
from tower.gateway.signin import Grant, Role
from tower.journal.decisions import decisions_of

NOW = MORNING + timedelta(hours=2)

words = st.sampled_from(["", " ", "4417#", "x" * 400])
versions = st.integers(0, 5)
moments = st.none() | st.integers(-2, 40).map(lambda hours: NOW + timedelta(hours=hours))
exceptions = st.sampled_from((*EXCEPTIONS, "none"))
stops = st.sampled_from((*STOPS, "none"))
claims = st.sampled_from(("", "c1", "c2"))
messages = st.sampled_from((*MESSAGES, "none"))
degrees = st.none() | st.sampled_from([0.0, 47.1, 9.5, 181.0, float("nan")])
places = st.sampled_from(("", *CARRIERS, "none"))

changes = st.builds(
    StopChanges,
    access_code=st.none() | words,
    window_start=moments,
    window_end=moments,
    address=st.none() | words,
    lat=degrees,
    lon=degrees,
)
thresholds = st.builds(
    Threshold,
    kind=st.sampled_from(ExceptionKind),
    name=st.sampled_from(["raise_past", "clear_past", "lasting", "raise"]),
    value=st.sampled_from([0.0, 5.0, 1e9, float("nan")]),
    carrier_id=places,
    depot_id=st.sampled_from(["", "d1", "none"]),
    service_level=st.sampled_from(["", "express"]),
)
steps = st.builds(
    PlaybookStep,
    title=words,
    action=st.sampled_from(StepAction),
    template=st.sampled_from(["", "delay_notice", "none"]),
)

commands: st.SearchStrategy[c.AnyCommand] = st.one_of(
    *(
        st.builds(kind, exception_id=exceptions, version=versions)
        for kind in (
            c.ClaimException,
            c.ReleaseException,
            c.WakeException,
            c.EscalateException,
            c.ReopenException,
        )
    ),
    st.builds(c.AssignException, exception_id=exceptions, version=versions, to=places),
    st.builds(
        c.SnoozeException,
        exception_id=exceptions,
        version=versions,
        until=moments.filter(bool),
        awaits=st.none() | st.sampled_from(Awaited),
    ),
    st.builds(c.MergeException, exception_id=exceptions, version=versions, into=exceptions),
    st.builds(
        c.ResolveException,
        exception_id=exceptions,
        version=versions,
        disposition=st.sampled_from(Disposition),
    ),
    st.builds(c.NoteException, exception_id=exceptions, words=words),
    st.builds(
        c.AmendStop,
        stop_id=stops,
        changes=changes,
        reply_id=st.sampled_from(("", *REPLIES, "none")),
    ),
    st.builds(c.LockStops, stops=st.lists(stops, max_size=3).map(tuple), locked=st.booleans()),
    st.builds(
        c.SetThresholds, version=versions, thresholds=st.lists(thresholds, max_size=3).map(tuple)
    ),
    st.builds(
        c.SetPlaybooks,
        version=versions,
        playbooks=st.lists(
            st.builds(
                Playbook,
                kind=st.sampled_from(ExceptionKind),
                steps=st.lists(steps, max_size=3).map(tuple),
            ),
            max_size=3,
        ).map(tuple),
    ),
    st.builds(c.SetOutreachPolicy, version=versions, policy=st.just(OutreachPolicy())),
    st.builds(
        c.SendMessages,
        messages=st.lists(st.builds(c.MessageWish, stop_id=stops), min_size=1, max_size=2).map(
            tuple
        ),
    ),
    st.builds(c.SettleMessage, message_id=messages, version=versions, again=st.booleans()),
    st.builds(c.CancelMessage, message_id=messages, version=versions),
    st.builds(c.SeeReplies, replies=st.lists(st.sampled_from(REPLIES), min_size=1).map(tuple)),
    st.builds(c.SetConsent, address=st.sampled_from(["+423000", "???"]), allowed=st.booleans()),
    st.builds(
        c.FileClaim,
        stop_id=stops,
        kind=st.sampled_from(ClaimKind),
        claim_id=claims,
        at=moments,
    ),
    st.builds(c.SettleClaim, claim_id=claims, outcome=st.sampled_from(ClaimOutcome), at=moments),
    st.builds(
        c.RecordSurvey,
        survey_id=claims,
        stop_id=stops,
        csat=st.none() | st.integers(1, 5),
        nps=st.none() | st.integers(0, 10),
        at=moments,
    ),
    st.builds(c.CloseReturn, stop_id=stops, at=moments),
    st.builds(c.SendReport, schedule_id=stops),
    st.builds(
        c.SetReporting,
        version=versions,
        reporting=st.builds(
            Reporting,
            targets=st.lists(
                st.builds(
                    Target,
                    measure=st.sampled_from(["on_time", "lag", "none"]),
                    value=st.sampled_from([0.0, 95.0, 101.0, float("inf")]),
                ),
                max_size=2,
            ).map(tuple),
        ),
    ),
)


def terms(role: Role) -> Terms:
    """Somebody at noon, in a room with one template."""
    grant = Grant(actor=Actor(kind="person", id="ann", name="Ann"), role=role)
    lease = timedelta(seconds=120)
    return Terms(grant=grant, now=NOW, lease=lease, templates={"delay_notice"})


@given(histories, st.lists(commands, min_size=1, max_size=6), st.sampled_from(Role))
def test_there_is_always_a_verdict_that_can_be_kept(
    history: list[Event], asked: list[c.AnyCommand], role: Role
) -> None:
    state = fold(history)
    for command in asked:
        verdict = decide(command, state, terms(role))
        if isinstance(verdict, Accepted):
            _keep(verdict.events, state)
            continue
        assert isinstance(verdict, Refused | Outdated)
        assert verdict.message.strip()
        trace = refusal_event(command, verdict.message, terms(role))
        assert isinstance(trace.body, CommandRefused)


def _keep(events: tuple[Event, ...], state: State) -> None:
    """The journal would take the events, and they give out the versions the state has then."""
    given_out = [decision for event in events for decision in decisions_of(event)]
    assert len({(one.kind, one.id) for one in given_out}) == len(given_out)
    for event in events:
        apply(state, event)
    for decision in given_out:
        assert _version(state, decision.kind, decision.id) == decision.version


def _version(state: State, kind: str, id_: str) -> int:
    match kind:
        case "exception":
            return state.exceptions[id_].work.version
        case "message":
            return state.messages[id_].version
        case "thresholds_set":
            return state.room_thresholds.version
        case "playbooks_set":
            return state.room_playbooks.version
        case "reporting_set":
            return state.room_reporting.version
    return state.policies[id_].version
