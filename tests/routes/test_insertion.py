"""The best places for a stop: the cheapest of all, never a hard one while there are others."""

import random
from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.routes.cases import NOW, Shift, after, locked, shift, stop, vehicle, window
from tower.domain.records import Depot, Route, RoutePlan, Stamp, Stop, StopPlan
from tower.domain.state import DepotEntry, State
from tower.domain.words import Requirement
from tower.road.roads import Profile
from tower.routes.case import RouteCase, route_case
from tower.routes.evaluate import evaluate, present
from tower.routes.fleetbook import fleet_of
from tower.routes.impact import Impact, impact
from tower.routes.insertion import A_ROUTE, Suggestion, best_places
from tower.routes.travel import TravelTable
from tower.routes.violations import Rule
from tower.routes.weights import KM_A_CALL, KM_A_LATE_MINUTE, KM_A_VIOLATION


def places(known: Shift, wanted: str, limit: int = 5) -> list[Suggestion]:
    cases = [known.case(route_id) for route_id in known.state.routes]
    return best_places(known.state.stops[wanted], cases, {Profile.CAR: known.travel}, limit)


def named(found: Iterable[Suggestion]) -> list[tuple[str, str]]:
    return [(one.route_id, one.before) for one in found]


def test_a_stop_goes_where_it_lies_on_the_way_in_time() -> None:
    room = shift(stop(2), stop(4), stop(6), stop(5, "", **window(0, 12)), started=False)
    best = places(room, "s5")[0]
    assert (best.route_id, best.before) == ("A", "s6")
    assert best.cost == pytest.approx(0.0, abs=0.01)
    assert best.arrives_at == pytest.approx(after(5 + 2 * 2), abs=timedelta(seconds=1))


def test_a_window_that_would_be_missed_sends_it_elsewhere() -> None:
    """A passes by, after many stops; B has to go six kilometres out of its way."""
    many = [stop(number) for number in range(1, 11)]
    room = shift(*many, stop(30), stop(25, "B"), stop(31, "", **window(0, 33.5)), started=False)
    best = places(room, "s31")[0]
    assert (best.route_id, best.before) == ("B", "")
    assert best.impact.lateness_s == 0.0
    assert best.cost == pytest.approx(12.0, abs=0.1)


def test_those_who_would_be_hurt_are_named_and_counted() -> None:
    room = shift(
        stop(1), stop(2, **window(0, 9)), stop(3, **window(0, 8)), stop(1.5, ""), started=False
    )
    found = {(one.route_id, one.before): one for one in places(room, "s1.5", 10)}
    assert [one.stop_id for one in found["A", "s2"].impact.broken] == ["s3"]
    assert found["A", "s2"].cost > found["A", ""].cost
    assert found["A", ""].impact.to_tell == ()


def test_nobody_is_visited_long_before_the_window() -> None:
    """A passes by at once; B gets there when somebody is at home."""
    room = shift(
        stop(4),
        stop(6, "B", **window(60, 90), window_is_hard=True),
        stop(5, "", **window(65, 120)),
        started=False,
    )
    best = places(room, "s5")[0]
    assert best.arrives_at >= after(60)
    assert best.cost < 30


def test_no_route_is_suggested_more_than_twice() -> None:
    room = shift(*(stop(number) for number in range(1, 9)), stop(9, "B"), stop(4.5, ""))
    found = places(room, "s4.5")
    assert 0 < len([one for one in found if one.route_id == "A"]) <= A_ROUTE
    assert len(named(found)) == len(set(named(found)))


def test_the_place_a_stop_has_is_no_suggestion() -> None:
    room = shift(stop(1), stop(2), stop(3), stop(9, "B"), started=False)
    assert ("A", "s3") not in named(places(room, "s2", 10))


def test_a_stop_of_another_route_costs_less_for_what_it_saves_there() -> None:
    room = shift(stop(1), stop(2), stop(30), stop(29, "B"), started=False)
    best = places(room, "s30")[0]
    assert best.route_id == "B"
    assert best.impact.distance_m < -50_000
    assert {one.route_id for one in best.impact.routes} == {"A", "B"}


def test_a_place_that_breaks_a_hard_constraint_comes_only_for_want_of_others() -> None:
    picky = stop(2.5, "", needs=(Requirement.TAIL_LIFT,))
    lift = vehicle(equipment=(Requirement.TAIL_LIFT,))
    room = shift(stop(2), stop(3), stop(30, "B"), picky, vehicles={"B": lift}, started=False)
    assert {one.route_id for one in places(room, "s2.5")} == {"B"}
    room = shift(stop(2), stop(3), stop(30, "B"), picky, started=False)
    found = places(room, "s2.5")
    assert found
    assert all(one.is_hard and one.impact.hard[0].rule is Rule.SKILLS for one in found)


def test_a_locked_stop_may_only_move_on_its_own_route() -> None:
    room = shift(stop(1), locked(stop(2)), stop(3), stop(2.1, "B"), started=False)
    assert {one.route_id for one in places(room, "s2")} == {"A"}


def test_finished_routes_have_no_place() -> None:
    room = shift(stop(1), stop(2, ""))
    for route_id, route in room.state.routes.items():
        room.state.routes[route_id] = replace(route, finished_at=NOW)
    assert places(room, "s2") == []


window_minutes = st.tuples(st.integers(0, 60), st.integers(1, 60)).map(
    lambda pair: window(pair[0], pair[0] + pair[1])
)


@given(
    spots=st.lists(st.tuples(st.integers(1, 30), window_minutes), min_size=1, max_size=6),
    others=st.lists(st.tuples(st.integers(1, 30), window_minutes), max_size=3),
    new=st.tuples(st.integers(1, 30), window_minutes),
    started=st.booleans(),
)
def test_among_few_places_the_cheapest_of_all_is_found(
    spots: list[tuple[int, dict[str, Any]]],
    others: list[tuple[int, dict[str, Any]]],
    new: tuple[int, dict[str, Any]],
    *,
    started: bool,
) -> None:
    stops = [stop(km, id=f"a{n}", **plan) for n, (km, plan) in enumerate(spots)]
    stops += [stop(km, "B", id=f"b{n}", **plan) for n, (km, plan) in enumerate(others)]
    room = shift(*stops, stop(new[0], "", id="new", **new[1]), started=started)
    best = places(room, "new", 1)[0]
    assert best.cost == pytest.approx(
        min(cost(change) for change in every_place(room, "new")), abs=1e-6
    )


def every_place(room: Shift, wanted: str) -> list[Impact]:
    """What each place of every route does."""
    found = []
    for route_id in room.state.routes:
        case = room.case(route_id)
        before = {route_id: present(case, room.travel)}
        for place in range(len(case.open) + 1):
            order = [*case.open[:place], room.state.stops[wanted], *case.open[place:]]
            found.append(impact(before, {route_id: evaluate(case, order, room.travel)}))
    return found


def cost(change: Impact) -> float:
    """In kilometres, as documented."""
    soft = [one for one in change.raised if not one.hard and one.rule is not Rule.WINDOW]
    outside = sum(
        (one.excess if prospect is route.after else -one.excess) / 60
        for route in change.routes
        for prospect in (route.before, route.after)
        for one in prospect.violations
        if one.rule is Rule.WINDOW
    )
    late = outside * KM_A_LATE_MINUTE
    annoyed = KM_A_VIOLATION * len(soft) + KM_A_CALL * len(change.to_tell)
    return late + change.distance_m / 1000 + annoyed


def morning(routes: int, stops: int) -> tuple[State, list[RouteCase]]:
    """Many routes over a town, with windows of two hours, and one loose stop."""
    dice, state = random.Random(7), State()
    state.depots["hub"] = DepotEntry(value=Depot(id="hub", name="Hub", lat=47.05, lon=9.55))
    for route in range(routes):
        lat, lon = 47.0 + dice.random() * 0.1, 9.5 + dice.random() * 0.1
        ids = []
        for number in range(stops):
            ids.append(f"{route}-{number}")
            opens = 20 * number - 60
            plan = StopPlan(
                id=ids[-1],
                lat=lat + dice.random() * 0.01,
                lon=lon + dice.random() * 0.01,
                **window(opens, opens + 120),
            )
            state.stops[plan.id] = Stop(id=plan.id, plan=plan, route_id=f"R{route}")
        plan_of = RoutePlan(
            id=f"R{route}", name=f"R{route}", carrier_id="own", depot_id="hub", starts_at=NOW
        )
        state.routes[plan_of.id] = Route(
            id=plan_of.id, plan=plan_of, sequence=tuple(ids), sequence_stamp=Stamp(1)
        )
    loose = StopPlan(id="loose", lat=47.05, lon=9.56, **window(60, 180))
    state.stops["loose"] = Stop(id="loose", plan=loose)
    table, fleet = TravelTable(), fleet_of(state)
    cases = []
    for one in state.routes.values():
        points = [stop.plan.position for stop in state.stops_of(one) if stop.plan]
        legs = [
            table.leg(*ends) for ends in pairwise([state.depots["hub"].value.position, *points])
        ]
        cases.append(
            route_case(
                state,
                one,
                [leg.seconds for leg in legs],
                [leg.metres for leg in legs],
                None,
                fleet,
                NOW,
            )
        )
    return state, cases


def test_on_a_morning_of_many_routes_the_estimate_leads_to_the_best_place() -> None:
    state, cases = morning(20, 15)
    table = TravelTable()
    found = best_places(state.stops["loose"], cases, {Profile.CAR: table})
    exact = []
    for case in cases:
        before = {case.id: present(case, table)}
        for place in range(len(case.open) + 1):
            order = [*case.open[:place], state.stops["loose"], *case.open[place:]]
            exact.append(cost(impact(before, {case.id: evaluate(case, order, table)})))
    assert found[0].cost == pytest.approx(min(exact), abs=1e-6)
    assert len(found) == 5
    assert [one.cost for one in found] == sorted(one.cost for one in found)
