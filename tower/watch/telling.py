"""The events the rules make."""

from datetime import datetime

from msgspec.structs import replace

from tower.domain.episodes import about_of
from tower.domain.events import AnyBody, Event
from tower.domain.identity import derived_event_id
from tower.domain.records import Actor, ExceptionRecord, Subject
from tower.watch.found import SOURCE

RULE = Actor(kind="rule", id=SOURCE, name="Watch")
"""Who finds exceptions here, clears, escalates and wakes them."""


def told(subject: Subject, body: AnyBody, at: datetime, mark: str) -> Event:
    """An event of a rule.

    Args:
        subject: what it is about.
        body: what happened.
        at: when, UTC.
        mark: tells it from others of the same moment, subject and type.
    """
    about = subject.exception_id or about_of(subject)
    word = str(type(body).__struct_config__.tag)
    return Event(
        id=derived_event_id(at, SOURCE, about, word, mark),
        at=at,
        recorded_at=at,
        actor=RULE,
        subject=subject,
        body=body,
    )


def subject_of(record: ExceptionRecord) -> Subject:
    """What an exception is about, itself included."""
    facts = record.finding.subject if record.finding else Subject()
    return replace(facts, exception_id=record.id)
