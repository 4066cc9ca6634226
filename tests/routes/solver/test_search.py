"""The search in plain numbers: nothing lost, nothing doubled, limits kept, stopped at once."""

import itertools
from collections.abc import Callable
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tower.routes.solver.penalties import Penalties
from tower.routes.solver.problem import Call, Carrier, Errand, IntMatrix, Plan, Problem
from tower.routes.solver.search import Search, by_window, solve_within


def after(steps: int) -> Callable[[], bool]:
    """Ends a search after so many steps."""
    left = itertools.count()
    return lambda: next(left) >= steps


def somewhere(places: int, seed: int) -> IntMatrix:
    """Times between places that are strewn about, longer one way than the other."""
    chance = Random(seed)
    spots = [(chance.randrange(1000), chance.randrange(1000)) for _ in range(places)]
    return np.array(
        [[abs(a - c) + abs(b - d) + (i > j) * 7 for j, (c, d) in enumerate(spots)]
         for i, (a, b) in enumerate(spots)]
    )  # fmt: skip


def problem_of(
    matrix: IntMatrix,
    calls: tuple[Call, ...],
    *carriers: Carrier,
    errands: tuple[Errand, ...] = (),
) -> Problem:
    return Problem(
        calls=calls, carriers=carriers, costs=(matrix,), durations=(matrix,), errands=errands
    )


@settings(max_examples=20, deadline=None)
@given(calls=st.integers(1, 14), carriers=st.integers(1, 4), seed=st.integers(0, 10**6))
def test_every_call_is_made_once_or_left_out(calls: int, carriers: int, seed: int) -> None:
    matrix = somewhere(calls + 1, seed)
    what = tuple(Call(place, forgoing=50 * place) for place in range(1, calls + 1))
    plans: list[Plan] = []
    search = Search(problem_of(matrix, what, *[Carrier(0, 0)] * carriers), seed=seed)
    best = search.run(after(30), plans.append)
    assert plans[-1].tours == best.tours
    for plan in plans:
        made = sorted(call for tour in (*plan.tours, plan.left_out) for call in tour)
        assert made == list(range(calls))


def test_each_plan_told_of_is_better_than_the_one_before() -> None:
    matrix = somewhere(40, 1)
    plans: list[Plan] = []
    calls = tuple(Call(place) for place in range(1, 40))
    Search(problem_of(matrix, calls, Carrier(0, 0))).run(after(100), plans.append)
    costs = [plan.cost for plan in plans]
    assert len(costs) > 1
    assert costs == sorted(costs, reverse=True)


def test_the_shortest_tour_is_found() -> None:
    matrix = somewhere(8, 5)
    calls = tuple(Call(place) for place in range(1, 8))
    plan = Search(problem_of(matrix, calls, Carrier(0, 0))).run(after(200))
    tours = itertools.permutations(range(1, 8))
    legs = ([*zip((0, *tour), (*tour, 0), strict=True)] for tour in tours)
    assert plan.cost == min(sum(matrix[a, b] for a, b in tour) for tour in legs)


def test_a_search_told_to_stop_at_once_still_makes_every_call() -> None:
    matrix = somewhere(5, 2)
    problem = problem_of(matrix, tuple(Call(place) for place in range(1, 5)), Carrier(0, 0))
    plan = Search(problem, start=((2, 0, 3, 1),)).run(lambda: True)
    assert sorted(plan.tours[0]) == [0, 1, 2, 3]


def test_what_is_picked_up_is_delivered_after_that_by_the_same_vehicle() -> None:
    matrix = somewhere(7, 3)
    errands = (Errand(Call(5), Call(1), (4,)), Errand(Call(6), Call(2), (4,)))
    calls = (Call(3, brings=(1,)), Call(4, collects=(1,)))
    vehicles = (Carrier(0, 0, capacity=(5,)), Carrier(0, 0, capacity=(5,)))
    problem = problem_of(matrix, calls, *vehicles, errands=errands)
    plan = Search(problem).run(after(200))
    assert plan.is_feasible
    for errand in range(2):
        pickup = problem.pickup(errand)
        [tour] = [tour for tour in plan.tours if pickup in tour]
        assert tour.index(pickup) < tour.index(pickup + 1)


def test_a_full_vehicle_leaves_out_what_is_worth_least() -> None:
    calls = (Call(1, brings=(3,), forgoing=10_000), Call(2, brings=(3,), forgoing=9_000))
    plan = Search(problem_of(somewhere(3, 4), calls, Carrier(0, 0, capacity=(5,)))).run(after(50))
    assert plan.left_out == (1,)


def test_windows_hold_unless_being_late_has_a_price() -> None:
    matrix = np.array([[0, 10, 10], [10, 0, 1000], [10, 1000, 0]])
    calls = (Call(1, closes=15), Call(2, closes=15))
    one, two = Carrier(0, 0), Carrier(0, 0)
    apart = Search(problem_of(matrix, calls, one, two)).run(after(50))
    assert apart.is_feasible
    assert sorted(apart.tours) == [(0,), (1,)]
    alone = problem_of(matrix, calls, one)
    cheap = Search(alone, penalties=Penalties(late=0.001, load=1)).run(after(50))
    assert not cheap.is_feasible
    assert cheap.lateness == 995


def test_a_vehicle_starts_when_it_is_ready_and_where_it_is() -> None:
    matrix = np.array([[0, 50, 90], [50, 0, 40], [90, 40, 0]])
    carrier = Carrier(1, 0, ready=100, due=230)
    plan = Search(problem_of(matrix, (Call(2, closes=140),), carrier)).run(after(10))
    assert plan.is_feasible
    assert plan.cost == 40 + 90
    late = Carrier(1, 0, ready=101, due=231)
    assert not Search(problem_of(matrix, (Call(2, closes=140),), late)).run(after(10)).is_feasible


def test_what_a_row_says_of_itself_is_not_driven() -> None:
    matrix = somewhere(3, 6)
    np.fill_diagonal(matrix, 999)
    plan = Search(problem_of(matrix, (Call(1), Call(2)), Carrier(0, 0))).run(after(10))
    assert plan.cost < 999 * 3
    assert matrix[1, 1] == 999


@pytest.mark.parametrize("seconds", [0.0, 0.2])
def test_threads_answer_with_the_best_of_them(seconds: float) -> None:
    matrix = somewhere(30, 7)
    calls = tuple(Call(place, closes=60_000) for place in range(1, 30))
    problem = problem_of(matrix, calls, Carrier(0, 0))
    plan = solve_within(problem, seconds, starts=(by_window(problem), None))
    assert plan.is_feasible
    assert sorted(plan.tours[0]) == list(range(29))
