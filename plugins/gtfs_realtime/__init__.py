"""GTFS-realtime VehiclePositions: pushed, polled from an address, or replayed from recordings."""

from plugins.gtfs_realtime.decode import decode
from plugins.gtfs_realtime.polling import CONTENT_TYPE, poll
from plugins.gtfs_realtime.recording import played
from tower.carriers.port import Decoded, Emit, PullConfig, PullError


class GtfsRealtimeAdapter:
    """Reads GTFS-realtime feeds in their protobuf form."""

    name = "gtfs_realtime"
    title = "GTFS-realtime"
    content_types = (CONTENT_TYPE, "application/protobuf", "application/octet-stream")

    def decode(self, payload: bytes, content_type: str) -> Decoded:  # noqa: ARG002 - one form
        """Read one message; see `tower.carriers.port.Adapter.decode`."""
        return decode(payload)

    async def pull(self, config: PullConfig, emit: Emit) -> None:
        """Poll `config.url`, or play the recording at `config.path`."""
        if config.url:
            await poll(config, emit)
        elif config.path:
            async for payload in played(config):
                await emit(payload, CONTENT_TYPE)
        else:
            raise PullError("A GTFS-realtime carrier needs a url to poll or a path to replay.")


adapter = GtfsRealtimeAdapter()
"""What the entry point names."""
