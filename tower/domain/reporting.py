"""What managers set for the KPIs: targets, saved views, scheduled reports."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from tower.domain.records import NEVER, Record, Stamp
from tower.domain.words import MessageState

_Short = Annotated[str, Meta(max_length=256)]
_Id = Annotated[str, Meta(min_length=1, max_length=128)]
_Email = Annotated[str, Meta(min_length=3, max_length=320)]


class Filters(Record, frozen=True, kw_only=True):
    """Which facts count: each named list narrows, an empty one does not.

    Attributes:
        days: so many days up to the last one, 0 for all there are; ignored where `since` is set.
        since: first local day, `2026-03-05`, "" for `days`; until: the last one, "" for today.
        accounts: the customers whose goods these are (brands).
        vehicles: kinds of vehicle.
        hours: hours of the day, 0 to 23.
        weekdays: 0 for Monday to 6.
    """

    days: Annotated[int, Meta(ge=0, le=3_660)] = 7
    since: Annotated[str, Meta(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""
    until: Annotated[str, Meta(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""
    carriers: Annotated[tuple[_Short, ...], Meta(max_length=100)] = ()
    depots: Annotated[tuple[_Short, ...], Meta(max_length=100)] = ()
    routes: Annotated[tuple[_Short, ...], Meta(max_length=100)] = ()
    drivers: Annotated[tuple[_Short, ...], Meta(max_length=100)] = ()
    postcodes: Annotated[tuple[_Short, ...], Meta(max_length=100)] = ()
    accounts: Annotated[tuple[_Short, ...], Meta(max_length=100)] = ()
    service_levels: Annotated[tuple[_Short, ...], Meta(max_length=100)] = ()
    vehicles: Annotated[tuple[_Short, ...], Meta(max_length=100)] = ()
    hours: Annotated[tuple[Annotated[int, Meta(ge=0, le=23)], ...], Meta(max_length=24)] = ()
    weekdays: Annotated[tuple[Annotated[int, Meta(ge=0, le=6)], ...], Meta(max_length=7)] = ()


class Target(Record, frozen=True, kw_only=True):
    """What a measure should reach, or stay under, where it differs from the measure's own."""

    measure: _Id
    value: float


class SavedView(Record, frozen=True, kw_only=True):
    """Filters and what is taken apart by what, under a name.

    Attributes:
        by: the dimension the breakdown shows; measure: the measure it shows.
        owner: id of who saved it.
    """

    id: _Id
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    filters: Filters = Filters()
    by: _Short = ""
    measure: _Short = ""
    owner: _Short = ""


class ReportSchedule(Record, frozen=True, kw_only=True):
    """A report that is sent by e-mail, again and again.

    Attributes:
        view_id: whose filters it has, "" for none.
        to: e-mail addresses.
        weekdays: on which days, 0 for Monday; hour, minute: local time.
        paused: nothing is sent for now.
    """

    id: _Id
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    view_id: _Short = ""
    to: Annotated[tuple[_Email, ...], Meta(min_length=1, max_length=20)]
    weekdays: Annotated[
        tuple[Annotated[int, Meta(ge=0, le=6)], ...], Meta(min_length=1, max_length=7)
    ] = (0, 1, 2, 3, 4, 5, 6)
    hour: Annotated[int, Meta(ge=0, le=23)] = 7
    minute: Annotated[int, Meta(ge=0, le=59)] = 0
    paused: bool = False


class Reporting(Record, frozen=True, kw_only=True):
    """Everything managers set for the KPIs."""

    targets: Annotated[tuple[Target, ...], Meta(max_length=200)] = ()
    views: Annotated[tuple[SavedView, ...], Meta(max_length=200)] = ()
    schedules: Annotated[tuple[ReportSchedule, ...], Meta(max_length=50)] = ()


class ReportingEntry(Record, frozen=True, kw_only=True):
    """What managers set, stamped with its version.

    Attributes:
        set_at: when they did, UTC; None before anybody did.
    """

    reporting: Reporting = Reporting()
    set_at: datetime | None = None
    stamp: Stamp = NEVER

    @property
    def version(self) -> int:
        """How often it was set."""
        return 0 if self.stamp == NEVER else int(self.stamp.order)


class ReportRun(Record, frozen=True, kw_only=True):
    """One sending of a scheduled report.

    Attributes:
        due_at: the time it was scheduled for, UTC; with the schedule it names the run.
        state: how far it came; `sending` after a restart means that nobody knows.
        problem: why it failed, in words.
    """

    id: str
    schedule_id: str
    due_at: datetime
    state: MessageState
    problem: str = ""
    stamp: Stamp = NEVER
