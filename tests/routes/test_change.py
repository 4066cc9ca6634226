"""Gestures mean the same whatever others do meanwhile, and no stop gets lost or doubled by them."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tower.routes.change import (
    UNASSIGNED,
    Arrange,
    Gesture,
    Move,
    Orders,
    changed_routes,
    replay,
)

ROUTES = ("A", "B", "C")
STOPS = tuple(f"s{number}" for number in range(8))
STRANGER = "gone"
"""A stop that is done, or was never there."""

MORNING: Orders = {
    "A": ("s0", "s1", "s2", "s3"),
    "B": ("s4", "s5", "s6"),
    UNASSIGNED: ("s7",),
}


def after(*gestures: Gesture, on: Orders = MORNING, made_on: Orders | None = None) -> Orders:
    return replay(on, gestures, made_on).orders


def words(orders: Orders) -> str:
    """Orders as a line: `A: s0 s1 | B: s4 | : s7`."""
    return " | ".join(f"{route_id}: {' '.join(stops)}" for route_id, stops in orders.items())


def move(stops: str, route_id: str, before: str = "") -> Move:
    return Move(stops=tuple(stops.split()), route_id=route_id, before=before)


@pytest.mark.parametrize(
    ("gesture", "orders"),
    [
        (move("s3", "A", "s1"), "A: s0 s3 s1 s2 | B: s4 s5 s6 | : s7"),
        (move("s0", "A"), "A: s1 s2 s3 s0 | B: s4 s5 s6 | : s7"),
        (move("s0", "A", "s2"), "A: s1 s0 s2 s3 | B: s4 s5 s6 | : s7"),
        (move("s1 s3", "B", "s5"), "A: s0 s2 | B: s4 s1 s3 s5 s6 | : s7"),
        (move("s7", "B", "s4"), "A: s0 s1 s2 s3 | B: s7 s4 s5 s6 | : "),
        (move("s6 s0", UNASSIGNED), "A: s1 s2 s3 | B: s4 s5 | : s7 s6 s0"),
    ],
)
def test_a_move_puts_stops_where_they_were_dropped(gesture: Move, orders: str) -> None:
    assert words(after(gesture)) == orders


def test_stops_dropped_among_themselves_stay_there() -> None:
    assert words(after(move("s1 s2", "A", "s1"))) == words(MORNING)
    assert after(move("s3 s1", "A", "s1"))["A"] == ("s0", "s3", "s1", "s2")


def test_an_arrangement_sets_whole_routes_and_what_it_takes_off_is_unassigned() -> None:
    wish = Arrange(orders={"A": ("s3", "s0"), "B": ("s6", "s1", "s4", "s5"), UNASSIGNED: ("s2",)})
    assert words(after(wish)) == "A: s3 s0 | B: s6 s1 s4 s5 | : s7 s2"


def test_a_gesture_follows_the_stop_it_was_aimed_at() -> None:
    theirs = {**MORNING, "A": ("s2", "s3", "s0", "s1")}
    assert after(move("s7", "A", "s3"), on=theirs)["A"] == ("s2", "s7", "s3", "s0", "s1")


def test_a_stop_done_meanwhile_is_named_and_the_others_still_move() -> None:
    theirs = {**MORNING, "A": ("s1", "s2", "s3")}
    done = replay(theirs, [move("s0 s1", "B", "s4")], MORNING)
    assert done.orders["B"] == ("s1", "s4", "s5", "s6")
    assert done.dropped == {"s0"}


@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        (("s2", "s3"), ("s7", "s2", "s3")),
        (("s0", "s3"), ("s0", "s7", "s3")),
        (("s0",), ("s0", "s7")),
    ],
)
def test_where_the_aim_is_gone_a_stop_comes_before_what_followed_it(
    theirs: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    done = replay({**MORNING, "A": theirs}, [move("s7", "A", "s1")], MORNING)
    assert done.orders["A"] == expected
    assert done.astray == {"s7"}


def test_what_followed_the_aim_is_what_earlier_gestures_left_there() -> None:
    gestures = [move("s3", "A", "s2"), move("s7", "A", "s1")]
    theirs = {**MORNING, "A": ("s0", "s2", "s3")}
    assert after(*gestures, on=theirs, made_on=MORNING)["A"] == ("s0", "s7", "s3", "s2")


def test_a_route_that_is_no_more_leaves_its_stops_alone() -> None:
    done = replay(MORNING, [move("s0", "Z")])
    assert done.orders == MORNING
    assert done.dropped == {"s0"}


def test_stops_that_came_since_an_arrangement_was_made_keep_the_stop_they_follow() -> None:
    theirs = {**MORNING, "A": ("s0", "s7", "s1", "s2", "s3"), UNASSIGNED: ()}
    wish = Arrange(orders={"A": ("s3", "s2", "s0", "s1")})
    assert after(wish, on=theirs)["A"] == ("s3", "s2", "s0", "s7", "s1")


def test_only_routes_whose_order_is_another_count_as_changed() -> None:
    there_and_back = after(move("s0", "B"), move("s0", "A", "s1"), move("s7", "B"))
    assert changed_routes(MORNING, there_and_back) == ("B",)


# Whatever anybody does

names = st.sampled_from((*STOPS, STRANGER))
pages = st.sampled_from((*ROUTES, UNASSIGNED, "nowhere"))
moves = st.builds(
    Move,
    stops=st.lists(names, max_size=4).map(tuple),
    route_id=pages,
    before=st.sampled_from((*STOPS, STRANGER, "")),
)
arrangements = st.builds(
    Arrange, orders=st.dictionaries(pages, st.lists(names, max_size=6).map(tuple), max_size=4)
)
gestures_made: st.SearchStrategy[list[Gesture]] = st.lists(st.one_of(moves, arrangements))


@st.composite
def shifts(draw: st.DrawFn, at_hand: Sequence[str] = STOPS) -> Orders:
    """Orders in which each stop is on one page, or on none because it is done."""
    pages = (*ROUTES, UNASSIGNED, "done")
    seats = {stop_id: draw(st.sampled_from(pages)) for stop_id in draw(st.permutations(at_hand))}
    return {
        page: tuple(stop_id for stop_id, seat in seats.items() if seat == page)
        for page in (*ROUTES, UNASSIGNED)
    }


def stops_in(orders: Orders) -> Counter[str]:
    return Counter(stop_id for stops in orders.values() for stop_id in stops)


@given(shifts(), gestures_made)
def test_no_gestures_lose_or_double_a_stop(orders: Orders, gestures: list[Gesture]) -> None:
    done = replay(orders, gestures)
    assert stops_in(done.orders) == stops_in(orders)
    assert set(done.orders) == set(orders)


@given(shifts(), shifts(), gestures_made)
def test_none_is_lost_or_doubled_where_others_changed_everything(
    seen: Orders, theirs: Orders, gestures: list[Gesture]
) -> None:
    done = replay(theirs, gestures, seen)
    assert stops_in(done.orders) == stops_in(theirs)
    named = {one for gesture in gestures for one in _named(gesture)}
    assert done.dropped <= named
    assert done.astray <= named


def _named(gesture: Gesture) -> set[str]:
    if isinstance(gesture, Move):
        return set(gesture.stops)
    return {stop_id for wish in gesture.orders.values() for stop_id in wish}


@given(shifts(), gestures_made)
def test_gestures_on_what_they_were_made_on_do_what_they_did(
    orders: Orders, gestures: list[Gesture]
) -> None:
    assert replay(orders, gestures, orders) == replay(orders, gestures)


@given(shifts(), gestures_made)
def test_an_arrangement_of_all_orders_brings_everything_back(
    orders: Orders, gestures: list[Gesture]
) -> None:
    changed = replay(orders, gestures).orders
    assert replay(changed, [Arrange(orders=dict(orders))]).orders == orders
