"""Who holds an exception, what that keeps others from, and how a claim goes on or ends."""

from datetime import datetime, timedelta
from typing import Protocol

from msgspec.structs import replace

from tower.domain.episodes import carried
from tower.domain.events import Event, ExceptionNoted, ExceptionWorked
from tower.domain.records import Actor, ExceptionRecord, Subject, Work
from tower.domain.state import State
from tower.domain.words import ExceptionState
from tower.gateway.deciding.verdicts import Outdated, Refused, Terms, new_event
from tower.gateway.signin import Role


def held_by(record: ExceptionRecord, now: datetime) -> str:
    """Id of the person whose claim holds now, or ""."""
    work = record.work
    if work.state is not ExceptionState.CLAIMED or work.lease_until is None:
        return ""
    return work.owner if work.lease_until > now else ""


class OnException(Protocol):
    """A command on one version of an exception's work."""

    @property
    def exception_id(self) -> str:
        """Which exception."""
        ...

    @property
    def version(self) -> int:
        """The version somebody looked at."""
        ...


def at_hand(
    command: OnException, state: State, terms: Terms, *, may_override: bool = True
) -> ExceptionRecord | Outdated | Refused:
    """The exception a command is about, or why its sender may not work on it now.

    Args:
        command: what is asked.
        state: the newest state.
        terms: who asks, and when.
        may_override: a supervisor may although somebody else holds it.
    """
    record = state.exceptions.get(command.exception_id)
    if record is None:
        return unknown(command.exception_id)
    return _taken(record, command.version, terms, may_override=may_override) or record


def unknown(exception_id: str) -> Refused:
    """Nobody ever found such an exception."""
    return Refused(f"There is no exception {exception_id}.")


def _taken(
    record: ExceptionRecord, version: int, terms: Terms, *, may_override: bool
) -> Outdated | None:
    holder = held_by(record, terms.now)
    if holder == terms.grant.actor.id:
        # Under a claim that holds nobody else changes the exception: what came since is its
        # own renewals, which the holder's window may not have seen yet.
        return None
    supervisor = may_override and terms.grant.role is Role.SUPERVISOR
    if record.work.version != version:
        return Outdated(_overtaken(record), record)
    if holder and not supervisor:
        return Outdated(f"{_who(record)} is working on this exception.", record)
    return None


def renewal(record: ExceptionRecord, now: datetime, lease: timedelta, actor: Actor) -> Event:
    """The same claim, holding longer; its fence stays as it is."""
    return about(record, replace(carried(record.work), lease_until=now + lease), now, actor)


def lapse(record: ExceptionRecord, now: datetime, rule: Actor) -> Event:
    """The end of a claim whose holder fell silent."""
    return about(record, replace(back_in_queue(record.work), by_rule=True), now, rule)


def back_in_queue(work: Work) -> ExceptionWorked:
    """Nobody works on it any more: it waits for a supervisor where one was asked, else for all."""
    waits = ExceptionState.ESCALATED if work.escalated_at else ExceptionState.OPEN
    return replace(set_free(work), state=waits)


def about(
    record: ExceptionRecord, body: ExceptionWorked | ExceptionNoted, now: datetime, actor: Actor
) -> Event:
    """The event of work on an exception."""
    facts = record.finding.subject if record.finding else Subject()
    subject = replace(facts, exception_id=record.id)
    return new_event(now, actor, subject, body)


def set_free(work: Work) -> ExceptionWorked:
    """The next version of the work with nobody holding it and nothing awaited."""
    return replace(
        carried(work),
        owner="",
        owner_name="",
        lease_until=None,
        snoozed_until=None,
        awaits=None,
        cause="",
    )


def _overtaken(record: ExceptionRecord) -> str:
    """Who or what was faster, in words."""
    work = record.work
    done = {
        ExceptionState.CLAIMED: f"{_who(record)} took this exception",
        ExceptionState.SNOOZED: "Somebody snoozed this exception",
        ExceptionState.ESCALATED: "A supervisor was asked to look at this exception",
        ExceptionState.RESOLVED: f"{_who(record)} resolved this exception",
        ExceptionState.OPEN: "Somebody changed this exception",
    }
    by_itself = work.by_rule and work.state is ExceptionState.RESOLVED
    words = "This exception cleared by itself" if by_itself else done[work.state]
    return f"{words} in the meantime."


def _who(record: ExceptionRecord) -> str:
    return record.work.owner_name or record.work.owner or "Somebody"
