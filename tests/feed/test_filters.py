"""What is said to and by a customer reaches the desktops that watch the customer's stop."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.happenings import CARRIERS, ROUTES, histories
from tests.feed.rooms import NOON, Room
from tower.domain import events as e
from tower.domain.fold import apply
from tower.domain.messages import Attempt, MessagePlan, Reach
from tower.domain.records import StopChanges, StopPlan, Subject
from tower.domain.state import State
from tower.domain.words import Channel, ExceptionState, MessageState
from tower.feed.filters import keeps, passes
from tower.feed.messages import EventFilter

SMS = Channel.SMS
PLAN = MessagePlan(
    stop_id="R-1/1", reaches=(Reach(channel=SMS, address="+4179"),), words="Late by an hour"
)
ATTEMPT = Attempt(
    number=1,
    channel=SMS,
    address="+4179",
    provider="outbox",
    state=MessageState.SENT,
    at=NOON + timedelta(minutes=1),
)
MESSAGE = Subject(message_id="m1")

CONVERSATION: list[tuple[Subject, e.AnyBody]] = [
    (MESSAGE, e.MessageQueued(plan=PLAN)),
    (MESSAGE, e.MessageProgressed(attempt=ATTEMPT)),
    (MESSAGE, e.MessageCancelled(version=2, why="The stop is done")),
    (Subject(stop_id="R-1/1"), e.MessageBarred(template="delay_notice", why="opted out")),
    (
        Subject(stop_id="R-1/1"),
        e.ReplyReceived(reply_id="y1", channel=SMS, address="+4179", words="4417#"),
    ),
    (Subject(), e.RepliesSeen(replies=("y1",))),
    (Subject(stop_id="R-1/1"), e.StopAmended(changes=StopChanges(access_code="4417#"))),
]


@pytest.fixture
def room() -> Room:
    room = Room()
    order = e.RouteSequence(route_id="R-1", version=1, stops=("R-1/1",))
    room.happen(
        (Subject(), e.StopPlanned(plan=StopPlan(id="R-1/1", lat=47.1, lon=9.5))),
        (Subject(), e.RoutesSequenced(routes=(order,))),
    )
    return room


@pytest.mark.parametrize(("route", "wanted"), [("R-1", True), ("R-7", False)])
def test_a_conversation_passes_like_its_stop(room: Room, route: str, *, wanted: bool) -> None:
    watched = EventFilter(routes=(route,))
    for one in CONVERSATION:
        (event,) = room.happen(one)
        assert passes(watched, event, room.state) is wanted, event.type
    keep = keeps(watched, room.state)
    assert keep("messages", room.state.messages["m1"]) is wanted
    assert keep("replies", room.state.replies["y1"]) is wanted


def test_what_nobody_can_place_passes_to_everybody(room: Room) -> None:
    watched = EventFilter(routes=("R-7",))
    unknown = e.ReplyReceived(reply_id="y9", channel=SMS, address="+4178", words="Who is this?")
    settings = e.ThresholdsSet(version=1, thresholds=())
    consent = e.ConsentSet(address="+4178", allowed=False)
    for body in (unknown, settings, consent):
        (event,) = room.happen((Subject(), body))
        assert passes(watched, event, room.state), event.type
    assert keeps(watched, room.state)("replies", room.state.replies["y9"])


def test_all_work_on_exceptions_passes(room: Room) -> None:
    watched = EventFilter(routes=("R-7",), types=("stop_arrived",))
    about = Subject(stop_id="R-1/1", exception_id="x1")
    bodies = (
        e.ExceptionNoted(words="called"),
        e.ExceptionWorked(state=ExceptionState.ESCALATED, version=1, escalated_at=NOON),
    )
    for body in bodies:
        (event,) = room.happen((about, body))
        assert passes(watched, event, room.state)


@given(histories, st.frozensets(st.sampled_from(ROUTES)), st.frozensets(st.sampled_from(CARRIERS)))
def test_a_filter_lets_through_what_belongs_to_what_is_watched(
    history: list[e.Event], routes: frozenset[str], carriers: frozenset[str]
) -> None:
    state = State()
    watched = EventFilter(routes=tuple(routes), carriers=tuple(carriers))
    everything = EventFilter(routes=ROUTES, carriers=CARRIERS)
    for event in history:
        apply(state, event)
        assert passes(EventFilter(), event, state)
        assert passes(everything, event, state), event.type
        known = event.subject.route_id in routes and event.subject.carrier_id in carriers
        if known and not isinstance(event.body, e.RoutesSequenced | e.RoutePlanned):
            assert passes(watched, event, state) or event.type == "vehicle_registered"
