"""The gateway's side of both sockets, without sockets: who gets what, and how it ends."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.feed.rooms import NOON, Room, a_shift, an_exception, progress
from tower.domain.events import StopsLocked
from tower.domain.fold import apply
from tower.domain.records import Subject
from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.feed.codec import CODECS, Codec, negotiate
from tower.feed.conversation import Close, Conversation, Fetch, Send
from tower.feed.eventlog import EventLog
from tower.feed.events_client import EventsClient
from tower.feed.events_server import EventsServer
from tower.feed.fleetlog import FleetLog
from tower.feed.messages import (
    LIMITS,
    Ack,
    ClientHeartbeat,
    EventFilter,
    Events,
    EventsHello,
    EventsResume,
    EventsWelcome,
    Snapshot,
    VehiclesHello,
    VehiclesResume,
    VehiclesWelcome,
)
from tower.feed.sections import FeedError, Frame
from tower.feed.vehicles_client import VehiclesClient
from tower.feed.vehicles_server import VehiclesServer

CODEC = CODECS["tower.v1"]


class EventsTalk:
    """A room with one desktop on its events socket."""

    def __init__(self, stops: int = 5, codec: Codec = CODEC) -> None:
        self.room = Room()
        self.room.happen(*a_shift(stops))
        self.codec = codec
        self.log = EventLog(self.room.state, "epoch-1", self.room.clock, 1)
        self.server = EventsServer(codec, self.log, 0.0)

    def happen(self, count: int) -> None:
        events = self.room.happen(*(progress(f"R-1/{n % 5}", n) for n in range(count)))
        self.log.publish(events)

    def say(self, message: object, now: float = 0.0) -> None:
        self.server.receive(self.codec.encode(message), now)

    def heard(self, now: float = 0.0) -> Iterator[object]:
        while action := self.server.next(now):
            if isinstance(action, Send):
                yield self.codec.events_from_server(action.data)
            else:
                yield action
                if isinstance(action, Close):
                    return

    def resume(self, seq: int, epoch: str = "epoch-1") -> list[object]:
        self.say(EventsHello(resume=EventsResume(epoch=epoch, seq=seq)))
        return list(self.heard())


class VehiclesTalk:
    """A room with one desktop on its vehicles socket."""

    def __init__(self) -> None:
        self.room = Room()
        room = self.room
        self.log = FleetLog(room.vehicle_table, room.arrival_table, lambda: (), room.clock, "run-1")
        self.server = VehiclesServer(CODEC, self.log, 0.0)

    def move(self, count: int, second: float, now: float) -> None:
        self.room.vehicle_table.update_fixes(
            [
                Fix(vehicle_id=f"v{n}", at=NOON, lat=second, lon=1.0)
                if second == 0
                else Fix(
                    vehicle_id=f"v{n}",
                    at=NOON.fromtimestamp(NOON.timestamp() + second, NOON.tzinfo),
                    lat=second,
                    lon=1.0,
                )
                for n in range(count)
            ]
        )
        self.log.tick(now)

    def say(self, message: object, now: float = 0.0) -> None:
        self.server.receive(CODEC.encode(message), now)

    def heard(self, now: float = 0.0) -> list[object]:
        messages: list[object] = []
        while action := self.server.next(now):
            messages.append(
                CODEC.vehicles_from_server(action.data) if isinstance(action, Send) else action
            )
            if isinstance(action, Close):
                break
        return messages


def test_the_first_subprotocol_both_speak_is_taken() -> None:
    chosen = negotiate(["tower.v9", "tower.v1.json", "tower.v1"])
    assert chosen is not None
    assert chosen.name == "tower.v1.json"
    assert negotiate(["chat"]) is None


def test_a_newcomer_gets_a_welcome_a_snapshot_and_then_the_events() -> None:
    desk = EventsTalk()
    desk.say(EventsHello())
    welcome, snapshot = desk.heard()
    assert isinstance(welcome, EventsWelcome)
    assert not welcome.resumed
    assert isinstance(snapshot, Snapshot)
    assert snapshot.last
    assert set(snapshot.state.stops) == {f"R-1/{n}" for n in range(5)}
    desk.happen(3)
    (events,) = desk.heard()
    assert isinstance(events, Events)
    assert [event.seq for event in events.events] == [7, 8, 9]


def test_who_comes_back_gets_only_what_was_missed() -> None:
    desk = EventsTalk()
    desk.happen(10)
    welcome, events = desk.resume(12)
    assert isinstance(welcome, EventsWelcome)
    assert welcome.resumed
    assert isinstance(events, Events)
    assert [event.seq for event in events.events] == [13, 14, 15, 16]


@pytest.mark.parametrize(("seq", "epoch"), [(12, "other"), (400, "epoch-1"), (-3, "epoch-1")])
def test_a_place_that_cannot_be_continued_gets_a_snapshot(seq: int, epoch: str) -> None:
    desk = EventsTalk()
    desk.happen(10)
    welcome, snapshot = desk.resume(seq, epoch)
    assert isinstance(welcome, EventsWelcome)
    assert not welcome.resumed
    assert isinstance(snapshot, Snapshot)
    assert snapshot.seq == 16


def test_a_snapshot_under_way_while_the_shift_goes_on_ends_at_the_same_state() -> None:
    desk = EventsTalk(stops=11_000)
    client = EventsClient(CODEC)
    desk.server.receive(client.hello(), 0.0)
    states: list[State] = []
    for step in range(400):
        desk.happen(1 if step < 100 else 0)
        action = desk.server.next(0.0)
        if isinstance(action, Send):
            for happening in client.receive(action.data):
                if hasattr(happening, "state"):
                    states.append(happening.state)
                for event in getattr(happening, "events", ()):
                    apply(states[-1], event)
            if client.frames:
                desk.server.receive(client.ack(), 0.0)
    assert len(states) == 1
    assert states[0] == desk.room.state


def test_two_newcomers_share_the_bytes_of_a_snapshot_and_of_events() -> None:
    desk = EventsTalk()
    other = EventsServer(CODEC, desk.log, 0.0)
    hello = CODEC.encode(EventsHello())
    for server in (desk.server, other):
        server.receive(hello, 0.0)
        server.next(0.0)
    assert _data(desk.server) is _data(other)
    desk.happen(3)
    assert _data(desk.server) is _data(other)


def _data(server: Conversation) -> bytes:
    action = server.next(0.0)
    assert isinstance(action, Send)
    return action.data


def test_no_more_than_four_messages_are_left_unacknowledged() -> None:
    desk = EventsTalk()
    desk.resume(6)
    for _ in range(10):
        desk.happen(1)
        list(desk.heard())
    assert desk.server._outstanding == 4
    desk.say(Ack(frames=4))
    (rest,) = desk.heard()
    assert isinstance(rest, Events)
    assert [event.seq for event in rest.events] == list(range(11, 17))


def test_older_events_are_fetched_from_the_journal() -> None:
    desk = EventsTalk()
    desk.happen(6_000)
    welcome, fetch = desk.resume(6)
    assert isinstance(welcome, EventsWelcome)
    assert welcome.resumed
    assert isinstance(fetch, Fetch)
    desk.server.fetched(desk.room.journal.read(fetch.after, fetch.limit))
    first, *_ = desk.heard()
    assert isinstance(first, Events)
    assert first.events[0].seq == 7


def test_a_journal_that_no_longer_has_the_next_event_asks_to_come_again() -> None:
    desk = EventsTalk()
    desk.happen(6_000)
    *_, fetch = desk.resume(6)
    assert isinstance(fetch, Fetch)
    desk.server.fetched(desk.room.journal.read(100, 10))
    assert list(desk.heard()) == [Close(4409, "the journal no longer keeps what comes next")]


def test_a_desktop_without_progress_for_eight_seconds_is_closed() -> None:
    desk = EventsTalk()
    desk.resume(6)
    desk.happen(1)
    assert len(list(desk.heard(1.0))) == 1
    desk.say(ClientHeartbeat(), 8.0)
    assert not any(isinstance(one, Close) for one in desk.heard(8.9))
    (close,) = desk.heard(9.1)
    assert isinstance(close, Close)
    assert close.code == 4408
    assert "no progress" in close.reason


def test_a_desktop_two_thousand_events_behind_is_closed() -> None:
    desk = EventsTalk()
    desk.resume(6)
    desk.happen(1)
    list(desk.heard(1.0))
    desk.happen(2_500)
    list(desk.heard(1.1))
    assert desk.server.overdue(2.0) is None
    close = desk.server.overdue(3.1)
    assert close is not None
    assert close.code == 4408
    assert "events behind" in close.reason


def test_a_burst_does_not_close_a_desktop_that_takes_it() -> None:
    desk = EventsTalk()
    desk.resume(6)
    desk.happen(1)
    sent = len(list(desk.heard(1.0)))
    desk.say(Ack(frames=sent), 1.0)
    desk.happen(4_000)
    for step in range(40):
        sent += len([one for one in desk.heard(1.0 + step) if isinstance(one, Events)])
        desk.say(Ack(frames=sent), 1.0 + step)
        assert desk.server.overdue(1.0 + step) is None
    assert desk.server._cursor == 4_007


def test_a_desktop_that_says_nothing_is_closed() -> None:
    silent, mute = EventsTalk(), EventsTalk()
    mute.say(EventsHello())
    list(mute.heard())
    mute.say(Ack(frames=1), 1.0)
    (close,) = silent.heard(5.0)
    assert close == Close(4400, "no hello within 5 s")
    assert not any(isinstance(one, Close) for one in mute.heard(15.9))
    (close,) = mute.heard(16.1)
    assert isinstance(close, Close)
    assert close.code == 4408


def test_a_quiet_shift_is_said_to_be_alive() -> None:
    desk = EventsTalk()
    desk.resume(6)
    assert list(desk.heard(4.9)) == []
    assert desk.server.due() == 5.0
    (heartbeat,) = desk.heard(5.0)
    assert getattr(heartbeat, "seq", None) == 6


Hostile = Callable[[Codec], bytes]
HOSTILE: dict[str, Hostile] = {
    "nonsense": lambda _: b"\xc1\xff\x00",
    "nothing": lambda _: b"",
    "an ack first": lambda codec: codec.encode(Ack(frames=1)),
    "a wrong type": lambda codec: codec.encode({"type": "hello", "resume": 7}),
    "an unknown type": lambda codec: codec.encode({"type": "goodbye"}),
    "too long": lambda _: b" " * (LIMITS.client_frame_bytes + 1),
    "too deep": lambda codec: codec.encode("x")[:0] + (b"[" if codec.is_text else b"\x91") * 60_000,
    "a huge number": lambda codec: (
        codec.encode({"type": "hello", "resume": {"epoch": "e", "seq": 2**63}}) + b"!"
    ),
}


@pytest.mark.parametrize("what", list(HOSTILE))
@pytest.mark.parametrize("name", list(CODECS))
def test_nonsense_is_answered_with_4400_on_both_sockets(what: str, name: str) -> None:
    codec = CODECS[name]
    for server in (EventsTalk(codec=codec).server, VehiclesServer(codec, VehiclesTalk().log, 0.0)):
        server.receive(HOSTILE[what](codec), 0.0)
        close = server.next(0.0)
        assert isinstance(close, Close)
        assert close.code == 4400
        assert server.next(0.0) is None


@pytest.mark.parametrize("frames", [-1, 2, 10**9])
def test_acknowledging_what_was_not_sent_is_answered_with_4400(frames: int) -> None:
    desk = EventsTalk()
    desk.say(EventsHello())
    list(desk.heard())
    desk.say(Ack(frames=1))
    desk.say(Ack(frames=frames))
    (close,) = desk.heard()
    assert isinstance(close, Close)
    assert close.code == 4400


def test_a_slow_desktop_gets_the_newest_places_and_no_queue() -> None:
    desk = VehiclesTalk()
    desk.say(VehiclesHello())
    for second in range(20):
        desk.move(50, second, now=second * 0.25)
        if second < 4:
            desk.heard(second * 0.25)
    desk.say(Ack(frames=2), 5.0)
    client_frames = [one for one in desk.heard(5.0) if isinstance(one, Frame)]
    assert len(client_frames) == 1
    assert client_frames[0].vehicles is not None
    assert client_frames[0].vehicles.rows == 50
    assert set(client_frames[0].vehicles.columns["lat"].tolist()) == {19 * 10**7}


def test_desktops_in_step_share_the_bytes_of_a_frame() -> None:
    desk = VehiclesTalk()
    other = VehiclesServer(CODEC, desk.log, 0.0)
    for server in (desk.server, other):
        server.receive(CODEC.encode(VehiclesHello()), 0.0)
        server.next(0.0)
    for second in range(3):
        desk.move(10, second, now=second)
        assert _data(desk.server) is _data(other)
        for server in (desk.server, other):
            server.receive(CODEC.encode(Ack(frames=second + 1)), second)


@pytest.mark.parametrize(
    ("run", "vehicles", "resumed"), [("run-1", 3, True), ("run-0", 3, False), ("run-1", 99, False)]
)
def test_vehicles_resume_only_within_the_same_life_of_the_gateway(
    run: str, vehicles: int, resumed: bool
) -> None:
    desk = VehiclesTalk()
    desk.move(10, 0, now=0.0)
    desk.say(VehiclesHello(resume=VehiclesResume(run=run, vehicles=vehicles, arrivals=0)))
    welcome, frame = desk.heard()
    assert isinstance(welcome, VehiclesWelcome)
    assert welcome.resumed is resumed
    assert isinstance(frame, Frame)
    assert frame.vehicles is not None
    assert frame.vehicles.since == (3 if resumed else 0)


def test_a_desktop_on_the_vehicles_socket_hears_something_each_second() -> None:
    desk = VehiclesTalk()
    desk.say(VehiclesHello())
    desk.heard(0.0)
    desk.log.tick(0.0)
    desk.heard(0.1)
    assert desk.server.due() <= 1.2
    assert len(desk.heard(1.15)) == 1


@given(
    st.lists(st.binary(max_size=200) | st.text(max_size=50), max_size=5),
    st.sampled_from(list(CODECS)),
)
def test_no_bytes_break_either_side_of_either_socket(said: list[bytes | str], name: str) -> None:
    codec = CODECS[name]
    events, vehicles = EventsTalk(codec=codec), VehiclesServer(codec, VehiclesTalk().log, 0.0)
    clients = (EventsClient(codec), VehiclesClient(codec))
    for data in said:
        for server in (events.server, vehicles):
            server.receive(data, 0.0)
            while action := server.next(0.0):
                assert isinstance(action, Send | Close)
        for client in clients:
            with pytest.raises(FeedError):
                list(client.receive(data))


MESSAGES = st.one_of(
    st.builds(
        EventsHello,
        resume=st.none()
        | st.builds(EventsResume, epoch=st.sampled_from(["epoch-1", "x"]), seq=st.integers(-5, 40)),
    ),
    st.builds(
        EventsHello,
        filter=st.builds(EventFilter, routes=st.tuples(st.sampled_from(["R-1", "R-2"]))),
    ),
    st.builds(Ack, frames=st.integers(-1, 9)),
    st.builds(ClientHeartbeat),
)


@given(st.lists(st.tuples(MESSAGES, st.integers(0, 3), st.floats(0, 4)), max_size=25))
def test_any_well_formed_talk_ends_orderly_and_events_never_skip(
    talk: list[tuple[object, int, float]],
) -> None:
    desk, now = EventsTalk(), 0.0
    at: int | None = None
    for message, count, pause in talk:
        now += pause
        desk.say(message, now)
        desk.happen(count)
        for heard in desk.heard(now):
            if isinstance(heard, Snapshot):
                at = heard.seq
            elif isinstance(heard, EventsWelcome) and heard.resumed:
                at = None
            elif isinstance(heard, Events):
                assert at is None or heard.after == at
                at = heard.upto
            elif isinstance(heard, Close):
                assert heard.code in (4400, 4408)
                return


def test_exceptions_pass_every_filter() -> None:
    desk = EventsTalk()
    desk.say(EventsHello(filter=EventFilter(routes=("R-7",), types=("stop_arrived",))))
    list(desk.heard())
    desk.log.publish(desk.room.happen(progress("R-1/1", 1), an_exception(1, "R-1/1")))
    (events,) = desk.heard()
    assert isinstance(events, Events)
    assert [event.type for event in events.events] == ["exception_raised"]
    assert (events.after, events.upto) == (6, 8)


@pytest.mark.parametrize(("route", "heard"), [("R-1", 1), ("R-7", 0)])
def test_a_lock_passes_to_those_who_watch_the_route_of_its_stops(route: str, heard: int) -> None:
    desk = EventsTalk()
    desk.say(EventsHello(filter=EventFilter(routes=(route,))))
    list(desk.heard())
    desk.log.publish(desk.room.happen((Subject(), StopsLocked(stops=("R-1/1",), locked=True))))
    (events,) = desk.heard()
    assert isinstance(events, Events)
    assert len(events.events) == heard
