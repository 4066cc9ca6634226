"""The demo's customers and their telephones: what lies in the outbox is read and answered."""

import logging
import zlib
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from tower.demo.answering import answer_to
from tower.domain.messages import Attempt, Message
from tower.domain.moments import utc
from tower.domain.words import Channel, MessageState
from tower.outreach.port import Incoming

LOG = logging.getLogger(__name__)


class Outbox(Protocol):
    """What customers need of a gateway: what would have been sent, and a way to answer."""

    def kept_messages(self) -> Sequence[Message]:
        """The messages to customers that an account keeps and does not send."""
        ...

    async def incoming(self, account: str, incoming: Incoming) -> None:
        """Take in what a customer wrote."""
        ...


class _Waiting(NamedTuple):
    """An answer somebody is about to write."""

    at_s: float
    account: str
    incoming: Incoming


def luck_of(seed: int, message_id: str) -> np.random.Generator:
    """What decides how a message is taken: the same in every run."""
    return np.random.default_rng([seed, 10, zlib.crc32(message_id.encode())])


class Mailbox:
    """Reads what the gateway would have sent, in the customers' place.

    Args:
        seed: of the shift; the same message is always taken in the same way.
        midnight: epoch seconds of the shift's local midnight.
    """

    def __init__(self, seed: int, midnight: float) -> None:
        self._seed, self._midnight = seed, midnight
        self._read: set[str] = set()
        self._waiting: list[_Waiting] = []

    def forget_past(self, outbox: Outbox) -> None:
        """What lies in the outbox already was read before the demo was interrupted."""
        self._read = {message.id for message in outbox.kept_messages()}

    async def act(self, outbox: Outbox, now_s: float) -> None:
        """Read what is new, and write the answers whose time has come."""
        for message in outbox.kept_messages():
            if message.id not in self._read:
                self._read.add(message.id)
                self._on_message_kept(message, now_s)
        due = [one for one in self._waiting if one.at_s <= now_s]
        self._waiting = [one for one in self._waiting if one.at_s > now_s]
        for one in sorted(due):
            await outbox.incoming(one.account, one.incoming)

    def _on_message_kept(self, message: Message, now_s: float) -> None:
        plan, last = message.plan, message.last
        if plan is None or last is None or last.state is not MessageState.NOT_SENT:
            return
        answer = answer_to(plan.template, plan.language, luck_of(self._seed, message.id))
        if answer is not None and last.channel is not Channel.VOICE:
            kept_s = last.at.timestamp() - self._midnight
            at_s = max(now_s, kept_s + answer.after_s)
            incoming = self._incoming(message, last, answer.words, at_s)
            self._waiting.append(_Waiting(at_s, last.provider, incoming))

    def _incoming(self, message: Message, last: Attempt, words: str, at_s: float) -> Incoming:
        # A text message does not say what it answers; the other media do.
        answers = "" if last.channel is Channel.SMS else last.provider_ref
        return Incoming(
            ref=f"demo-{message.id}",
            medium=last.channel,
            sender=last.address,
            text=words,
            answers=answers,
            at=utc(self._midnight + at_s),
        )
