"""Which stops a proposal moves, and how both orders stand side by side."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tower.routes.change import Orders
from tower.routes.evaluate import Prospect
from tower.routes.impact import Impact, impact
from ui.draft.draft import Draft
from ui.proposals.compare import Beside, Pair, beside, moved_stops, pairs_of
from ui.session import Session

_ORDER = st.lists(st.sampled_from([f"s{n}" for n in range(8)]), unique=True)


def _impact(session: Session, draft: Draft, orders: Orders) -> Impact:
    before, after = dict[str, Prospect](), dict[str, Prospect]()
    for route_id, order in orders.items():
        now = draft.cases.present(route_id)
        then = draft.cases.prospect(route_id, [session.state.stops[one] for one in order])
        assert now is not None
        assert then is not None
        before[route_id], after[route_id] = now, then
    return impact(before, after)


def _pairs(session: Session, found: Impact, shown: Beside) -> tuple[Pair, ...]:
    return pairs_of(session, shown, {one.stop_id: one for one in found.stops})


def _numbers(pairs: Sequence[Pair]) -> list[tuple[int, int]]:
    return [(pair.proposed.was, pair.proposed.number) for pair in pairs if pair.proposed]


def test_a_stop_brought_forward_is_the_only_one_that_moves(session: Session, draft: Draft) -> None:
    found = _impact(session, draft, {"r0": ("s0", "s3", "s1", "s2", "s4")})
    (shown,) = beside(session, found)
    pairs = _pairs(session, found, shown)
    assert shown.moved == {"s3"}
    assert _numbers(pairs) == [(0, 1), (4, 2), (2, 3), (3, 4), (0, 5)]
    marked = [pair.proposed.customer for pair in pairs if pair.proposed and pair.proposed.moved]
    assert marked == ["Customer 0003"]


def test_both_columns_say_when_each_stop_is_reached(session: Session, draft: Draft) -> None:
    found = _impact(session, draft, {"r0": ("s4", "s0", "s1", "s2", "s3")})
    (shown,) = beside(session, found)
    pairs = _pairs(session, found, shown)
    present = [pair.present for pair in pairs if pair.present]
    proposed = [pair.proposed for pair in pairs if pair.proposed]
    assert [cell.time for cell in present] == sorted(cell.time for cell in present)
    assert [cell.stop_id for cell in proposed] == ["s4", "s0", "s1", "s2", "s3"]
    assert proposed[0].shift.startswith("−")
    assert not proposed[0].is_worse
    assert proposed[1].shift.startswith("+")
    assert proposed[1].is_worse


def test_a_stop_that_changes_routes_says_where_it_goes_and_comes_from(
    session: Session, draft: Draft
) -> None:
    orders = {"r0": ("s0", "s2", "s3", "s4"), "r1": ("s5", "s1", "s6", "s7", "s8", "s9")}
    found = _impact(session, draft, orders)
    shown = {one.route_id: _pairs(session, found, one) for one in beside(session, found)}
    left = shown["r0"][1].present
    came = shown["r1"][1].proposed
    assert left is not None
    assert came is not None
    assert (left.stop_id, left.note, left.moved) == ("s1", "→ R-201", True)
    assert (came.stop_id, came.note, came.moved) == ("s1", "from R-200", True)
    assert shown["r0"][-1].proposed is None


def test_routes_that_stay_as_they_are_are_left_out(session: Session, draft: Draft) -> None:
    orders = {"r0": ("s0", "s1", "s2", "s3", "s4"), "r1": ("s9", "s5", "s6", "s7", "s8")}
    assert [one.name for one in beside(session, _impact(session, draft, orders))] == ["R-201"]


@given(before=_ORDER, after=_ORDER)
def test_without_the_moved_stops_both_orders_are_one(before: list[str], after: list[str]) -> None:
    moved = moved_stops(before, after)
    assert [one for one in before if one not in moved] == [one for one in after if one not in moved]


@given(order=st.permutations([f"s{n}" for n in range(7)]), at=st.integers(0, 6))
def test_no_more_stops_are_marked_than_were_moved(order: list[str], at: int) -> None:
    other = [one for one in order if one != "s3"]
    other.insert(at, "s3")
    assert len(moved_stops(order, other)) <= 1
