"""The local outbox: keeps every message for people to read and sends nothing.

It needs no account, so it is what a gateway has where its settings name no channel.
"""

import msgspec

from plugins.local_outbox.simulated import Simulation
from tower.domain.words import Channel as Medium
from tower.domain.words import MessageState
from tower.outreach.port import (
    Assurance,
    ChannelConfig,
    Heard,
    Option,
    Outgoing,
    Receipt,
    Request,
    Taken,
    Unreadable,
)
from tower.outreach.provider import short

_SIMULATION = msgspec.json.Decoder(Simulation)


class LocalOutbox:
    """Takes every message as not sent. What was to be sent stands in the journal already."""

    assurance = Assurance.KEY  # taking the same message twice changes nothing

    async def send(self, outgoing: Outgoing) -> Taken:
        """Take a message and send it nowhere."""
        return Taken(ref=f"local-{outgoing.key}", state=MessageState.NOT_SENT)

    async def ask(self, key: str, ref: str, to: str) -> Receipt | None:  # noqa: ARG002 - the port
        """Every message is here and not sent."""
        return Receipt(key=key, ref=ref, state=MessageState.NOT_SENT)

    def hear(self, request: Request) -> Heard:
        """Read replies and receipts that a demo or a test makes up; nobody signs them.

        Raises:
            Unreadable: the body is not a `Simulation`.
        """
        try:
            return _SIMULATION.decode(request.body).heard()
        except RecursionError:
            raise Unreadable("a simulated answer is nested too deeply") from None
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Unreadable(short(f"a simulated answer cannot be read: {error}")) from error

    async def close(self) -> None:
        """Nothing is held open."""


class LocalOutboxPlugin:
    """Carries everything, to nobody."""

    name = "local_outbox"
    title = "Local outbox (sends nothing)"
    carries: tuple[Medium, ...] = (Medium.SMS, Medium.EMAIL, Medium.WHATSAPP, Medium.VOICE)
    options: tuple[Option, ...] = ()
    sends = False

    def open(self, config: ChannelConfig) -> LocalOutbox:  # noqa: ARG002 - the port
        """Open it; there is nothing to configure."""
        return LocalOutbox()


plugin = LocalOutboxPlugin()
"""What the entry point names."""
