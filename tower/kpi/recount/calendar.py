"""Which local day and hour a moment counts for."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from tower.domain.events import Event, ShiftOpened
from tower.domain.records import Shift
from tower.domain.timezones import zone_named
from tower.kpi.finished import BEFORE_SHIFT
from tower.kpi.recount.saying import COMPLETES, in_force, in_order

_ROUND_A_SHIFT = BEFORE_SHIFT
"""What happens so long before a shift begins, or after it ends, still belongs to it."""

_REMEMBERED = 20_000
"""So many moments are looked up once only."""

_AT_MOST = timedelta(days=1)
"""A shift's date is believed where it is no further from the calendar's."""


class Version(NamedTuple):
    """A shift as it was said at a moment."""

    at: datetime
    id: str
    shift: Shift


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
    of the shift opened last until then. A shift is taken as it was said last until the moment,
    else as it was first said in the two days after.
    """

    def __init__(self) -> None:
        self._said: dict[str, Event] = {}
        self._near: dict[date, list[Version]] = {}
        self._dated: dict[datetime, Dated] = {}

    def add(self, events: Iterable[Event]) -> None:
        """Take in shifts opened; repetitions and other events do no harm."""
        for event in events:
            if isinstance(event.body, ShiftOpened):
                self._said[event.id] = event
                self._near.clear()
                self._dated.clear()

    def tells_since(self, at: datetime, shift: Shift) -> datetime | None:
        """Since when a shift opened at a moment counts for what was before; None for never."""
        since = at - COMPLETES
        if not any(one.at <= since for one in self._said.values()):
            return since
        begins = shift.starts_at - _ROUND_A_SHIFT
        return max(since, begins) if begins < at else None

    def dated(self, at: datetime) -> Dated:
        """The local day and hour a moment counts for."""
        if at not in self._dated:
            if len(self._dated) > _REMEMBERED:
                self._dated.clear()
            self._dated[at] = self._looked_up(at)
        return self._dated[at]

    def _looked_up(self, at: datetime) -> Dated:
        shift = self._shift(at)
        local = at.astimezone((zone_named(shift.timezone) if shift else None) or UTC)
        own = _date_of(shift) if shift and _distance(shift, at) <= _ROUND_A_SHIFT else None
        is_near = own is not None and abs(own - local.date()) <= _AT_MOST
        return Dated(own if own is not None and is_near else local.date(), local.hour)

    def _shift(self, at: datetime) -> Shift | None:
        """The shift a moment belongs to, else the one opened last until then."""
        known = self._known(at)
        holding = [one.shift for one in known if _distance(one.shift, at) <= _ROUND_A_SHIFT]
        if holding:
            nearest = min(_distance(one, at) for one in holding)
            near = [one for one in holding if _distance(one, at) == nearest]
            return max(near, key=lambda one: (one.starts_at, one.id))
        said = in_force(known, at)
        return said[-1].shift if said else None

    def _known(self, at: datetime) -> list[Version]:
        """Of each shift that matters, the version that holds at a moment, by when it was said."""
        of_each: dict[str, list[Version]] = {}
        for version in self._candidates(at):
            of_each.setdefault(version.shift.id, []).append(version)
        known = (in_force(versions, at)[-1:] for versions in of_each.values())
        return sorted((one for some in known for one in some), key=lambda one: (one.at, one.id))

    def _candidates(self, at: datetime) -> list[Version]:
        """Shifts that may hold a moment of its day, and those said nearest to it, in order.

        There is a shift for each day of years; looking at all of them for each fact takes long.
        """
        day = at.astimezone(UTC).date()
        if day not in self._near:
            begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
            self._near[day] = self._around(begin, begin + timedelta(days=1))
        return self._near[day]

    def _around(self, begin: datetime, end: datetime) -> list[Version]:
        said = [_version(one) for one in in_order(self._said.values())]
        before = [one.shift.id for one in said if one.at < begin][-1:]
        soon = [one.shift.id for one in said if begin <= one.at <= end + COMPLETES]
        holding = [one.shift.id for one in said if _may_hold(one.shift, begin, end)]
        near = {*before, *soon, *holding}
        return [one for one in said if one.shift.id in near]


def _version(event: Event) -> Version:
    assert isinstance(event.body, ShiftOpened)  # noqa: S101 - the calendar takes in nothing else
    return Version(event.at, event.id, event.body.shift)


def _may_hold(shift: Shift, begin: datetime, end: datetime) -> bool:
    """True where a shift may hold a moment of a span."""
    return shift.starts_at - _ROUND_A_SHIFT <= end and begin <= shift.ends_at + _ROUND_A_SHIFT


def _distance(shift: Shift, at: datetime) -> timedelta:
    """How far a moment is from a shift; nothing within it."""
    return max(shift.starts_at - at, at - shift.ends_at, timedelta(0))


def _date_of(shift: Shift) -> date | None:
    try:
        return date.fromisoformat(shift.date)
    except ValueError:
        return None
