"""What Meta answers to a message, and what that says about it.

Source: Meta, WhatsApp Cloud API, "Error codes": the code decides, not the HTTP status.
"""

import msgspec

from tower.outreach.port import NotTaken, Taken, Unsure
from tower.outreach.provider import Answer, refusal, short

_NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_LATER = frozenset({2, 4, 190, 80007, 130429, 131016, 131056, 133004})
"""Overloaded, unavailable, too many messages, or (190) a token that somebody has to renew."""

_ANYTHING = frozenset({1, 131000})
"""Meta itself does not know what went wrong."""

_PLAIN = {
    190: "Meta does not accept the account's access token any more",
    130472: "Meta did not send it: the number is part of an experiment of Meta's",
    131026: "the number has no WhatsApp, or cannot get this message",
    131042: "Meta has no means of payment for the account",
    131047: "the customer has not written for 24 hours: an approved template is needed",
    131050: "the customer has opted out of these messages",
    132000: "the template wants another number of parameters",
    132001: "there is no approved template of this name in this language",
    132015: "the template is paused",
}


class _Id(msgspec.Struct, frozen=True):
    id: str = ""


class _Sent(msgspec.Struct, frozen=True):
    messages: tuple[_Id, ...] = ()


class _Details(msgspec.Struct, frozen=True):
    details: str = ""


class Problem(msgspec.Struct, frozen=True):
    """An error as Meta tells it, in an answer or in a webhook."""

    code: int = 0
    title: str = ""
    message: str = ""
    error_data: _Details = _Details()


class _Failed(msgspec.Struct, frozen=True):
    error: Problem = Problem()


_SENT = msgspec.json.Decoder(_Sent)
_FAILED = msgspec.json.Decoder(_Failed)


def taken(answer: Answer) -> Taken:
    """What the answer to a new message says.

    Raises:
        NotTaken: Meta refuses it.
        Unsure: Meta broke over it.
    """
    if not answer.is_success:
        raise _why_not(answer)
    try:
        messages = _SENT.decode(answer.body).messages
    except _NOT_JSON:
        return Taken()
    return Taken(ref=messages[0].id if messages else "")


def why(problem: Problem) -> str:
    """Why a message failed, in words a dispatcher understands, with Meta's code."""
    said = problem.error_data.details or problem.title or problem.message
    words = _PLAIN.get(problem.code) or short(said) or "Meta gives no reason"
    return f"{words} ({problem.code})" if problem.code else words


def _why_not(answer: Answer) -> NotTaken | Unsure:
    problem = _problem(answer.body)
    if not problem.code:
        return refusal("WhatsApp", answer, problem.message)
    if problem.code in _ANYTHING and answer.status >= 500:
        return Unsure(f"WhatsApp: {why(problem)}")
    return NotTaken(f"WhatsApp: {why(problem)}", again=problem.code in _LATER)


def _problem(body: bytes) -> Problem:
    try:
        return _FAILED.decode(body).error
    except _NOT_JSON:
        return Problem()
