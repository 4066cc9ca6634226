"""Routes as the solver's problem: clocks, seats and numbers, there and back."""

from hypothesis import given
from hypothesis import strategies as st

from tests.routes.cases import HUB, NOW, after, stop
from tower.domain.records import Break
from tower.routes.optimiser.job import Meeting
from tower.routes.optimiser.numbers import Numbers
from tower.routes.optimiser.problem import in_order, working_s

LUNCH = Break(earliest=after(60), latest=after(90), duration_s=1800.0)


def test_the_clock_stands_still_while_the_driver_rests() -> None:
    assert working_s(3000, (LUNCH,), NOW) == 3000
    assert working_s(3600 + 600, (LUNCH,), NOW) == 3600
    assert working_s(3600 + 1800, (LUNCH,), NOW) == 3600
    assert working_s(7200, (LUNCH,), NOW) == 5400


def test_a_rest_that_is_overdue_is_taken_now() -> None:
    overdue = Break(earliest=after(-30), latest=after(10), duration_s=600.0)
    assert working_s(300, (overdue,), NOW) == 0
    assert working_s(3600, (overdue,), NOW) == 3000


@given(st.permutations(list("abcdef")), st.sets(st.sampled_from("abcdef")))
def test_stops_that_keep_their_order_take_the_seats_they_have_together(
    found: list[str], kept: set[str]
) -> None:
    order = in_order(found, sorted(kept))
    assert sorted(order) == sorted(found)
    assert [one for one in order if one in kept] == sorted(kept)
    assert [one not in kept for one in order] == [one not in kept for one in found]


def test_one_stop_that_collects_for_several_is_several_calls_and_one_visit() -> None:
    stops = [stop(number) for number in range(1, 5)]
    numbers = Numbers(stops, [("s1", "s2"), ("s1", "s4")], None)
    tour = numbers.tour(("s1", "s3", "s4", "s2"))
    assert len(tour) == len(set(tour)) == 5
    assert numbers.order(tour, "A") == ("s1", "s3", "s4", "s2")


def test_what_is_delivered_too_early_is_collected_just_before() -> None:
    numbers = Numbers([stop(1), stop(2), stop(3)], [("s3", "s1")], None)
    assert numbers.order(numbers.tour(("s1", "s2", "s3")), "A") == ("s3", "s1", "s2")


def test_each_route_meets_under_its_own_name_and_only_for_what_it_takes() -> None:
    stops = [stop(1), stop(2)]
    ids = {"A": "visit a", "B": "visit b"}
    meeting = Meeting(stops=frozenset({"s1", "s2"}), at=HUB, ids=ids)
    numbers = Numbers(stops, [("", "s1"), ("", "s2")], meeting)
    tour = numbers.tour(("visit a", "s1"))
    assert len(tour) == 2
    assert numbers.order(tour, "A") == ("visit a", "s1")
    assert numbers.order(tour, "B") == ("visit b", "s1")
