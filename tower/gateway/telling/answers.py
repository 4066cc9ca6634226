"""What the gateway answers about messages to customers, as records."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from tower.domain.commands import MessageWish
from tower.domain.events import Event, MessageBarred, MessageQueued
from tower.domain.words import Channel
from tower.gateway.answers import Answer, CommandDone
from tower.outreach.port import Assurance, Outgoing

MOST_PREVIEWS = 500
"""Messages that may be previewed at once."""


class BarredMessage(Answer, frozen=True, kw_only=True):
    """A message that is not sent, because the policy forbids it.

    Attributes:
        why: in words.
    """

    stop_id: str
    template: str
    why: str


class MessagesDone(CommandDone, frozen=True, kw_only=True):
    """Messages were queued.

    Attributes:
        messages: ids of those that are sent, or held until they may be.
        barred: those that are not, with the reason.
    """

    messages: tuple[str, ...] = ()
    barred: tuple[BarredMessage, ...] = ()


class PreviewsWish(Answer, frozen=True, kw_only=True):
    """Messages to look at before they are sent."""

    messages: Annotated[tuple[MessageWish, ...], Meta(min_length=1, max_length=MOST_PREVIEWS)]


class PreviewVerdict(StrEnum):
    """Whether a message may be sent: at once, later, or not."""

    ALLOWED = "allowed"
    HELD = "held"
    BARRED = "barred"


class Preview(Answer, frozen=True, kw_only=True):
    """A message as it would be sent now.

    Attributes:
        wish: what was asked for.
        why: why it is held or barred, in words.
        send_after: when it would be sent where it is held, UTC.
        channel: the way tried first; null where it is barred.
        address: where to.
        language: the one it is written in.
        subject: for channels that have one.
        words: the text.
        html: the same for e-mail readers, "" for other channels.
        segments: parts of an SMS, 1 for other channels, 0 where it is barred.
        cost: in the currency of the policy.
        moved_s: seconds the arrival moved from what the customer was told; null where unknown.
        message_id: the id it would have; "" where it is barred.
    """

    wish: MessageWish
    verdict: PreviewVerdict
    why: str = ""
    send_after: datetime | None = None
    channel: Channel | None = None
    address: str = ""
    language: str = ""
    subject: str = ""
    words: str = ""
    html: str = ""
    segments: int = 0
    cost: float = 0.0
    moved_s: float | None = None
    message_id: str = ""


class Previews(Answer, frozen=True, kw_only=True):
    """Messages as they would be sent now, in the order asked for.

    Attributes:
        cost: of all that are not barred, in `currency`.
    """

    previews: tuple[Preview, ...]
    cost: float
    currency: str


class TemplateReport(Answer, frozen=True, kw_only=True):
    """A message template.

    Attributes:
        languages: those it is written in.
        is_notice: it tells that an arrival moved.
        options: what it asks for besides the case itself.
    """

    name: str
    title: str
    about: str
    languages: tuple[str, ...]
    is_notice: bool
    options: tuple[str, ...]


class AccountReport(Answer, frozen=True, kw_only=True):
    """An account with a provider.

    Attributes:
        title: what people call the provider.
        carries: the media it carries.
        sends: false where messages are kept here and sent nowhere.
        assurance: what the provider offers so that nothing is sent twice.
        trouble: what is wrong with it, in words; "" while all is well.
        hook: where its provider sends receipts and replies to.
        forged: requests since the start that claimed to come from the provider and did not.
    """

    name: str
    plugin: str
    title: str
    carries: tuple[Channel, ...]
    sends: bool
    assurance: Assurance
    trouble: str
    hook: str
    forged: int


class Rendering(Answer, frozen=True, kw_only=True):
    """Exactly what a provider is given for one attempt.

    Attributes:
        attempt: its number; for a message not attempted yet, the one that comes next.
        account: the account it goes over, "" where none carries it.
        sends: false where it is kept here and sent nowhere.
        outgoing: the message as the channel gets it.
        request: what the provider itself is sent, where the plugin shows it; "" otherwise.
    """

    message_id: str
    attempt: int
    account: str
    sends: bool
    outgoing: Outgoing
    request: str = ""


def done(new: list[Event]) -> CommandDone:
    """The answer to a command that was carried out by these events."""
    plain = CommandDone(seq=new[-1].seq if new else 0, events=tuple(event.id for event in new))
    queued = tuple(one.subject.message_id for one in new if isinstance(one.body, MessageQueued))
    barred = tuple(
        BarredMessage(
            stop_id=event.subject.stop_id, template=event.body.template, why=event.body.why
        )
        for event in new
        if isinstance(event.body, MessageBarred)
    )
    if not (queued or barred):
        return plain
    return MessagesDone(seq=plain.seq, events=plain.events, messages=queued, barred=barred)
