"""Who holds an exception, what that keeps others from, and how a claim goes on or ends."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from tower.domain.episodes import carried
from tower.domain.events import Event, ExceptionWorked
from tower.domain.records import Actor, ExceptionRecord, Subject, Work
from tower.domain.words import ExceptionState
from tower.gateway.deciding.verdicts import Outdated, Terms, new_event
from tower.gateway.signin import Role


def held_by(record: ExceptionRecord, now: datetime) -> str:
    """Id of the person whose claim holds now, or ""."""
    work = record.work
    if work.state is not ExceptionState.CLAIMED or work.lease_until is None:
        return ""
    return work.owner if work.lease_until > now else ""


def taken(
    record: ExceptionRecord, version: int, terms: Terms, *, may_override: bool = True
) -> Outdated | None:
    """Why somebody may not work on an exception now, None where they may.

    Args:
        record: the exception as it is.
        version: the version of the work they looked at.
        terms: who asks, and when.
        may_override: a supervisor may although somebody else holds it.
    """
    holder = held_by(record, terms.now)
    if holder == terms.grant.actor.id:
        # Under a claim that holds nobody else changes the exception: what came since is its
        # own renewals, which the holder's window may not have seen yet.
        return None
    supervisor = may_override and terms.grant.role is Role.SUPERVISOR
    if record.work.version != version:
        return Outdated(f"{_who(record)} changed this exception in the meantime.", record)
    if holder and not supervisor:
        return Outdated(f"{_who(record)} is working on this exception.", record)
    return None


def renewal(record: ExceptionRecord, now: datetime, lease: timedelta, actor: Actor) -> Event:
    """The same claim, holding longer; its fence stays as it is."""
    return worked(record, replace(carried(record.work), lease_until=now + lease), now, actor)


def lapse(record: ExceptionRecord, now: datetime, rule: Actor) -> Event:
    """The end of a claim whose holder fell silent."""
    return worked(record, replace(back_in_queue(record.work), by_rule=True), now, rule)


def back_in_queue(work: Work) -> ExceptionWorked:
    """Nobody works on it any more: it waits for a supervisor where one was asked, else for all."""
    waits = ExceptionState.ESCALATED if work.escalated_at else ExceptionState.OPEN
    return replace(
        carried(work),
        state=waits,
        owner="",
        owner_name="",
        lease_until=None,
        snoozed_until=None,
        awaits=None,
        cause="",
    )


def worked(record: ExceptionRecord, body: ExceptionWorked, now: datetime, actor: Actor) -> Event:
    """The event of an exception's next version."""
    facts = record.finding.subject if record.finding else Subject()
    subject = replace(facts, exception_id=record.id)
    return new_event(now, actor, subject, body)


def _who(record: ExceptionRecord) -> str:
    return record.work.owner_name or record.work.owner or "Somebody"
