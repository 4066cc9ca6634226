"""Writing one message as an e-mail.

Sources: RFC 5322 (the letter), RFC 2046 (its two forms), RFC 3834 (that a machine wrote it), RFC
2369 and RFC 8058 (unsubscribing, in one click).
"""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import NamedTuple

from plugins.smtp.account import SmtpSettings
from plugins.smtp.addresses import is_address, message_id
from plugins.smtp.unsubscribe import unsubscribe_address
from tower.outreach.port import NotTaken, Outgoing


class Letter(NamedTuple):
    """A letter and its envelope.

    Attributes:
        key: the attempt's, told to servers that can name it in a bounce.
        sender: where bounces go.
    """

    key: str
    sender: str
    to: str
    message_id: str
    content: bytes


def letter_of(outgoing: Outgoing, settings: SmtpSettings, now: datetime) -> Letter:
    """The letter a message is sent as.

    Raises:
        NotTaken: it is addressed to nobody a mail server could deliver to.
    """
    if not is_address(outgoing.to):
        raise NotTaken("This is no e-mail address that can be sent to.")
    letter = written(outgoing, settings, now)
    return Letter(
        key=outgoing.key,
        sender=settings.bounces_to or settings.sender,
        to=outgoing.to,
        message_id=message_id(outgoing.key, settings.domain),
        content=bytes(letter),
    )


def written(outgoing: Outgoing, settings: SmtpSettings, now: datetime) -> EmailMessage:
    """What stands in the letter: its headers, the text, and the same for those who read HTML."""
    letter = EmailMessage(policy=SMTP)
    letter["From"] = Address(_line(outgoing.sender), addr_spec=settings.sender)
    letter["To"] = _line(outgoing.to)
    letter["Subject"] = _line(outgoing.subject)
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = message_id(outgoing.key, settings.domain)
    _name_answers(letter, outgoing, settings)
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    letter.set_content(outgoing.text, cte="quoted-printable")
    if outgoing.html:
        letter.add_alternative(outgoing.html, subtype="html", cte="quoted-printable")
    if outgoing.language:  # after the content, which would take it for its own
        letter["Content-Language"] = _line(outgoing.language)
    return letter


def _name_answers(letter: EmailMessage, outgoing: Outgoing, settings: SmtpSettings) -> None:
    """Where answers go, and how to get no more."""
    answers = outgoing.reply_to if is_address(outgoing.reply_to) else settings.reply_to
    if answers:
        letter["Reply-To"] = answers
    ways = [f"<mailto:{answers or settings.sender}?subject=STOP>"]
    if outgoing.status_url.startswith("https://") and settings.hook_token:
        ways.insert(0, f"<{unsubscribe_address(outgoing, settings.hook_token)}>")
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter["List-Unsubscribe"] = ", ".join(ways)


def _line(text: str) -> str:
    """What may stand in a header: no line breaks, no control characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
