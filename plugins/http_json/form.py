"""The JSON a provider is posted, and the JSON it answers with."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from tower.domain.words import Channel as Medium
from tower.domain.words import MessageState
from tower.outreach.port import Outgoing, Receipt, Unsure
from tower.outreach.provider import short

Name = Annotated[str, msgspec.Meta(max_length=200)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Posted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message as the provider gets it.

    Attributes:
        key: names the attempt; the same message repeated has the same key.
    """

    key: str
    message: str
    medium: Medium
    to: str
    text: str
    language: str = ""
    subject: str = ""
    html: str = ""
    sender: str = ""
    reply_to: str = ""
    template: str = ""
    parameters: tuple[str, ...] = ()
    in_session: bool = False
    status_url: str = ""


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What the provider answers: its own id of the message, or why it does not take it."""

    id: Name = ""
    why: str = ""


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a message."""

    state: Literal["sent", "delivered", "read", "failed"]
    id: Name = ""
    why: str = ""
    at: Moment | None = None


def encoded(outgoing: Outgoing) -> bytes:
    """The body of the request for a message."""
    posted = Posted(
        key=outgoing.key,
        message=outgoing.message_id,
        medium=outgoing.medium,
        to=outgoing.to,
        text=outgoing.text,
        language=outgoing.language,
        subject=outgoing.subject,
        html=outgoing.html,
        sender=outgoing.sender,
        reply_to=outgoing.reply_to,
        template=outgoing.template,
        parameters=outgoing.parameters,
        in_session=outgoing.in_session,
        status_url=outgoing.status_url,
    )
    return msgspec.json.encode(posted)


def read_answer(body: bytes) -> Answered:
    """What the provider answered; an answer of another form says nothing besides its status."""
    try:
        return msgspec.json.decode(body, type=Answered)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Answered(why=short(body[:300].decode("utf-8", "replace")))


def read_status(title: str, key: str, body: bytes) -> Receipt:
    """What the provider says of a message.

    Raises:
        Unsure: it cannot be understood.
    """
    try:
        status = msgspec.json.decode(body, type=Status)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unsure(short(f"What {title} says of a message is not clear: {error}")) from None
    return Receipt(
        state=MessageState(status.state),
        key=key,
        ref=status.id,
        at=status.at,
        why=short(status.why),
    )
