"""A committed change is taken back and done again; what others have changed since is looked at."""

from collections.abc import Iterator

import pytest

from tests.ui.deciding import DecidingGateway
from tower.domain import events as e
from tower.domain.commands import ClaimException, Handover, LockStops, SequenceRoutes
from tower.domain.words import StopState
from tower.routes.change import UNASSIGNED, Arrange, Move
from ui.draft.draft import Draft
from ui.draft.outcome import Conflict
from ui.exchange import CommandResult
from ui.session import Session
from ui.undo import UndoLog

FIRST: tuple[str, ...] = ("s0", "s1", "s2", "s3", "s4")
SECOND: tuple[str, ...] = ("s5", "s6", "s7", "s8", "s9")


class Bench:
    """A draft, its undo log and the gateway at the other end."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.draft = Draft(session)
        self.undo = UndoLog(session, self.draft)
        self.gateway = DecidingGateway(session)
        self.said: list[str] = []
        self.done: list[str] = []
        self.conflicts: list[Conflict] = []
        self.undo.said.connect(self.said.append)
        self.undo.done.connect(self.done.append)
        self.draft.conflict_found.connect(self.conflicts.append)

    def move(self, stops: str, route_id: str, before: str = "") -> None:
        """One gesture."""
        gesture = Move(stops=tuple(stops.split()), route_id=route_id, before=before)
        assert self.draft.add(gesture) == ""

    def commit(self) -> None:
        """Send the draft and hear what became of it."""
        self.draft.commit()
        self.gateway.serve()

    def take_back(self) -> None:
        """Ctrl+Z, and what the gateway makes of it."""
        self.undo.undo()
        self.gateway.serve()

    def do_again(self) -> None:
        """Ctrl+Shift+Z, likewise."""
        self.undo.redo()
        self.gateway.serve()

    def drafted(self, route_id: str) -> tuple[str, ...]:
        """A route as the draft would have it."""
        return self.draft.orders[route_id]

    def order(self, route_id: str) -> tuple[str, ...]:
        """A route as the gateway has it."""
        state = self.gateway.state
        return tuple(stop.id for stop in state.stops_of(state.routes[route_id]))


@pytest.fixture
def bench(session: Session) -> Iterator[Bench]:
    bench = Bench(session)
    yield bench
    bench.undo.deleteLater()
    bench.draft.deleteLater()


def test_gestures_are_taken_back_one_by_one_and_named(bench: Bench) -> None:
    bench.move("s3", "r0", "s1")
    bench.move("s6", "r0")
    assert bench.undo.stack.undoText() == "move stop 2 of R-201 to R-200"
    bench.undo.undo()
    assert bench.drafted("r0") == ("s0", "s3", "s1", "s2", "s4")
    assert bench.undo.stack.undoText() == "move stop 4 of R-200 before 2"
    bench.undo.undo()
    assert bench.draft.is_empty
    bench.undo.redo()
    bench.undo.redo()
    assert bench.drafted("r0") == ("s0", "s3", "s1", "s2", "s4", "s6")
    assert bench.gateway.waiting == []


def test_a_commit_is_taken_back_as_a_change_of_its_own(bench: Bench) -> None:
    bench.move("s3", "r1", "s6")
    bench.commit()
    assert bench.order("r1") == ("s5", "s3", "s6", "s7", "s8", "s9")
    assert bench.undo.stack.undoText() == "move stop 4 of R-200 to R-201, before 2"
    bench.take_back()
    assert (bench.order("r0"), bench.order("r1")) == (FIRST, SECOND)
    assert bench.gateway.state.routes["r1"].version == 3
    assert bench.draft.is_empty
    assert bench.done == ["Taken back: move stop 4 of R-200 to R-201, before 2"]
    bench.do_again()
    assert bench.order("r1") == ("s5", "s3", "s6", "s7", "s8", "s9")
    assert bench.done[1:] == ["Sent again: move stop 4 of R-200 to R-201, before 2"]
    bench.take_back()
    assert (bench.order("r0"), bench.order("r1")) == (FIRST, SECOND)
    assert bench.said == []


def test_gestures_committed_together_are_taken_back_together(bench: Bench) -> None:
    bench.move("s3", "r1")
    bench.move("s10", UNASSIGNED)
    bench.commit()
    assert bench.gateway.state.stops["s10"].route_id == ""
    assert bench.undo.stack.count() == 1
    bench.take_back()
    assert bench.order("r0") == FIRST
    assert bench.order("r2") == ("s10", "s11", "s12", "s13", "s14")


def test_a_stop_put_on_a_route_goes_back_to_where_it_was(bench: Bench) -> None:
    bench.move("s10", UNASSIGNED)
    bench.commit()
    bench.move("s10", "r0", "s2")
    bench.commit()
    bench.take_back()
    assert bench.gateway.state.stops["s10"].route_id == ""
    assert bench.order("r0") == FIRST
    bench.take_back()
    assert bench.order("r2")[0] == "s10"


def test_several_commits_on_one_route_are_taken_back_in_turn(bench: Bench) -> None:
    for stop_id in ("s1", "s2", "s3"):
        bench.move(stop_id, "r0", "s0")
        bench.commit()
    for _ in range(3):
        bench.take_back()
    assert bench.order("r0") == FIRST
    assert bench.said == []
    for _ in range(3):
        bench.do_again()
    assert bench.order("r0") == ("s1", "s2", "s3", "s0", "s4")


def test_what_was_served_meanwhile_stays_served(bench: Bench) -> None:
    bench.move("s0 s1", "r0")
    bench.commit()
    bench.gateway.happens(e.StopDelivered(), stop="s2", route="r0")
    bench.gateway.happens(e.StopArrived(), stop="s3", route="r0")
    bench.gateway.serve()
    bench.take_back()
    assert bench.order("r0") == ("s2", "s3", "s0", "s1", "s4")


def test_work_on_exceptions_and_gestures_share_one_list(bench: Bench) -> None:
    bench.move("s3", "r0", "s1")
    bench.session.run(ClaimException(exception_id="x1", version=0))
    bench.gateway.serve()
    bench.move("s4", "r0", "s1")
    bench.commit()
    texts = [bench.undo.stack.text(place) for place in range(bench.undo.stack.count())]
    assert texts == ["claim Stop 1 · gate code missing", "2 changes on R-200"]
    bench.take_back()
    assert bench.order("r0") == FIRST
    bench.take_back()
    assert bench.gateway.state.exceptions["x1"].work.owner == ""


def test_a_discarded_draft_leaves_the_list(bench: Bench) -> None:
    bench.move("s3", "r1")
    bench.commit()
    bench.move("s4", "r1")
    bench.undo.undo()
    bench.move("s2", "r1")
    bench.draft.discard()
    assert bench.undo.stack.count() == 1
    bench.take_back()
    assert bench.order("r0") == FIRST


def test_nothing_is_taken_back_while_something_is_being_sent(bench: Bench) -> None:
    bench.move("s3", "r1")
    bench.draft.commit()
    bench.undo.undo()
    assert bench.said == ["The change before is still being sent."]
    assert len(bench.draft.gestures) == 1
    bench.gateway.serve()
    bench.undo.undo()
    bench.undo.redo()
    assert len(bench.gateway.waiting) == 1
    assert len(bench.said) == 2
    bench.gateway.serve()
    assert bench.order("r0") == FIRST


# Somebody else was there


def test_what_others_changed_since_is_not_taken_back_unseen(bench: Bench) -> None:
    bench.move("s3", "r0", "s1")
    bench.commit()
    bench.gateway.others_sequence({"r0": ("s4", "s0", "s3", "s1", "s2")})
    bench.gateway.serve()
    bench.undo.undo()
    assert bench.gateway.waiting == []
    (conflict,) = bench.conflicts
    assert conflict.who == "B. Example"
    assert conflict.before["r0"] == ("s0", "s3", "s1", "s2", "s4")
    assert conflict.theirs["r0"] == ("s4", "s0", "s3", "s1", "s2")
    assert conflict.mine["r0"] == FIRST
    bench.draft.resolve(conflict.mine)
    bench.commit()
    assert bench.order("r0") == FIRST


def test_stops_served_since_are_nobodys_change(bench: Bench) -> None:
    bench.move("s3", "r0", "s1")
    bench.commit()
    for stop, route in (("s0", "r0"), ("s5", "r1")):
        bench.gateway.happens(e.StopArrived(), stop=stop, route=route)
        bench.gateway.happens(e.StopDelivered(), stop=stop, route=route)
    bench.gateway.others_sequence({"r0": ("s0", "s4", "s3", "s1", "s2")})
    bench.gateway.serve()
    bench.undo.undo()
    (conflict,) = bench.conflicts
    assert conflict.routes == ("r0",)
    assert conflict.before["r0"] == ("s3", "s1", "s2", "s4")
    assert conflict.mine["r0"] == ("s1", "s2", "s3", "s4")


def test_another_route_that_took_a_stop_over_is_asked_about_too(bench: Bench) -> None:
    bench.move("s3", UNASSIGNED)
    bench.commit()
    bench.gateway.others_sequence({"r2": ("s3", "s10", "s11", "s12", "s13", "s14")})
    bench.gateway.serve()
    bench.undo.undo()
    assert bench.gateway.waiting == []
    assert bench.draft.routes == {"r0", "r2"}
    assert bench.drafted("r0") == FIRST


def test_a_change_that_crosses_ours_on_the_way_is_looked_at(bench: Bench) -> None:
    bench.move("s3", "r0", "s1")
    bench.commit()
    bench.gateway.others_sequence({"r0": ("s4", "s0", "s3", "s1", "s2")})
    bench.take_back()
    assert bench.order("r0") == ("s4", "s0", "s3", "s1", "s2")
    assert len(bench.conflicts) == 1
    assert "changed in the meantime" in bench.said[0]


def test_a_change_by_others_between_two_of_ours_is_found_at_the_first(bench: Bench) -> None:
    bench.move("s3", "r0", "s1")
    bench.commit()
    bench.gateway.others_sequence({"r0": ("s4", "s0", "s3", "s1", "s2")})
    bench.gateway.serve()
    bench.move("s2", "r0", "s0")
    bench.commit()
    bench.take_back()
    assert bench.order("r0") == ("s4", "s0", "s3", "s1", "s2")
    assert bench.conflicts == []
    bench.undo.undo()
    assert len(bench.conflicts) == 1
    assert bench.gateway.waiting == []


def test_a_change_by_others_that_comes_with_the_answer_is_not_taken_for_ours(
    bench: Bench,
) -> None:
    bench.move("s3", "r0", "s1")
    bench.draft.commit()
    bench.gateway.answer()
    bench.gateway.others_sequence({"r0": ("s4", "s0", "s3", "s1", "s2")})
    bench.gateway.serve()
    bench.undo.undo()
    assert bench.gateway.waiting == []
    assert bench.conflicts[0].mine["r0"] == FIRST
    assert bench.conflicts[0].before["r0"] == ("s0", "s3", "s1", "s2", "s4")


def test_what_would_break_something_now_becomes_a_draft(bench: Bench) -> None:
    bench.move("s3", "r1")
    bench.commit()
    bench.gateway.happens(e.StopsLocked(stops=("s3",), locked=True, reason="promised"))
    bench.gateway.serve()
    bench.take_back()
    assert bench.order("r0") == ("s0", "s1", "s2", "s4")
    assert bench.drafted("r0") == FIRST
    assert "promised" in bench.said[-1]
    assert bench.undo.stack.undoText() == "take back: move stop 4 of R-200 to R-201"


def test_a_gateway_that_does_not_answer_leaves_the_list_as_it_was(bench: Bench) -> None:
    bench.move("s3", "r0", "s1")
    bench.commit()
    bench.undo.undo()
    command = bench.gateway.waiting.pop()
    bench.session.answer(command, CommandResult(status=0, message="the gateway does not answer"))
    assert bench.said == ["the gateway does not answer"]
    assert bench.undo.stack.undoText() == "move stop 4 of R-200 before 2"
    bench.take_back()
    assert bench.order("r0") == FIRST


def test_after_a_reconnection_only_what_others_left_alone_is_taken_back_at_once(
    bench: Bench,
) -> None:
    for stop_id, before in (("s3", "s1"), ("s8", "s5")):
        bench.move(stop_id, "r0" if stop_id == "s3" else "r1", before)
        bench.commit()
    bench.gateway.others_sequence({"r0": ("s4", "s0", "s3", "s1", "s2")})
    bench.session.replace_state(bench.gateway.state, "epoch")
    bench.take_back()
    assert bench.order("r1") == SECOND
    bench.undo.undo()
    assert len(bench.conflicts) == 1
    bench.session.replace_state(bench.gateway.state, "another journal")
    assert bench.undo.stack.count() == 1, "the draft is all that is left"


# Visits for taking parcels over


def _taken_over(bench: Bench) -> None:
    wish: dict[str, tuple[str, ...]]
    wish = {"r0": ("s0", "s1", "s2", "s4"), "r1": ("s5", "meet", "s3", "s6", "s7", "s8", "s9")}
    visit = Handover(stop_id="meet", lat=47.13, lon=9.51, stops=("s3",), address="Lay-by 3")
    assert bench.draft.propose(Arrange(orders=wish, title="breakdown of R-200"), (visit,)) == ""
    bench.commit()
    assert bench.order("r1") == wish["r1"]
    assert bench.gateway.state.stops["s3"].parcels_on == "r0"


def test_taking_back_a_handover_cancels_the_visit_and_doing_it_again_makes_another(
    bench: Bench,
) -> None:
    _taken_over(bench)
    bench.take_back()
    state = bench.gateway.state
    assert (bench.order("r0"), bench.order("r1")) == (FIRST, SECOND)
    assert state.stops["meet"].state is StopState.CANCELLED
    assert "meet" not in bench.draft.base[UNASSIGNED]
    bench.do_again()
    place = bench.order("r1")[1]
    assert place not in {"meet", "s3"}
    visit = state.stops[place].plan
    assert visit is not None
    assert visit.collects == ("s3",)
    bench.take_back()
    assert state.stops[place].state is StopState.CANCELLED


def test_a_visit_that_was_made_is_not_taken_back_unseen(bench: Bench) -> None:
    _taken_over(bench)
    bench.gateway.happens(e.StopCollected(), stop="meet", route="r1")
    bench.gateway.serve()
    bench.undo.undo()
    assert bench.gateway.waiting == []
    assert bench.drafted("r0") == FIRST
    impact = bench.draft.impact
    assert impact is not None
    assert any("aboard another vehicle" in one.words for one in impact.raised)


def test_a_commit_names_why_it_was_taken_back(bench: Bench) -> None:
    bench.move("s3", "r0", "s1")
    bench.commit()
    bench.undo.undo()
    (command,) = bench.gateway.waiting
    assert isinstance(command, SequenceRoutes)
    assert command.reason == "Taken back: move stop 4 of R-200 before 2"


def test_a_commit_that_arrives_before_its_answer_can_be_taken_back_at_once(bench: Bench) -> None:
    bench.move("s3", "r0", "s1")
    bench.draft.commit()
    bench.gateway.decide_unanswered()
    bench.gateway.tell()
    assert bench.undo.stack.undoText() == "move stop 4 of R-200 before 2"
    bench.undo.undo()
    bench.gateway.decide_unanswered()
    bench.gateway.tell()
    bench.do_again()
    assert bench.order("r0") == ("s0", "s3", "s1", "s2", "s4")
    assert bench.said == []


# Locks


def locks(bench: Bench) -> dict[str, str]:
    """The locked stops with their reasons."""
    stops = bench.gateway.state.stops.values()
    return {one.id: one.lock.reason for one in stops if one.lock is not None}


def test_a_lock_is_taken_back_and_set_again(bench: Bench) -> None:
    bench.session.run(LockStops(stops=("s1",), reason="promised"))
    bench.gateway.serve()
    bench.session.run(LockStops(stops=("s1", "s2"), reason="agreed by phone"))
    bench.gateway.serve()
    assert bench.undo.stack.undoText() == "lock 2 stops"
    bench.take_back()
    assert locks(bench) == {"s1": "promised"}
    bench.take_back()
    assert locks(bench) == {}
    bench.do_again()
    bench.do_again()
    assert locks(bench) == {"s1": "agreed by phone", "s2": "agreed by phone"}


def test_releasing_a_lock_is_taken_back_with_its_reason_for_what_is_still_open(
    bench: Bench,
) -> None:
    bench.session.run(LockStops(stops=("s0", "s1"), reason="promised"))
    bench.gateway.serve()
    bench.session.run(LockStops(stops=("s0", "s1"), locked=False))
    bench.gateway.serve()
    bench.gateway.happens(e.StopDelivered(), stop="s0", route="r0")
    bench.gateway.serve()
    bench.take_back()
    assert locks(bench) == {"s1": "promised"}
    assert bench.said == []


def test_a_lock_that_changes_nothing_is_not_listed(bench: Bench) -> None:
    bench.session.run(LockStops(stops=("s1",), locked=False))
    bench.gateway.serve()
    assert not bench.undo.stack.canUndo()
