"""What demos and tests post to the local outbox: made-up replies and receipts, as JSON."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from tower.domain.words import Channel as Medium
from tower.domain.words import MessageState
from tower.outreach.port import Heard, Incoming, Receipt

_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class SimulatedReply(msgspec.Struct, frozen=True, kw_only=True):
    """A reply nobody wrote.

    Attributes:
        id: repetitions have the same.
        sender: the address it seems to come from; `from` in the JSON.
        answers: key of the message it answers, "" for none.
    """

    id: _Name
    sender: _Name = msgspec.field(name="from")
    text: Annotated[str, msgspec.Meta(max_length=10_000)]
    medium: Medium = Medium.SMS
    answers: str = ""
    at: _Moment | None = None

    def incoming(self) -> Incoming:
        """The same as a channel tells it."""
        return Incoming(
            ref=self.id,
            medium=self.medium,
            sender=self.sender,
            text=self.text,
            answers=self.answers,
            at=self.at,
        )


class SimulatedReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt for a message that went nowhere; `key` is the attempt's."""

    key: _Name
    state: Literal["sent", "delivered", "read", "failed"]
    why: str = ""
    at: _Moment | None = None

    def receipt(self) -> Receipt:
        """The same as a channel tells it."""
        return Receipt(key=self.key, state=MessageState(self.state), why=self.why, at=self.at)


class Simulation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything one request makes up."""

    replies: tuple[SimulatedReply, ...] = ()
    receipts: tuple[SimulatedReceipt, ...] = ()

    def heard(self) -> Heard:
        """The same as a channel tells it."""
        return Heard(
            receipts=tuple(receipt.receipt() for receipt in self.receipts),
            incoming=tuple(reply.incoming() for reply in self.replies),
        )
