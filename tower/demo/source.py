"""The demo shift at work: a source of messages the gateway runs like any other.

The day so far is told in bulk, then everything as it happens, at whatever rate the gateway's
clock runs.
"""

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, time
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

import numpy as np

from tower.demo import speak
from tower.demo.aftermath import Aftermath, Ear
from tower.demo.chance import happens
from tower.demo.customers import BRANDS
from tower.demo.fleet import Fleet
from tower.demo.lives import Lives
from tower.demo.mailbox import Mailbox, Outbox
from tower.demo.manifest import late_json, manifest_json, shift_carriers
from tower.demo.phones import Office, Phones
from tower.demo.plan import DemoCarrier, DemoPlan
from tower.demo.promise import OPENING_S
from tower.demo.provider import Provider
from tower.demo.speak import Seen
from tower.domain.conditions import Conditions
from tower.domain.moments import utc
from tower.domain.records import Carrier
from tower.domain.rulebook import OutreachPolicy
from tower.feed.clock import Clock
from tower.road.engine import RoutingEngine

LOG = logging.getLogger(__name__)

TICK_S = 0.25
"""Seconds of wall time between two looks at what is due."""

CHUNK = 1_000
"""Positions or reports in one message of the day so far; well below the size limit."""

SPOILT_SHARE = 0.004
"""Share of the ticks in which some system sends something that cannot be right."""


class Room(Office, Outbox, Ear, Protocol):
    """What the demo needs of a gateway: the same ways in that everybody has."""

    async def register(self, carriers: Sequence[Carrier]) -> object:
        """Let carriers take part."""
        ...

    async def start_with_policy(self, policy: OutreachPolicy) -> object:
        """Let customers be written to by this policy, as long as nobody has set one."""
        ...

    async def import_manifest(self, payload: bytes, name: str) -> object:
        """Hand over routes and stops."""
        ...

    async def report_conditions(self, conditions: Conditions) -> object:
        """Hand over what a provider says of weather and traffic."""
        ...

    def catching_up(self) -> AbstractContextManager[object]:
        """While the block lasts, what is told is a past to be predicted from only when whole."""
        ...


def opening(plan: DemoPlan, on: date) -> float:
    """Epoch seconds at which the demo opens on a date: 14:23 local time."""
    return _midnight(plan, on) + OPENING_S


def _midnight(plan: DemoPlan, on: date) -> float:
    """Twelve hours before noon, as GTFS counts: on days the clocks are changed, not midnight."""
    noon = datetime.combine(on, time(12), ZoneInfo(plan.timezone))
    return noon.timestamp() - 12 * 3600.0


class DemoSource:
    """Plays a plan to a gateway.

    Args:
        plan: what happens as long as nobody changes a sequence.
        on: local date of the shift.
        clock: the gateway's clock; the demo goes as fast as it does.
        engine: makes what knows the roads, for vehicles that follow another sequence; called
            in a worker thread, and only once one does.
    """

    def __init__(
        self, plan: DemoPlan, on: date, clock: Clock, engine: Callable[[], RoutingEngine]
    ) -> None:
        self._plan, self._on, self._clock = plan, on, clock
        self._midnight = _midnight(plan, on)
        self._rng = np.random.default_rng([plan.seed, 4])
        self._fleet = Fleet(plan, self._rng)
        self._lives = Lives(plan.routes)
        self._phones = Phones(plan, self._lives, self._midnight, engine, self._fleet.turn)
        self._mailbox = Mailbox(plan.seed, self._midnight)
        self._provider = Provider(plan, self._midnight)
        self._aftermath = Aftermath(plan, self._midnight)
        self._late = deque(sorted(plan.late, key=lambda order: order.comes_s))

    async def run(self, room: Room) -> None:
        """Tell the day so far, then what happens, until the last vehicle is parked."""
        with room.catching_up():
            await self.tell_past(room)
        await self.play(room)

    async def tell_past(self, room: Room) -> None:
        """Tell what happened before now, and where everybody is."""
        await room.register(shift_carriers(self._plan))
        await room.start_with_policy(OutreachPolicy(brands=BRANDS))
        manifest = manifest_json(self._plan, self._on, self._midnight)
        await room.import_manifest(manifest, f"demo-{self._on.isoformat()}.json")
        await self._introduce(room)
        await self._say_conditions(room, self._now_s())
        await self._order(room, self._now_s())
        await self._phones.recall(room, self._now_s())
        self._mailbox.forget_past(room)
        await self._tell(room, self._now_s())
        await self._place(room, self._now_s())

    async def play(self, room: Room) -> None:
        """Tell what happens from now on, and meanwhile the trails of the day so far."""
        trails = asyncio.ensure_future(self._trails(room, self._now_s()))
        trails.add_done_callback(_note_failure)
        listening = [
            asyncio.ensure_future(self._phones.listen(room, carrier.id, self._now_s))
            for carrier in self._plan.carriers
        ]
        try:
            await self._live(room)
        finally:
            for task in (trails, *listening):
                task.cancel()

    def _now_s(self) -> float:
        """Seconds of the day by the gateway's clock."""
        return self._clock.time() - self._midnight

    async def _introduce(self, room: Room) -> None:
        for carrier in self._plan.carriers:
            devices = [vehicle.device for vehicle in self._fleet.of(carrier)]
            said = speak.introduce(carrier.voice, devices)
            if said is not None:
                await room.intake(carrier.id, carrier.voice.value, said[1], said[0])

    async def _live(self, room: Room) -> None:
        while (now_s := self._now_s()) < self._fleet.ends_s:
            await self._say_conditions(room, now_s)
            await self._order(room, now_s)
            await self._phones.act(room, now_s)
            await self._report(room, now_s)
            await self._tell(room, now_s)
            await self._mailbox.act(room, now_s)
            await self._aftermath.act(room, now_s)
            if happens(SPOILT_SHARE, self._rng):
                await self._spoil(room, now_s)
            await asyncio.sleep(TICK_S)
        LOG.info("the demo shift is over; nothing more will happen")

    async def _place(self, room: Room, now_s: float) -> None:
        """Say where everybody is, and of those who are silent where they were heard last."""
        for carrier in self._plan.carriers:
            if silent := self._fleet.last_heard(carrier, now_s, self._midnight):
                await self._send_positions(room, carrier, silent)
        await self._report(room, now_s)

    async def _report(self, room: Room, now_s: float) -> None:
        due = self._fleet.due(self._plan.carriers, now_s, self._midnight, self._lives.is_held)
        for carrier, seen in due:
            await self._send_positions(room, carrier, seen)

    async def _say_conditions(self, room: Room, now_s: float) -> None:
        said = self._provider.due(now_s)
        if said is not None:
            await room.report_conditions(said)

    async def _order(self, room: Room, now_s: float) -> None:
        """Hand over the orders that have come in; somebody has to find them a route."""
        while self._late and self._late[0].comes_s <= now_s:
            order = self._late.popleft()
            name = f"order-{order.stop.id}-{self._on.isoformat()}.json"
            await room.import_manifest(late_json([order], self._midnight), name)

    async def _tell(self, room: Room, now_s: float) -> None:
        """Send every report that is due, each carrier's in messages of their own."""
        for said in _chunks(self._lives.due_reports(now_s)):
            items: dict[str, list[dict[str, Any]]] = defaultdict(list)
            for report in said:
                self._aftermath.note(report, self._lives.route(report.route_id))
                items[report.carrier_id].append(speak.report(report, self._midnight))
            for carrier_id, spoken in items.items():
                content_type, payload = speak.reports(spoken)
                await room.intake(carrier_id, speak.REPORTS_ADAPTER, payload, content_type)

    async def _trails(self, room: Room, until_s: float) -> None:
        """Where everybody was before the demo opened, for trails and replay."""
        for carrier in self._plan.carriers:
            for vehicle in self._fleet.of(carrier):
                for seen in _chunks(vehicle.history(until_s, self._midnight)):
                    await self._send_positions(room, carrier, list(seen))

    async def _send_positions(self, room: Room, carrier: DemoCarrier, seen: Sequence[Seen]) -> None:
        content_type, payload = speak.positions(carrier.voice, seen)
        await room.intake(carrier.id, carrier.voice.value, payload, content_type)

    async def _spoil(self, room: Room, now_s: float) -> None:
        """Send one of the messages that real systems send on a bad day."""
        carrier = self._plan.carriers[int(self._rng.integers(len(self._plan.carriers)))]
        spoilt = _SPOILT[int(self._rng.integers(len(_SPOILT)))]
        ahead = utc(self._midnight + now_s + 7200.0)
        payload = spoilt.replace("AT", ahead.isoformat()).encode()
        await room.intake(carrier.id, speak.REPORTS_ADAPTER, payload, speak.JSON)


def _note_failure(trails: asyncio.Future[None]) -> None:
    if not trails.cancelled() and (error := trails.exception()) is not None:
        LOG.error("the trails of the day so far are incomplete: %s", error)


_SPOILT = (
    '[{"type": "stop", "stop": "S00',
    '{"type": "stop", "stop": "S99999", "status": "delivered", "at": "2026-01-05T09:00:00Z"}',
    '{"type": "stop", "stop": "S00001", "status": "deliverd", "at": "2026-01-05T09:00:00Z"}',
    '{"type": "stop", "stop": "S00001", "status": "arrived", "at": "AT"}',
    '{"type": "position", "vehicle": "test", "at": "AT", "lat": 0.0, "lon": 0.0}',
)
"""Cut off, an unknown stop, a misspelt state, a time two hours ahead, and Null Island."""


_Item = TypeVar("_Item")


def _chunks(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
