"""From what holds now and what is known to the events between them.

How exceptions are named is in `tower.domain.episodes`.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from tower.domain.episodes import ACT_WITHIN, cleared, episode_id, reopened
from tower.domain.events import Event, ExceptionRaised, ExceptionWorked
from tower.domain.moments import utc
from tower.domain.records import ExceptionRecord, Work
from tower.domain.state import State
from tower.domain.words import Disposition, ExceptionKind, ExceptionState
from tower.watch.episodes import newest_episode
from tower.watch.found import SOURCE, Found
from tower.watch.telling import subject_of, told

RENEW_AFTER = timedelta(minutes=2)
"""Changed words are told this often; a rise in severity at once."""

REOPEN_WITHIN = timedelta(minutes=10)
"""What cleared by itself and comes back this soon is the same episode."""

QUIET_AFTER_RESOLVED = timedelta(minutes=30)
"""What a person resolved stays quiet this long even where the condition goes on."""

QUIET_AFTER_FALSE_ALARM = timedelta(hours=4)
"""What a person called a false alarm stays quiet this long."""

OURS = frozenset(
    {
        ExceptionKind.LATE,
        ExceptionKind.LATE_RISK,
        ExceptionKind.NO_SIGNAL,
        ExceptionKind.CARRIER_SILENT,
    }
)
"""Kinds that are measured better here than anywhere: a carrier's words about them are replaced,
and they are cleared here. Of other kinds whoever spoke first keeps the words."""


def raised(item: Found, state: State, now: datetime, before: Work | None = None) -> list[Event]:
    """What is to be told where a condition holds; nothing where all is said already.

    Raises what is new, renews what changed, reopens what came back. Stays quiet about what a
    person resolved, for a while, and about what was merged into an exception that is open.

    Args:
        item: the condition.
        state: the shift.
        now: the present, UTC.
        before: the work on the exception this one takes over from, None for none.
    """
    record, episode = newest_episode(state, item.kind, item.about)
    if record is None:
        return list(_new(item, 1, now, before))
    if record.is_open:
        return [_raised(item, record, record.id, now)] if _is_news(item, record, now) else []
    if _is_quiet(item, record, state, now):
        return []
    if _came_back(record, now):
        return [_reopened(record, now), _raised(item, record, record.id, now)]
    return list(_new(item, episode + 1, now, before))


def over(record: ExceptionRecord, now: datetime, cause: str) -> list[Event]:
    """What is to be told where the condition of an open exception holds no more.

    What a carrier found is over when the carrier says so, but for kinds measured here.

    Args:
        record: the open exception.
        now: the present, UTC.
        cause: why it is over, in words.
    """
    if record.finding is None or _is_a_carriers(record):
        return []
    body = cleared(record.work, cause)
    return [told(subject_of(record), body, now, str(body.version))]


def _new(item: Found, episode: int, now: datetime, before: Work | None) -> Iterator[Event]:
    event = _raised(item, None, episode_id(item.kind, item.about, episode), now)
    yield event
    owner, name = _who_works(before)
    if owner:
        body = ExceptionWorked(
            state=ExceptionState.OPEN,
            version=1,
            assigned_to=owner,
            assigned_name=name,
            by_rule=True,
        )
        yield told(event.subject, body, now, "1")


def _who_works(before: Work | None) -> tuple[str, str]:
    if before is None:
        return "", ""
    if before.state is ExceptionState.CLAIMED:
        return before.owner, before.owner_name
    return before.assigned_to, before.assigned_name


def _is_news(item: Found, record: ExceptionRecord, now: datetime) -> bool:
    """Whether an open exception is to be told again."""
    known, finding = record.finding, item.finding
    if known is None or finding is known:
        return known is None
    if known.source != SOURCE and item.kind not in OURS:
        return False
    if finding.severity.rank < known.severity.rank:
        return True
    if (finding.headline, finding.detail) == (known.headline, known.detail):
        return False
    if abs(now - utc(record.finding_stamp.order)) >= RENEW_AFTER:
        return True
    # A carrier's words are replaced once; one that repeats itself is not contradicted for ever.
    raised_at = record.raised_at or now
    return known.source != SOURCE and abs(now - raised_at) < RENEW_AFTER


def _is_quiet(item: Found, record: ExceptionRecord, state: State, now: datetime) -> bool:
    """Whether the word of a person, or of the carrier that found it, that it is over holds."""
    work = record.work
    target = state.exceptions.get(work.merged_into)
    if target is not None and target.is_open:
        return True
    if work.at is None:
        return False
    if item.is_fact and item.since <= work.at and (not work.by_rule or _is_a_carriers(record)):
        return True
    if work.by_rule:
        return False
    judged = target.work if target is not None else work
    if judged.by_rule or judged.at is None:
        return False
    is_false = judged.disposition is Disposition.FALSE_ALARM
    quiet = QUIET_AFTER_FALSE_ALARM if is_false else QUIET_AFTER_RESOLVED
    return abs(now - judged.at) < quiet


def _is_a_carriers(record: ExceptionRecord) -> bool:
    """Whether a carrier found it and so is who says that it is over."""
    finding = record.finding
    return finding is not None and finding.source != SOURCE and finding.kind not in OURS


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
    return told(subject, body, at, finding.severity)


def _reopened(record: ExceptionRecord, now: datetime) -> Event:
    body = reopened(record.work)
    return told(subject_of(record), body, now, str(body.version))
