"""A simulated shift told to a gateway step by step, on a clock that is moved by hand.

A real gateway without network: its inlet, journal and state, fed as fast as it can compute.
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

from tower.demo import speak
from tower.demo.fleet import Fleet
from tower.demo.lives import Lives
from tower.demo.manifest import late_json, manifest_json, shift_carriers
from tower.demo.plan import DemoPlan, Report, Say
from tower.demo.provider import Provider
from tower.domain.moments import utc
from tower.gateway.room import Room
from tower.gateway.settings import GatewaySettings

AFTER_S = 600.0
"""The shift is told until ten minutes after the last vehicle is back."""

_NEVER_S = 1e9


_MEMORY = Path("/dev/shm")  # noqa: S108 - only where a journal of the moment is kept


def headless(folder: Path) -> GatewaySettings:
    """Settings of a gateway that predicts, watches and adds up only when it is told to.

    Args:
        folder: of its journal.
    """
    return GatewaySettings(
        data=str(folder), port=0, project_s=_NEVER_S, watch_s=_NEVER_S, figures_s=_NEVER_S
    )


@contextlib.contextmanager
def memory_folder() -> Iterator[Path]:
    """A folder for a journal of the moment, in memory where the system has such a place."""
    place = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="tower-shift-", dir=place) as folder:
        yield Path(folder)


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
    """Tells a gateway what happens in a plan, step by step.

    Args:
        plan: what happens.
        on: the local date of it.
        alarms: whether carriers raise alarms of their own.

    Attributes:
        midnight: epoch seconds of the local midnight of that date.
    """

    def __init__(self, plan: DemoPlan, on: date, *, alarms: bool) -> None:
        self._plan, self._on, self._alarms = plan, on, alarms
        start = datetime.combine(on, datetime.min.time(), ZoneInfo(plan.timezone))
        self.midnight = start.timestamp()
        self._fleet = Fleet(plan, np.random.default_rng([plan.seed, 4]))
        self._lives = Lives(plan.routes)
        self._provider = Provider(plan, self.midnight)
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
        manifest = manifest_json(self._plan, self._on, self.midnight)
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
        if (conditions := self._provider.due(now_s)) is not None:
            await room.report_conditions(conditions)
        while self._late and self._late[0].comes_s <= now_s:
            order = self._late.popleft()
            await room.import_manifest(late_json([order], self.midnight), "order.json")
        said = [self._positions(now_s, room), self._reports(now_s, room)]
        await asyncio.gather(*said)

    async def _positions(self, now_s: float, room: Room) -> None:
        told = []
        for carrier, seen in self._fleet.due(self._plan.carriers, now_s, self.midnight):
            content_type, payload = speak.positions(carrier.voice, seen)
            told.append(room.intake(carrier.id, carrier.voice.value, payload, content_type))
        await asyncio.gather(*told)

    async def _reports(self, now_s: float, room: Room) -> None:
        items: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for report in filter(self._is_told, self._lives.due_reports(now_s)):
            items[report.carrier_id].append(speak.report(report, self.midnight))
        told = []
        for carrier_id, spoken in items.items():
            content_type, payload = speak.reports(spoken)
            told.append(room.intake(carrier_id, speak.REPORTS_ADAPTER, payload, content_type))
        await asyncio.gather(*told)

    def _is_told(self, report: Report) -> bool:
        return self._alarms or report.say is not Say.ALARM
