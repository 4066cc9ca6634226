"""E-mail: sent over an SMTP server, answered through a mail server that passes mail on."""

from plugins.smtp.account import OPTIONS, SmtpSettings
from plugins.smtp.delivery import deliver
from plugins.smtp.hook import hear
from plugins.smtp.letter import letter_of, written
from tower.domain.moments import Now
from tower.domain.words import Channel as Medium
from tower.outreach.account import account_settings
from tower.outreach.port import (
    Assurance,
    ChannelConfig,
    Heard,
    Option,
    Outgoing,
    Receipt,
    Request,
    Taken,
)


class SmtpChannel:
    """One account at a mail server.

    SMTP has no key that keeps a server from taking a letter twice, and no way to ask about one.
    Every attempt has its own Message-ID, which a bounce or an answer brings back.
    """

    assurance = Assurance.NONE

    def __init__(self, settings: SmtpSettings, clock: Now, timeout_s: float) -> None:
        """Writes and sends as `settings` say; no server is asked yet."""
        self._settings = settings
        self._clock = clock
        self._timeout_s = timeout_s

    async def send(self, outgoing: Outgoing) -> Taken:
        """Hand a letter to the mail server; see `tower.outreach.port.Channel.send`."""
        letter = letter_of(outgoing, self._settings, self._clock.now())
        await deliver(letter, self._settings, self._timeout_s)
        return Taken(ref=letter.message_id)

    async def ask(self, key: str, ref: str, to: str) -> Receipt | None:  # noqa: ARG002 - the port
        """A mail server cannot be asked."""
        return None

    def show(self, outgoing: Outgoing) -> str:
        """The letter with its headers, as a mail program shows its source, but readable."""
        letter = written(outgoing, self._settings, self._clock.now())
        headers = "\n".join(f"{name}: {value}" for name, value in letter.items())
        return f"{headers}\n\n{outgoing.text}"

    def hear(self, request: Request) -> Heard:
        """Read a letter passed on, or an unsubscription; see `plugins.smtp.hook.hear`."""
        return hear(request, self._settings, self._clock.now())

    async def close(self) -> None:
        """Nothing is held open: every letter has a connection of its own."""


class SmtpPlugin:
    """Knows e-mail."""

    name = "smtp"
    title = "E-mail (SMTP)"
    carries: tuple[Medium, ...] = (Medium.EMAIL,)
    options: tuple[Option, ...] = OPTIONS
    sends = True

    def open(self, config: ChannelConfig) -> SmtpChannel:
        """Open an account; see `tower.outreach.port.ChannelPlugin.open`."""
        settings = account_settings(SmtpSettings, OPTIONS, config)
        return SmtpChannel(settings, config.clock, config.timeout_s)


plugin = SmtpPlugin()
"""What the entry point names."""
