"""Writing one message as an e-mail.

Sources: RFC 5322 (the letter), RFC 2046 (its two forms), RFC 3834 (that a machine wrote it), RFC
2369 and RFC 8058 (unsubscribing, in one click).
"""

from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import NamedTuple

from plugins.smtp.account import SmtpSettings
from plugins.smtp.addresses import is_address, message_id
from plugins.smtp.unsubscribe import unsubscribe_address
from tower.outreach.port import NotTaken, Outgoing

_AS_IT_IS = ("List-Unsubscribe", "Message-ID")


class _Written(EmailPolicy):
    """Folds headers as the library does, but for two things it gets wrong.

    It writes a long link as encoded words, where no mail program looks for one; and it loses
    spaces between encoded words of a name or a subject.
    """

    def fold(self, name: str, value: str) -> str:
        """A header as it is written in the letter."""
        if name in _AS_IT_IS:
            return f"{name}: {value}".replace(", ", f",{self.linesep} ") + self.linesep
        if name == "Subject" and not value.isascii():
            return f"{name}: {self._encoded(name, value)}{self.linesep}"
        (address, *_) = getattr(value, "addresses", ()) or (None,)
        if name == "From" and address and not address.display_name.isascii():
            written = self._encoded(name, address.display_name)
            return f"{name}: {written}{self.linesep} <{address.addr_spec}>{self.linesep}"
        return str(super().fold(name, value))

    def _encoded(self, name: str, words: str) -> str:
        """As encoded words (RFC 2047), each on a line of its own."""
        return Header(words, "utf-8", header_name=name).encode(linesep=self.linesep)

    def fold_binary(self, name: str, value: str) -> bytes:
        """The same as bytes."""
        return self.fold(name, value).encode("ascii")


_POLICY = _Written(linesep="\r\n")


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
    """What stands in the letter: headers, text, the same for those who read HTML, and files."""
    letter = EmailMessage(policy=_POLICY)
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
    for file in outgoing.attachments:
        main, _, sub = file.media.partition("/")
        letter.add_attachment(file.content, maintype=main, subtype=sub, filename=_line(file.name))
    if outgoing.language:  # after the content, which would take it for its own
        letter["Content-Language"] = _line(outgoing.language)
    return letter


def _name_answers(letter: EmailMessage, outgoing: Outgoing, settings: SmtpSettings) -> None:
    """Where answers go, and how to get no more."""
    answers = outgoing.reply_to if is_address(outgoing.reply_to) else settings.reply_to
    if answers:
        letter["Reply-To"] = answers
    if outgoing.is_internal:
        return
    ways = [f"<mailto:{answers or settings.sender}?subject=STOP>"]
    if outgoing.status_url.startswith("https://") and settings.hook_token:
        ways.insert(0, f"<{unsubscribe_address(outgoing, settings.hook_token)}>")
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter["List-Unsubscribe"] = ", ".join(ways)


def _line(text: str) -> str:
    """What may stand in a header: no line breaks, no control characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
