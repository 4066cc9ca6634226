"""A draft that lies open while drivers go on means the same all the time."""

from collections.abc import Iterator

import pytest

from tests.ui.deciding import DecidingGateway
from tower.domain import events as e
from tower.routes.change import UNASSIGNED, Arrange, Move
from ui.draft.draft import Draft
from ui.draft.outcome import Conflict
from ui.draft.steps import Step
from ui.session import Session


class Desk:
    """A draft, and a shift that goes on."""

    def __init__(self, session: Session) -> None:
        self.draft, self.gateway = Draft(session), DecidingGateway(session)
        self.conflicts: list[Conflict] = []
        self.draft.conflict_found.connect(self.conflicts.append)

    def move(self, stops: str, route_id: str, before: str = "") -> None:
        gesture = Move(stops=tuple(stops.split()), route_id=route_id, before=before)
        assert self.draft.add(gesture) == ""

    def happens(self, body: e.AnyBody, stop: str, route: str = "r0") -> None:
        self.gateway.happens(body, stop=stop, route=route)
        self.gateway.serve()

    def drafted(self, route_id: str = "r0") -> tuple[str, ...]:
        return self.draft.orders[route_id]


@pytest.fixture
def desk(session: Session) -> Iterator[Desk]:
    desk = Desk(session)
    yield desk
    desk.draft.deleteLater()


def test_a_stop_put_next_stays_next_while_the_driver_goes_on(desk: Desk) -> None:
    desk.move("s7", "r0", "s1")
    for served in ("s0", "s1"):
        desk.happens(e.StopArrived(), served)
        desk.happens(e.StopDelivered(), served)
    assert desk.drafted() == ("s7", "s2", "s3", "s4")
    desk.happens(e.StopArrived(), "s2")
    assert desk.drafted() == ("s7", "s3", "s4")
    assert desk.draft.numbers("s7") == (3, 4)


def test_a_stop_cancelled_meanwhile_does_not_send_others_to_the_end(desk: Desk) -> None:
    desk.move("s7", "r0", "s2")
    desk.happens(e.StopCancelled(), "s2")
    assert desk.drafted() == ("s0", "s1", "s7", "s3", "s4")


def test_what_is_held_over_a_place_keeps_it_while_the_driver_goes_on(desk: Desk) -> None:
    held = Move(stops=("s4",), route_id="r0", before="s1")
    assert desk.draft.lift(["s4"]) == ""
    desk.draft.hover(held)
    desk.happens(e.StopArrived(), "s0")
    desk.happens(e.StopDelivered(), "s0")
    desk.happens(e.StopArrived(), "s1")
    assert desk.drafted() == ("s4", "s2", "s3")
    assert desk.draft.headline == "Moving stop 5 before 3 — preview, not sent"
    desk.draft.drop(held)
    assert desk.drafted() == ("s4", "s2", "s3"), "let go where it was shown"


def test_a_held_stop_that_the_driver_reaches_is_put_back_and_says_why(desk: Desk) -> None:
    said: list[str] = []
    desk.draft.notice.connect(said.append)
    assert desk.draft.lift(["s0"]) == ""
    desk.draft.hover(Move(stops=("s0",), route_id="r0"))
    desk.happens(e.StopArrived(), "s0")
    assert desk.draft.lifted == ()
    assert desk.draft.hovering is None
    assert said == ["The driver is at stop 1; it stays where it is."]


def test_what_others_have_not_touched_is_simply_taken_up(desk: Desk) -> None:
    orders: dict[str, tuple[str, ...]] = {"r0": ("s4", "s0", "s1", "s2", "s3")}
    why = desk.draft.take_up(Step(Arrange(orders=orders)), desk.draft.base, {})
    assert (why, desk.drafted(), desk.conflicts) == ("", orders["r0"], [])


def test_what_is_so_already_is_not_taken_up(desk: Desk) -> None:
    same = Step(Arrange(orders={"r0": desk.draft.base["r0"]}))
    assert "already" in desk.draft.take_up(same, desk.draft.base, {})
    assert desk.draft.is_empty


def test_gestures_taken_back_take_their_conflict_along(desk: Desk) -> None:
    desk.move("s3", "r0", "s1")
    desk.gateway.others_sequence({"r0": ("s4", "s0", "s1", "s2", "s3")})
    desk.gateway.serve()
    assert len(desk.conflicts) == 1
    desk.draft.undo()
    desk.move("s5", UNASSIGNED)
    desk.draft.commit()
    desk.gateway.serve()
    assert len(desk.conflicts) == 1
    assert desk.gateway.state.stops["s5"].route_id == ""
