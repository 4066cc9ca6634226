"""A journal, a desk and scheduled reports on it, without the rest of a gateway."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from tests.kpi.report.figures import MADE_AT, answered
from tower.domain.commands import SendReport, SequenceRoutes
from tower.domain.events import Event, ReportingSet, ShiftOpened
from tower.domain.records import Actor, Shift, Subject
from tower.domain.reporting import Filters, Reporting, ReportRun, ReportSchedule, SavedView
from tower.feed.clock import RunningClock
from tower.gateway.deciding.verdicts import new_event
from tower.gateway.desk import Asked, Desk
from tower.gateway.judging import Sight
from tower.gateway.live_state import LiveState
from tower.gateway.reporting.sending import Reports
from tower.gateway.room import SYSTEM
from tower.gateway.server import open_journal
from tower.gateway.signin import Grant, Role
from tower.gateway.telling.accounts import Accounts
from tower.kpi.report.contents import Query

KIM, LEE = "kim@acme.example", "lee@acme.example"
WEEKLY = ReportSchedule(id="weekly", name="Weekly report", view_id="north", to=(KIM,), hour=7)
NORTH = SavedView(id="north", name="North", filters=Filters(carriers=("c1",)))


class Office:
    """Where reports are sent from."""

    def __init__(self, live: LiveState, desk: Desk, clock: RunningClock, reports: Reports) -> None:
        self.live, self.desk, self.clock, self.reports = live, desk, clock, reports

    async def set(self, *schedules: ReportSchedule) -> None:
        """A supervisor sets these schedules now."""
        entry = self.live.state.room_reporting
        reporting = Reporting(views=(NORTH,), schedules=schedules)
        body = ReportingSet(version=entry.version + 1, reporting=reporting)
        event = new_event(self.clock.now(), SYSTEM, Subject(), body)
        await self.desk.record(lambda _: [event])

    async def ask_for(self, schedule_id: str) -> None:
        """A supervisor wants a report sent now."""
        grant = Grant(actor=Actor(kind="person", id="sue", name="Sue"), role=Role.SUPERVISOR)
        body = msgspec.json.encode(SendReport(schedule_id=schedule_id))
        reply = await self.desk.command(Asked(body=body, key="now", grant=grant))
        assert reply.status == 200, reply.body

    async def look_at(self, at: datetime) -> None:
        """It becomes this late, and the gateway looks what is due."""
        self.clock.set(at.timestamp())
        await self.reports.look()

    @property
    def runs(self) -> list[ReportRun]:
        """Every run so far, the oldest first."""
        runs = self.live.state.report_runs.values()
        return sorted(runs, key=lambda run: run.due_at)


@contextlib.asynccontextmanager
async def office(
    folder: Path, accounts: Accounts, at: datetime = MADE_AT, query: Query = answered
) -> AsyncIterator[Office]:
    """Open it at a moment, on the journal of this folder, in Vaduz."""
    clock = RunningClock(at.timestamp(), monotonic=lambda: 0.0)
    with contextlib.closing(open_journal(folder, clock)) as journal:
        live = LiveState(journal, asyncio.get_running_loop())
        desk = Desk(live, journal, clock, timedelta(minutes=2), _no_survey)
        reports = Reports(live, desk, clock, accounts, query)
        made = Office(live, desk, clock, reports)
        if live.state.shift is None:
            await desk.record(lambda _: [_shift(at)])
        try:
            yield made
        finally:
            live.close()


def _shift(at: datetime) -> Event:
    shift = Shift(
        id="today",
        name="Today",
        date=f"{at:%Y-%m-%d}",
        timezone="Europe/Vaduz",
        starts_at=at,
        ends_at=at + timedelta(hours=10),
    )
    return new_event(at, SYSTEM, Subject(), ShiftOpened(shift=shift))


async def _no_survey(command: SequenceRoutes) -> Sight:
    raise AssertionError(command)
