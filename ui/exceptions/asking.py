"""What has to be known before a piece of work on exceptions is sent. Knows no widgets."""

from collections.abc import Sequence
from typing import cast

from tower.domain.records import ExceptionRecord, Subject
from tower.domain.words import Awaited
from ui.exceptions.model import ExceptionModel
from ui.exceptions.offers import (
    Asked,
    Offer,
    Person,
    Resolution,
    Snooze,
    assign_offers,
    escalate_offers,
    false_alarm_offers,
    merge_offers,
    resolve_offers,
    snooze_offers,
    written_offers,
)
from ui.exceptions.people import People
from ui.exceptions.rows import ExceptionRow, kind_words, subject_words
from ui.exceptions.work import ExceptionWork
from ui.outreach.phrases import on_one_line
from ui.session import Session

Records = Sequence[ExceptionRecord]

_NAME_MOST = 90
"""Letters of what an exception is about, in a question."""


class Asking:
    """Makes the question of each piece of work on some exceptions.

    Args:
        session: the shift.
        model: the rows, for what can be merged into.
        work: carries out what was answered.
        people: who exceptions can be given to.
    """

    def __init__(
        self, session: Session, model: ExceptionModel, work: ExceptionWork, people: People
    ) -> None:
        self._session, self._model, self._work, self._people = session, model, work, people

    def snooze(self, records: Records) -> Asked:
        """How long."""
        awaited = self._awaited(records)
        return Asked(
            f"Snooze {self.named(records)}",
            "Minutes, 2 h, or a time such as 16:30",
            lambda typed: snooze_offers(typed, self._session.now, self._session.zone, awaited),
            lambda given: self._work.snooze(self._as_now(records), cast(Snooze, given)),
        )

    def assign(self, records: Records) -> Asked:
        """To whom."""
        me = Person(self._session.actor_id, self._session.actor_name)
        is_assigned = any(one.work.assigned_to for one in records)
        return Asked(
            f"Assign {self.named(records)}",
            "A name",
            lambda typed: assign_offers(typed, self._people.known, me, is_assigned=is_assigned),
            lambda given: self._work.assign(self._as_now(records), cast(Person, given)),
        )

    def escalate(self, records: Records) -> Asked:
        """Why."""
        return Asked(
            f"Escalate {self.named(records)} to a supervisor",
            "Why?",
            escalate_offers,
            lambda given: self._work.escalate(self._as_now(records), str(given)),
            marks_first=False,
        )

    def resolve(self, records: Records) -> Asked:
        """With which cause."""
        kinds = [one.finding.kind for one in records if one.finding]
        return Asked(
            f"Resolve {self.named(records)}",
            "The cause?  Pick one, or write it",
            lambda typed: resolve_offers(typed, kinds),
            lambda given: self._work.resolve(self._as_now(records), cast(Resolution, given)),
            marks_first=False,
        )

    def false_alarm(self, records: Records) -> Asked:
        """Why it was none."""
        return Asked(
            f"False alarm: {self.named(records)}",
            "Why was it none?",
            false_alarm_offers,
            lambda given: self._work.resolve(self._as_now(records), cast(Resolution, given)),
            marks_first=False,
        )

    def note(self, records: Records) -> Asked:
        """The words."""
        return Asked(
            f"Note on {self.named(records)}",
            "What is to be remembered?",
            _note_offers,
            lambda given: self._work.note(self._as_now(records), str(given)),
        )

    def merge(self, records: Records) -> Asked:
        """Into which one."""
        own = {one.id for one in records}
        return Asked(
            f"Merge {self.named(records)} into",
            "Words of the other exception",
            lambda typed: merge_offers(typed, records[0], self._targets(own)),
            lambda given: self._work.merge(self._as_now(records), str(given)),
            marks_first=False,
        )

    def _as_now(self, records: Records) -> Records:
        """The exceptions as they stand when the answer is given.

        What a rule did meanwhile (it escalated, a lease was renewed) is gone along with. What a
        person did is not: then the one that was looked at is sent, and the gateway objects.
        """
        known = self._session.state.exceptions
        newest = [known.get(one.id, one) for one in records]
        return [
            now if now.work.by_rule else seen for seen, now in zip(records, newest, strict=True)
        ]

    def named(self, records: Records) -> str:
        """`Stop 18 · Customer 12 — late risk`, or `12 exceptions`."""
        if len(records) != 1:
            return f"{len(records)} exceptions"
        finding = records[0].finding
        kind = f" — {kind_words(finding.kind)}" if finding else ""
        return f"{on_one_line(subject_words(self._session, records[0]), _NAME_MOST)}{kind}"

    def _targets(self, own: set[str]) -> list[tuple[ExceptionRow, Subject]]:
        exceptions = self._session.state.exceptions
        return [
            (row, finding.subject)
            for row in self._model.known
            if row.id not in own and row.is_open and (finding := exceptions[row.id].finding)
        ]

    def _awaited(self, records: Records) -> tuple[Awaited, ...]:
        """What can wake every one of them: only what has a stop that is not done."""
        stops = [
            self._session.state.stops.get(one.finding.subject.stop_id if one.finding else "")
            for one in records
        ]
        if any(stop is None or stop.is_done for stop in stops):
            has_stops = all(stop is not None for stop in stops)
            return (Awaited.REPLY,) if has_stops else ()
        if any(stop is not None and stop.arrived_at is not None for stop in stops):
            return (Awaited.REPLY, Awaited.OUTCOME)
        return (Awaited.REPLY, Awaited.ARRIVAL, Awaited.OUTCOME)


def _note_offers(typed: str) -> list[Offer]:
    return written_offers(typed, ())
