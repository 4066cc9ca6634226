"""A real SMTP server on loopback, which keeps the letters it takes and can misbehave."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as RFC_5322
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

NAME, PASSWORD = "tower", "swordfish"


@dataclass
class MailServer:
    """Takes letters.

    Attributes:
        answers: what it says in place of its usual answer, by command.
        hangs_up: whether it closes the connection once it has the letter, without an answer.
        is_silent: whether it never answers a letter.
        names_bounces: whether it takes a name for an envelope (RFC 3461).
        envelopes: what it was told with MAIL and RCPT, where it takes names.
        letters: what it has taken, with the envelope.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    hangs_up: bool = False
    is_silent: bool = False
    names_bounces: bool = False
    letters: list[tuple[Envelope, EmailMessage]] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    were_encrypted: list[bool] = field(default_factory=list)
    envelopes: list[str] = field(default_factory=list)
    port: int = 0
    _done: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def running(self, security: str, ca: trustme.CA | None) -> AsyncIterator["MailServer"]:
        """Serve on a free port of loopback: starttls, tls or none; with TLS a name is wanted."""
        loop = asyncio.get_running_loop()
        context = _context(ca) if ca else None
        options: dict[str, Any] = {"authenticator": self._sign_in, "enable_SMTPUTF8": False}
        if security == "starttls" and context:
            options |= {"tls_context": context, "require_starttls": True, "auth_required": True}
        if security == "tls":
            options |= {"auth_require_tls": False}  # it does not see that it speaks TLS
        server = await loop.create_server(
            lambda: _Named(self, loop=loop, hostname="mail.example.org", **options),
            "127.0.0.1",
            0,
            ssl=context if security == "tls" else None,
        )
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            self._done.set()
            server.close()
            await server.wait_closed()

    async def handle_EHLO(  # noqa: N802 - the library calls it so
        self,
        _server: SMTP,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        return [responses[0], *(["250-DSN"] if self.names_bounces else []), *responses[1:]]

    async def handle_RCPT(  # noqa: N802 - the library calls it so
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library calls it so
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if "DATA" in self.answers:
            return self.answers["DATA"]
        content = envelope.content
        assert isinstance(content, bytes)
        letter = message_from_bytes(content, policy=RFC_5322)
        assert isinstance(letter, EmailMessage)
        self.letters.append((envelope, letter))
        self.were_encrypted.append(session.ssl is not None or _is_encrypted(server))
        if self.hangs_up:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if self.is_silent:
            await self._done.wait()
        return "250 Taken"

    def _sign_in(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, said: object
    ) -> AuthResult:
        assert isinstance(said, LoginPassword)
        self.signed_in.append(said.login.decode())
        return AuthResult(success=said.password == PASSWORD.encode(), handled=False)


class _Named(SMTP):
    """Takes what RFC 3461 adds to MAIL and RCPT, which the library knows nothing of."""

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802 - the library calls it so
        await super().smtp_MAIL(self._noted(arg))

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802 - the library calls it so
        await super().smtp_RCPT(self._noted(arg))

    def _noted(self, arg: str | None) -> str | None:
        server = self.event_handler
        assert isinstance(server, MailServer)
        if arg is None or not server.names_bounces:
            return arg
        server.envelopes.append(arg)
        added = ("RET=", "ENVID=", "NOTIFY=")
        return " ".join(word for word in arg.split() if not word.startswith(added))


def _is_encrypted(server: SMTP) -> bool:
    return bool(server.transport and server.transport.get_extra_info("sslcontext"))


def _context(ca: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context


def written_ca(folder: Path) -> tuple[trustme.CA, str]:
    """A certificate authority of our own, and the file that makes it trusted."""
    ca = trustme.CA()
    written = folder / "ca.pem"
    ca.cert_pem.write_to_path(str(written))
    return ca, str(written)
