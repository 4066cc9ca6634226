"""Where vehicles were, thinned for replay: positions are never in the journal proper."""

import logging
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypedDict

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
from sqlalchemy.dialects.sqlite import insert

from tower.domain.geometry import LatLon, distance_m
from tower.domain.telemetry import Fix
from tower.journal.database import reading
from tower.journal.errors import JournalError
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

_DAY_US = 86_400_000_000
_DAYS_COUNTED = 2


OnDisk = Callable[[int], None]
"""Told how many crumbs are on the disk or were given up; in the writer's thread or not."""


def _nobody(_: int) -> None:
    """Nobody wants to be told."""


class _Values(TypedDict):
    """A crumb as the table keeps it."""

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
        if last is not None and (last.at - fix.at).total_seconds() > BACKLOG_S:
            return self._keeps_backlog(fix)
        if last is not None and not _tells_more(fix, last):
            return False
        self._last[fix.vehicle_id] = _Last(fix.at, fix.position, fix.heading_deg)
        return True

    def _keeps_backlog(self, fix: Fix) -> bool:
        last = self._backlog.get(fix.vehicle_id)
        follows = last is not None and last.at <= fix.at
        if follows and last is not None and not _tells_more(fix, last):
            return False
        self._backlog[fix.vehicle_id] = _Last(fix.at, fix.position, fix.heading_deg)
        return True


def _tells_more(fix: Fix, last: _Last) -> bool:
    elapsed_s = (fix.at - last.at).total_seconds()
    if elapsed_s <= 0:
        return False
    if elapsed_s >= SPACING_S:
        return True
    moved_m = distance_m(last.position, fix.position)
    return moved_m >= SPACING_M or (
        moved_m >= TURN_NEEDS_M and _turn_deg(fix.heading_deg, last.heading_deg) >= TURN_DEG
    )


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
        self._owed: deque[_Values] = deque(maxlen=OWED)

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
        kept = [_row(fix) for fix in fixes if self._thinning.keeps(fix)]
        if kept:
            rows = [*self._repaid(), *kept]
            settled = partial(on_disk, len(kept))
            self._writer.submit(_KeepCrumbs(rows, self._full, settled, self._owed))
        return len(kept)

    def _repaid(self) -> Iterator[_Values]:
        while self._owed:
            yield self._owed.popleft()

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


class _KeepCrumbs(Job):
    urgent = False

    def __init__(
        self,
        rows: list[_Values],
        full: "_FullDays",
        settled: Callable[[], None],
        owed: "deque[_Values]",
    ) -> None:
        self._settled = settled
        self._rows, self._owed = rows, owed
        self._days = Counter((row["vehicle_id"], row["at_us"] // _DAY_US) for row in rows)
        self._full = full

    def write(self, connection: Connection) -> None:
        connection.execute(insert(breadcrumbs).on_conflict_do_nothing(), self._rows)
        for (vehicle_id, day), added in self._days.items():
            self._full.thin_if_full(connection, vehicle_id, day, added)

    def committed(self) -> None:
        self._settled()

    def failed(self, error: JournalError) -> None:
        given_up = max(0, len(self._owed) + len(self._rows) - OWED)
        self._owed.extend(self._rows)
        if given_up:
            _log.error("%d positions are missing from the replay: %s", given_up, error)
        self._settled()


class _FullDays:
    """Counts crumbs a vehicle and day; used by the writer's thread alone.

    Of older days nothing more is to be expected; should it come, they are counted again.
    """

    def __init__(self) -> None:
        self._counts: dict[tuple[str, int], int] = {}
        self._today = 0

    def thin_if_full(self, connection: Connection, vehicle_id: str, day: int, added: int) -> None:
        if day > self._today:
            self._today = day
            kept = {key: n for key, n in self._counts.items() if key[1] >= day - _DAYS_COUNTED}
            self._counts = kept
        known = self._counts.get((vehicle_id, day))
        count = known + added if known is not None else _count(connection, vehicle_id, day)
        if count > KEPT_A_DAY:
            _drop_every_second(connection, vehicle_id, day)
            count = _count(connection, vehicle_id, day)
        self._counts[vehicle_id, day] = count


def _of_day(vehicle_id: str, day: int) -> ColumnElement[bool]:
    first = day * _DAY_US
    at = breadcrumbs.c.at_us
    return and_(breadcrumbs.c.vehicle_id == vehicle_id, at >= first, at < first + _DAY_US)


def _count(connection: Connection, vehicle_id: str, day: int) -> int:
    query = select(func.count()).select_from(breadcrumbs).where(_of_day(vehicle_id, day))
    return int(connection.execute(query).scalar_one())


def _drop_every_second(connection: Connection, vehicle_id: str, day: int) -> None:
    of_day = _of_day(vehicle_id, day)
    times = select(breadcrumbs.c.at_us).where(of_day).order_by(breadcrumbs.c.at_us)
    dropped = connection.execute(times).scalars().all()[1::2]
    target = delete(breadcrumbs).where(
        breadcrumbs.c.vehicle_id == vehicle_id, breadcrumbs.c.at_us == bindparam("dropped_us")
    )
    connection.execute(target, [{"dropped_us": at_us} for at_us in dropped])


def _row(fix: Fix) -> "_Values":
    return {
        "vehicle_id": fix.vehicle_id,
        "at_us": micros(fix.at),
        "lat": fix.lat,
        "lon": fix.lon,
        "speed_mps": fix.speed_mps,
        "heading_deg": fix.heading_deg,
        "temperature_c": fix.temperature_c,
        "battery_pct": fix.battery_pct,
    }
