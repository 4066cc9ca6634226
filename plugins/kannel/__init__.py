"""Kannel: the open SMS gateway, spoken over the HTTP interface of its smsbox."""

from plugins.kannel.account import OPTIONS, KannelSettings
from plugins.kannel.answers import taken
from plugins.kannel.asking import query_of
from plugins.kannel.hook import hear
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
from tower.outreach.provider import Provider, refuse_attachments

_SECRET = ("username", "password", "dlr-url")


class KannelChannel:
    """One sendsms user of a Kannel.

    Kannel takes no key that would keep it from sending twice and cannot be asked about a message.
    Its delivery reports come to an address that names the attempt, and settle a lost answer.
    """

    assurance = Assurance.NONE

    def __init__(self, settings: KannelSettings, timeout_s: float) -> None:
        """Speaks to Kannel as `settings` say; no request is made yet."""
        self._settings = settings
        self._provider = Provider("Kannel", settings.url, timeout_s)

    async def send(self, outgoing: Outgoing) -> Taken:
        """Hand a message to Kannel; see `tower.outreach.port.Channel.send`."""
        refuse_attachments("Kannel", outgoing)
        query = query_of(outgoing, self._settings)
        return taken(await self._provider.get(self._settings.path, query))

    async def ask(self, key: str, ref: str, to: str) -> Receipt | None:  # noqa: ARG002 - the port
        """Kannel cannot be asked."""
        return None

    def show(self, outgoing: Outgoing) -> str:
        """The query that is asked with, a line each; what proves who asks is left out."""
        query = query_of(outgoing, self._settings)
        shown = (f"{name}: {value}" for name, value in query.items() if name not in _SECRET)
        return "\n".join(shown)

    def hear(self, request: Request) -> Heard:
        """Read a delivery report or an incoming message; see `plugins.kannel.hook.hear`."""
        return hear(request, self._settings.hook_token)

    async def close(self) -> None:
        """Close what is held open to Kannel."""
        await self._provider.close()


class KannelPlugin:
    """Knows Kannel's smsbox."""

    name = "kannel"
    title = "Kannel"
    carries: tuple[Medium, ...] = (Medium.SMS,)
    options: tuple[Option, ...] = OPTIONS
    sends = True

    def open(self, config: ChannelConfig) -> KannelChannel:
        """Open an account; see `tower.outreach.port.ChannelPlugin.open`."""
        settings = account_settings(KannelSettings, OPTIONS, config)
        return KannelChannel(settings, config.timeout_s)


plugin = KannelPlugin()
"""What the entry point names."""
