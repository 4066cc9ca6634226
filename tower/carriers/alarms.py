"""Carriers' alarms as exceptions: raised, renewed, cleared."""

from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace

from tower.carriers.episodes import Episodes
from tower.carriers.observations import AlarmReported
from tower.carriers.refusal import Rejected
from tower.carriers.sender import Sender
from tower.domain.episodes import ACT_WITHIN, about_of, cleared, reopened
from tower.domain.events import Event, ExceptionRaised
from tower.domain.records import ExceptionRecord, Finding, Subject
from tower.domain.state import State
from tower.domain.words import Severity

OPEN_PER_CARRIER = 1000
"""Exceptions of one severity a carrier may have open: more is a fault at the carrier, and would
bury everybody else's."""


class Alarms:
    """Makes the events of alarms, keeping track of which exceptions are open."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._episodes = Episodes(state)
        self._open: dict[tuple[str, Severity], _Held] = {}

    def events(
        self, report: AlarmReported, at: datetime, subject: Subject, sender: Sender
    ) -> Iterator[Event]:
        """What an alarm adds to the journal; nothing where it clears what is not open.

        Raises:
            Rejected: the carrier has too many exceptions open.
        """
        about = about_of(subject)
        find = self._cleared if report.cleared else self._raised
        for found in find(report, at, subject, sender, about):
            self._episodes.note(found)
            yield found

    def forget(self, event: Event) -> None:
        """An event of an alarm did not reach the journal: the same alarm again is news."""
        self._episodes.forget(event.subject.exception_id)

    def _raised(
        self, report: AlarmReported, at: datetime, subject: Subject, sender: Sender, about: str
    ) -> Iterator[Event]:
        record = self._episodes.for_alarm(report.kind, about, at)
        named = replace(subject, exception_id=record.id)
        if record.raised_at is None:
            self._make_room(sender.carrier.id, report.severity, record.id)
        elif _came_back(record, at):
            again = reopened(record.work)
            yield sender.event(at, named, again, f"{report.kind} {about} again", report)
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
        yield sender.event(at, named, body, f"{report.kind} {about}", report)

    def _cleared(
        self, report: AlarmReported, at: datetime, subject: Subject, sender: Sender, about: str
    ) -> Iterator[Event]:
        record = self._episodes.to_clear(report.kind, about, at)
        if record is None or record.finding is None or record.finding.source != sender.carrier.id:
            return  # nothing is open, or somebody else found it and knows when it is over
        cause = report.detail or report.headline or "The carrier reports it is over."
        body = cleared(record.work, cause)
        named = replace(subject, exception_id=record.id)
        yield sender.event(at, named, body, f"{report.kind} {about}", report)

    def _make_room(self, carrier_id: str, severity: Severity, exception_id: str) -> None:
        key = (carrier_id, severity)
        held = self._open.get(key)
        if held is None:
            held = self._open[key] = _Held(self._found_by(carrier_id, severity))
        if len(held.ids) >= OPEN_PER_CARRIER and held.looked_at_seq != self._state.seq:
            held.looked_at_seq = self._state.seq
            held.ids = {one for one in held.ids if self._episodes.is_open(one)}
        if len(held.ids) >= OPEN_PER_CARRIER:
            raise Rejected(
                f"{OPEN_PER_CARRIER:,} exceptions of severity {severity} are open already; "
                "clear or resolve some first"
            )
        held.ids.add(exception_id)

    def _found_by(self, carrier_id: str, severity: Severity) -> set[str]:
        open_now = (one for one in self._state.exceptions.values() if one.is_open)
        return {
            record.id
            for record in open_now
            if record.finding is not None
            and record.finding.source == carrier_id
            and record.finding.severity is severity
        }


class _Held:
    """What one carrier has open of one severity, and when the state was last asked about it."""

    def __init__(self, ids: set[str]) -> None:
        self.ids = ids
        self.looked_at_seq = -1


def _came_back(record: ExceptionRecord, at: datetime) -> bool:
    """True where a carrier had said that it was over, and now it is not."""
    work = record.work
    return not record.is_open and work.by_rule and work.at is not None and at > work.at
