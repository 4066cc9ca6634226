"""What comes back by e-mail: answers, bounces, automatic replies, and clicks on unsubscribe.

A mail server passes every letter to our address on, as it came, by posting it here; it signs
nothing, so it says the account's token as a bearer token. docs/channels.md shows how.
"""

import hmac
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import TYPE_CHECKING

from plugins.smtp.account import SmtpSettings
from plugins.smtp.answers import automatic, incoming_of
from plugins.smtp.bounces import bounced, is_report
from plugins.smtp.unsubscribe import link_in, unsubscribed
from tower.outreach.port import Forged, Heard, Request, Unreadable
from tower.outreach.provider import short

_LONGEST_HEADER = 2_000
_MOST_PARTS = 500


if TYPE_CHECKING:
    _Policy = EmailPolicy[EmailMessage]
else:
    _Policy = EmailPolicy


class _Bounded(_Policy):
    """Reads headers as far as anybody writes them: the library's time goes with their square."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """A header and its value, cut where it becomes unbelievable."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_HEADER]


_POLICY = _Bounded()


def hear(request: Request, settings: SmtpSettings, now: datetime) -> Heard:
    """Read a letter the mail server passes on, or a click on unsubscribe at this moment.

    Raises:
        Forged: it has not the account's token, or not a link of ours.
        Unreadable: it is no letter that can be read.
    """
    if link_in(request):
        return unsubscribed(request, settings.hook_token, now)
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    is_ours = hmac.compare_digest(
        given.strip().encode(errors="replace"), settings.hook_token.encode()
    )
    if not (settings.hook_token and is_ours and scheme.lower() == "bearer"):
        raise Forged("The letter was not passed on with the token of this e-mail account.")
    return _read(request.body, settings)


def _read(body: bytes, settings: SmtpSettings) -> Heard:
    if body.count(b"\n--") > _MOST_PARTS:
        raise Unreadable("a letter has more parts than anybody writes")
    try:
        return _told(message_from_bytes(body, policy=_POLICY), settings)
    except Unreadable:
        raise
    except Exception as error:  # the library raises whatever it stumbles over in a bad letter
        raise Unreadable(short(f"a letter cannot be read: {type(error).__name__}")) from error


def _told(letter: EmailMessage, settings: SmtpSettings) -> Heard:
    if is_report(letter):
        return bounced(letter, settings.domain)
    if why := automatic(letter, settings):
        return Heard(refusals=(f"A letter is not taken as an answer: {why}.",))
    return Heard(incoming=(incoming_of(letter, settings.domain),))
