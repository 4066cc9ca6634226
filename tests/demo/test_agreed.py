"""What is agreed with customers reaches drivers, and they act on it."""

import asyncio
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from tests.demo.test_phones import MIDNIGHT, OUTCOMES, Town, own_route, plan_of
from tower.carriers.sequences import Agreement, DriverSequence
from tower.demo.following import upcoming, waits_at
from tower.demo.happenings import Mishap
from tower.demo.plan import DemoPlan, DemoStop, Say
from tower.demo.promise import OPENING_S
from tower.domain.moments import utc
from tower.domain.records import StopChanges, StopPlan
from tower.domain.words import StopKind
from tower.road.engine import RoutingEngine


@pytest.fixture
def town(plan: DemoPlan, roads: RoutingEngine) -> Town:
    return Town(plan, roads)


def agreed(town: Town, route_id: str, stop_id: str, change: Callable[[StopPlan], StopPlan]) -> None:
    """Something is agreed about a stop; the order of its route stays."""
    known = {stop.id: stop for stop in town.route(route_id).stops}
    here = [] if stop_id in town.left(route_id) else [stop_id]
    plans = [plan_of(known[one]) for one in (*here, *town.left(route_id))]
    town.office.waiting.setdefault(town.route(route_id).carrier_id, []).append(
        DriverSequence(
            route_id=route_id,
            vehicle_id="",
            version=town.versions[route_id],
            notice=None,
            sequenced_at=None,
            stops=tuple(change(one) if one.id == stop_id else one for one in plans),
            agreed=(
                Agreement(
                    stop_id=stop_id,
                    changes=StopChanges(),
                    agreed_at=utc(MIDNIGHT + town.now_s),
                ),
            ),
        )
    )


def stop_with(plan: DemoPlan, mishap: Mishap) -> tuple[str, DemoStop]:
    """A delivery still to come after the opening at which something goes wrong, and its route."""
    return next(
        (route.id, stop)
        for route in plan.routes
        if route.life.stands_s is None
        for stop in route.stops
        if plan.happenings.mishaps.get(stop.id) is mishap
        and stop.kind is StopKind.DELIVERY
        and stop.id in upcoming(route.life, OPENING_S)[2:]
    )


def end_of(town: Town, stop_id: str) -> tuple[Say, float]:
    """How a stop ended, and when."""
    [(say, at_s)] = {
        (one.say, one.at_s) for one in town.told if one.stop_id == stop_id and one.say in OUTCOMES
    }
    return say, at_s


def coded(plan: StopPlan) -> StopPlan:
    return replace(plan, access_code="4417#")


def test_a_gate_code_lets_the_driver_in_who_stands_at_the_gate(town: Town) -> None:
    route_id, stop = stop_with(town.plan, Mishap.NO_ACCESS)
    visit = next(v for v in town.route(route_id).life.visits if v.stop_id == stop.id)

    async def day() -> None:
        await town.until(visit.arrives_s + 200.0)
        assert waits_at(town.route(route_id), stop.id, town.now_s, town.plan.happenings)
        agreed(town, route_id, stop.id, coded)
        await town.hear()
        await town.until(town.route(route_id).life.ends_s + 600.0)

    before = upcoming(town.route(route_id).life, visit.arrives_s)
    asyncio.run(day())
    say, at_s = end_of(town, stop.id)
    assert say is Say.DELIVERED
    assert visit.arrives_s + 200.0 < at_s < visit.leaves_s + stop.service_s
    assert all(one in town.ended() for one in before)
    assert [v.stop_id for v in town.route(route_id).life.visits].count(stop.id) == 1


def test_a_gate_code_known_in_time_opens_the_gate_at_once(town: Town) -> None:
    route_id, stop = stop_with(town.plan, Mishap.NO_ACCESS)

    async def day() -> None:
        agreed(town, route_id, stop.id, coded)
        await town.hear()
        await town.until(town.route(route_id).life.ends_s + 600.0)

    asyncio.run(day())
    assert end_of(town, stop.id)[0] is Say.DELIVERED
    assert all(r.say is not Say.SERVICING for r in town.told if r.stop_id == stop.id)


def test_a_parcel_is_left_at_the_safe_place_where_nobody_is_at_home(town: Town) -> None:
    route_id, stop = stop_with(town.plan, Mishap.NOT_HOME)

    async def day() -> None:
        agreed(town, route_id, stop.id, lambda one: replace(one, safe_place="behind the house"))
        await town.hear()
        await town.until(town.route(route_id).life.ends_s + 600.0)

    asyncio.run(day())
    assert end_of(town, stop.id)[0] is Say.DELIVERED


def test_a_driver_goes_to_the_place_agreed_and_waits_for_the_window_agreed(town: Town) -> None:
    route_id = own_route(town.plan)
    first, second = town.left(route_id)[4], town.left(route_id)[6]
    other = town.plan.points[0]
    planned = next(v for v in town.route(route_id).life.visits if v.stop_id == second)
    opens_s = planned.arrives_s + 1500.0

    async def day() -> None:
        agreed(town, route_id, first, lambda one: replace(one, lat=other.lat, lon=other.lon))
        await town.hear()
        await town.until(town.now_s + 90.0)
        agreed(
            town, route_id, second, lambda one: replace(one, window_start=utc(MIDNIGHT + opens_s))
        )
        await town.hear()
        await town.until(town.now_s + 90.0)

    asyncio.run(day())
    life = town.route(route_id).life
    visit = next(v for v in life.visits if v.stop_id == first)
    drive = [d for d in life.drives if d.ends_s <= visit.arrives_s + 0.2][-1]
    assert abs(drive.shape[-2] / 1e6 - other.lat) < 0.003
    assert abs(drive.shape[-1] / 1e6 - other.lon) < 0.003
    assert next(v for v in life.visits if v.stop_id == second).leaves_s > opens_s


def test_the_same_agreement_told_again_changes_nothing(town: Town) -> None:
    route_id, stop = stop_with(town.plan, Mishap.NOT_HOME)

    async def day() -> None:
        agreed(town, route_id, stop.id, lambda one: replace(one, safe_place="shed"))
        again = list(town.office.waiting[town.route(route_id).carrier_id])
        await town.hear()
        await town.until(town.now_s + 90.0)
        town.office.waiting[town.route(route_id).carrier_id] = again
        await town.hear()
        await town.until(town.now_s + 90.0)

    asyncio.run(day())
    assert town.turned == [route_id]


def test_what_was_agreed_still_holds_after_an_interruption(town: Town) -> None:
    route_id, stop = stop_with(town.plan, Mishap.NOT_HOME)

    async def day() -> None:
        agreed(town, route_id, stop.id, lambda one: replace(one, safe_place="shed"))
        await town.phones.recall(town.office, town.now_s)
        town.told += town.lives.due_reports(town.now_s)
        await town.until(town.route(route_id).life.ends_s + 600.0)

    asyncio.run(day())
    assert end_of(town, stop.id)[0] is Say.DELIVERED
