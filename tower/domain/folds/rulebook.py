"""What supervisors set for the room: each a register that its next version wins."""

from typing import Any

from tower.domain import events as e
from tower.domain.folds.stamps import decided
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


def _set(state: State, table: str, entry: Any) -> list[Changed]:  # noqa: ANN401 - of any table
    rows = getattr(state, table)
    known = rows.get(ROOM)
    if known is not None and known.stamp >= entry.stamp:
        return []
    rows[ROOM] = entry
    return [Changed(table, ROOM)]
