"""Gestures on a few routes are worked out without the others, and come to the same."""

from hypothesis import given
from hypothesis import strategies as st

from tower.routes.change import UNASSIGNED, Move, Orders, replay
from ui.draft.steps import tried

_STOPS = [f"s{number}" for number in range(9)]
_ROUTES = ("r0", "r1", UNASSIGNED)


@st.composite
def _orders(draw: st.DrawFn) -> Orders:
    """Every stop on one of two routes, or on none."""
    shuffled = draw(st.permutations(_STOPS))
    first, second = sorted(draw(st.tuples(st.integers(0, 9), st.integers(0, 9))))
    parts = (shuffled[:first], shuffled[first:second], shuffled[second:])
    return {route_id: tuple(part) for route_id, part in zip(_ROUTES, parts, strict=True)}


@given(
    _orders(),
    st.lists(st.sampled_from([*_STOPS, "gone"]), min_size=1, max_size=4, unique=True),
    st.sampled_from([*_ROUTES, "unknown"]),
    st.sampled_from([*_STOPS, "", "gone"]),
)
def test_a_move_tried_on_the_routes_it_is_about_is_the_whole_move(
    orders: Orders, stops: list[str], route_id: str, before: str
) -> None:
    move = Move(stops=tuple(stops), route_id=route_id, before=before)
    after = tried(orders, move)
    assert after == replay(orders, [move]).orders
    assert sorted(one for order in after.values() for one in order) == sorted(_STOPS)
