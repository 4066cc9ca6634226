"""What supervisors set for the room: each a register that its next version wins."""

from typing import Any

from tower.domain import events as e
from tower.domain.folds.stamps import decided
from tower.domain.records import Stamp
from tower.domain.reporting import ReportingEntry, ReportRun
from tower.domain.rulebook import ROOM, Playbooks, PolicyEntry, Thresholds
from tower.domain.state import Changed, State


def thresholds_set(state: State, event: e.Event, body: e.ThresholdsSet) -> list[Changed]:
    """The thresholds that differ from the rules' own."""
    stamp = decided(body.version, event)
    return _set(state, "thresholds", Thresholds(thresholds=body.thresholds, stamp=stamp))


def playbooks_set(state: State, event: e.Event, body: e.PlaybooksSet) -> list[Changed]:
    """The playbooks."""
    stamp = decided(body.version, event)
    return _set(state, "playbooks", Playbooks(playbooks=body.playbooks, stamp=stamp))


def policy_set(state: State, event: e.Event, body: e.OutreachPolicySet) -> list[Changed]:
    """The outreach policy."""
    return _set(
        state, "policies", PolicyEntry(policy=body.policy, stamp=decided(body.version, event))
    )


def reporting_set(state: State, event: e.Event, body: e.ReportingSet) -> list[Changed]:
    """Targets, saved views and scheduled reports."""
    stamp = decided(body.version, event)
    entry = ReportingEntry(reporting=body.reporting, set_at=event.at, stamp=stamp)
    return _set(state, "reportings", entry)


def report_progressed(state: State, event: e.Event, body: e.ReportProgressed) -> list[Changed]:
    """A scheduled report came further; later news outranks earlier."""
    stamp = Stamp(body.state.rank, 0, event.id)
    known = state.report_runs.get(body.run_id)
    if known is not None and known.stamp >= stamp:
        return []
    state.report_runs[body.run_id] = ReportRun(
        id=body.run_id,
        schedule_id=body.schedule_id,
        due_at=body.due_at,
        state=body.state,
        problem=body.problem,
        stamp=stamp,
    )
    return [Changed("report_runs", body.run_id)]


def _set(state: State, table: str, entry: Any) -> list[Changed]:  # noqa: ANN401 - of any table
    rows = getattr(state, table)
    known = rows.get(ROOM)
    if known is not None and known.stamp >= entry.stamp:
        return []
    rows[ROOM] = entry
    return [Changed(table, ROOM)]
