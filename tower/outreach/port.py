"""The port an outreach channel plugs into: a provider that carries messages to customers.

A plugin exposes one `ChannelPlugin` as an entry point of `tower.channels`. The gateway opens it
once for each account in its settings and hands it messages one at a time; it never sends by
itself and never repeats by itself. What a provider tells back (receipts, replies) comes through
`Channel.hear`, after the plugin has checked that it is the provider who speaks.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

import msgspec

from tower.domain.moments import Now
from tower.domain.words import Channel as Medium
from tower.domain.words import MessageState


class Assurance(StrEnum):
    """What a provider offers so that a message is sent once even where an answer was lost.

    `key`: it takes our key and sends once however often we ask. `status`: it can be asked by our
    key whether it has a message, and its no can be relied on. `none`: neither; what is unknown
    stays unknown until a receipt or a person settles it.
    """

    KEY = "key"
    STATUS = "status"
    NONE = "none"


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file that goes along with a message.

    Attributes:
        name: as the reader saves it, such as `report.pdf`.
        media: its media type, such as `application/pdf`.
    """

    name: str
    media: str
    content: bytes

    def __repr__(self) -> str:
        return f"Attachment(name={self.name!r}, bytes={len(self.content)})"


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """One message as a channel is to send it.

    Attributes:
        key: names this attempt; the same attempt repeated has the same key.
        message_id: names the message.
        medium: how it goes.
        to: the customer's address: +41791234567 (E.164), or name@example.org.
        language: the one it is written in, as `de`.
        subject: for media that have one.
        text: the words.
        html: the same for e-mail readers, "" for none.
        sender: what the customer knows the sender by.
        reply_to: where answers go, "" for the account's own.
        template: name of the template, "" for words written by hand.
        parameters: what was put into it, in the order a provider's template of that name wants.
        in_session: the customer wrote to us in the last 24 hours, so that free words are allowed
            where a medium asks for approved templates.
        status_url: where receipts of this attempt may be sent to, "" where nobody can reach us.
        attachments: files that go along; a channel that carries none does not take the message.
        is_internal: it goes to a colleague, who cannot unsubscribe from it by answering STOP.
    """

    key: str
    message_id: str
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
    attachments: tuple[Attachment, ...] = ()
    is_internal: bool = False


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A provider has taken a message.

    Attributes:
        ref: the provider's own id of it, "" for none.
        state: `sent`, or `not_sent` where the channel keeps it and sends nothing.
    """

    ref: str = ""
    state: MessageState = MessageState.SENT


class NotTaken(Exception):
    """A provider certainly has not taken a message; the words say why.

    Attributes:
        again: the same may work a little later (busy, unreachable); else not at all.
    """

    def __init__(self, why: str, *, again: bool = False) -> None:
        self.again = again
        super().__init__(why)


class Unsure(Exception):
    """Nobody knows whether a provider has taken a message: it was asked and did not answer."""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider says of a message it was given.

    Attributes:
        key: our name of the attempt, "" where only `ref` is known.
        ref: the provider's id of it.
        state: `sent`, `delivered`, `read` or `failed`.
        at: when, by the provider's clock; None where it does not say.
        why: why it failed, in words.
    """

    state: MessageState
    key: str = ""
    ref: str = ""
    at: datetime | None = None
    why: str = ""


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer wrote.

    Attributes:
        ref: the provider's id of it; repetitions have the same.
        sender: the customer's address, as in `Outgoing.to`.
        answers: `key` or provider's id of the message it answers, where the medium tells.
        at: when, by the provider's clock; None where it does not say.
    """

    ref: str
    medium: Medium
    sender: str
    text: str
    answers: str = ""
    at: datetime | None = None


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """An HTTP request of a provider, as it came in.

    Attributes:
        url: the whole address as the provider called it, from the gateway's public address.
        path: what follows the channel's own address, "" for nothing.
        query: in the order given, repetitions included.
        headers: names in lower case.
    """

    method: str
    url: str
    path: str = ""
    query: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = {}
    body: bytes = b""


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What a request of a provider says, and how to answer it.

    Attributes:
        refusals: why parts of it could not be understood, in words.
        answer: body of the answer, with its media type.
    """

    receipts: tuple[Receipt, ...] = ()
    incoming: tuple[Incoming, ...] = ()
    refusals: tuple[str, ...] = ()
    answer: bytes = b""
    media: str = "text/plain"


class Forged(Exception):
    """A request does not come from the provider: its signature is missing or wrong."""


class Unreadable(Exception):
    """A request comes from the provider and cannot be understood; the words say why."""


class ChannelError(Exception):
    """A channel cannot be used as configured; the message says what to change."""


class ChannelConfig(msgspec.Struct, frozen=True, kw_only=True):
    """What one account of a plugin is opened with.

    Attributes:
        name: the account's name in the settings.
        options: what the settings say, secrets aside.
        secret: looks a secret of the account up in the environment or the keyring.
        clock: the gateway's clock.
        timeout_s: seconds a provider may take to answer.
    """

    name: str
    options: Mapping[str, str]
    secret: Callable[[str], str]
    clock: Now
    timeout_s: float = 20.0

    def __repr__(self) -> str:
        return f"ChannelConfig(name={self.name!r})"


@runtime_checkable
class Channel(Protocol):
    """One account with a provider, open."""

    @property
    def assurance(self) -> Assurance:
        """What the provider offers so that nothing is sent twice."""
        ...

    async def send(self, outgoing: Outgoing) -> Taken:
        """Hand a message to the provider, once.

        Raises:
            NotTaken: it certainly has not got it.
            Unsure: nobody knows.
        """
        ...

    async def ask(self, key: str, ref: str, to: str) -> Receipt | None:
        """What became of a message; None where the provider does not know it, or cannot be asked.

        Args:
            key: our name of the attempt.
            ref: the provider's id, "" where it never told one.
            to: the customer's address.

        Raises:
            Unsure: the provider does not answer.
        """
        ...

    def hear(self, request: Request) -> Heard:
        """Read what the provider sends by itself. Pure but for the clock.

        Raises:
            Forged: it is not the provider who speaks.
            Unreadable: it is, and cannot be understood.
        """
        ...

    async def close(self) -> None:
        """Give back what is held open."""
        ...


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One thing the settings of an account may say.

    Attributes:
        about: what it is, for the documents.
        secret: it is looked up in the environment or the keyring, never in the settings.
    """

    name: str
    about: str
    required: bool = False
    secret: bool = False
    default: str = ""


@runtime_checkable
class ChannelPlugin(Protocol):
    """Knows one provider."""

    @property
    def name(self) -> str:
        """The word in the settings: `plugin = "smtp"`."""
        ...

    @property
    def title(self) -> str:
        """What people call the provider."""
        ...

    @property
    def carries(self) -> tuple[Medium, ...]:
        """The media it carries."""
        ...

    @property
    def options(self) -> tuple[Option, ...]:
        """What the settings of an account may say."""
        ...

    @property
    def sends(self) -> bool:
        """False where messages only look sent: kept here for people to read."""
        ...

    def open(self, config: ChannelConfig) -> Channel:
        """Open an account; no provider is asked yet.

        Raises:
            ChannelError: the settings cannot work.
        """
        ...
