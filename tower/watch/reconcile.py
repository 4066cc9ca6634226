"""From what holds now and what is known to the events between them.

How exceptions are named is in `tower.domain.episodes`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from tower.domain.episodes import ACT_WITHIN, about_of, cleared, episode_id, reopened
from tower.domain.events import (
    AnyBody,
    CarrierFellSilent,
    CarrierHeard,
    Event,
    ExceptionRaised,
)
from tower.domain.identity import derived_event_id
from tower.domain.moments import utc
from tower.domain.records import Actor, ExceptionRecord, Finding, Subject
from tower.domain.state import State
from tower.domain.words import ExceptionKind
from tower.watch.found import SOURCE, Found, Known

WATCHED = (ExceptionKind.LATE, ExceptionKind.NO_SIGNAL, ExceptionKind.CARRIER_SILENT)
"""The kinds found here; nothing else is cleared here."""

RULE = Actor(kind="rule", id=SOURCE, name="Watch")

RENEW_AFTER = timedelta(minutes=2)
"""Changed words are told this often; a rise in severity at once."""

REOPEN_WITHIN = timedelta(minutes=10)
"""What cleared by itself and comes back this soon is the same episode."""

QUIET_AFTER_RESOLVED = timedelta(minutes=30)
"""What a person resolved stays quiet this long even where the condition goes on."""


def reconcile(
    found: Sequence[Found], known: Mapping[ExceptionKind, Known], state: State, now: datetime
) -> list[Event]:
    """The events that bring the exceptions in line with what was found.

    Raises what is new, renews what changed, reopens what came back, clears what is gone, and
    says when a carrier falls silent or is heard again. Nothing where all is said already.

    Args:
        found: every condition of the watched kinds that holds now.
        known: what was found before and is still open (`open_findings`).
        state: the shift.
        now: the present, UTC.
    """
    by_key = {item.key: item for item in found}
    events = [event for item in by_key.values() for event in _raise(item, state, now)]
    for kind in WATCHED:
        for about, record in known[kind].items():
            if (kind, about) not in by_key:
                events.append(_clear(record, now, _cause(state, kind, about)))
    events += _silences(by_key, state, now)
    return events


def newest_episode(
    state: State, kind: ExceptionKind, about: str
) -> tuple[ExceptionRecord | None, int]:
    """The newest exception of this kind about this thing, and its number; (None, 0) for none."""
    record, episode = None, 0
    while following := state.exceptions.get(episode_id(kind, about, episode + 1)):
        record, episode = following, episode + 1
    return record, episode


def _raise(item: Found, state: State, now: datetime) -> Iterator[Event]:
    record, episode = newest_episode(state, item.kind, item.about)
    if record is None:
        yield _raised(item, None, episode_id(item.kind, item.about, 1), now)
    elif record.is_open:
        if _is_worth_telling(item.finding, record, now):
            yield _raised(item, record, record.id, now)
    elif _is_quiet(record, now):
        return
    elif _came_back(record, now):
        yield _reopened(record, now)
        yield _raised(item, record, record.id, now)
    else:
        yield _raised(item, None, episode_id(item.kind, item.about, episode + 1), now)


def _is_worth_telling(finding: Finding, record: ExceptionRecord, now: datetime) -> bool:
    known = record.finding
    if known is None or known.source != SOURCE or finding.severity.rank < known.severity.rank:
        return True
    if (finding.headline, finding.detail) == (known.headline, known.detail):
        return False
    return abs(now - utc(record.finding_stamp.order)) >= RENEW_AFTER


def _is_quiet(record: ExceptionRecord, now: datetime) -> bool:
    work = record.work
    return not work.by_rule and work.at is not None and abs(now - work.at) < QUIET_AFTER_RESOLVED


def _came_back(record: ExceptionRecord, now: datetime) -> bool:
    work = record.work
    return work.by_rule and work.at is not None and abs(now - work.at) < REOPEN_WITHIN


def _raised(item: Found, known: ExceptionRecord | None, id_: str, now: datetime) -> Event:
    finding = item.finding
    before = known.finding if known else None
    if before is not None and before.severity.rank < finding.severity.rank:
        finding = replace(finding, severity=before.severity)
    within = ACT_WITHIN[finding.severity]
    due = now + within if within else None
    if before is not None and before.sla_due_at is not None:
        due = min(due, before.sla_due_at) if due else before.sla_due_at
    subject = replace(finding.subject, exception_id=id_)
    body = ExceptionRaised(finding=replace(finding, subject=subject, sla_due_at=due))
    at = known.finding_stamp.outdone_at(now) if known else now
    return _event(subject, body, at, finding.severity)


def _reopened(record: ExceptionRecord, now: datetime) -> Event:
    body = reopened(record.work)
    return _event(_subject(record), body, now, str(body.version))


def _clear(record: ExceptionRecord, now: datetime, cause: str) -> Event:
    body = cleared(record.work, cause)
    return _event(_subject(record), body, now, str(body.version))


def _cause(state: State, kind: ExceptionKind, about: str) -> str:
    if kind is ExceptionKind.NO_SIGNAL:
        return "The vehicle is heard again, or its route has ended."
    if kind is ExceptionKind.CARRIER_SILENT:
        return "The carrier is heard again, or none of its routes is under way."
    stop = state.stops.get(about)
    if stop is not None and stop.is_done:
        return f"The stop is done: {stop.state}."
    return "The vehicle is expected in time again."


def _silences(
    by_key: dict[tuple[ExceptionKind, str], Found], state: State, now: datetime
) -> Iterator[Event]:
    for carrier_id in state.carriers:
        item = by_key.get((ExceptionKind.CARRIER_SILENT, carrier_id))
        known = state.silences.get(carrier_id)
        was_silent = known is not None and known.silent
        subject = Subject(carrier_id=carrier_id)
        at = known.stamp.outdone_at(now) if known else now
        if item is not None and not was_silent:
            yield _event(subject, CarrierFellSilent(last_heard_at=item.since), at, "silent")
        elif item is None and was_silent:
            yield _event(subject, CarrierHeard(), at, "heard")


def _subject(record: ExceptionRecord) -> Subject:
    facts = record.finding.subject if record.finding else Subject()
    return replace(facts, exception_id=record.id)


def _event(subject: Subject, body: AnyBody, at: datetime, mark: str) -> Event:
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
