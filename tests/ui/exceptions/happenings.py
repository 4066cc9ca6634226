"""What happens to exceptions in the tests of the queue."""

from datetime import datetime, timedelta

import msgspec

from tests.ui.example_shift import NOON, event, numbered
from tower.domain import events as e
from tower.domain.records import Actor, Subject
from tower.domain.words import Channel, ExceptionState
from ui.session import Session

BEN = Actor(kind="person", id="ben", name="B. Example")


def happen(session: Session, *happened: e.Event) -> None:
    """Let a session hear of what happened, in this order."""
    session.fold_events(numbered(happened, start=session.state.seq + 1))


def worked(exception_id: str, state: ExceptionState, version: int, **more: object) -> e.Event:
    """The work on an exception moved, so many seconds after noon as its version."""
    said = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in more.items()
    }
    body = msgspec.convert({"state": state, "version": version, **said}, e.ExceptionWorked)
    return event(body, Subject(exception_id=exception_id), at=NOON + timedelta(seconds=version))


def claimed(exception_id: str, owner: str, name: str = "", version: int = 1) -> e.Event:
    """Somebody claimed an exception."""
    return worked(exception_id, ExceptionState.CLAIMED, version, owner=owner, owner_name=name)


def replied(stop_id: str, words: str = "Thanks", number: int = 1) -> e.Event:
    """A stop's customer wrote."""
    body = e.ReplyReceived(
        reply_id=f"reply-{number}", channel=Channel.SMS, address="+423 000 00 00", words=words
    )
    return event(body, Subject(stop_id=stop_id))


def by(actor: Actor, happened: e.Event) -> e.Event:
    """The same, done by somebody."""
    return msgspec.structs.replace(happened, actor=actor)
