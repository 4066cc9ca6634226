"""What was said to customers and what they answered, as frozen records."""

from datetime import datetime

from msgspec import field

from tower.domain.identity import subject_id
from tower.domain.records import NEVER, Record, Stamp
from tower.domain.words import Channel, Intent, MessageState, StopState


def message_id(stop_id: str, template: str, exception_id: str, episode: int) -> str:
    """The id of a message: the same stop, template and episode are one message.

    Args:
        stop_id: whose customer is told.
        template: what is said.
        exception_id: why, "" where no exception is the cause.
        episode: counts from 1 the times the same thing was said for the same cause.
    """
    return subject_id("message", stop_id, template, exception_id, str(episode))


class Reach(Record, frozen=True, kw_only=True):
    """One way to reach a customer."""

    channel: Channel
    address: str


class MessagePlan(Record, frozen=True, kw_only=True):
    """What is to be said to whom, fixed when somebody decided to say it.

    Attributes:
        template: name of the template; "" for words written by hand.
        episode: counts from 1 the times it was said for the same cause.
        reaches: the ways to reach the customer, in the order they are tried.
        language: the one it is written in.
        subject: for channels that have one.
        words: the text itself.
        parameters: what was put into the template, in the order a provider's own template of the
            same name wants it.
        brand: whose look it wears.
        told_at: the arrival it tells, UTC; None where it tells none.
        send_after: it is held until then (quiet hours), UTC.
        expires_at: it makes no sense any more after that, UTC.
        topic: what it is about, as `arrival`; one topic is told once within the policy's window.
        options: what the template was given besides the case, such as the slots offered.
        after: outcomes of the stop after which it still makes sense.
    """

    stop_id: str
    exception_id: str = ""
    template: str = ""
    episode: int = 1
    reaches: tuple[Reach, ...]
    language: str = ""
    subject: str = ""
    words: str
    parameters: tuple[str, ...] = ()
    brand: str = ""
    told_at: datetime | None = None
    send_after: datetime | None = None
    expires_at: datetime | None = None
    topic: str = ""
    options: dict[str, str] = field(default_factory=dict)
    after: tuple[StopState, ...] = ()


class Attempt(Record, frozen=True, kw_only=True):
    """One try to send a message over one channel, and how far it came.

    Attributes:
        number: counts from 1.
        provider: name of the channel plugin's account it goes over.
        state: how far it came.
        at: when it came so far, UTC.
        provider_ref: the provider's own id of it.
        why: why it failed or is unknown, in words.
        again: it failed, and the same way is tried again.
    """

    number: int
    channel: Channel
    address: str
    provider: str
    state: MessageState
    at: datetime
    provider_ref: str = ""
    why: str = ""
    again: bool = False

    @property
    def reach(self) -> Reach:
        """The way it goes."""
        return Reach(channel=self.channel, address=self.address)


class Message(Record, frozen=True, kw_only=True):
    """A message to a customer: what it says, and every try to send it.

    Attributes:
        queued_at: when somebody decided to send it, UTC.
        by: name of who decided.
        attempts: by number, each as far as it came.
        cancelled: why it is not sent (any more), "" while it may be.
        version: counts what was decided about it.
    """

    id: str
    plan: MessagePlan | None = None
    plan_stamp: Stamp = NEVER
    queued_at: datetime | None = None
    by: str = ""
    attempts: tuple[Attempt, ...] = ()
    attempt_stamps: tuple[Stamp, ...] = ()
    cancelled: str = ""
    cancelled_stamp: Stamp = NEVER
    version: int = 0

    @property
    def last(self) -> Attempt | None:
        """The newest attempt, None before the first."""
        return self.attempts[-1] if self.attempts else None

    @property
    def state(self) -> MessageState:
        """How far the message has come: as its newest attempt, or cancelled."""
        last = self.last
        if self.cancelled and (last is None or not last.state.has_left):
            return MessageState.CANCELLED
        return last.state if last else MessageState.QUEUED


class Recognised(Record, frozen=True, kw_only=True):
    """Something a reply plainly asks for.

    Attributes:
        value: what it names: the code, the place, the day; "" where it names nothing.
        quote: the customer's words it was read from.
    """

    intent: Intent
    value: str = ""
    quote: str = ""


class Reply(Record, frozen=True, kw_only=True):
    """What a customer wrote to us.

    Attributes:
        stop_id: the stop it belongs to, "" where nobody knows the sender.
        exception_id: the exception whose conversation it is part of.
        message_id: the message it answers, "" for none.
        provider: the channel account it came over, and `provider_ref` its id there.
        intents: what it plainly asks for; nothing is done about it by itself.
    """

    id: str
    at: datetime
    channel: Channel
    address: str
    words: str
    stop_id: str = ""
    exception_id: str = ""
    message_id: str = ""
    provider: str = ""
    provider_ref: str = ""
    intents: tuple[Recognised, ...] = ()
    stamp: Stamp = NEVER


class Seen(Record, frozen=True, kw_only=True):
    """That somebody has read a reply, and what was done about it.

    Attributes:
        by: name of who did the newest of both.
        deed: what was done, in words; "" where it was only read.
    """

    by: str
    at: datetime
    deed: str = ""
    stamp: Stamp = NEVER


class Consent(Record, frozen=True, kw_only=True):
    """Whether somebody may be written to at an address, by their own newest word.

    Attributes:
        address: as the channel writes it: +4179…, name@example.org.
        words: what they said.
    """

    address: str
    allowed: bool
    at: datetime
    words: str = ""
    stamp: Stamp = NEVER
