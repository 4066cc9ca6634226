"""Whatever is tried out, sent, taken back and overtaken, in whatever order: no stop is lost."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from tests.ui.deciding import ANN, SUE, DecidingGateway
from tests.ui.example_shift import NOON, ROUTES, STOPS, example_state
from tower.domain import events as e
from tower.domain.commands import Handover, LockStops, SequenceRoutes
from tower.domain.state import TABLES, State
from tower.domain.words import StopState
from tower.feed.clock import FollowingClock
from tower.routes.change import UNASSIGNED, Arrange, Move, Orders, open_orders
from ui.deeds import Gesture
from ui.draft.draft import Draft
from ui.draft.outcome import Conflict
from ui.exchange import CommandResult
from ui.session import Session
from ui.theme import Theme
from ui.undo import UndoLog

ALL = tuple(f"s{number}" for number in range(ROUTES * STOPS))
PAGES = ("r0", "r1", "r2", UNASSIGNED)


class Room:
    """A draft with its undo log, the gateway, and somebody else at another desktop."""

    def __init__(self) -> None:
        clock = FollowingClock(NOON.timestamp(), monotonic=lambda: 0.0)
        self.session = Session(clock, Theme("dark"), "operator")
        self.session.job_given.connect(lambda job: job.then(job.work()))
        self.session.replace_state(example_state(), "epoch")
        self.draft = Draft(self.session)
        self.undo = UndoLog(self.session, self.draft)
        self.gateway = DecidingGateway(self.session)
        self.conflict: Conflict | None = None
        self.visits = 0
        self.draft.conflict_found.connect(self._on_conflict_found)

    def _on_conflict_found(self, conflict: Conflict) -> None:
        self.conflict = conflict

    @property
    def open_here(self) -> tuple[str, ...]:
        """The stops that may be moved, as the session knows it."""
        return tuple(stop_id for stops in self.draft.base.values() for stop_id in stops)

    # What people do

    def move(self, picks: tuple[int, ...], page: int, anchor: int) -> None:
        self.draft.add(self._move(picks, page, anchor))

    def hover(self, picks: tuple[int, ...], page: int, anchor: int) -> None:
        gesture = self._move(picks, page, anchor)
        if not self.draft.lift(gesture.stops):
            self.draft.hover(gesture)

    def drop(self, _picks: tuple[int, ...], _page: int, _anchor: int) -> None:
        hovering = self.draft.hovering
        if hovering is not None:
            self.draft.drop(hovering)

    def arrange(self, picks: tuple[int, ...], page: int, anchor: int) -> None:
        """Any stops, on two routes at once if need be."""
        names = tuple(ALL[pick % len(ALL)] for pick in picks)
        orders = {PAGES[page % 4]: names, PAGES[anchor % 4]: names[1:]}
        self.draft.propose(Arrange(orders=orders, title="proposal"))

    def hand_over(self, picks: tuple[int, ...], page: int, _anchor: int) -> None:
        """A proposal that has parcels taken over on the way."""
        self.visits += 1
        names = tuple(dict.fromkeys(ALL[pick % len(ALL)] for pick in picks))
        visit = Handover(stop_id=f"meet{self.visits}", lat=47.13, lon=9.51, stops=names)
        orders = {PAGES[page % ROUTES]: (visit.stop_id, *names)}
        self.draft.propose(Arrange(orders=orders, title="breakdown"), (visit,) if names else ())

    def commit(self, _picks: tuple[int, ...], page: int, _anchor: int) -> None:
        self.gateway.grant = (ANN, SUE)[page % 2]
        self.draft.commit("agreed by phone", override=page % 2 == 1)

    def resolve(self, _picks: tuple[int, ...], page: int, _anchor: int) -> None:
        if self.conflict is not None:
            conflict, self.conflict = self.conflict, None
            self.draft.resolve((conflict.theirs, conflict.mine, conflict.merged)[page % 3])

    def undo_one(self, _picks: tuple[int, ...], _page: int, _anchor: int) -> None:
        self.undo.undo()

    def redo_one(self, _picks: tuple[int, ...], _page: int, _anchor: int) -> None:
        self.undo.redo()

    def discard(self, _picks: tuple[int, ...], _page: int, _anchor: int) -> None:
        self.draft.discard()

    def change(self, picks: tuple[int, ...], page: int, anchor: int) -> None:
        """A gesture, sent at once and done by the gateway."""
        self.move(picks, page, anchor)
        self.commit(picks, 1, anchor)
        self.gateway.serve()

    def take_back(self, _picks: tuple[int, ...], page: int, _anchor: int) -> None:
        """Several things are taken back, each done by the gateway."""
        for _ in range(page):
            self.undo.undo()
            self.gateway.serve()

    def do_again(self, _picks: tuple[int, ...], page: int, _anchor: int) -> None:
        """Several things are done again, likewise."""
        for _ in range(page):
            self.undo.redo()
            self.gateway.serve()

    def _move(self, picks: tuple[int, ...], page: int, anchor: int) -> Move:
        names = tuple(dict.fromkeys(ALL[pick % len(ALL)] for pick in picks))
        before = (*ALL, "")[anchor % (len(ALL) + 1)]
        return Move(stops=names, route_id=PAGES[page % 4], before=before)

    # What happens elsewhere

    def answer(self, _picks: tuple[int, ...], _page: int, _anchor: int) -> None:
        self.gateway.answer()

    def tell(self, _picks: tuple[int, ...], _page: int, _anchor: int) -> None:
        self.gateway.tell()

    def serve(self, _picks: tuple[int, ...], _page: int, _anchor: int) -> None:
        self.gateway.serve()

    def lose_the_answer(self, _picks: tuple[int, ...], _page: int, _anchor: int) -> None:
        """The command was never seen by the gateway."""
        if self.gateway.waiting:
            command = self.gateway.waiting.pop(0)
            self.session.answer(command, CommandResult(status=0, message="no answer"))

    def others(self, picks: tuple[int, ...], page: int, anchor: int) -> None:
        """Somebody else moves a stop, or takes it off."""
        state, picked = self.gateway.state, ALL[picks[0] % len(ALL)] if picks else ALL[0]
        wanted = PAGES[page % 4]
        at = state.stops[picked].route_id
        orders = {
            route_id: [stop.id for stop in state.stops_of(state.routes[route_id])]
            for route_id in {at, wanted} - {UNASSIGNED}
        }
        for stops in orders.values():
            if picked in stops:
                stops.remove(picked)
        if wanted:
            stops = orders[wanted]
            stops.insert(anchor % (len(stops) + 1), picked)
        self.gateway.others_sequence(dict(orders))

    def done(self, picks: tuple[int, ...], page: int, _anchor: int) -> None:
        """The first stop of a route is reached, served, cancelled or skipped."""
        state = self.gateway.state
        route = state.routes[PAGES[page % ROUTES]]
        ahead = [stop for stop in state.stops_of(route) if not stop.is_done]
        bodies = (e.StopArrived(), e.StopDelivered(), e.StopCancelled(), e.StopSkipped())
        if ahead:
            body = bodies[sum(picks) % 4]
            self.gateway.happens(body, stop=ahead[0].id, route=route.id)

    def lock(self, picks: tuple[int, ...], page: int, _anchor: int) -> None:
        names = tuple(dict.fromkeys(ALL[pick % len(ALL)] for pick in picks[:1]))
        self.session.run(LockStops(stops=names, locked=page % 3 > 0, reason="promised"))

    def reconnect(self, _picks: tuple[int, ...], _page: int, _anchor: int) -> None:
        """The connection was lost, and the whole state comes anew."""
        self.gateway.untold.clear()
        self.session.replace_state(_copy(self.gateway.state), "epoch")


class Deed(NamedTuple):
    """One thing somebody does."""

    what: Callable[[Room, tuple[int, ...], int, int], None]
    picks: tuple[int, ...]
    page: int
    anchor: int


DEEDS: tuple[Callable[[Room, tuple[int, ...], int, int], None], ...] = (
    Room.move,
    Room.move,
    Room.hover,
    Room.drop,
    Room.arrange,
    Room.hand_over,
    Room.commit,
    Room.change,
    Room.change,
    Room.change,
    Room.resolve,
    Room.resolve,
    Room.undo_one,
    Room.redo_one,
    Room.take_back,
    Room.take_back,
    Room.do_again,
    Room.discard,
    Room.answer,
    Room.tell,
    Room.serve,
    Room.serve,
    Room.lose_the_answer,
    Room.others,
    Room.done,
    Room.lock,
    Room.reconnect,
)

deeds = st.lists(
    st.builds(
        Deed,
        what=st.sampled_from(DEEDS),
        picks=st.lists(st.integers(0, len(ALL) - 1), min_size=1, max_size=4).map(tuple),
        page=st.integers(0, 5),
        anchor=st.integers(0, len(ALL)),
    ),
    min_size=10,
    max_size=40,
)


def _copy(state: State) -> State:
    tables = {name: dict(getattr(state, name)) for name in TABLES}
    return State(seq=state.seq, **tables)


@contextmanager
def room() -> Iterator[Room]:
    made = Room()
    try:
        yield made
    finally:
        for one in (made.undo, made.draft, made.session):
            one.deleteLater()


@given(deeds)
@pytest.mark.usefixtures("qapp")
def test_no_stop_is_lost_or_doubled(done: list[Deed]) -> None:
    with room() as shown:
        for deed in done:
            deed.what(shown, deed.picks, deed.page, deed.anchor)
            _check(shown)
        shown.gateway.serve()
        _check(shown)
        assert shown.session.state == shown.gateway.state
        assert not shown.draft.is_sending
    QApplication.processEvents()


def _check(shown: Room) -> None:
    draft, state = shown.draft, shown.session.state
    assert draft.base == open_orders(state)
    _is_whole(draft.base, state)
    _is_the_same(draft.base, draft.orders)
    for commanded in shown.gateway.waiting:
        if isinstance(commanded, SequenceRoutes):
            _names_each_once(commanded)
    _is_consistent(shown.gateway.state)
    deeds = shown.undo._deeds()[: shown.undo.stack.index()]
    assert sum(isinstance(one, Gesture) for one in deeds) == len(draft.gestures)


def _is_whole(base: Orders, state: State) -> None:
    """Every stop is open in one place, or it is settled."""
    counted = Counter(stop_id for stops in base.values() for stop_id in stops)
    assert set(counted.values()) <= {1}
    at_door = (StopState.ARRIVED, StopState.SERVICING)
    settled = {one.id for one in state.stops.values() if one.is_done or one.state in at_door}
    assert set(counted) | settled == set(state.stops)


def _is_the_same(base: Orders, orders: Orders) -> None:
    """The draft has the same stops, and the visits it adds."""
    was = Counter(stop_id for stops in base.values() for stop_id in stops)
    will = Counter(stop_id for stops in orders.values() for stop_id in stops)
    added = dict(will - was)
    assert not was - will
    assert all(stop_id.startswith(("meet", "handover-")) and n == 1 for stop_id, n in added.items())


def _names_each_once(command: SequenceRoutes) -> None:
    named = Counter(stop_id for wish in command.routes for stop_id in wish.stops)
    assert set(named.values()) <= {1}


def _is_consistent(state: State) -> None:
    """Each stop is on the route it names, and on no other."""
    seats = Counter(one.id for route in state.routes.values() for one in state.stops_of(route))
    assert set(seats.values()) <= {1}
    assert set(seats) == {one.id for one in state.stops.values() if one.route_id}
