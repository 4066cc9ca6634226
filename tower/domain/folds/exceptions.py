"""Exceptions: raised, worked, noted; and what customers had carriers tell us."""

from msgspec.structs import asdict, replace

from tower.domain import events as e
from tower.domain.folds.stamps import decided, observed
from tower.domain.records import Contact, ExceptionRecord, Note, Work
from tower.domain.state import Changed, State


def _exception(state: State, event: e.Event) -> ExceptionRecord:
    exception_id = event.subject.exception_id
    return state.exceptions.get(exception_id) or ExceptionRecord(id=exception_id)


def raised(state: State, event: e.Event, body: e.ExceptionRaised) -> list[Changed]:
    """An exception was found, or its facts were renewed."""
    known, stamp = _exception(state, event), observed(event)
    after = known
    if known.finding_stamp < stamp:
        after = replace(after, finding=body.finding, finding_stamp=stamp)
    if known.raised_at is None or event.at < known.raised_at:
        after = replace(after, raised_at=event.at)
    if after is known:
        return []
    state.exceptions[known.id] = after
    return [Changed("exceptions", known.id)]


def worked(state: State, event: e.Event, body: e.ExceptionWorked) -> list[Changed]:
    """The work on an exception moved."""
    known, stamp = _exception(state, event), decided(body.version, event)
    if known.work_stamp >= stamp:
        return []
    work = Work(**asdict(body), at=event.at)
    state.exceptions[known.id] = replace(known, work=work, work_stamp=stamp)
    return [Changed("exceptions", known.id)]


def noted(state: State, event: e.Event, body: e.ExceptionNoted) -> list[Changed]:
    """Somebody wrote something down about an exception."""
    if event.id in state.notes:
        return []
    state.notes[event.id] = Note(
        id=event.id,
        exception_id=event.subject.exception_id,
        at=event.at,
        by=event.actor.name or event.actor.id,
        words=body.words,
    )
    return [Changed("notes", event.id)]


def contacted(state: State, event: e.Event, body: e.CustomerContacted) -> list[Changed]:
    """A customer reached us through a carrier."""
    if event.id in state.contacts:
        return []
    state.contacts[event.id] = Contact(
        id=event.id,
        at=event.at,
        stop_id=event.subject.stop_id,
        topic=body.topic,
        channel=body.channel,
        inbound=body.inbound,
        words=body.words,
    )
    return [Changed("contacts", event.id)]
