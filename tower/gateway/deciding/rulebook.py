"""Who may set what holds for the whole room: thresholds, playbooks, policy, reporting."""

from tower.domain.reporting import ReportingEntry
from tower.domain.rulebook import Playbooks, PolicyEntry, Thresholds
from tower.gateway.deciding.verdicts import Outdated, Refused, Terms
from tower.gateway.signin import Role


def may_set(
    what: str,
    version: int,
    now: Thresholds | Playbooks | PolicyEntry | ReportingEntry,
    terms: Terms,
) -> Refused | Outdated | None:
    """Why somebody may not set something for the whole room, None where they may.

    Args:
        what: its name in a sentence, as `the playbooks`.
        version: the version they looked at.
        now: as it is now.
        terms: who asks.
    """
    if terms.grant.role is not Role.SUPERVISOR:
        return Refused(f"Only a supervisor may set {what}.")
    if version != now.version:
        return Outdated(f"Somebody else set {what} in the meantime.", now)
    return None
