"""Which local day and hour a moment counts for."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from tower.domain.events import Event, ShiftOpened
from tower.domain.records import Shift
from tower.domain.timezones import zone_named
from tower.kpi.finished import BEFORE_SHIFT

_ROUND_A_SHIFT = BEFORE_SHIFT
"""What happens so long before a shift begins, or after it ends, still belongs to it."""

_AT_MOST = timedelta(days=1)
"""A shift's date is believed where it is no further from the calendar's."""


class Dated(NamedTuple):
    """Where a fact stands in the calendar of the operation."""

    day: date
    hour: int


class Calendar:
    """The shifts as they were opened, each version of each.

    A moment counts for the date of the shift that holds it, from six hours before its beginning
    to six hours after its end, so that a shift across midnight is one day; where several do, for
    the one nearest to it, then the one that begins later. Where none does, it counts for the
    local date. The hour is the one on the wall, in the shift's time zone; without a shift, in that
    of the shift opened last until then. Shifts opened after the moment do not count.
    """

    def __init__(self) -> None:
        self._said: dict[str, tuple[datetime, Shift]] = {}
        self._near: dict[date, list[tuple[datetime, str, Shift]]] = {}

    def add(self, events: Iterable[Event]) -> None:
        """Take in shifts opened; repetitions and other events do no harm."""
        for event in events:
            if isinstance(event.body, ShiftOpened):
                self._said[event.id] = (event.at, event.body.shift)
                self._near.clear()

    def dated(self, at: datetime) -> Dated:
        """The local day and hour a moment counts for."""
        shift = self._shift(at)
        local = at.astimezone((zone_named(shift.timezone) if shift else None) or UTC)
        own = _date_of(shift) if shift and _distance(shift, at) <= _ROUND_A_SHIFT else None
        is_near = own is not None and abs(own - local.date()) <= _AT_MOST
        return Dated(own if own is not None and is_near else local.date(), local.hour)

    def _shift(self, at: datetime) -> Shift | None:
        """The shift a moment belongs to, else the one opened last until then."""
        newest: dict[str, tuple[datetime, str, Shift]] = {}
        for said_at, event_id, shift in self._candidates(at):
            known = newest.get(shift.id)
            if said_at <= at and (known is None or known[:2] < (said_at, event_id)):
                newest[shift.id] = (said_at, event_id, shift)
        holding = [one for _, _, one in newest.values() if _distance(one, at) <= _ROUND_A_SHIFT]
        if holding:
            return min(
                holding, key=lambda one: (_distance(one, at), -one.starts_at.timestamp(), one.id)
            )
        return max(newest.values(), key=lambda one: one[:2])[2] if newest else None

    def _candidates(self, at: datetime) -> list[tuple[datetime, str, Shift]]:
        """Those that may hold a moment of its day, all their versions, and the newest until then.

        There is a version for each day of years; looking at all of them for each fact takes long.
        """
        day = at.astimezone(UTC).date()
        if day not in self._near:
            begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
            self._near[day] = self._within(begin, begin + timedelta(days=1))
        return self._near[day]

    def _within(self, begin: datetime, end: datetime) -> list[tuple[datetime, str, Shift]]:
        near = {
            shift.id
            for _, shift in self._said.values()
            if shift.starts_at - _ROUND_A_SHIFT <= end and begin <= shift.ends_at + _ROUND_A_SHIFT
        }
        before = [(at, id_, shift) for id_, (at, shift) in self._said.items() if at < begin]
        last = max(before, key=lambda one: one[:2], default=None)
        return [
            (at, id_, shift)
            for id_, (at, shift) in self._said.items()
            if shift.id in near or begin <= at < end or (last and shift.id == last[2].id)
        ]


def _distance(shift: Shift, at: datetime) -> timedelta:
    """How far a moment is from a shift; nothing within it."""
    return max(shift.starts_at - at, at - shift.ends_at, timedelta(0))


def _date_of(shift: Shift) -> date | None:
    try:
        return date.fromisoformat(shift.date)
    except ValueError:
        return None
