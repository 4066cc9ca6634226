"""What happened to an exception, event by event, in words. Knows no widgets."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from tower.domain import events as e
from tower.domain.words import Disposition, ExceptionState
from ui.eventlog.names import agreed_words

_S = ExceptionState


class Reader(NamedTuple):
    """Who reads it.

    Attributes:
        exception_id: whose history is read.
        actor_id: the reader, who is called "you".
        clock: writes a moment on the clocks of the shift.
    """

    exception_id: str
    actor_id: str
    clock: Callable[[datetime], str]

    def doer(self, event: e.Event) -> str:
        """Who did it."""
        actor = event.actor
        return "you" if actor.id == self.actor_id else actor.name or actor.id

    def person(self, id_: str, name: str) -> str:
        """A person named in an event."""
        return "you" if id_ and id_ == self.actor_id else name or id_


Worked = e.ExceptionWorked
Past = Worked | None
"""How the work on the exception stood before an event."""


def told(events: Iterable[e.Event], reader: Reader) -> Iterator[tuple[e.Event, str]]:
    """What happened in words, in the order of the events; what is no news is left out.

    Args:
        events: all there is of one exception, in the order they were recorded.
        reader: who reads it.
    """
    before: Past = None
    found: tuple[object, ...] = ()
    for event in events:
        body = event.body
        if isinstance(body, e.ExceptionRaised):
            known, found = found, (body.finding.severity, body.finding.kind)
            if known == found:
                continue
        if words := _happened(event, before, reader):
            yield event, words
        if isinstance(body, Worked) and event.subject.exception_id == reader.exception_id:
            before = body


def _happened(event: e.Event, before: Past, reader: Reader) -> str:
    body = event.body
    match body:
        case e.ExceptionRaised(finding=finding):
            return f"{finding.severity}: {finding.headline}"
        case e.ExceptionNoted():
            return f"note by {reader.doer(event)}{_because(body.words)}"
        case e.CommandRefused():
            return f"refused to {reader.doer(event)}: {body.why}"
        case Worked() if event.subject.exception_id != reader.exception_id:
            return f"a duplicate was merged into it by {reader.doer(event)}"
        case Worked():
            return _WORKED[body.state](event, body, before, reader)
    return _with_customer(event, reader)


def _with_customer(event: e.Event, reader: Reader) -> str:
    body, doer = event.body, reader.doer(event)
    match body:
        case e.MessageQueued(plan=plan):
            return f"{doer} wrote to the customer: {_template(plan.template)}"
        case e.MessageBarred():
            return f"not told to the customer, {_template(body.template)}: {body.why}"
        case e.MessageCancelled():
            return f"message given up: {body.why}"
        case e.ReplyReceived():
            return f"the customer wrote: {body.words}"
        case e.RepliesSeen() if body.deed:
            return f"reply dealt with by {doer}: {body.deed}"
        case e.StopAmended():
            agreed = agreed_words(body.changes, reader.clock)
            return f"agreed by {doer}: {agreed}{_because(body.because)}"
    return ""


def _template(name: str) -> str:
    return name.replace("_", " ") or "words of our own"


def _because(words: str) -> str:
    return f": {words}" if words else ""


def _claimed(event: e.Event, body: Worked, before: Past, reader: Reader) -> str:
    if before is not None and before.state is _S.CLAIMED and before.fence == body.fence:
        return _asked(event, body, before, reader) or _assigned(event, body, before, reader)
    return f"claimed by {reader.person(body.owner, body.owner_name)}"


def _snoozed(event: e.Event, body: Worked, before: Past, reader: Reader) -> str:
    is_same = before is not None and before.snoozed_until == body.snoozed_until
    if is_same and before is not None and before.awaits == body.awaits:
        return _assigned(event, body, before, reader)
    until = reader.clock(body.snoozed_until) if body.snoozed_until else "later"
    awaited = f" or the {body.awaits}" if body.awaits else ""
    return f"snoozed until {until}{awaited} by {reader.doer(event)}{_because(body.cause)}"


def _escalated(event: e.Event, body: Worked, before: Past, reader: Reader) -> str:
    asked = _asked(event, body, before, reader)
    if before is None or asked:
        return asked
    if before.state is _S.ESCALATED:
        return _assigned(event, body, before, reader)
    return f"{_back(event, body, before, reader)}, waits for a supervisor"


def _asked(event: e.Event, body: Worked, before: Past, reader: Reader) -> str:
    """That a supervisor was asked to look, where that is new."""
    known = before.escalated_at if before else None
    if body.escalated_at is None or body.escalated_at == known:
        return ""
    by = "" if body.by_rule else f" by {reader.doer(event)}"
    return f"a supervisor asked to look{by}{_because(body.escalated_because)}"


def _opened(event: e.Event, body: Worked, before: Past, reader: Reader) -> str:
    if before is None or (before.assigned_to != body.assigned_to and not body.by_rule):
        return _assigned(event, body, before, reader) or "back in the queue"
    if before.state is _S.ESCALATED:
        return f"looked at by {reader.doer(event)}, back in the queue"
    return _back(event, body, before, reader)


def _back(event: e.Event, body: Worked, before: Worked, reader: Reader) -> str:
    """How it came back from where it was."""
    by_rule, doer = body.by_rule, reader.doer(event)
    if before.state is _S.SNOOZED:
        return f"awake again{_because(body.cause)}" if by_rule else f"woken by {doer}"
    if before.state is _S.RESOLVED:
        return "came back, open again" if by_rule else f"reopened by {doer}"
    if by_rule:
        whose = reader.person(before.owner, before.owner_name)
        return f"claim of {whose} lapsed" if whose else "open again"
    return f"back in the queue by {doer}"


def _assigned(event: e.Event, body: Worked, before: Past, reader: Reader) -> str:
    known = before.assigned_to if before else ""
    if known == body.assigned_to:
        return ""
    whom = reader.person(body.assigned_to, body.assigned_name) or "nobody any more"
    return f"assigned to {whom} by {reader.doer(event)}"


def _resolved(event: e.Event, body: Worked, before: Past, reader: Reader) -> str:
    if before is not None and before.state is _S.RESOLVED:
        return ""
    cause = _because(body.cause)
    if body.by_rule:
        return f"resolved by itself{cause}"
    words = {
        Disposition.FALSE_ALARM: "false alarm, closed",
        Disposition.DUPLICATE: "closed as a duplicate",
    }
    judged = words.get(body.disposition or Disposition.DONE, "resolved")
    return f"{judged} by {reader.doer(event)}{cause}"


_WORKED: dict[ExceptionState, Callable[[e.Event, Worked, Past, Reader], str]] = {
    _S.OPEN: _opened,
    _S.CLAIMED: _claimed,
    _S.SNOOZED: _snoozed,
    _S.ESCALATED: _escalated,
    _S.RESOLVED: _resolved,
}
