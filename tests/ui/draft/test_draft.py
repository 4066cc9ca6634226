"""Gestures on the order of stops, tried out before anything is sent."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.example_shift import NOON, event, numbered
from tower.domain import events as e
from tower.domain.commands import Command, SequenceRoutes
from tower.domain.events import RouteSequence
from tower.domain.records import Actor, Subject
from tower.domain.state import Changed, State
from tower.replay.recording import Moment
from tower.routes.change import UNASSIGNED, Arrange, Move
from ui.draft.draft import Draft
from ui.draft.outcome import Conflict, Refusal
from ui.exchange import CommandResult
from ui.session import Session

SEQ = 500
LATER = NOON + timedelta(seconds=1)


@pytest.fixture
def draft(session: Session) -> Iterator[Draft]:
    """A draft on the example shift: three routes of five stops."""
    draft = Draft(session)
    yield draft
    draft.deleteLater()


@pytest.fixture
def sent(session: Session) -> list[Command]:
    """What is sent to the gateway."""
    found: list[Command] = []
    session.command_issued.connect(found.append)
    return found


def _happens(session: Session, *happened: e.Event) -> None:
    session.fold_events(numbered(happened, start=SEQ))


def _done(stop_id: str, route_id: str = "r0") -> e.Event:
    return event(e.StopDelivered(), Subject(stop_id=stop_id, route_id=route_id))


def _sequenced(route_id: str, version: int, *stops: str, by: str = "B. Example") -> e.Event:
    body = e.RoutesSequenced(
        routes=(RouteSequence(route_id=route_id, version=version, stops=stops),)
    )
    made = event(body, Subject(route_id=route_id))
    return e.Event(
        id=made.id,
        at=LATER,
        recorded_at=LATER,
        actor=Actor(kind="person", id="somebody", name=by),
        subject=made.subject,
        body=body,
    )


def test_hovering_shows_what_a_move_would_do_and_sends_nothing(
    draft: Draft, sent: list[Command], qtbot: QtBot
) -> None:
    assert draft.lift(["s3"]) == ""
    with qtbot.waitSignal(draft.changed):
        draft.hover(Move(stops=("s3",), route_id="r0", before="s1"))
    assert draft.orders["r0"] == ("s0", "s3", "s1", "s2", "s4")
    assert draft.headline == "Moving stop 4 before 2 — preview, not sent"
    assert draft.numbers("s3") == (4, 2)
    assert draft.numbers("s1") == (2, 3)
    assert draft.numbers("s0") == (1, 1)
    impact = draft.impact
    assert impact is not None
    moved = {one.stop_id: one for one in impact.stops}
    assert moved["s3"].shift_s < 0 < moved["s1"].shift_s
    assert draft.is_empty
    draft.cancel_lift()
    assert draft.orders == draft.base
    assert draft.impact is None
    assert sent == []


def test_done_and_locked_stops_stay_and_say_why(session: Session, draft: Draft) -> None:
    _happens(
        session,
        _done("s0"),
        event(e.StopArrived(), Subject(stop_id="s1", route_id="r0")),
        event(e.StopsLocked(stops=("s2",), locked=True, reason="promised by phone")),
    )
    assert draft.lift(["s0"]) == "Stop 1 is delivered; it stays where it is."
    assert draft.lift(["s1"]) == "The driver is at stop 2; it stays where it is."
    assert "promised by phone" in draft.lift(["s3", "s2"])
    assert draft.lifted == ()
    assert draft.lift(["s3"]) == ""


def test_several_gestures_are_undone_and_done_again(draft: Draft) -> None:
    before = draft.base
    assert draft.add(Move(stops=("s0", "s1"), route_id="r1", before="s6")) == ""
    assert draft.add(Move(stops=("s10",), route_id=UNASSIGNED)) == ""
    after = draft.orders
    assert after["r1"] == ("s5", "s0", "s1", "s6", "s7", "s8", "s9")
    assert after[UNASSIGNED] == ("s10",)
    assert draft.numbers("s10") == (1, 0)
    assert draft.routes == {"r0", "r1", "r2"}
    assert draft.headline == "2 changes — not sent"
    assert draft.undo()
    assert draft.undo()
    assert not draft.undo()
    assert draft.orders == before
    assert draft.redo()
    assert draft.redo()
    assert draft.orders == after
    draft.discard()
    assert draft.is_empty
    assert draft.orders == before


def test_a_gesture_that_changes_nothing_is_let_go(draft: Draft) -> None:
    assert draft.add(Move(stops=("s1",), route_id="r0", before="s2")) == ""
    assert draft.is_empty


def test_a_commit_is_one_command_against_the_versions_seen(
    session: Session, draft: Draft, sent: list[Command], qtbot: QtBot
) -> None:
    _happens(session, _done("s0"))
    draft.add(Move(stops=("s1",), route_id="r1", before="s5"))
    draft.commit()
    (command,) = sent
    assert isinstance(command, SequenceRoutes)
    assert [(w.route_id, w.version, w.stops) for w in command.routes] == [
        ("r0", 1, ("s0", "s2", "s3", "s4")),
        ("r1", 1, ("s1", "s5", "s6", "s7", "s8", "s9")),
    ]
    assert draft.lift(["s2"]) == "The change before is still being sent."
    session.answer(command, CommandResult(status=200, seq=SEQ + 1))
    assert draft.gestures, "the new order has not arrived yet"
    with qtbot.waitSignal(draft.committed) as told:
        body = e.RoutesSequenced(
            routes=tuple(
                RouteSequence(route_id=one.route_id, version=2, stops=one.stops)
                for one in command.routes
            )
        )
        session.fold_events(numbered([event(body, at=LATER)], start=SEQ + 1))
    assert told.args == ["move stop 2 of R-200 to R-201, before 1"]
    assert draft.is_empty
    assert draft.orders["r1"][0] == "s1"


def test_a_refusal_leaves_the_draft_as_it_is(
    session: Session, draft: Draft, sent: list[Command], qtbot: QtBot
) -> None:
    draft.add(Move(stops=("s1",), route_id="r0"))
    draft.commit()
    with qtbot.waitSignal(draft.commit_refused) as told:
        session.answer(sent[0], CommandResult(status=503, error="away", message="Gone."))
    assert told.args == [Refusal(status=503, error="away", message="Gone.")]
    assert draft.orders["r0"] == ("s0", "s2", "s3", "s4", "s1")


def test_somebody_elses_change_is_shown_beside_mine(
    session: Session, draft: Draft, sent: list[Command], qtbot: QtBot
) -> None:
    draft.add(Move(stops=("s4",), route_id="r0", before="s0"))
    with qtbot.waitSignal(draft.conflict_found) as told:
        _happens(session, _sequenced("r0", 2, "s1", "s0", "s2", "s3", "s4"))
    (conflict,) = told.args
    assert isinstance(conflict, Conflict)
    assert conflict.routes == ("r0",)
    assert conflict.who == "B. Example"
    assert conflict.theirs["r0"] == ("s1", "s0", "s2", "s3", "s4")
    assert conflict.mine["r0"] == ("s4", "s0", "s1", "s2", "s3")
    assert conflict.merged["r0"] == ("s1", "s4", "s0", "s2", "s3")
    with qtbot.waitSignal(draft.conflict_found):
        draft.commit()
    assert sent == []
    draft.resolve(conflict.mine)
    assert draft.orders["r0"] == conflict.mine["r0"]
    draft.commit()
    (command,) = sent
    assert isinstance(command, SequenceRoutes)
    assert command.routes[0].version == 2


def test_taking_theirs_leaves_nothing_to_send(session: Session, draft: Draft) -> None:
    found: list[Conflict] = []
    draft.conflict_found.connect(found.append)
    draft.add(Move(stops=("s4",), route_id="r0", before="s0"))
    _happens(session, _sequenced("r0", 2, "s1", "s0", "s2", "s3", "s4"))
    draft.resolve(found[0].theirs)
    assert draft.is_empty


def test_a_stop_served_meanwhile_stays_where_it_is(session: Session, draft: Draft) -> None:
    draft.add(Move(stops=("s0", "s1"), route_id="r0", before="s4"))
    _happens(session, _done("s0"))
    assert draft.orders["r0"] == ("s2", "s3", "s1", "s4")
    assert draft.numbers("s0") == (1, 1)


def test_a_proposal_is_one_gesture(draft: Draft) -> None:
    wish: dict[str, tuple[str, ...]]
    wish = {"r0": ("s4", "s3", "s2", "s1", "s0"), "r1": ("s9", "s5", "s6", "s7", "s8")}
    assert draft.propose(Arrange(orders=wish, title="better order")) == ""
    assert draft.headline == "Better order — not sent"
    assert draft.orders["r0"] == wish["r0"]
    assert draft.undo()
    assert draft.is_empty


def test_the_orders_are_those_of_the_moment_that_is_shown(draft: Draft, session: Session) -> None:
    before = session.state.copied()
    live = dict(draft.base)
    _happens(session, _done("s0"))
    after = session.state.copied()
    changed = frozenset({Changed("stops", "s0")})
    session.show_moment(_moment(session, before, frozenset()))
    assert draft.orders == live
    session.show_moment(_moment(session, after, changed, removed=False))
    assert "s0" not in draft.order_of("r0")
    assert "s0" not in draft.base["r0"]
    session.return_to_live()
    assert draft.arranged == draft.base
    assert "s0" not in draft.base["r0"]


def _moment(
    session: Session, state: State, changed: frozenset[Changed], *, removed: bool = True
) -> Moment:
    return Moment(NOON, state, session.vehicles, session.arrivals, 0, removed, changed)
