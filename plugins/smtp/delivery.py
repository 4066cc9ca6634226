"""Handing a letter to the mail server, and knowing afterwards whether it has it.

Source: RFC 5321, 4.2.5 and 6.1: a server is responsible for a letter from its answer 250 to the
end of the data. Whatever fails before the data leaves nothing behind; where the answer to the
data is lost, nobody knows. 4yz may work later, 5yz will not.

aiosmtplib is loaded with the first letter: a gateway without e-mail can start without it.
"""

import socket
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING

from plugins.smtp.account import SmtpSettings
from plugins.smtp.letter import Letter
from tower.outreach.port import NotTaken, Unsure
from tower.outreach.provider import short

if TYPE_CHECKING:
    from aiosmtplib import SMTP
    from aiosmtplib.errors import SMTPResponseException

_PATIENCE_WITH_DATA = 3
"""A server may look through a letter before it answers; giving up early would leave it open."""

_WRONG_PASSWORD = (530, 534, 535)


async def deliver(letter: Letter, settings: SmtpSettings, timeout_s: float) -> None:
    """Hand a letter over; returns once the server has it.

    Raises:
        NotTaken: it has not.
        Unsure: nobody knows.
    """
    import aiosmtplib  # noqa: PLC0415 - see the top of the file

    server = aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.server_port,
        local_hostname=_own_name(),
        timeout=timeout_s,
        use_tls=settings.security == "tls",
        start_tls=settings.security == "starttls",
        tls_context=None if settings.security == "none" else _trusting(settings.ca_file),
    )
    try:
        await _introduce(server, letter, settings)
        await _hand_over(server, letter, timeout_s)
        with suppress(aiosmtplib.SMTPException, OSError):
            await server.quit()  # the server has the letter, however it takes its leave
    finally:
        server.close()


async def _introduce(server: "SMTP", letter: Letter, settings: SmtpSettings) -> None:
    """Everything before the data: what fails here leaves nothing behind."""
    import aiosmtplib  # noqa: PLC0415 - see the top of the file

    try:
        await server.connect()
        if settings.username:
            await server.login(settings.username, settings.password)
        if server.is_ehlo_or_helo_needed:
            with suppress(aiosmtplib.SMTPHeloError):  # an old server; it is greeted with MAIL
                await server.ehlo()
        named = server.supports_extension("dsn")
        await server.mail(letter.sender, options=_envelope_of(letter.key) if named else ())
        await server.rcpt(letter.to, options=("NOTIFY=FAILURE",) if named else ())
    except aiosmtplib.SMTPResponseException as error:
        raise _refused(error) from None
    except (aiosmtplib.SMTPConnectError, aiosmtplib.SMTPServerDisconnected, TimeoutError) as error:
        raise NotTaken(short(f"The mail server cannot be reached: {error}"), again=True) from None
    except OSError as error:
        raise NotTaken(short(f"The mail server cannot be spoken to: {error}"), again=True) from None
    except (aiosmtplib.SMTPException, ValueError) as error:
        raise NotTaken(short(f"The mail server cannot do what is needed: {error}")) from None


async def _hand_over(server: "SMTP", letter: Letter, timeout_s: float) -> None:
    import aiosmtplib  # noqa: PLC0415 - see the top of the file

    try:
        await server.data(letter.content, timeout=_PATIENCE_WITH_DATA * timeout_s)
    except aiosmtplib.SMTPResponseException as error:
        raise _refused(error) from None
    except (aiosmtplib.SMTPException, OSError) as error:
        words = f"The mail server was given the letter and did not answer: {error}"
        raise Unsure(short(words)) from None


def _refused(error: "SMTPResponseException") -> NotTaken:
    if error.code in _WRONG_PASSWORD:
        words = "The mail server does not accept the account's username and password."
        return NotTaken(words, again=True)
    said = short(f"The mail server said {error.code}: {error.message}")
    return NotTaken(said, again=400 <= error.code < 500)


def _envelope_of(key: str) -> tuple[str, ...]:
    """A bounce names the envelope and brings the header back (RFC 3461)."""
    if not key.replace("-", "").isalnum() or not key.isascii():
        return ("RET=HDRS",)
    return ("RET=HDRS", f"ENVID={key}")


def _trusting(ca_file: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_file or None)


def _own_name() -> str:
    """What this computer calls itself; asking the network could take longer than the letter."""
    name = socket.gethostname()
    return name if name.isascii() and name else "localhost"
