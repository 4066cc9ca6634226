"""What a rule found, before it is compared with what is known already."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from tower.domain.episodes import about_of
from tower.domain.records import ExceptionRecord, Finding
from tower.domain.state import State
from tower.domain.words import ExceptionKind

SOURCE = "tower:watch"
"""The source of findings made here."""


class Expected(Protocol):
    """What a rule asks of a predicted arrival."""

    @property
    def p50(self) -> datetime:
        """When the vehicle is expected, UTC; the time it came where it stands there."""
        ...


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One condition that holds now.

    Attributes:
        about: id of the stop, vehicle or carrier it is about; with the kind it is its identity.
        since: when the condition began, as far as the rule can tell, UTC.
        ripe_after: how long it must have been found without a break before it counts.
        finding: what the exception will say; exception id and SLA are filled in later.
    """

    about: str
    since: datetime
    finding: Finding
    ripe_after: timedelta = timedelta(0)

    @property
    def kind(self) -> ExceptionKind:
        """The kind of the exception."""
        return self.finding.kind

    @property
    def key(self) -> tuple[ExceptionKind, str]:
        """What makes two findings the same condition."""
        return self.kind, self.about


Known = Mapping[str, ExceptionRecord]
"""The open exceptions of one kind that were found here, by what they are about."""


def open_findings(state: State) -> Mapping[ExceptionKind, Known]:
    """Every open exception that was found here, by its kind; read once for all rules."""
    found: dict[ExceptionKind, dict[str, ExceptionRecord]] = {kind: {} for kind in ExceptionKind}
    for record in state.exceptions.values():
        finding = record.finding
        if record.is_open and finding is not None and finding.source == SOURCE:
            found[finding.kind][about_of(finding.subject)] = record
    return found
