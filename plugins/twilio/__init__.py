"""Twilio: SMS and WhatsApp over its Messages API, receipts and replies over its webhooks."""

from plugins.twilio.account import OPTIONS, TwilioSettings
from plugins.twilio.answers import MessageResource, read_message, taken, why_not
from plugins.twilio.asking import fields_of
from plugins.twilio.hook import hear
from plugins.twilio.states import receipt
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
    Unsure,
)
from tower.outreach.provider import Provider, refuse_attachments, short

_NOT_FOUND = 404


class TwilioChannel:
    """One Twilio account.

    Twilio takes no key of ours, and its list of messages cannot be searched by one, so its no
    proves nothing. A message whose answer was lost is settled by its receipts: the address they
    are sent to names the attempt.
    """

    assurance = Assurance.NONE

    def __init__(self, settings: TwilioSettings, timeout_s: float) -> None:
        """Speaks to Twilio as `settings` say; no request is made yet."""
        self._settings = settings
        self._path = f"/2010-04-01/Accounts/{settings.account_sid}/Messages"
        self._provider = Provider("Twilio", settings.url, timeout_s, sign_in=settings.sign_in)

    async def send(self, outgoing: Outgoing) -> Taken:
        """Hand a message to Twilio; see `tower.outreach.port.Channel.send`."""
        refuse_attachments("Twilio", outgoing)
        fields = fields_of(outgoing, self._settings)
        answer = await self._provider.post_form(f"{self._path}.json", fields)
        return taken(answer)

    async def ask(self, key: str, ref: str, to: str) -> Receipt | None:  # noqa: ARG002 - the port
        """What Twilio says of a message it gave an id; None for one without."""
        message = await self._message(ref) if ref else None
        if message is None:
            return None
        told = receipt(message, key)
        if told is None:
            raise Unsure(short(f"Twilio tells a status nobody knows: {message.status!r}"))
        return told

    def show(self, outgoing: Outgoing) -> str:
        """The fields that are posted, a line each; why there are none, where there are none."""
        try:
            fields = fields_of(outgoing, self._settings)
        except NotTaken as error:
            return str(error)
        return "\n".join(f"{name}: {value}" for name, value in fields.items())

    def hear(self, request: Request) -> Heard:
        """Read a status callback or an incoming message; see `plugins.twilio.hook.hear`."""
        return hear(request, self._settings.auth_token)

    async def close(self) -> None:
        """Close what is held open to Twilio."""
        await self._provider.close()

    async def _message(self, sid: str) -> MessageResource | None:
        try:
            answer = await self._provider.get(f"{self._path}/{sid}.json", {})
        except NotTaken as error:
            raise Unsure(str(error)) from error
        if answer.status == _NOT_FOUND:
            return None
        if not answer.is_success:
            raise Unsure(str(why_not(answer)))
        return read_message(answer.body)


class TwilioPlugin:
    """Knows Twilio."""

    name = "twilio"
    title = "Twilio"
    carries: tuple[Medium, ...] = (Medium.SMS, Medium.WHATSAPP)
    options: tuple[Option, ...] = OPTIONS
    sends = True

    def open(self, config: ChannelConfig) -> TwilioChannel:
        """Open an account; see `tower.outreach.port.ChannelPlugin.open`."""
        settings = account_settings(TwilioSettings, OPTIONS, config)
        return TwilioChannel(settings, config.timeout_s)


plugin = TwilioPlugin()
"""What the entry point names."""
