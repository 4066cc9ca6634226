"""A whole simulated shift in one process, as fast as it can be computed.

A real gateway without network: its inlet, journal, state, arrivals and rules, on a clock that is
moved by hand. Nobody works on anything, and carriers raise no alarms, so that what is found was
found by the rules. What only people report (customers' calls, failed attempts) is reported.
"""

import asyncio
import contextlib
import tempfile
from collections import defaultdict, deque
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from tests.benchmarks._rules_marks import Ledger
from tower.carriers.registry import find_adapters
from tower.demo import speak
from tower.demo.fleet import Fleet
from tower.demo.lives import Lives
from tower.demo.manifest import late_json, manifest_json, shift_carriers
from tower.demo.plan import DemoPlan, Report, Say
from tower.domain.moments import utc
from tower.gateway.gateway import Gateway
from tower.gateway.lookout import Lookout
from tower.gateway.room import Room
from tower.gateway.server import open_journal
from tower.gateway.settings import GatewaySettings
from tower.gateway.signin import Tokens

STEP_S = 15.0
"""Seconds of the shift between two looks, and between two positions of a vehicle."""

PROJECT_EVERY = 2
"""Arrivals are predicted anew every so many looks; that takes most of the time."""

DAY = date(2026, 3, 5)

AFTER_S = 600.0
"""The shift is watched until ten minutes after the last vehicle is back."""

_MEMORY = Path("/dev/shm")  # noqa: S108 - only where a journal of the moment is kept
_NEVER_S = 1e9


class SteppedClock:
    """Stands where it was put."""

    rate = 1.0

    def __init__(self, at: float) -> None:
        self.at = at

    def time(self) -> float:
        """Seconds since 1970."""
        return self.at

    def now(self) -> datetime:
        """The time, aware, UTC."""
        return utc(self.at)


class Player:
    """Tells a gateway what happens in a plan, step by step."""

    def __init__(self, plan: DemoPlan, midnight: float, *, alarms: bool) -> None:
        self._plan, self._midnight, self._alarms = plan, midnight, alarms
        self._fleet = Fleet(plan, np.random.default_rng([plan.seed, 4]))
        self._lives = Lives(plan.routes)
        self._late = deque(sorted(plan.late, key=lambda order: order.comes_s))

    @property
    def begins_s(self) -> float:
        """Second of the day at which the first vehicle leaves."""
        return min(route.life.starts_s for route in self._plan.routes)

    @property
    def ends_s(self) -> float:
        """Second of the day at which nothing moves any more."""
        return max(route.life.ends_s for route in self._plan.routes) + AFTER_S

    async def introduce(self, room: Room) -> None:
        """Hand over the carriers and their routes."""
        await room.register(shift_carriers(self._plan))
        manifest = manifest_json(self._plan, DAY, self._midnight)
        receipt = await room.import_manifest(manifest, "demo.json")
        if receipt.problems:
            raise ValueError(f"the plan of the day is refused: {receipt.problems[0].message}")
        for carrier in self._plan.carriers:
            devices = [vehicle.device for vehicle in self._fleet.of(carrier)]
            said = speak.introduce(carrier.voice, devices)
            if said is not None:
                await room.intake(carrier.id, carrier.voice.value, said[1], said[0])

    async def tell(self, room: Room, now_s: float) -> None:
        """Tell what has happened by now."""
        while self._late and self._late[0].comes_s <= now_s:
            order = self._late.popleft()
            await room.import_manifest(late_json([order], self._midnight), "order.json")
        said = [self._positions(now_s, room), self._reports(now_s, room)]
        await asyncio.gather(*said)

    async def _positions(self, now_s: float, room: Room) -> None:
        for carrier, seen in self._fleet.due(self._plan.carriers, now_s, self._midnight):
            content_type, payload = speak.positions(carrier.voice, seen)
            await room.intake(carrier.id, carrier.voice.value, payload, content_type)

    async def _reports(self, now_s: float, room: Room) -> None:
        items: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for report in filter(self._is_told, self._lives.due_reports(now_s)):
            items[report.carrier_id].append(speak.report(report, self._midnight))
        for carrier_id, spoken in items.items():
            content_type, payload = speak.reports(spoken)
            await room.intake(carrier_id, speak.REPORTS_ADAPTER, payload, content_type)

    def _is_told(self, report: Report) -> bool:
        return self._alarms or report.say is not Say.ALARM


def watch_shift(plan: DemoPlan, *, alarms: bool = False) -> Ledger:
    """Everything that is raised in a shift.

    Args:
        plan: the shift.
        alarms: whether carriers raise alarms of their own.
    """
    midnight = datetime.combine(DAY, datetime.min.time(), ZoneInfo(plan.timezone)).timestamp()
    ledger = Ledger(midnight)
    player = Player(plan, midnight, alarms=alarms)
    with _folder() as folder:
        asyncio.run(_watched(player, midnight, ledger, folder))
    return ledger


async def _watched(player: Player, midnight: float, ledger: Ledger, folder: Path) -> None:
    clock = SteppedClock(midnight + player.begins_s - STEP_S)
    settings = GatewaySettings(data=str(folder), port=0, project_s=_NEVER_S, watch_s=_NEVER_S)
    with contextlib.closing(open_journal(folder, clock)) as journal:
        gateway = Gateway(settings, journal, clock, Tokens(), find_adapters())
        gateway.live.listen(lambda events, _: ledger.note(events))
        lookout = Lookout(gateway)
        # Behind for as long as it lasts: the gateway itself neither predicts nor watches.
        async with gateway.running():
            with gateway.room.catching_up():
                await player.introduce(gateway.room)
                await gateway.lines.settled()
                moments = np.arange(player.begins_s, player.ends_s, STEP_S).tolist()
                for number, now_s in enumerate(moments):
                    clock.at = midnight + now_s
                    await player.tell(gateway.room, now_s)
                    if number % PROJECT_EVERY == 0:
                        await gateway.projection.renew()
                        gateway.traffic.renew()
                    await lookout.look()


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    place = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="tower-rules-", dir=place) as folder:
        yield Path(folder)
