"""What Meta tells by itself: how far messages have come, and what customers wrote."""

import hmac
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeVar

import msgspec

from plugins.whatsapp.account import WhatsAppSettings
from plugins.whatsapp.answers import why
from plugins.whatsapp.payload import Status, Value, Webhook, WrittenMessage
from plugins.whatsapp.signature import is_signed
from plugins.whatsapp.words import words_of
from tower.domain.moments import utc
from tower.domain.words import Channel as Medium
from tower.domain.words import MessageState
from tower.outreach.port import Forged, Heard, Incoming, Receipt, Request, Unreadable
from tower.outreach.provider import short

_STATES = {
    "sent": MessageState.SENT,
    "delivered": MessageState.DELIVERED,
    "read": MessageState.READ,
    "played": MessageState.READ,
    "failed": MessageState.FAILED,
}
_NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_WEBHOOK = msgspec.json.Decoder(Webhook)
_VALUE = msgspec.json.Decoder(Value)
_STATUS = msgspec.json.Decoder(Status)
_MESSAGE = msgspec.json.Decoder(WrittenMessage)

T = TypeVar("T")
R = TypeVar("R")


def hear(request: Request, settings: WhatsAppSettings) -> Heard:
    """Read one webhook, or answer Meta's question whether this address is ours.

    Raises:
        Forged: it is not signed with the app's secret, or asks with another word than ours.
        Unreadable: it is no webhook of WhatsApp's.
    """
    if request.method == "GET":
        return _challenge(request, settings.verify_token)
    given = request.headers.get("x-hub-signature-256", "")
    if not is_signed(given, settings.app_secret, request.body):
        raise Forged("The request is not signed with the WhatsApp app's secret.")
    refusals: list[str] = []
    values = list(_values(_webhook(request.body), settings.phone_number_id, refusals))
    statuses = [raw for value in values for raw in value.statuses]
    messages = [raw for value in values for raw in value.messages]
    return Heard(
        receipts=tuple(_each(statuses, _STATUS, _receipt, refusals)),
        incoming=tuple(_each(messages, _MESSAGE, _incoming, refusals)),
        refusals=tuple(refusals),
        answer=b"ok",  # Meta wants a 200, and tells everything again until it gets one
    )


def _challenge(request: Request, verify_token: str) -> Heard:
    asked = dict(request.query)
    given = asked.get("hub.verify_token", "").encode(errors="replace")
    if asked.get("hub.mode") != "subscribe" or not hmac.compare_digest(
        given, verify_token.encode()
    ):
        raise Forged("The webhook is set up with another verify token than this account's.")
    return Heard(answer=asked.get("hub.challenge", "").encode(errors="replace"))


def _webhook(body: bytes) -> Webhook:
    try:
        webhook = _WEBHOOK.decode(body)
    except _NOT_JSON as error:
        raise Unreadable(short(f"the webhook cannot be read: {error}")) from error
    if webhook.object != "whatsapp_business_account":
        raise Unreadable(short(f"the webhook is about {webhook.object!r}, not about WhatsApp"))
    return webhook


def _values(webhook: Webhook, number: str, refusals: list[str]) -> Iterator[Value]:
    """What is told about messages of the account's own number."""
    for change in (change for entry in webhook.entry for change in entry.changes):
        if change.field != "messages":
            refusals.append(short(f"WhatsApp tells of {change.field!r}, which is not read here"))
            continue
        for value in _each([change.value], _VALUE, lambda value: value, refusals):
            if value.metadata.phone_number_id != number:
                refusals.append("WhatsApp tells of another number of the business than this one")
                continue
            refusals += [short(f"WhatsApp tells of an error: {why(p)}") for p in value.errors]
            yield value


def _each(
    raws: list[msgspec.Raw],
    decoder: msgspec.json.Decoder[T],
    read: Callable[[T], R],
    refusals: list[str],
) -> Iterator[R]:
    for raw in raws:
        try:
            yield read(decoder.decode(raw))
        except (*_NOT_JSON, Unreadable) as error:
            refusals.append(short(f"a part of a WhatsApp webhook cannot be read: {error}"))


def _receipt(status: Status) -> Receipt:
    state = _STATES.get(status.status)
    if state is None:
        raise Unreadable(f"nobody knows the status {status.status!r}")
    if not (status.id or status.biz_opaque_callback_data):
        raise Unreadable("the status does not say of which message")
    failed = state is MessageState.FAILED
    reasons = "; ".join(why(problem) for problem in status.errors)
    return Receipt(
        key=status.biz_opaque_callback_data,
        ref=status.id,
        state=state,
        at=_moment(status.timestamp),
        why=(short(reasons) or "Meta gives no reason") if failed else "",
    )


def _incoming(message: WrittenMessage) -> Incoming:
    if not (message.id and message.sender.isascii() and message.sender.isdecimal()):
        raise Unreadable("the message has no id or no sender's number")
    reaction = message.reaction.message_id if message.reaction else ""
    return Incoming(
        ref=message.id,
        medium=Medium.WHATSAPP,
        sender=f"+{message.sender}",
        text=words_of(message),
        answers=message.context.id if message.context else reaction,
        at=_moment(message.timestamp),
    )


def _moment(timestamp: str) -> datetime | None:
    """Seconds since 1970 as Meta writes them; None for what is none."""
    try:
        return utc(int(timestamp))
    except (ValueError, OverflowError, OSError):
        return None
