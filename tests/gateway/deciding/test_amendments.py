"""What is agreed with a customer about a stop, as it is checked and kept."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from tests.gateway.deciding.test_decisions import carry_out, terms
from tests.gateway.shift import GATE, NOON, small_shift, told
from tower.domain.commands import AmendStop
from tower.domain.events import ReplyReceived, StopArrived
from tower.domain.fold import apply, fold
from tower.domain.records import StopChanges, StopPlan, Subject
from tower.domain.state import State
from tower.domain.words import Channel
from tower.gateway.deciding.verdicts import Accepted, Refused

ZURICH = timezone(timedelta(hours=1))


@pytest.fixture
def state() -> State:
    shift = fold(small_shift())
    subject = Subject(stop_id="S3", exception_id=GATE)
    reply = ReplyReceived(reply_id="r1", channel=Channel.SMS, address="+4179", words="Code 4417#")
    apply(shift, told(NOON, subject, reply))
    return shift


def agree(state: State, changes: StopChanges, stop_id: str = "S3", reply_id: str = "") -> str:
    """Why it was refused, or ""."""
    command = AmendStop(stop_id=stop_id, changes=changes, reply_id=reply_id)
    verdict = carry_out(state, command, terms("ann"))
    if isinstance(verdict, Accepted):
        return ""
    assert isinstance(verdict, Refused)
    return verdict.message


def plan(state: State, stop_id: str = "S3") -> StopPlan:
    found = state.stops[stop_id].plan
    assert found is not None
    return found


def test_a_code_out_of_a_reply_stands_at_the_stop_and_the_reply_is_dealt_with(
    state: State,
) -> None:
    assert not agree(state, StopChanges(access_code=" 4417# "), reply_id="r1")
    assert plan(state).access_code == "4417#"
    seen = state.seen["r1"]
    assert (seen.by, seen.deed) == ("Ann", "access code 4417#")


def test_another_window_and_place_keep_what_was_planned_in_mind(state: State) -> None:
    window = StopChanges(
        window_start=datetime(2026, 11, 20, 15, tzinfo=ZURICH),
        window_end=datetime(2026, 11, 20, 16, tzinfo=ZURICH),
    )
    assert not agree(state, window)
    assert not agree(state, StopChanges(address="Kiosk", lat=47.2, lon=9.5))
    now, before = plan(state), state.stops["S3"].as_planned
    assert now.window_start == NOON + timedelta(hours=2)
    assert now.window_start.tzinfo is UTC
    assert (now.address, now.position) == ("Kiosk", (47.2, 9.5))
    assert before is not None
    assert (before.window_start, before.address) == (NOON, "")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (StopChanges(), "Nothing"),
        (StopChanges(access_code=""), "already"),
        (StopChanges(access_code="1" * 65), "64 letters"),
        (StopChanges(safe_place="x" * 201), "200 letters"),
        (StopChanges(window_start=NOON), "both"),
        (StopChanges(window_start=NOON, window_end=NOON), "before it starts"),
        (StopChanges(window_start=NOON - timedelta(hours=1), window_end=NOON), "over"),
        (StopChanges(window_start=NOON, window_end=NOON + timedelta(days=32)), "31 days"),
        (
            StopChanges(window_start=NOON, window_end=datetime.max.replace(tzinfo=ZURICH)),
            "31 days",
        ),
        (
            StopChanges(
                window_start=NOON.replace(tzinfo=None), window_end=NOON.replace(tzinfo=None)
            ),
            "time zone",
        ),
        (StopChanges(lat=47.0), "both"),
        (StopChanges(lat=47.0, lon=9.0), "called"),
        (StopChanges(lat=97.0, lon=9.0, address="Kiosk"), "no place"),
        (StopChanges(lat=0.0, lon=0.0, address="Kiosk"), "no place"),
        (StopChanges(lat=float("nan"), lon=0.0, address="Kiosk"), "no place"),
    ],
)
def test_what_nobody_could_have_agreed_is_refused(
    state: State, changes: StopChanges, says: str
) -> None:
    assert says in agree(state, changes)
    assert state.stops["S3"].planned is None


def test_nothing_is_agreed_about_what_is_done_or_unknown(state: State) -> None:
    code = StopChanges(access_code="1")
    assert "delivered" in agree(state, code, "S1")
    assert "no stop" in agree(state, code, "S99")


def test_a_reply_is_that_of_the_stops_customer(state: State) -> None:
    code = StopChanges(access_code="1")
    assert "another stop" in agree(state, code, "S4", "r1")
    assert "no reply" in agree(state, code, "S4", "r9")


def test_a_stop_is_not_moved_from_under_the_drivers_feet(state: State) -> None:
    apply(state, told(NOON, Subject(stop_id="S3"), StopArrived()))
    assert "at the door" in agree(state, StopChanges(lat=47.2, lon=9.5, address="Kiosk"))
    assert not agree(state, StopChanges(access_code="4417#"))


moments = st.none() | st.integers(-30, 40 * 24).map(
    lambda hours: (NOON + timedelta(hours=hours)).astimezone(ZURICH)
)
places = st.none() | st.floats(-200, 200)
agreements = st.builds(
    StopChanges,
    access_code=st.none() | st.text(max_size=70),
    safe_place=st.none() | st.text(max_size=210),
    window_start=moments,
    window_end=moments,
    lat=places,
    lon=places,
    address=st.none() | st.text(max_size=10),
)


@given(st.lists(agreements, max_size=5))
def test_a_stop_is_always_somewhere_and_its_window_has_a_length(asked: list[StopChanges]) -> None:
    state = fold(small_shift())
    for changes in asked:
        before, wanted = plan(state), asdict(changes)
        refused = agree(state, changes)
        after = plan(state)
        if refused:
            assert after == before
        untouched = {name: getattr(before, name) for name, value in wanted.items() if value is None}
        assert after == replace(after, **untouched)
        assert abs(after.lat) <= 90
        assert abs(after.lon) <= 180
        assert after.window_start is not None
        assert after.window_end is not None
        assert after.window_start < after.window_end
        assert len(after.access_code) <= 64
