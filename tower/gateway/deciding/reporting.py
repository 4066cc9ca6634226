"""What an order to set targets, views and scheduled reports becomes, or to send a report now."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from tower.domain.commands import SendReport, SetReporting
from tower.domain.events import ReportingSet, ReportProgressed
from tower.domain.moments import rfc3339
from tower.domain.records import Subject
from tower.domain.reporting import Filters, Reporting, ReportSchedule, SavedView, Target
from tower.domain.state import State
from tower.domain.words import Channel, MessageState
from tower.gateway.deciding.rulebook import may_set
from tower.gateway.deciding.verdicts import Accepted, Refused, Rules, Terms, Verdict, new_event
from tower.gateway.signin import Role
from tower.kpi.facts import Dimension
from tower.kpi.measures.catalogue import MEASURES
from tower.outreach.addresses import NoAddress, normalised

_LARGEST, _WHOLE = 1e9, 100.0


def _set_reporting(command: SetReporting, state: State, terms: Terms) -> Verdict:
    now = state.room_reporting
    problem = may_set("targets, views and reports", command.version, now, terms)
    if problem is not None:
        return problem
    words = next(_problems(command.reporting), "")
    if words:
        return Refused(words)
    body = ReportingSet(version=now.version + 1, reporting=command.reporting)
    return Accepted((new_event(terms.now, terms.grant.actor, Subject(), body),))


def _send_report(command: SendReport, state: State, terms: Terms) -> Verdict:
    if terms.grant.role is not Role.SUPERVISOR:
        return Refused("Only a supervisor may send a report.")
    schedules = {one.id: one for one in state.room_reporting.reporting.schedules}
    schedule = schedules.get(command.schedule_id)
    if schedule is None:
        return Refused(f"There is no scheduled report {command.schedule_id}.")
    runs = state.report_runs.values()
    if any(run.schedule_id == schedule.id and run.state.is_pending for run in runs):
        return Refused(f"{schedule.name} is being sent already.")
    body = ReportProgressed(
        run_id=f"{schedule.id}:now:{rfc3339(terms.now)}",
        schedule_id=schedule.id,
        due_at=terms.now,
        state=MessageState.QUEUED,
    )
    return Accepted((new_event(terms.now, terms.grant.actor, Subject(), body),))


def _problems(reporting: Reporting) -> Iterator[str]:
    """Everything that is wrong, in words."""
    yield from _twice("target for", (one.measure for one in reporting.targets))
    yield from _twice("view with the id", (one.id for one in reporting.views))
    yield from _twice("view called", (one.name.strip() for one in reporting.views))
    yield from _twice("report with the id", (one.id for one in reporting.schedules))
    yield from filter(None, map(_in_target, reporting.targets))
    for view in reporting.views:
        yield from (f"View {view.name}: {words}" for words in _in_view(view))
    views = {view.id for view in reporting.views}
    for schedule in reporting.schedules:
        yield from (f"Report {schedule.name}: {words}" for words in _in_schedule(schedule, views))


def _twice(what: str, names: Iterable[str]) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield f"There are {times} times a {what} {name}."


def _in_target(target: Target) -> str:
    definition = MEASURES.get(target.measure)
    if definition is None:
        return f"There is no measure {target.measure}."
    if not (math.isfinite(target.value) and abs(target.value) <= _LARGEST):
        return f"{definition.title}: the target is no number."
    if definition.is_share and not 0.0 <= target.value <= _WHOLE:
        return f"{definition.title}: the target lies between 0 and 100 %."
    return ""


def _in_view(view: SavedView) -> Iterator[str]:
    if not view.name.strip():
        yield "it needs a name."
    if view.measure and view.measure not in MEASURES:
        yield f"there is no measure {view.measure}."
    if view.by and view.by not in set(Dimension):
        yield f"nothing is taken apart by {view.by}."
    yield from filter(None, (_in_days(view.filters),))


def _in_days(filters: Filters) -> str:
    try:
        first, last = map(_day, (filters.since, filters.until))
    except ValueError:
        return "a day that there is not."
    if first and last and first > last:
        return "its last day lies before its first."
    return ""


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _in_schedule(schedule: ReportSchedule, views: set[str]) -> Iterator[str]:
    if not schedule.name.strip():
        yield "it needs a name."
    if schedule.view_id and schedule.view_id not in views:
        yield f"there is no view {schedule.view_id}."
    if len(set(schedule.weekdays)) < len(schedule.weekdays):
        yield "a weekday is named twice."
    yield from filter(None, map(_in_address, schedule.to))


def _in_address(address: str) -> str:
    try:
        normalised(Channel.EMAIL, address)
    except NoAddress as problem:
        return f"{problem}."
    return ""


RULES: Rules = {SetReporting: _set_reporting, SendReport: _send_report}
"""Decides targets, views and schedules, and what is sent before it is due."""
