"""Twilio's words for how far a message has come, in ours."""

from plugins.twilio.answers import MessageResource
from tower.domain.words import MessageState
from tower.outreach.port import Receipt
from tower.outreach.provider import short

STATES = {
    "accepted": MessageState.SENT,
    "scheduled": MessageState.SENT,
    "queued": MessageState.SENT,
    "sending": MessageState.SENT,
    "sent": MessageState.SENT,
    "partially_delivered": MessageState.SENT,
    "delivered": MessageState.DELIVERED,
    "read": MessageState.READ,
    "failed": MessageState.FAILED,
    "undelivered": MessageState.FAILED,
    "canceled": MessageState.FAILED,
}
"""A message Twilio has, though still in its queue, has left us."""

_CODES = {
    21610: "the customer has opted out at Twilio",
    30003: "the phone is off or out of reach",
    30004: "the customer or the network blocks us",
    30005: "the number does not exist",
    30006: "it is a landline, or a network Twilio does not reach",
    30007: "the network filtered the message as spam",
    63003: "the number has no WhatsApp",
    63016: "WhatsApp wants an approved template: the customer has not written for 24 hours",
    63024: "the number has no WhatsApp",
}
"""Source: Twilio's error and warning dictionary."""


def receipt(message: MessageResource, key: str) -> Receipt | None:
    """What the API says of a message; None where its status is no news."""
    state = STATES.get(message.status)
    if state is None:
        return None
    code = str(message.error_code or "")
    why = failure(code, message.error_message or "") if state is MessageState.FAILED else ""
    return Receipt(key=key, ref=message.sid, state=state, why=why)


def failure(code: str, words: str = "") -> str:
    """Why a message failed, in words a dispatcher understands, with Twilio's code."""
    known = _CODES.get(int(code), "") if code.isdecimal() and len(code) < 10 else ""
    said = known or short(words) or "Twilio gives no reason"
    return f"{said} ({short(code)})" if code else said
