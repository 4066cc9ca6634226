"""Receipts and replies as the provider posts them: JSON, signed with a shared secret."""

import hashlib
import hmac
from typing import Annotated

import msgspec

from plugins.http_json.form import Moment, Status
from tower.domain.words import Channel as Medium
from tower.domain.words import MessageState
from tower.outreach.port import Forged, Heard, Incoming, Receipt, Request, Unreadable
from tower.outreach.provider import short

SIGNATURE = "x-tower-signature"
"""Header with `sha256=` and the hexadecimal HMAC-SHA256 of the body."""

_Given = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class ToldReceipt(Status, frozen=True, kw_only=True):
    """What became of a message, by its key or the provider's id."""

    key: Annotated[str, msgspec.Meta(max_length=200)] = ""

    def receipt(self) -> Receipt:
        """The same as a channel tells it."""
        state = MessageState(self.state)
        return Receipt(key=self.key, ref=self.id, state=state, at=self.at, why=short(self.why))


class ToldReply(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer wrote.

    Attributes:
        id: repetitions have the same.
        sender: the customer's address; `from` in the JSON.
        answers: key or provider's id of the message it answers, "" for none.
    """

    id: _Given
    sender: _Given = msgspec.field(name="from")
    text: str
    medium: Medium = Medium.SMS
    answers: str = ""
    at: Moment | None = None

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


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one request tells."""

    receipts: tuple[ToldReceipt, ...] = ()
    replies: tuple[ToldReply, ...] = ()


def hear(request: Request, secret: str) -> Heard:
    """Read what the provider tells.

    Raises:
        Forged: it is not signed with the secret, or there is none.
        Unreadable: it is no `Told`.
    """
    if not secret or not hmac.compare_digest(
        signature(secret, request.body).encode(), _shown(request)
    ):
        raise Forged("the signature is missing or wrong")
    try:
        told = msgspec.json.decode(request.body, type=Told)
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unreadable(short(f"it cannot be read: {error}")) from error
    nameless = sum(not (one.key or one.id) for one in told.receipts)
    return Heard(
        receipts=tuple(one.receipt() for one in told.receipts if one.key or one.id),
        incoming=tuple(one.incoming() for one in told.replies),
        refusals=(f"{nameless} receipts name no message",) if nameless else (),
    )


def signature(secret: str, body: bytes) -> str:
    """What the header of a body signed with a secret says."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _shown(request: Request) -> bytes:
    return request.headers.get(SIGNATURE, "").encode("utf-8", "replace")
