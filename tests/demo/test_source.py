"""What the demo says is what carriers say; their adapters refuse only what is spoilt."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec
import pytest

from tower.carriers.observations import FixSeen, StopReported
from tower.carriers.port import Adapter, Decoded
from tower.carriers.registry import find_adapters
from tower.carriers.sequences import DriverSequences
from tower.demo.aftermath import Heard
from tower.demo.plan import DemoPlan
from tower.demo.promise import OPENING_S
from tower.demo.source import DemoSource, opening
from tower.domain.conditions import Conditions
from tower.domain.messages import Message
from tower.domain.moments import utc
from tower.domain.records import Carrier
from tower.domain.rulebook import OutreachPolicy
from tower.domain.words import StopState
from tower.feed.clock import RunningClock
from tower.outreach.port import Incoming
from tower.road.engine import StraightLineEngine

DAY = date(2026, 3, 5)


class Listener:
    """A gateway that only listens: decodes with the real adapters and counts."""

    def __init__(self, stop_after: int) -> None:
        self.adapters: dict[str, Adapter] = dict(find_adapters())
        self.carriers: list[Carrier] = []
        self.manifests: dict[str, bytes] = {}
        self.decoded: list[tuple[str, Decoded]] = []
        self.left = stop_after
        self.enough = asyncio.Event()
        self.is_behind = False
        self.told_behind = 0
        self.messages: list[Message] = []
        self.replies: list[tuple[str, Incoming]] = []
        self.policy = OutreachPolicy()
        self.conditions: list[Conditions] = []
        self.heard: list[Heard] = []

    async def register(self, carriers: Sequence[Carrier]) -> None:
        self.carriers = list(carriers)

    async def start_with_policy(self, policy: OutreachPolicy) -> None:
        self.policy = policy

    async def import_manifest(self, payload: bytes, name: str) -> None:
        assert name.endswith(".json")
        self.manifests[name] = payload

    async def sequences(self, carrier_id: str, after: int, wait_s: float) -> DriverSequences:
        assert carrier_id
        if wait_s:
            await asyncio.Event().wait()
        return DriverSequences(sequences=(), next=after)

    async def record(self, heard: Heard) -> None:
        self.heard.append(heard)

    async def report_conditions(self, conditions: Conditions) -> None:
        self.conditions.append(conditions)

    def kept_messages(self) -> list[Message]:
        return self.messages

    async def incoming(self, account: str, incoming: Incoming) -> None:
        self.replies.append((account, incoming))

    @contextlib.contextmanager
    def catching_up(self) -> Iterator[None]:
        self.is_behind = True
        yield
        self.is_behind = False
        self.told_behind = len(self.decoded)

    async def intake(
        self, carrier_id: str, adapter: str, payload: bytes, content_type: str
    ) -> None:
        assert len(payload) < 1 << 20
        self.decoded.append((carrier_id, self.adapters[adapter].decode(payload, content_type)))
        self.left -= 1
        if self.left == 0:
            self.enough.set()


async def _hear(plan: DemoPlan, rate: float, messages: int) -> Listener:
    listener = Listener(messages)
    clock = RunningClock(opening(plan, DAY), rate)
    running = asyncio.ensure_future(DemoSource(plan, DAY, clock, StraightLineEngine).run(listener))
    heard = asyncio.ensure_future(listener.enough.wait())
    await asyncio.wait([running, heard], return_when=asyncio.FIRST_COMPLETED)
    for task in (running, heard):
        task.cancel()
    await asyncio.gather(running, heard, return_exceptions=True)
    return listener


@pytest.fixture(scope="module")
def heard(plan: DemoPlan) -> Listener:
    return asyncio.run(_hear(plan, 60.0, 150))


def test_the_carriers_and_their_promises_come_first(heard: Listener) -> None:
    assert [carrier.id for carrier in heard.carriers] == ["own", "electric", "bikes", "3pl", "gig"]
    name, *late = heard.manifests
    manifest = msgspec.json.decode(heard.manifests[name])
    assert len(manifest["stops"]) == 1497
    assert manifest["shift"]["date"] == "2026-03-05"
    assert len(late) >= 2
    sold_by = {stop["brand"] for stop in manifest["stops"]} - {""}
    assert sold_by == {brand.id for brand in heard.policy.brands}


def test_the_weather_is_said_as_the_demo_opens_and_every_quarter_of_an_hour(
    heard: Listener,
) -> None:
    first, *others = heard.conditions
    assert first.as_of.astimezone(ZoneInfo("Europe/Vaduz")).strftime("%H:%M") == "14:15"
    assert first.weather is not None
    steps = {b.as_of - a.as_of for a, b in pairwise(heard.conditions)}
    assert not others or steps == {timedelta(minutes=15)}


def test_orders_come_in_during_the_shift_and_are_on_no_route(
    plan: DemoPlan, heard: Listener
) -> None:
    orders = [msgspec.json.decode(said) for said in list(heard.manifests.values())[1:]]
    assert {stop["route"] for order in orders for stop in order["stops"]} == {""}
    assert 4 <= len(plan.late) <= 8
    comes = [order.comes_s for order in plan.late]
    assert min(comes) < OPENING_S < max(comes) < OPENING_S + 3600.0


def test_the_adapters_understand_all_but_what_is_spoilt(heard: Listener) -> None:
    refused = sum(len(decoded.refusals) for _, decoded in heard.decoded)
    understood = sum(len(decoded.observations) for _, decoded in heard.decoded)
    assert understood > 5_000
    assert refused <= 5


def test_the_day_so_far_is_told_before_the_live_positions(heard: Listener) -> None:
    outcomes = Counter(
        observation.state
        for _, decoded in heard.decoded
        for observation in decoded.observations
        if isinstance(observation, StopReported)
    )
    assert outcomes[StopState.DELIVERED] > 500


def test_the_past_ends_with_where_every_vehicle_was_heard_last(
    plan: DemoPlan, heard: Listener
) -> None:
    opened = utc(opening(plan, DAY))
    placed: dict[str, datetime] = {}
    before: dict[str, datetime] = {}
    for number, (_, decoded) in enumerate(heard.decoded):
        for seen in decoded.observations:
            if isinstance(seen, FixSeen) and seen.at is not None:
                if number < heard.told_behind:
                    placed[seen.vehicle_ref] = seen.at
                if seen.at <= opened:
                    before[seen.vehicle_ref] = max(seen.at, before.get(seen.vehicle_ref, seen.at))
    assert len(placed) == 60
    assert max(at - placed[vehicle] for vehicle, at in before.items()) < timedelta(minutes=2)


@pytest.mark.parametrize(
    "day",
    [date(2026, 3, 5), date(2026, 3, 29), date(2026, 10, 25)],
    ids=["usual", "spring", "autumn"],
)
def test_the_demo_opens_at_the_same_hour_also_on_the_days_the_clocks_are_changed(
    plan: DemoPlan, day: date
) -> None:
    local = utc(opening(plan, day)).astimezone(ZoneInfo(plan.timezone))
    assert (local.date(), local.hour, local.minute) == (day, 14, 23)


def test_every_carrier_reports_positions_in_the_shift(heard: Listener) -> None:
    fixes = [
        (carrier_id, seen)
        for carrier_id, decoded in heard.decoded
        for seen in decoded.observations
        if isinstance(seen, FixSeen)
    ]
    assert {carrier_id for carrier_id, _ in fixes} == {"own", "electric", "bikes", "3pl", "gig"}
    # Null Island is one of the things a spoilt message says.
    places = {(seen.lat, seen.lon) for _, seen in fixes} - {(0.0, 0.0)}
    assert all(47.0 < lat < 47.3 and 9.4 < lon < 9.7 for lat, lon in places)
