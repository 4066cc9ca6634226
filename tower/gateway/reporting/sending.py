"""Sends scheduled reports: each run at most once, whatever happens meanwhile.

That a run begins is in the journal before anything leaves. A gateway that ends in the middle finds
it there as `sending` and says that nobody knows; it is not sent again.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import structs

from tower.domain.events import AnyBody, Event, ReportProgressed
from tower.domain.moments import Now
from tower.domain.records import Subject
from tower.domain.reporting import Filters, ReportRun, ReportSchedule
from tower.domain.state import Changed
from tower.domain.words import MessageState
from tower.gateway.deciding.verdicts import new_event
from tower.gateway.desk import Desk
from tower.gateway.live_state import LiveState
from tower.gateway.reporting.due import LATE_AT_MOST, Due, caught_up, due_between
from tower.gateway.reporting.handing import handed_over, mail_accounts, together
from tower.gateway.reporting.letters import attached, letter
from tower.gateway.room import SYSTEM
from tower.gateway.telling.accounts import Accounts
from tower.gateway.telling.sound import MOST_REASON, sound
from tower.journal.errors import JournalClosed, JournalError
from tower.kpi.measures.catalogue import targets_in_force
from tower.kpi.report.contents import Query, Report, gather
from tower.outreach.port import Attachment

_log = logging.getLogger(__name__)

_AGAIN_S = 1.0
_NOON = 12

ENDED = "The gateway ended while it was being sent; nobody knows who has got it."
MISSED = "It was missed: the gateway did not run, or was without its journal."
SIMULATED = "Simulated history: the days before the shift were made up."
NO_ACCOUNT = "Nobody got it: the settings name no account that sends e-mail."


class Reports:
    """Sends what is due, and what a person asked for now.

    Args:
        live: the state, which names the schedules and the runs so far.
        desk: where the runs are recorded.
        clock: the gateway's.
        accounts: the ways to readers.
        query: answers asks of figures; called in a thread, and may raise with words.
        is_made_up: whether days of the figures were made up, for a demonstration.

    Attributes:
        hurry: set when somebody asked for a report, so that the next look is at once.
    """

    def __init__(
        self,
        live: LiveState,
        desk: Desk,
        clock: Now,
        accounts: Accounts,
        query: Query,
        is_made_up: Callable[[], bool] = lambda: False,
    ) -> None:
        self._live = live
        self._desk = desk
        self._clock = clock
        self._accounts = accounts
        self._query, self._is_made_up = query, is_made_up
        self._looked: datetime | None = None
        self.hurry = asyncio.Event()
        live.listen(self._on_events_folded)

    async def look(self) -> None:
        """Send what became due since the last look; at the first, settle what was left behind.

        Raises:
            JournalError: nothing can be recorded, so nothing is sent; the next look does it.
        """
        now = self._clock.now()
        if self._looked is None:
            await self._settle()
        for due in self._due(now):
            if due.is_too_late:
                await self._record(due, MessageState.CANCELLED, MISSED)
            else:
                await self._send(due)
        self._looked = now

    def report(self, title: str, filters: Filters) -> Report:
        """The report of these filters; blocks while the figures are asked for.

        Raises:
            Exception: the figures cannot be had; the words say why.
        """
        state = self._live.state
        made_at = self._clock.now().astimezone(state.zone)
        targets = targets_in_force(state.room_reporting.reporting)
        remark = SIMULATED if self._is_made_up() else ""
        return gather(self._query, title, filters, targets, made_at, remark)

    def _schedules(self) -> tuple[ReportSchedule, ...]:
        return self._live.state.room_reporting.reporting.schedules

    def _due(self, now: datetime) -> list[Due]:
        """What to do now, without what was begun or passed over before."""
        state = self._live.state
        set_at = state.room_reporting.set_at
        found: list[Due] = []
        for schedule in self._schedules():
            if self._looked is not None:
                found += due_between(schedule, state.zone, self._looked, now)
            elif set_at is not None:
                found += caught_up(schedule, state.zone, set_at, now)
        fresh = [due for due in found if due.run_id not in state.report_runs]
        return [*fresh, *self._asked(now)]

    def _asked(self, now: datetime) -> list[Due]:
        """What people asked for and nobody has begun."""
        schedules = {one.id: one for one in self._schedules()}
        return [
            Due(run.id, schedules[run.schedule_id], run.due_at, now - run.due_at > LATE_AT_MOST)
            for run in self._live.state.report_runs.values()
            if run.state is MessageState.QUEUED and run.schedule_id in schedules
        ]

    async def _settle(self) -> None:
        """Say of runs whose end nobody saw that nobody knows it."""
        for run in list(self._live.state.report_runs.values()):
            if run.state is MessageState.SENDING:
                await self._settle_one(run)

    async def _settle_one(self, run: ReportRun) -> None:
        body = _progress(run.id, run.schedule_id, run.due_at, MessageState.UNKNOWN, ENDED)
        await self._desk.record(lambda _: [self._event(body)])

    async def _send(self, due: Due) -> None:
        await self._record(due, MessageState.SENDING)
        try:
            state, problem = await self._sent(due)
        except Exception as error:  # noqa: BLE001 - what failed is told where reports are set
            _log.exception("report %s failed", due.run_id)
            state, problem = MessageState.FAILED, f"It could not be made: {error}"
        await self._keep(due, state, problem)

    async def _record(self, due: Due, state: MessageState, problem: str = "") -> None:
        """Write down how far a run came.

        Raises:
            JournalError: it cannot be written.
        """
        problem = sound(problem, MOST_REASON)
        body = _progress(due.run_id, due.schedule.id, due.at, state, problem)
        await self._desk.record(lambda _: [self._event(body)])

    async def _keep(self, due: Due, state: MessageState, problem: str) -> None:
        """Write down what became of a run, however long the journal takes to write again."""
        while True:
            try:
                await self._record(due, state, problem)
            except JournalClosed:
                raise
            except JournalError as error:
                _log.warning("what became of %s is not recorded yet: %s", due.run_id, error)
                await asyncio.sleep(_AGAIN_S)
            else:
                return

    def _event(self, body: ReportProgressed) -> Event:
        return new_event(self._clock.now(), SYSTEM, Subject(), body)

    def _on_events_folded(self, events: list[Event], _: frozenset[Changed]) -> None:
        if any(_is_wish(event.body) for event in events):
            self.hurry.set()

    async def _sent(self, due: Due) -> tuple[MessageState, str]:
        """Make the report and hand it over; what became of it, and why."""
        accounts = mail_accounts(self._accounts)
        if not accounts:
            return MessageState.NOT_SENT, NO_ACCOUNT
        report, page = await asyncio.to_thread(self._made, due)
        due_at = due.at.astimezone(self._live.state.zone)
        problems: dict[str, tuple[MessageState, str]] = {}
        for to in due.schedule.to:
            outgoing = letter(report, page, due, to, due_at)
            state, why = await handed_over(outgoing, accounts)
            if state is not MessageState.SENT:
                problems[to] = state, why
        return together(len(due.schedule.to), problems)

    def _made(self, due: Due) -> tuple[Report, Attachment]:
        filters = self._filters(due)
        report = self.report(due.schedule.name, filters)
        return report, attached(report)

    def _filters(self, due: Due) -> Filters:
        """Those of the schedule's view; before noon they end the day before, which is whole."""
        state = self._live.state
        views = {view.id: view.filters for view in state.room_reporting.reporting.views}
        filters = views.get(due.schedule.view_id, Filters())
        here = due.at.astimezone(state.zone)
        if filters.since or filters.until or here.hour >= _NOON:
            return filters
        yesterday = (here - timedelta(days=1)).date().isoformat()
        return structs.replace(filters, until=yesterday)


def _is_wish(body: AnyBody) -> bool:
    return isinstance(body, ReportProgressed) and body.state is MessageState.QUEUED


def _progress(
    run_id: str, schedule_id: str, due_at: datetime, state: MessageState, problem: str
) -> ReportProgressed:
    return ReportProgressed(
        run_id=run_id, schedule_id=schedule_id, due_at=due_at, state=state, problem=problem
    )
