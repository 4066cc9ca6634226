"""Drivers see a changed sequence, answer to it, and their vehicles do what they said."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import pytest

from plugins.driver_app import adapter
from tower.carriers.observations import AlarmReported, RouteReported, SequenceReported
from tower.carriers.sequences import DriverSequence, DriverSequences
from tower.demo import speak
from tower.demo.drivers import AT_HOME, RELUCTANT, STANDS, reaction
from tower.demo.following import upcoming, visited
from tower.demo.happenings import Mishap
from tower.demo.lives import Lives
from tower.demo.phones import Phones
from tower.demo.plan import DemoPlan, DemoRoute, DemoStop, Report, Say
from tower.demo.promise import OPENING_S
from tower.domain.moments import utc
from tower.domain.records import StopPlan
from tower.domain.words import ExceptionKind, Notice
from tower.road.engine import RoutingEngine

MIDNIGHT = 1_772_665_200.0
OUTCOMES = {Say.DELIVERED, Say.COLLECTED, Say.ATTEMPTED}
STEP_S = 5.0


def plan_of(stop: DemoStop) -> StopPlan:
    """What the gateway knows of a stop."""

    def moment(second: float | None) -> datetime | None:
        return None if second is None else utc(MIDNIGHT + second)

    return StopPlan(
        id=stop.id,
        kind=stop.kind,
        lat=stop.lat,
        lon=stop.lon,
        window_start=moment(stop.window_start_s),
        window_end=moment(stop.window_end_s),
        service_s=stop.service_s,
        parcels=stop.parcels,
        access_code=stop.access_code,
        safe_place=stop.safe_place,
    )


class Office:
    """A gateway that holds sequences and keeps what drivers say."""

    def __init__(self) -> None:
        self.waiting: dict[str, list[DriverSequence]] = {}
        self.said: list[SequenceReported] = []

    async def sequences(self, carrier_id: str, after: int, wait_s: float) -> DriverSequences:
        assert wait_s == 0.0
        told = tuple(self.waiting.pop(carrier_id, ()))
        return DriverSequences(sequences=told, next=after + 1)

    async def intake(self, carrier_id: str, name: str, payload: bytes, content_type: str) -> None:
        assert (carrier_id != "", name) == (True, adapter.name)
        decoded = adapter.decode(payload, content_type)
        assert decoded.refusals == []
        self.said += [one for one in decoded.observations if isinstance(one, SequenceReported)]


class Town:
    """The demo's drivers, an office, and a clock that is moved by hand."""

    def __init__(self, plan: DemoPlan, roads: RoutingEngine) -> None:
        self.plan, self.office, self.now_s = plan, Office(), OPENING_S
        self.lives = Lives(plan.routes)
        self.versions: Counter[str] = Counter({route.id: 1 for route in plan.routes})
        self.told: list[Report] = self.lives.due_reports(OPENING_S)
        self.turned: list[str] = []
        self.phones = Phones(
            plan, self.lives, MIDNIGHT, lambda: roads, lambda one: self.turned.append(one.id)
        )

    def route(self, route_id: str) -> DemoRoute:
        return self.lives.route(route_id)

    def left(self, route_id: str) -> list[str]:
        return upcoming(self.route(route_id).life, self.now_s)

    def set(self, route_id: str, stops: Sequence[str], notice: Notice | None = None) -> None:
        """A dispatcher sets the order of a route."""
        self.versions[route_id] += 1
        known = {stop.id: stop for route in self.lives for stop in route.stops}
        sequence = DriverSequence(
            route_id=route_id,
            vehicle_id="",
            version=self.versions[route_id],
            notice=notice,
            sequenced_at=utc(MIDNIGHT + self.now_s),
            stops=tuple(plan_of(known[one]) for one in stops),
        )
        self.office.waiting.setdefault(self.route(route_id).carrier_id, []).append(sequence)

    async def hear(self) -> None:
        """The carriers' systems ask what changed."""
        for carrier in self.plan.carriers:
            await self.phones.ask(self.office, carrier.id, lambda: self.now_s, 0.0)

    async def until(self, at_s: float) -> None:
        """Let the time pass."""
        while self.now_s < at_s:
            self.now_s += STEP_S
            await self.phones.act(self.office, self.now_s)
            await self.phones.settled()
            self.told += self.lives.due_reports(self.now_s)

    def ended(self) -> Counter[str]:
        """How often each stop's outcome was told, repetitions of a report aside."""
        return Counter(
            stop_id
            for stop_id, _, _ in {
                (r.stop_id, r.say, r.at_s) for r in self.told if r.say in OUTCOMES
            }
        )


class Again(Office):
    """An office that notes from where on it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.afters: dict[str, list[int]] = {}

    async def sequences(self, carrier_id: str, after: int, wait_s: float) -> DriverSequences:
        self.afters.setdefault(carrier_id, []).append(after)
        return await super().sequences(carrier_id, after, wait_s)


def own_route(plan: DemoPlan, *, but: Sequence[str] = ()) -> str:
    """One of our own vans with many stops left, that does not break down."""
    return next(
        route.id
        for route in plan.routes
        if route.carrier_id == "own"
        and route.id not in but
        and route.life.stands_s is None
        and len(upcoming(route.life, OPENING_S)) >= 14
    )


@pytest.fixture
def town(plan: DemoPlan, roads: RoutingEngine) -> Town:
    return Town(plan, roads)


def said(town: Town, route_id: str) -> list[tuple[int, Notice]]:
    return [(one.version, one.notice) for one in town.office.said if one.route_ref == route_id]


def willing(plan: DemoPlan) -> str:
    """A route whose driver accepts the next sequence."""
    route_id = own_route(plan)
    assert not _why_not(plan, route_id, 2)
    return route_id


def _why_not(plan: DemoPlan, route_id: str, version: int) -> str:
    number = [route.id for route in plan.routes].index(route_id)
    rng = np.random.default_rng([plan.seed, 6, number, version])
    sequence = DriverSequence(
        route_id=route_id, vehicle_id="", version=version, notice=None, sequenced_at=None, stops=()
    )
    return reaction(sequence, (), 0.0, 0.0, rng).declines


def test_a_driver_sees_accepts_and_drives_the_new_order(town: Town) -> None:
    route_id = willing(town.plan)
    wanted = town.left(route_id)[:2] + town.left(route_id)[2:][::-1]

    async def day() -> None:
        town.set(route_id, wanted)
        await town.hear()
        await town.until(OPENING_S + 130.0)
        assert said(town, route_id) == [(2, Notice.SEEN), (2, Notice.ACCEPTED)]
        await town.until(town.route(route_id).life.ends_s + 600.0)

    asyncio.run(day())
    outcomes = sorted((r for r in town.told if r.say in OUTCOMES), key=lambda r: r.at_s)
    driven = list(dict.fromkeys(r.stop_id for r in outcomes if r.route_id == route_id))
    assert driven[-len(wanted) :] == wanted
    assert town.turned == [route_id]
    seen, accepted = (one.at - utc(MIDNIGHT + OPENING_S) for one in town.office.said[:2])
    assert timedelta(seconds=8) <= seen < accepted <= timedelta(seconds=120)


def test_the_newest_of_two_quick_changes_is_answered(town: Town) -> None:
    route_id = willing(town.plan)
    stops = town.left(route_id)

    async def day() -> None:
        town.set(route_id, stops[::-1])
        town.set(route_id, [stops[0], *stops[1:][::-1]])
        await town.hear()
        await town.until(OPENING_S + 130.0)

    asyncio.run(day())
    assert {version for version, _ in said(town, route_id)} == {3}


def test_few_drivers_decline_and_say_why(plan: DemoPlan) -> None:
    answers = [
        _why_not(plan, route.id, version) for route in plan.routes for version in range(2, 12)
    ]
    declined = [why for why in answers if why]
    assert 0.02 < len(declined) / len(answers) < 0.1
    assert set(declined) == set(RELUCTANT)


def test_who_declines_drives_on_as_before(town: Town) -> None:
    plan = town.plan
    route_id, version = next(
        (route.id, version)
        for route in plan.routes
        if len(upcoming(route.life, OPENING_S)) >= 8 and route.life.stands_s is None
        for version in range(2, 9)
        if _why_not(plan, route.id, version)
    )
    before = town.left(route_id)
    town.versions[route_id] = version - 1

    async def day() -> None:
        town.set(route_id, before[::-1])
        await town.hear()
        await town.until(OPENING_S + 130.0)

    asyncio.run(day())
    assert said(town, route_id) == [(version, Notice.SEEN), (version, Notice.DECLINED)]
    assert town.office.said[-1].note in RELUCTANT
    assert town.route(route_id) == plan.routes[[r.id for r in plan.routes].index(route_id)]


def test_who_is_back_at_the_depot_declines_more_stops(town: Town) -> None:
    home = next(r for r in town.plan.routes if r.life.ends_s < OPENING_S)
    giver = own_route(town.plan)

    async def day() -> None:
        town.set(home.id, town.left(giver)[-2:])
        await town.hear()
        await town.until(OPENING_S + 130.0)

    asyncio.run(day())
    assert town.office.said[-1].notice is Notice.DECLINED
    assert town.office.said[-1].note == AT_HOME


def test_stops_of_a_vehicle_that_broke_down_go_with_another_one(town: Town) -> None:
    [broken] = [route for route in town.plan.routes if route.life.stands_s is not None]
    stands_s = broken.life.stands_s or 0.0
    helper = own_route(town.plan, but=[broken.id])

    async def day() -> None:
        await town.until(stands_s + 600.0)
        stranded = {stop.id for stop in broken.stops} - visited(broken.life, town.now_s)
        assert not town.ended().keys() & stranded
        town.set(broken.id, sorted(stranded)[::-1])
        await town.hear()
        await town.until(town.now_s + 130.0)
        refused = [one for one in town.office.said if one.route_ref == broken.id]
        assert [one.notice for one in refused] == [Notice.SEEN, Notice.ACCEPTED]
        town.set(broken.id, [])
        town.set(helper, [*town.left(helper), *sorted(stranded)])
        await town.hear()
        await town.until(town.route(helper).life.ends_s + 12_000.0)
        assert stranded <= town.ended().keys()

    asyncio.run(day())
    told = [report for report in town.told if report.route_id == broken.id]
    trouble = [r.alarm.cleared for r in told if r.alarm and r.alarm.kind is ExceptionKind.VEHICLE]
    assert (trouble[0], trouble[-1]) == (False, True)
    assert {r.say for r in told if r.at_s > stands_s} == {Say.ALARM, Say.ROUTE_FINISHED}


def test_a_vehicle_that_stands_takes_no_more_stops(town: Town) -> None:
    [broken] = [route for route in town.plan.routes if route.life.stands_s is not None]
    giver = own_route(town.plan, but=[broken.id])

    async def day() -> None:
        await town.until((broken.life.stands_s or 0.0) + 60.0)
        town.set(broken.id, town.left(giver)[-2:])
        await town.hear()
        await town.until(town.now_s + 130.0)

    asyncio.run(day())
    assert (town.office.said[-1].notice, town.office.said[-1].note) == (Notice.DECLINED, STANDS)


def test_alarms_and_answers_are_what_adapters_understand(town: Town) -> None:
    [broken] = [route for route in town.plan.routes if route.life.stands_s is not None]
    spoken = [speak.report(one, MIDNIGHT) for one in broken.life.reports]
    content_type, payload = speak.reports(spoken)
    decoded = adapter.decode(payload, content_type)
    assert decoded.refusals == []
    alarms = [one for one in decoded.observations if isinstance(one, AlarmReported)]
    assert {one.kind for one in alarms if not one.cleared} >= {ExceptionKind.VEHICLE}
    routes = [one for one in decoded.observations if isinstance(one, RouteReported)]
    assert {one.finished for one in routes} == {False}


@pytest.mark.parametrize("seed", range(3))
def test_no_stop_is_served_twice_or_forgotten_whatever_dispatchers_do(
    plan: DemoPlan, roads: RoutingEngine, seed: int
) -> None:
    """Random moves inside and between routes, also before drivers answered to the last."""
    rng = np.random.default_rng(seed)
    town = Town(plan, roads)
    routes = [r.id for r in plan.routes if r.life.stands_s is None and r.life.ends_s > OPENING_S]
    mishaps = plan.happenings.mishaps
    before = {
        stop.id
        for one in routes
        for stop in town.route(one).stops
        if mishaps.get(stop.id) is not Mishap.FORGOTTEN
    }
    orders = {one: town.left(one) for one in routes}

    async def day() -> None:
        for _ in range(25):
            giver, taker = (routes[int(n)] for n in rng.choice(len(routes), 2, replace=False))
            for one in (giver, taker):
                done = town.ended()
                orders[one] = [stop for stop in orders[one] if stop not in done]
            if not orders[giver] or town.now_s > town.route(taker).life.ends_s - 1800.0:
                continue
            stop = orders[giver].pop(int(rng.integers(len(orders[giver]))))
            orders[taker].insert(int(rng.integers(len(orders[taker]) + 1)), stop)
            town.set(giver, orders[giver])
            town.set(taker, orders[taker])
            await town.hear()
            await town.until(town.now_s + float(rng.uniform(5.0, 200.0)))
        await town.until(max(route.life.ends_s for route in town.lives) + 600.0)

    asyncio.run(day())
    ended = town.ended()
    assert {stop for stop, times in ended.items() if times > 1} == set()
    declined = {one.route_ref for one in town.office.said if one.notice is Notice.DECLINED}
    forgotten = before - ended.keys()
    assert len(forgotten) < 10
    assert all(any(stop in orders[one] for one in declined) for stop in forgotten)


@pytest.mark.parametrize("notice", [Notice.ACCEPTED, Notice.DECLINED, Notice.SENT, None])
def test_after_an_interruption_drivers_go_on_in_the_order_they_accepted(
    town: Town, notice: Notice | None
) -> None:
    route_id = willing(town.plan)
    other = own_route(town.plan, but=[route_id])
    town.now_s += 1200.0
    before, wanted = town.left(route_id), town.left(route_id)[::-1]
    town.set(route_id, wanted, notice)

    async def day() -> None:
        await town.phones.recall(town.office, town.now_s)
        town.told = town.lives.due_reports(town.now_s)
        assert town.left(route_id) == (wanted if notice is Notice.ACCEPTED else before)
        await town.until(town.now_s + 130.0)
        await town.until(town.route(route_id).life.ends_s + 600.0)

    asyncio.run(day())
    told = {report.route_id for report in town.told if report.at_s < OPENING_S + 1100.0}
    assert other in told
    assert route_id not in told
    follows = notice is not Notice.DECLINED
    asked = [(2, Notice.SEEN), (2, Notice.ACCEPTED)]
    assert said(town, route_id) == (asked if notice in (Notice.SENT, None) else [])
    last = [r for r in town.told if r.route_id == route_id and r.say in OUTCOMES][-1]
    assert last.stop_id == (wanted if follows else before)[-1]


def test_a_change_heard_while_the_roads_could_not_be_read_is_asked_for_again(
    plan: DemoPlan, roads: RoutingEngine
) -> None:
    town, failures = Town(plan, roads), [OSError("the disk is gone")]

    def unreliable() -> RoutingEngine:
        if failures:
            raise failures.pop()
        return roads

    office = town.office = Again()
    town.phones = Phones(plan, town.lives, MIDNIGHT, unreliable, lambda _: None)
    route_id = own_route(plan)
    town.set(route_id, list(reversed(town.left(route_id))))
    waiting = dict(office.waiting)
    with pytest.raises(OSError, match="disk is gone"):
        asyncio.run(town.hear())
    office.waiting |= waiting
    asyncio.run(town.hear())
    assert office.afters[town.route(route_id).carrier_id] == [0, 0]
    asyncio.run(town.until(OPENING_S + 180.0))
    assert said(town, route_id)
