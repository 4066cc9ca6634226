"""Changes of sequence as they are judged, and locks: no process, no clock, no journal."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.gateway.deciding.test_decisions import carry_out, terms, wish
from tests.gateway.shift import NOON, small_shift, stop_plan, told
from tower.domain.commands import AnyCommand, Handover, LockStops, SequenceRoutes, SequenceWish
from tower.domain.events import (
    AnyBody,
    RouteFinished,
    RoutePlanned,
    RoutesSequenced,
    RouteStarted,
    StopArrived,
    StopCollected,
    StopDelivered,
    StopPlanned,
)
from tower.domain.fold import apply, fold
from tower.domain.geometry import LatLon
from tower.domain.records import Subject
from tower.domain.state import State
from tower.domain.words import Requirement, StopKind
from tower.gateway.deciding.decisions import decide
from tower.gateway.deciding.verdicts import Accepted, Objected, Outdated, Refused, Terms
from tower.gateway.judging import Sight
from tower.gateway.signin import Role
from tower.road.roads import Profile
from tower.routes.travel import TravelTable
from tower.routes.violations import Rule

SUPERVISOR = terms("sue", role=Role.SUPERVISOR)


@pytest.fixture
def state() -> State:
    return fold(small_shift())


def happens(state: State, body: AnyBody, *, stop: str = "", route: str = "") -> None:
    """Something is observed at noon."""
    apply(state, told(NOON, Subject(stop_id=stop, route_id=route), body, "later"))


def replan(state: State, stop_id: str, **changes: object) -> None:
    """Give a stop another plan."""
    plan = state.stops[stop_id].plan
    assert plan is not None
    happens(state, StopPlanned(plan=replace(plan, **changes)), stop=stop_id)


def only_a_has_a_tail_lift_for(state: State, stop_id: str) -> None:
    """Route A may serve the stop, route B may not."""
    plan = state.routes["A"].plan
    assert plan is not None
    lift = (Requirement.TAIL_LIFT,)
    happens(state, RoutePlanned(plan=replace(plan, crew=lift)), route="A")
    replan(state, stop_id, needs=lift)


def move(state: State, a: str, b: str, **more: object) -> SequenceRoutes:
    return SequenceRoutes(routes=(wish(state, "A", a), wish(state, "B", b)), **more)  # type: ignore[arg-type]


def recorded(verdict: object) -> RoutesSequenced:
    assert isinstance(verdict, Accepted)
    body = verdict.events[-1].body
    assert isinstance(body, RoutesSequenced)
    return body


# Hard and soft


def test_a_hard_constraint_newly_broken_stops_a_dispatcher_and_says_why(state: State) -> None:
    only_a_has_a_tail_lift_for(state, "S3")
    verdict = carry_out(state, move(state, "S1 S2 S4", "S5 S6 S3 S7 S8"), terms("ann"))
    assert isinstance(verdict, Objected)
    assert [(one.rule, one.stop_id) for one in verdict.violations] == [(Rule.SKILLS, "S3")]
    assert "R-B, Customer 0003: needs a tail lift" in verdict.message
    assert verdict.estimated
    assert state.routes["A"].version == 1


def test_what_was_broken_before_does_not_stop_anybody(state: State) -> None:
    replan(state, "S3", needs=(Requirement.TAIL_LIFT,))
    asked = move(state, "S1 S2 S4", "S5 S6 S3 S7 S8")
    assert recorded(decide(asked, state, terms("ann"))).overridden == ()


def test_a_supervisor_breaks_it_with_a_reason_and_the_journal_says_what(state: State) -> None:
    only_a_has_a_tail_lift_for(state, "S3")
    asked = move(state, "S1 S2 S4", "S5 S6 S3 S7 S8", override=True, reason="agreed by phone")
    body = recorded(carry_out(state, asked, SUPERVISOR))
    assert body.reason == "agreed by phone"
    assert body.overridden == ("R-B, Customer 0003: needs a tail lift",)


@pytest.mark.parametrize(
    ("asked", "reason", "says"),
    [(terms("ann"), "because", "Only a supervisor"), (SUPERVISOR, "  ", "Say why")],
)
def test_an_override_is_a_supervisors_right_and_needs_a_reason(
    state: State, asked: Terms, reason: str, says: str
) -> None:
    command = move(state, "S1 S2 S4 S3", "S5 S6 S7 S8", override=True, reason=reason)
    verdict = decide(command, state, asked)
    assert isinstance(verdict, Refused)
    assert says in verdict.message


def test_a_soft_window_that_would_be_missed_stops_nobody(state: State) -> None:
    replan(state, "S8", window_end=NOON + timedelta(seconds=30))
    replan(state, "S5", window_end=NOON + timedelta(seconds=30))
    asked = SequenceRoutes(routes=(wish(state, "B", "S8 S7 S6 S5"),))
    assert recorded(decide(asked, state, terms("ann"))).overridden == ()


def test_a_hard_window_is_judged_by_the_travel_that_was_found_out(state: State) -> None:
    replan(state, "S8", window_is_hard=True, window_end=NOON + timedelta(hours=1))
    asked = SequenceRoutes(routes=(wish(state, "B", "S5 S6 S8 S7"),))
    assert isinstance(decide(asked, state, terms("ann")), Accepted)
    slow, places = TravelTable(), [_place(state, number) for number in range(5, 9)]
    for origin in places:
        for destination in places:
            slow.learn_legs([origin, destination], [3000.0], [9000.0])
    sighted = replace(terms("ann"), sight=Sight(tables={Profile.CAR: slow}))
    reversed_ = SequenceRoutes(routes=(wish(state, "B", "S6 S7 S5 S8"),))
    # Both orders miss it on such roads, the new one no more than the present one.
    assert isinstance(decide(reversed_, state, sighted), Accepted)
    first = SequenceRoutes(routes=(wish(state, "B", "S8 S5 S6 S7"),))
    assert isinstance(decide(first, state, sighted), Accepted)
    for event in decide(first, state, sighted).events:  # type: ignore[union-attr]
        apply(state, event)
    back = SequenceRoutes(routes=(wish(state, "B", "S5 S6 S7 S8"),))
    verdict = decide(back, state, sighted)
    assert isinstance(verdict, Objected)
    assert verdict.violations[0].rule is Rule.WINDOW


def _place(state: State, number: int) -> LatLon:
    plan = state.stops[f"S{number}"].plan
    assert plan is not None
    return plan.position


def test_a_locked_stop_does_not_leave_its_route(state: State) -> None:
    carry_out(state, LockStops(stops=("S6",), reason="promised by phone"), terms("ann"))
    moved = decide(move(state, "S1 S2 S6 S3 S4", "S5 S7 S8"), state, terms("ann"))
    taken = decide(SequenceRoutes(routes=(wish(state, "B", "S5 S7 S8"),)), state, terms("ann"))
    for verdict in (moved, taken):
        assert isinstance(verdict, Objected)
        assert "promised by phone" in verdict.message
    within = SequenceRoutes(routes=(wish(state, "B", "S6 S5 S7 S8"),))
    assert isinstance(decide(within, state, terms("ann")), Accepted)


# What cannot be moved


def test_a_stop_at_whose_door_the_driver_stands_stays_where_it_is(state: State) -> None:
    happens(state, StopArrived(), stop="S5", route="B")
    for order in ("S6 S5 S7 S8", "S6 S7 S8"):
        verdict = decide(SequenceRoutes(routes=(wish(state, "B", order),)), state, terms("ann"))
        assert isinstance(verdict, Refused)
        assert "at the door of Customer 0005" in verdict.message
    later = SequenceRoutes(routes=(wish(state, "B", "S5 S8 S7 S6"),))
    assert isinstance(decide(later, state, terms("ann")), Accepted)


def test_nothing_is_added_to_a_route_that_is_finished(state: State) -> None:
    happens(state, RouteFinished(), route="B")
    verdict = decide(move(state, "S1 S3 S4", "S5 S6 S7 S8 S2"), state, terms("ann"))
    assert isinstance(verdict, Refused)
    assert "finished" in verdict.message
    given_away = move(state, "S1 S2 S3 S4 S8", "S5 S6 S7")
    assert isinstance(decide(given_away, state, terms("ann")), Accepted)


def test_a_conflict_shows_all_routes_as_they_are_now(state: State) -> None:
    stale = move(state, "S1 S3 S2 S4", "S5 S6 S7 S8")
    carry_out(state, move(state, "S1 S4 S3 S2", "S8 S7 S6 S5"), terms("ann"))
    verdict = decide(stale, state, terms("ben", 1))
    assert isinstance(verdict, Outdated)
    assert verdict.routes == (state.routes["A"], state.routes["B"])
    assert "R-A and R-B" in verdict.message


# Parcels that are aboard another vehicle


def test_parcels_stay_with_the_vehicle_that_left_with_them(state: State) -> None:
    happens(state, RouteStarted(), route="B")
    moved = recorded(carry_out(state, move(state, "S1 S2 S3 S4 S6", "S5 S7 S8"), terms("ann")))
    assert moved.parcels_on == {"S6": "B"}
    assert state.stops["S6"].parcels_on == "B"
    off = recorded(
        carry_out(state, SequenceRoutes(routes=(wish(state, "A", "S1 S2 S3 S4"),)), terms("ann", 1))
    )
    assert off.unassigned == ("S6",)
    assert state.stops["S6"].parcels_on == "B"
    back = SequenceRoutes(routes=(wish(state, "B", "S5 S6 S7 S8"),))
    assert recorded(carry_out(state, back, terms("ann", 2))).parcels_on == {}
    assert state.stops["S6"].parcels_on == ""


def test_before_the_vehicle_left_its_parcels_are_still_at_the_depot(state: State) -> None:
    asked = move(state, "S1 S2 S3 S4 S6", "S5 S7 S8")
    assert recorded(decide(asked, state, terms("ann"))).parcels_on == {}


def handover(stop_id: str = "H1", stops: tuple[str, ...] = ("S6",), **more: object) -> Handover:
    given = {"stop_id": stop_id, "lat": 47.15, "lon": 9.52, "stops": stops, **more}
    return Handover(**given)  # type: ignore[arg-type]


def test_a_handover_is_a_stop_of_the_route_that_takes_the_parcels_over(state: State) -> None:
    happens(state, RouteStarted(), route="B")
    meeting = handover(address="Lay-by 3", service_s=300.0)
    asked = move(state, "S1 S2 H1 S6 S3 S4", "S5 S7 S8", handovers=(meeting,))
    body = recorded(carry_out(state, asked, terms("ann")))
    stop = state.stops["H1"]
    assert stop.plan is not None
    assert (stop.plan.kind, stop.plan.collects, stop.route_id) == (StopKind.PICKUP, ("S6",), "A")
    assert (stop.plan.address, stop.plan.service_s) == ("Lay-by 3", 300.0)
    assert body.parcels_on == {"S6": "B"}
    happens(state, StopCollected(), stop="H1", route="A")
    again = SequenceRoutes(routes=(wish(state, "A", "S1 S2 H1 S3 S6 S4"),))
    assert recorded(carry_out(state, again, terms("ann", 1))).parcels_on == {}
    onwards = move(state, "S1 S2 H1 S3 S4", "S5 S6 S7 S8")
    assert recorded(decide(onwards, state, terms("ann", 2))).parcels_on == {"S6": "A"}


def test_a_handover_after_its_delivery_is_a_hard_matter(state: State) -> None:
    asked = move(state, "S1 S2 S6 H1 S3 S4", "S5 S7 S8", handovers=(handover(),))
    verdict = decide(asked, state, terms("ann"))
    assert isinstance(verdict, Objected)
    assert verdict.violations[0].rule is Rule.PICKUP


@pytest.mark.parametrize(
    ("order", "meetings", "says"),
    [
        ("S1 S2 S3 S4 S6", (handover(),), "No route goes to"),
        ("S1 S2 S3 S4 S6 S2", (handover("S2"),), "is taken"),
        ("S1 S2 S3 S4 S6", (handover("S7"),), "is taken"),
        ("S1 S2 S3 S4 H1 S6", (handover(lat=95.0),), "no place on Earth"),
        ("S1 S2 S3 S4 H1 S6", (handover(lat=float("nan")),), "no place on Earth"),
        ("S1 S2 S3 S4 H1 S6", (handover(service_s=float("inf")),), "12 h"),
        ("S1 S2 S3 S4 H1 S6", (handover(service_s=-1.0),), "12 h"),
        ("S1 S2 S3 S4 H1 S6", (handover(stops=()),), "Nothing is taken over"),
        ("S1 S2 S3 S4 H1 S6", (handover(stops=("S7",)),), "not on the route"),
        ("S1 S2 S3 S4 H1 S6", (handover(), handover()), "named twice"),
        ("S1 S2 S3 S4 H1 H1 S6", (handover(),), "A stop is named twice"),
    ],
)
def test_a_handover_nobody_can_make_is_refused_in_words(
    state: State, order: str, meetings: tuple[Handover, ...], says: str
) -> None:
    verdict = decide(move(state, order, "S5 S7 S8", handovers=meetings), state, terms("ann"))
    assert isinstance(verdict, Refused)
    assert says in verdict.message


# Locks


def test_a_lock_says_who_and_why_until_it_is_released(state: State) -> None:
    carry_out(state, LockStops(stops=("S6", "S7"), reason="promised"), terms("ann"))
    lock = state.stops["S6"].lock
    assert lock is not None
    assert (lock.by, lock.reason) == ("Ann", "promised")
    carry_out(state, LockStops(stops=("S6",), locked=False), terms("ben", 1))
    assert state.stops["S6"].lock is None
    assert state.stops["S7"].lock is not None


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (LockStops(stops=()), "No stop"),
        (LockStops(stops=("S99",)), "no stop S99"),
        (LockStops(stops=("S6", "S1")), "S1 is done"),
        (LockStops(stops=("S6",), locked=False), "not locked"),
        (LockStops(stops=("S5",), reason="promised"), "locked already"),
        (LockStops(stops=("S9",)), "on no route"),
    ],
)
def test_a_lock_that_makes_no_sense_is_refused_in_words(
    state: State, command: AnyCommand, says: str
) -> None:
    carry_out(state, LockStops(stops=("S5",), reason="promised"), terms("ann"))
    happens(state, StopPlanned(plan=stop_plan(9)), stop="S9")
    verdict = decide(command, state, terms("ann", 1))
    assert isinstance(verdict, Refused)
    assert says in verdict.message


# Whatever is asked

STOPS = [f"S{number}" for number in range(1, 10)] + ["H1", "H2"]
orders = st.lists(st.sampled_from(STOPS), max_size=9)


@st.composite
def wishes(draw: st.DrawFn) -> tuple[dict[str, list[str]], tuple[Handover, ...]]:
    """Orders of one or both routes, sometimes a mere shuffle, sometimes anything at all."""
    if draw(st.booleans()):
        shuffled = draw(st.permutations(STOPS[:8]))
        cut = draw(st.integers(0, 8))
        wished = {"A": ["S1", *(one for one in shuffled[:cut] if one != "S1")]}
        wished["B"] = [one for one in shuffled[cut:] if one != "S1"]
    else:
        wished = draw(st.dictionaries(st.sampled_from(["A", "B", "C"]), orders, max_size=3))
    taken = draw(st.lists(st.sampled_from(STOPS), max_size=2, unique=True))
    meetings = [handover("H1", tuple(taken))] if draw(st.booleans()) else []
    return wished, tuple(meetings)


@given(asked=st.lists(wishes(), min_size=1, max_size=4), done=st.sets(st.sampled_from(STOPS[:8])))
def test_no_order_however_odd_loses_or_doubles_a_stop(
    asked: list[tuple[dict[str, list[str]], tuple[Handover, ...]]], done: set[str]
) -> None:
    state = fold(small_shift())
    for stop_id in sorted(done):
        happens(state, StopDelivered(), stop=stop_id, route=state.stops[stop_id].route_id)
    for second, (wished, meetings) in enumerate(asked):
        before = set(state.stops)
        named = tuple(
            SequenceWish(
                route_id=route_id,
                version=state.routes[route_id].version if route_id in state.routes else 0,
                stops=tuple(stops),
            )
            for route_id, stops in wished.items()
        )
        command = SequenceRoutes(routes=named, handovers=meetings, override=True, reason="x")
        verdict = carry_out(state, command, terms("sue", second, Role.SUPERVISOR))
        on = [stop.id for route in state.routes.values() for stop in state.stops_of(route)]
        assert len(on) == len(set(on))
        assert before <= set(state.stops)
        loose = {stop.id for stop in state.stops.values() if stop.route_id not in state.routes}
        assert loose | set(on) == set(state.stops)
        assert not done & loose
        assert all(state.stops[one].route_id == ("A" if int(one[1:]) < 5 else "B") for one in done)
        if isinstance(verdict, Accepted):
            for wish_ in named:
                driven = tuple(stop.id for stop in state.stops_of(state.routes[wish_.route_id]))
                assert driven == wish_.stops
