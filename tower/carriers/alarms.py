"""Carriers' alarms as exceptions: raised, renewed, cleared."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tower.carriers.episodes import Episodes
from tower.carriers.observations import AlarmReported
from tower.carriers.sender import Sender
from tower.domain.events import Event, ExceptionRaised, ExceptionWorked
from tower.domain.records import Finding, Subject
from tower.domain.state import State
from tower.domain.words import ExceptionState, Severity

ACT_WITHIN: dict[Severity, timedelta | None] = {
    Severity.CRITICAL: timedelta(minutes=5),
    Severity.MAJOR: timedelta(minutes=15),
    Severity.MINOR: timedelta(minutes=60),
    Severity.INFO: None,
}
"""How soon somebody must have acted on an alarm of a carrier."""


class Alarms:
    """Makes the events of alarms, keeping track of which exceptions are open."""

    def __init__(self, state: State) -> None:
        self._episodes = Episodes(state)

    def events(
        self, report: AlarmReported, at: datetime, subject: Subject, sender: Sender
    ) -> Iterator[Event]:
        """What an alarm adds to the journal; nothing where it clears what is not open."""
        about = subject.stop_id or subject.vehicle_id
        if report.cleared:
            found = self._cleared(report, at, subject, sender, about)
        else:
            found = self._raised(report, at, subject, sender, about)
        if found is not None:
            self._episodes.note(found)
            yield found

    def _raised(
        self, report: AlarmReported, at: datetime, subject: Subject, sender: Sender, about: str
    ) -> Event:
        record = self._episodes.for_alarm(report.kind, about, at)
        named = _named(subject, record.id)
        first = min(at, record.raised_at or at)
        within = ACT_WITHIN[report.severity]
        finding = Finding(
            kind=report.kind,
            severity=report.severity,
            subject=named,
            headline=report.headline or report.kind.replace("_", " ").capitalize(),
            detail=report.detail,
            sla_due_at=None if within is None else first + within,
            source=sender.carrier.id,
        )
        body = ExceptionRaised(finding=finding)
        return sender.event(at, named, body, f"{report.kind} {about}", report)

    def _cleared(
        self, report: AlarmReported, at: datetime, subject: Subject, sender: Sender, about: str
    ) -> Event | None:
        record = self._episodes.to_clear(report.kind, about, at)
        if record is None or record.finding is None or record.finding.source != sender.carrier.id:
            return None  # nothing is open, or somebody else found it and knows when it is over
        work = record.work
        body = ExceptionWorked(
            state=ExceptionState.RESOLVED,
            version=work.version + 1,
            owner=work.owner,
            owner_name=work.owner_name,
            fence=work.fence,
            cause=report.detail or report.headline or "The carrier reports it is over.",
            by_rule=True,
        )
        named = _named(subject, record.id)
        return sender.event(at, named, body, f"{report.kind} {about}", report)


def _named(subject: Subject, exception_id: str) -> Subject:
    return Subject(
        carrier_id=subject.carrier_id,
        vehicle_id=subject.vehicle_id,
        route_id=subject.route_id,
        stop_id=subject.stop_id,
        exception_id=exception_id,
    )
