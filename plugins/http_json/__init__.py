"""Any provider with a plain JSON interface over HTTP: one address to post messages to.

What it offers so that nothing is sent twice is an option, since only whoever runs it knows. Its
receipts and replies come in as signed JSON. docs/channels.md describes the interface.
"""

from urllib.parse import quote

import msgspec

from plugins.http_json.account import OPTIONS, HttpJsonSettings, checked
from plugins.http_json.form import encoded, read_answer, read_status
from plugins.http_json.hook import hear
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
from tower.outreach.provider import Answer, Provider, refusal, refuse_attachments, short

_NOT_FOUND, _IN_PROGRESS = 404, 409
_SIGN_IN = (401, 403, 407)


class HttpJsonChannel:
    """One provider."""

    def __init__(self, settings: HttpJsonSettings, name: str, timeout_s: float) -> None:
        """Speaks to the provider as `settings` say; no request is made yet."""
        self._settings = settings
        self._title = name
        headers = {"Authorization": f"Bearer {settings.token}"} if settings.token else {}
        self._provider = Provider(name, "", timeout_s, headers)

    @property
    def assurance(self) -> Assurance:
        """As the settings say."""
        return self._settings.assurance

    async def send(self, outgoing: Outgoing) -> Taken:
        """Post a message; see `tower.outreach.port.Channel.send`."""
        refuse_attachments(self._title, outgoing)
        headers = {self._settings.key_header: outgoing.key}
        body = encoded(outgoing)
        answer = await self._provider.post_json(self._settings.url, body, headers)
        if answer.is_success:
            return Taken(ref=read_answer(answer.body).id)
        raise self._refusal(answer)

    async def ask(self, key: str, ref: str, to: str) -> Receipt | None:  # noqa: ARG002 - the port
        """Ask the provider by our key; None where it says it has no such message."""
        address = self._settings.status_url
        if not address:
            return None
        try:
            answer = await self._provider.get(address.replace("{key}", quote(key, safe="")), {})
        except NotTaken as error:
            raise Unsure(str(error)) from error
        if answer.status == _NOT_FOUND:
            return None
        if not answer.is_success:
            raise Unsure(str(self._refusal(answer)))
        return read_status(self._title, key, answer.body)

    def hear(self, request: Request) -> Heard:
        """Read signed receipts and replies; see `plugins.http_json.hook.hear`."""
        return hear(request, self._settings.webhook_secret)

    def show(self, outgoing: Outgoing) -> str:
        """The body that is posted, laid out for people."""
        return msgspec.json.format(encoded(outgoing), indent=2).decode()

    async def close(self) -> None:
        """Close what is held open."""
        await self._provider.close()

    def _refusal(self, answer: Answer) -> NotTaken | Unsure:
        words = read_answer(answer.body).why
        if answer.status == _IN_PROGRESS and self.assurance is Assurance.KEY:
            # The same key is being worked on: another request of ours is not answered yet.
            return Unsure(short(f"{self._title} is still busy with it: {words}".rstrip(": ")))
        if answer.status in _SIGN_IN:
            said = f"{self._title} does not let us in ({answer.status}): {words}".rstrip(": ")
            return NotTaken(short(said), again=True)
        return refusal(self._title, answer, words)


class HttpJsonPlugin:
    """Knows providers with a plain JSON interface."""

    name = "http_json"
    title = "JSON over HTTP"
    carries: tuple[Medium, ...] = (Medium.SMS, Medium.EMAIL, Medium.WHATSAPP, Medium.VOICE)
    options: tuple[Option, ...] = OPTIONS
    sends = True

    def open(self, config: ChannelConfig) -> HttpJsonChannel:
        """Open an account; see `tower.outreach.port.ChannelPlugin.open`."""
        settings = checked(account_settings(HttpJsonSettings, OPTIONS, config))
        return HttpJsonChannel(settings, config.name, config.timeout_s)


plugin = HttpJsonPlugin()
"""What the entry point names."""
