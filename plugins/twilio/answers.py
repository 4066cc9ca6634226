"""What Twilio answers to a request, and what that says about the message."""

import msgspec

from tower.outreach.port import NotTaken, Taken, Unsure
from tower.outreach.provider import Answer, refusal, short

_OPTED_OUT = 21610
_SERVICE_UNAVAILABLE = 20503
_NOT_AUTHORISED = 401
_NEVER_LEAVES = frozenset({"failed", "undelivered", "canceled"})


class MessageResource(msgspec.Struct, frozen=True):
    """A message as Twilio's API tells it, as far as we read it."""

    sid: str = ""
    status: str = ""
    error_code: int | None = None
    error_message: str | None = None


class _Problem(msgspec.Struct, frozen=True):
    code: int | None = None
    message: str = ""


_MESSAGE = msgspec.json.Decoder(MessageResource)
_PROBLEM = msgspec.json.Decoder(_Problem)
_NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def taken(answer: Answer) -> Taken:
    """What the answer to a new message says.

    Raises:
        NotTaken: Twilio refuses it.
        Unsure: Twilio broke over it.
    """
    if not answer.is_success:
        raise why_not(answer)
    message = read_message(answer.body)
    if message.status in _NEVER_LEAVES:
        raise NotTaken(short(f"Twilio: {message.status}, {message.error_message or ''}"))
    return Taken(ref=message.sid)


def read_message(body: bytes) -> MessageResource:
    """A message from the body of an answer; one that cannot be read has no id and no status."""
    try:
        return _MESSAGE.decode(body)
    except _NOT_JSON:
        return MessageResource()


def why_not(answer: Answer) -> NotTaken | Unsure:
    """What an answer that is no success means, by Twilio's own code where it has one."""
    problem = _problem(answer.body)
    if problem.code == _OPTED_OUT:
        return NotTaken("The customer has opted out at Twilio (21610).")
    if problem.code == _SERVICE_UNAVAILABLE:
        return NotTaken("Twilio is not available for the moment (20503).", again=True)
    if answer.status == _NOT_AUTHORISED:
        return NotTaken("Twilio does not accept the account's SID and secret.", again=True)
    said = f"{problem.message} ({problem.code})" if problem.code else problem.message
    return refusal("Twilio", answer, said)


def _problem(body: bytes) -> _Problem:
    try:
        return _PROBLEM.decode(body)
    except _NOT_JSON:
        return _Problem()
