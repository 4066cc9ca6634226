"""What a rule found, before it is compared with what is known already."""

from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from tower.domain.records import ExceptionRecord, Finding, Subject
from tower.domain.state import State
from tower.domain.words import ExceptionKind, Severity

SOURCE = "tower:watch"
"""The source of findings made here."""

ACT_WITHIN: dict[Severity, timedelta | None] = {
    Severity.CRITICAL: timedelta(minutes=5),
    Severity.MAJOR: timedelta(minutes=15),
    Severity.MINOR: timedelta(minutes=60),
    Severity.INFO: None,
}
"""How soon somebody must have acted, by severity."""


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


def about_of(subject: Subject) -> str:
    """The one thing an exception is about: its stop, else its vehicle, else its carrier."""
    return subject.stop_id or subject.vehicle_id or subject.carrier_id


def open_findings(state: State, kind: ExceptionKind) -> dict[str, ExceptionRecord]:
    """The open exceptions of a kind that were found here, by what they are about."""
    return {
        about_of(record.finding.subject): record
        for record in state.exceptions.values()
        if record.finding is not None
        and record.finding.kind is kind
        and record.finding.source == SOURCE
        and record.is_open
    }
