"""Traccar: the open telematics server, spoken over its websocket, REST and forwarding."""

from plugins.traccar.pull import follow
from plugins.traccar.read import read
from plugins.traccar.translate import observations
from tower.carriers.port import Decoded, Emit, PullConfig, Refused


class TraccarAdapter:
    """Reads Traccar's websocket messages, REST lists and forwarded positions and events."""

    name = "traccar"
    title = "Traccar"
    content_types = ("application/json",)

    def decode(self, payload: bytes, content_type: str) -> Decoded:  # noqa: ARG002 - one form
        """Read one message; see `tower.carriers.port.Adapter.decode`."""
        refusals: list[Refused] = []
        parts = read(payload, refusals)
        return Decoded(observations(parts, refusals), refusals)

    async def pull(self, config: PullConfig, emit: Emit) -> None:
        """Follow the server at `config.url`; see `plugins.traccar.pull.follow`."""
        await follow(config, emit)


adapter = TraccarAdapter()
"""What the entry point names."""
