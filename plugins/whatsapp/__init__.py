"""WhatsApp: Meta's Cloud API, its signed receipts and what customers answer."""

import msgspec

from plugins.whatsapp.account import OPTIONS, WhatsAppSettings
from plugins.whatsapp.answers import taken
from plugins.whatsapp.asking import body_of
from plugins.whatsapp.hook import hear
from tower.domain.words import Channel as Medium
from tower.outreach.account import account_settings
from tower.outreach.port import (
    Assurance,
    ChannelConfig,
    Heard,
    NotTaken,
    Option,
    Outgoing,
    Receipt,
    Request,
    Taken,
)
from tower.outreach.provider import Provider, refuse_attachments


class WhatsAppChannel:
    """One business number at Meta.

    Meta takes no key that would keep it from sending twice, and cannot be asked about a message.
    It does tell our key in every receipt, and that settles a message whose answer was lost.
    """

    assurance = Assurance.NONE

    def __init__(self, settings: WhatsAppSettings, timeout_s: float) -> None:
        """Speaks to Meta as `settings` say; no request is made yet."""
        self._settings = settings
        headers = {"Authorization": f"Bearer {settings.access_token}"}
        self._provider = Provider("WhatsApp", settings.url, timeout_s, headers=headers)

    async def send(self, outgoing: Outgoing) -> Taken:
        """Hand a message to Meta; see `tower.outreach.port.Channel.send`."""
        refuse_attachments("WhatsApp", outgoing)
        path = f"/{self._settings.version}/{self._settings.phone_number_id}/messages"
        return taken(await self._provider.post_json(path, body_of(outgoing, self._settings)))

    async def ask(self, key: str, ref: str, to: str) -> Receipt | None:  # noqa: ARG002 - the port
        """Meta cannot be asked."""
        return None

    def show(self, outgoing: Outgoing) -> str:
        """The body that is posted, laid out for people; why there is none, where there is none."""
        try:
            return msgspec.json.format(body_of(outgoing, self._settings), indent=2).decode()
        except NotTaken as error:
            return str(error)

    def hear(self, request: Request) -> Heard:
        """Read a webhook; see `plugins.whatsapp.hook.hear`."""
        return hear(request, self._settings)

    async def close(self) -> None:
        """Close what is held open to Meta."""
        await self._provider.close()


class WhatsAppPlugin:
    """Knows Meta's Cloud API."""

    name = "whatsapp"
    title = "WhatsApp (Meta)"
    carries: tuple[Medium, ...] = (Medium.WHATSAPP,)
    options: tuple[Option, ...] = OPTIONS
    sends = True

    def open(self, config: ChannelConfig) -> WhatsAppChannel:
        """Open an account; see `tower.outreach.port.ChannelPlugin.open`."""
        settings = account_settings(WhatsAppSettings, OPTIONS, config)
        return WhatsAppChannel(settings, config.timeout_s)


plugin = WhatsAppPlugin()
"""What the entry point names."""
