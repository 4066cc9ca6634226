"""What Kannel's smsbox answers, and what that says about the message.

Source: Kannel's user guide, "sendsms: results": 202 with `0: Accepted for delivery` or `3: Queued
for later delivery`, 4xx for what will never do, 503 for what may do later.
"""

from tower.outreach.port import NotTaken, Taken
from tower.outreach.provider import Answer, refusal

_UNAVAILABLE = 503
_FORBIDDEN = 403


def taken(answer: Answer) -> Taken:
    """What the answer to a new message says.

    Raises:
        NotTaken: Kannel refuses it.
        Unsure: something between here and Kannel broke over it.
    """
    words = answer.body.decode(errors="replace").strip()
    if answer.is_success:
        return Taken()
    if answer.status == _UNAVAILABLE and words.startswith("Temporal failure"):
        raise NotTaken("Kannel cannot take messages for the moment.", again=True)
    if answer.status == _FORBIDDEN and words.startswith("Authorization failed"):
        words = "Kannel does not accept the account's username and password."
        raise NotTaken(words, again=True)
    raise refusal("Kannel", answer, words)
