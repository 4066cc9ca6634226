"""What crosses from the feed thread to the window, and when."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Fleet
from tests.ui.example_shift import NOON, event, example_state, raised
from tower.domain.commands import ClaimException
from tower.domain.events import StopDelivered
from tower.domain.records import Subject
from tower.domain.state import Changed
from tower.domain.telemetry import Fix
from tower.feed.clock import FollowingClock
from tower.feed.link import Link
from tower.gateway.errors import GatewayUnreachable
from ui.bridge import EVENTS_AT_ONCE, Bridge
from ui.exchange import Answer
from ui.session import Session


class NobodyThere:
    """A gateway that does not answer until it is let to."""

    words = "nowhere"
    token = "x" * 40

    def __init__(self) -> None:
        self.asked = 0
        self.answers = threading.Event()

    def wait_ready(self) -> str:
        """Fail once asked for."""
        self.asked += 1
        self.answers.wait(10)
        raise GatewayUnreachable("No gateway at nowhere: connection refused.")

    def revive(self) -> bool:
        """Nothing to revive."""
        return False

    def stop(self) -> None:
        """Nothing to stop."""


@pytest.fixture
def host() -> NobodyThere:
    """A gateway nobody finds."""
    return NobodyThere()


@pytest.fixture
def bridge(session: Session, host: NobodyThere, qtbot: QtBot) -> Iterator[Bridge]:  # noqa: ARG001
    """A bridge whose feed is played by the test."""
    bridge = Bridge(session, host, FollowingClock(NOON.timestamp()))
    yield bridge
    bridge.stop()
    host.answers.set()


def test_events_are_gathered_and_told_as_one_change(
    bridge: Bridge, session: Session, qtbot: QtBot
) -> None:
    told: list[frozenset[Changed]] = []
    session.records_changed.connect(told.append)
    for number in range(3):
        delivered = event(StopDelivered(), Subject(stop_id=f"s{number}"), at=NOON, seq=90 + number)
        bridge.events_arrived([delivered])
    assert told == []
    with qtbot.waitSignal(bridge.drained):
        bridge.start()
    assert len(told) == 1
    assert {one.id for one in told[0]} == {"s0", "s1", "s2"}


def test_the_thread_that_hears_the_gateway_goes_before_others(
    bridge: Bridge, host: NobodyThere, monkeypatch: pytest.MonkeyPatch
) -> None:
    named: list[str] = []
    monkeypatch.setattr("ui.bridge.go_first", lambda: named.append(threading.current_thread().name))
    bridge.start()
    host.answers.set()
    bridge.stop()
    bridge._thread.join()
    assert named == ["tower-feed"]


def test_very_many_events_are_told_some_at_a_time_and_the_rest_after_them(
    bridge: Bridge, session: Session, fleet: Fleet, qtbot: QtBot
) -> None:
    fleet.vehicles.update_fixes([Fix(vehicle_id="own:v0", at=NOON, lat=47.0, lon=9.5)])
    happened = [raised(f"x{number}", stop=number % 5) for number in range(2 * EVENTS_AT_ONCE + 1)]
    told: list[int] = []
    session.events_arrived.connect(lambda events: told.append(len(events)))
    bridge.state_replaced(example_state(), "another")
    bridge.events_arrived(happened)
    bridge.frame_arrived(fleet.frame())
    bridge.link_changed(Link(status="live"))
    bridge.drain()
    assert session.epoch == "another"
    assert (told, session.link.status, len(session.vehicles)) == ([EVENTS_AT_ONCE], "connecting", 0)
    qtbot.waitUntil(lambda: session.link.status == "live")
    assert told == [EVENTS_AT_ONCE, EVENTS_AT_ONCE, 1]
    assert len(session.vehicles) == 1
    assert list(session.state.exceptions)[-1] == happened[-1].subject.exception_id


def test_an_exception_does_not_wait_for_the_drain(
    bridge: Bridge, session: Session, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(session.exceptions_changed) as told:
        feed = threading.Thread(target=bridge.events_arrived, args=([raised("x9", stop=4)],))
        feed.start()
        feed.join()
    assert told.args == [frozenset({"x9"})]


def test_a_new_state_drops_the_events_that_are_part_of_it(bridge: Bridge, session: Session) -> None:
    bridge.events_arrived([raised("old", stop=1)])
    bridge.state_replaced(example_state(), "another")
    bridge.events_arrived([raised("new", stop=2)])
    bridge.drain()
    assert session.epoch == "another"
    assert "old" not in session.state.exceptions
    assert "new" in session.state.exceptions


def test_frames_are_applied_in_their_order(bridge: Bridge, session: Session, fleet: Fleet) -> None:
    for step in range(3):
        fix = Fix(vehicle_id=f"own:v{step}", at=NOON, lat=47.0 + step, lon=9.5)
        fleet.vehicles.update_fixes([fix])
        bridge.frame_arrived(fleet.frame())
    bridge.drain()
    assert len(session.vehicles) == 3


def test_only_the_newest_standing_of_the_link_is_told(bridge: Bridge, session: Session) -> None:
    bridge.link_changed(Link(status="connecting"))
    bridge.link_changed(Link(status="live"))
    bridge.drain()
    assert session.link.status == "live"


def test_a_gateway_that_is_not_there_is_told_and_tried_again(
    bridge: Bridge, host: NobodyThere, qtbot: QtBot
) -> None:
    host.answers.set()
    with qtbot.waitSignal(bridge.failed) as failed:
        bridge.start()
    assert "No gateway at nowhere" in str(failed.args[0])
    with qtbot.waitSignal(bridge.failed):
        bridge.start_again()
    assert host.asked == 2


@pytest.mark.usefixtures("bridge")
def test_a_command_without_a_gateway_is_answered_in_words(session: Session, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.command_answered) as answered:
        session.run(ClaimException(exception_id="x1", version=0))
    assert not answered.args[1].ok
    assert answered.args[1].message == "there is no connection to the gateway yet"
    answers: list[Answer] = []
    session.ask("/v1/carriers", answers.append)
    assert answers[0].status == 0
