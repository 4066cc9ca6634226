"""Where vehicles were, thinned for replay: positions are never in the journal proper."""

import logging
import math
import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    and_,
    bindparam,
    delete,
    func,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert

from tower.domain.geometry import EARTH_RADIUS_M, LatLon, distance_m
from tower.domain.telemetry import Fix
from tower.journal.database import reading
from tower.journal.errors import JournalClosed, JournalError
from tower.journal.schema import breadcrumbs
from tower.journal.times import from_micros, micros
from tower.journal.writer import Job, Writer

_log = logging.getLogger(__name__)

SPACING_S = 15.0
SPACING_M = 50.0
TURN_DEG = 20.0
TURN_NEEDS_M = 5.0
"""A standing vehicle's compass wanders; a turn counts only where it also moved so far."""

BACKLOG_S = 60.0
"""A fix this much older than the newest comes from a device's memory, and fills a gap."""

KEPT_A_DAY = 6_000
"""Crumbs kept a vehicle and day (UTC); beyond, every second one of that day is dropped."""

OWED = 200_000
"""Crumbs kept in memory while the disk takes none; the oldest beyond are given up."""

_DEGREE_M = math.radians(EARTH_RADIUS_M)
_DAY_US = 86_400_000_000
_DAYS_COUNTED = 2
_COUNTED_AT_ONCE = 500


OnDisk = Callable[[int], None]
"""Told how many crumbs are on the disk or were given up; in the writer's thread or not."""


def _nobody(_: int) -> None:
    """Nobody wants to be told."""


class _Crumb(NamedTuple):
    """A crumb as the table keeps it, column by column."""

    vehicle_id: str
    at_us: int
    lat: float
    lon: float
    speed_mps: float | None
    heading_deg: float | None
    temperature_c: float | None
    battery_pct: float | None


class _Last(NamedTuple):
    at: datetime
    position: LatLon
    heading_deg: float | None


class Thinning:
    """Decides which fixes are worth keeping: one each 15 s, 50 m or 20 degrees of turn.

    What a device tells of a time before, once it is heard again, is thinned on its own.
    """

    def __init__(self) -> None:
        self._last: dict[str, _Last] = {}
        self._backlog: dict[str, _Last] = {}

    def keeps(self, fix: Fix) -> bool:
        """True where the fix says something its kept predecessor did not; then it is the next."""
        last = self._last.get(fix.vehicle_id)
        if last is not None:
            elapsed_s = (fix.at - last.at).total_seconds()
            if elapsed_s < -BACKLOG_S:
                return self._keeps_backlog(fix)
            if not _tells_more(fix, last, elapsed_s):
                return False
        self._last[fix.vehicle_id] = _Last(fix.at, fix.position, fix.heading_deg)
        return True

    def _keeps_backlog(self, fix: Fix) -> bool:
        last = self._backlog.get(fix.vehicle_id)
        if last is not None and last.at <= fix.at:
            elapsed_s = (fix.at - last.at).total_seconds()
            if not _tells_more(fix, last, elapsed_s):
                return False
        self._backlog[fix.vehicle_id] = _Last(fix.at, fix.position, fix.heading_deg)
        return True


def _tells_more(fix: Fix, last: _Last, elapsed_s: float) -> bool:
    if elapsed_s <= 0:
        return False
    if elapsed_s >= SPACING_S:
        return True
    turn_deg = _turn_deg(fix.heading_deg, last.heading_deg)
    least_m = TURN_NEEDS_M if turn_deg >= TURN_DEG else SPACING_M
    lat, lon = last.position
    # The way along the meridian and the equator is never shorter, and is worked out sooner.
    if _DEGREE_M * (abs(fix.lat - lat) + abs(fix.lon - lon)) < least_m:
        return False
    return distance_m(last.position, fix.position) >= least_m


def _turn_deg(a: float | None, b: float | None) -> float:
    if a is None or b is None:
        return 0.0
    return abs((a - b + 180.0) % 360.0 - 180.0)


class Breadcrumbs:
    """The trails of all vehicles. `add` is for one thread, the rest for any."""

    def __init__(self, writer: Writer, engine: Engine, path: Path) -> None:
        self._writer = writer
        self._engine = engine
        self._path = path
        self._thinning = Thinning()
        self._full = _FullDays()
        self._waiting = _Waiting()

    def add(self, fixes: Sequence[Fix], on_disk: OnDisk = _nobody) -> int:
        """Offer fixes; those kept are on the disk within about two seconds.

        What the disk did not take is written together with what is kept next.

        Args:
            fixes: where vehicles were.
            on_disk: called once where any are kept, when those are on the disk or given up.

        Returns:
            How many are kept.

        Raises:
            JournalClosed: the journal was closed.
        """
        kept = [_crumb(fix) for fix in fixes if self._thinning.keeps(fix)]
        if kept and self._waiting.put(kept, on_disk):
            self._submit()
        return len(kept)

    def _submit(self) -> None:
        try:
            self._writer.submit(_KeepCrumbs(self._waiting, self._full))
        except JournalClosed:
            self._waiting.take()
            raise

    def trail(self, vehicle_id: str, since: datetime, until: datetime) -> list[Fix]:
        """Where a vehicle was in [since, until], oldest first."""
        at = breadcrumbs.c.at_us
        query = (
            select(breadcrumbs)
            .where(breadcrumbs.c.vehicle_id == vehicle_id)
            .where(at.between(micros(since), micros(until)))
            .order_by(at)
        )
        with reading(self._engine, self._path) as connection:
            return [_fix(row) for row in connection.execute(query)]

    def newest(self, since: datetime) -> list[Fix]:
        """The last kept fix of every vehicle that has one at or after `since`."""
        vehicle_id, at = breadcrumbs.c.vehicle_id, breadcrumbs.c.at_us
        last = (
            select(vehicle_id, func.max(at).label("at_us"))
            .where(at >= micros(since))
            .group_by(vehicle_id)
            .subquery()
        )
        same = and_(vehicle_id == last.c.vehicle_id, at == last.c.at_us)
        query = select(breadcrumbs).join(last, same)
        with reading(self._engine, self._path) as connection:
            return [_fix(row) for row in connection.execute(query)]


def _fix(row: Row[Any]) -> Fix:
    return Fix(
        vehicle_id=row.vehicle_id,
        at=from_micros(row.at_us),
        lat=row.lat,
        lon=row.lon,
        speed_mps=row.speed_mps,
        heading_deg=row.heading_deg,
        temperature_c=row.temperature_c,
        battery_pct=row.battery_pct,
    )


class _Portion(NamedTuple):
    """Crumbs that are written together, and who wants to know when they are."""

    crumbs: list[_Crumb]
    told: list[tuple[OnDisk, int]]

    def settle(self) -> None:
        """Tell them."""
        for on_disk, count in self.told:
            on_disk(count)


class _Waiting:
    """Crumbs on their way to the disk: many messages bring few each, and are written as one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owed: deque[_Crumb] = deque(maxlen=OWED)
        self._next = _Portion([], [])

    def put(self, crumbs: list[_Crumb], on_disk: OnDisk) -> bool:
        """Add some; True where nobody comes for them yet."""
        with self._lock:
            is_first = not self._next.told
            self._next.crumbs.extend(crumbs)
            self._next.told.append((on_disk, len(crumbs)))
            return is_first

    def take(self) -> _Portion:
        """Everything that waits, what the disk did not take before first."""
        with self._lock:
            portion, self._next = self._next, _Portion([], [])
            owed = list(self._owed)
            self._owed.clear()
        return portion._replace(crumbs=[*owed, *portion.crumbs])

    def owe(self, crumbs: Sequence[_Crumb]) -> int:
        """Keep what the disk did not take; returns how many are given up for it."""
        with self._lock:
            given_up = max(0, len(self._owed) + len(crumbs) - OWED)
            self._owed.extend(crumbs)
        return given_up


class _KeepCrumbs(Job):
    urgent = False

    def __init__(self, waiting: _Waiting, full: "_FullDays") -> None:
        self._waiting, self._full = waiting, full
        self._portion = _Portion([], [])

    def write(self, connection: Connection) -> None:
        self._portion = self._waiting.take()
        crumbs = sorted(self._portion.crumbs, key=_place)
        connection.exec_driver_sql(_KEEP, crumbs)
        added = Counter((crumb.vehicle_id, crumb.at_us // _DAY_US) for crumb in crumbs)
        self._full.thin_where_full(connection, added)

    def committed(self) -> None:
        self._portion.settle()

    def failed(self, error: JournalError) -> None:
        # Of a transaction that failed before this job's turn nothing was taken yet.
        portion = self._portion if self._portion.told else self._waiting.take()
        given_up = self._waiting.owe(portion.crumbs)
        if given_up:
            _log.error("%d positions are missing from the replay: %s", given_up, error)
        portion.settle()


_KEEP = str(insert(breadcrumbs).on_conflict_do_nothing().compile(dialect=sqlite.dialect()))


def _place(crumb: _Crumb) -> tuple[str, int]:
    """Where a crumb stands in the table: neighbours share a page."""
    return crumb.vehicle_id, crumb.at_us


class _FullDays:
    """Counts crumbs a vehicle and day; used by the writer's thread alone.

    Of older days nothing more is to be expected; should it come, they are counted again.
    """

    def __init__(self) -> None:
        self._counts: dict[tuple[str, int], int] = {}
        self._today = 0

    def thin_where_full(self, connection: Connection, added: Counter[tuple[str, int]]) -> None:
        """Take note of what was added, and thin the days it was too much for."""
        self._forget(max((day for _, day in added), default=0))
        unknown = added.keys() - self._counts.keys()
        for day in {day for _, day in unknown}:
            vehicle_ids = [vehicle_id for vehicle_id, of in unknown if of == day]
            self._counts.update(_counted(connection, vehicle_ids, day))
        for key, count in added.items():
            self._counts[key] += 0 if key in unknown else count
            if self._counts[key] > KEPT_A_DAY:
                _drop_every_second(connection, *key)
                self._counts.update(_counted(connection, [key[0]], key[1]))

    def _forget(self, newest: int) -> None:
        if newest > self._today:
            self._today = newest
            kept = {key: n for key, n in self._counts.items() if key[1] >= newest - _DAYS_COUNTED}
            self._counts = kept


def _counted(
    connection: Connection, vehicle_ids: Sequence[str], day: int
) -> dict[tuple[str, int], int]:
    """How many crumbs these vehicles have of a day."""
    found = {(vehicle_id, day): 0 for vehicle_id in vehicle_ids}
    for first in range(0, len(vehicle_ids), _COUNTED_AT_ONCE):
        portion = vehicle_ids[first : first + _COUNTED_AT_ONCE]
        query = (
            select(breadcrumbs.c.vehicle_id, func.count())
            .where(breadcrumbs.c.vehicle_id.in_(portion))
            .where(_within(day))
            .group_by(breadcrumbs.c.vehicle_id)
        )
        for vehicle_id, count in connection.execute(query):
            found[vehicle_id, day] = count
    return found


def _within(day: int) -> ColumnElement[bool]:
    at, first = breadcrumbs.c.at_us, day * _DAY_US
    return and_(at >= first, at < first + _DAY_US)


def _drop_every_second(connection: Connection, vehicle_id: str, day: int) -> None:
    of_day = and_(breadcrumbs.c.vehicle_id == vehicle_id, _within(day))
    times = select(breadcrumbs.c.at_us).where(of_day).order_by(breadcrumbs.c.at_us)
    dropped = connection.execute(times).scalars().all()[1::2]
    target = delete(breadcrumbs).where(
        breadcrumbs.c.vehicle_id == vehicle_id, breadcrumbs.c.at_us == bindparam("dropped_us")
    )
    connection.execute(target, [{"dropped_us": at_us} for at_us in dropped])


def _crumb(fix: Fix) -> _Crumb:
    return _Crumb(
        fix.vehicle_id,
        micros(fix.at),
        fix.lat,
        fix.lon,
        fix.speed_mps,
        fix.heading_deg,
        fix.temperature_c,
        fix.battery_pct,
    )
