"""The subprotocols: how messages become bytes, and which of them two sides have in common."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from tower.feed.messages import (
    JSON,
    MESSAGEPACK,
    EventsFromClient,
    EventsFromServer,
    FrameMessage,
    VehiclesFromClient,
    VehiclesFromServer,
    VehiclesFromServerJson,
    VehiclesHeartbeat,
    VehiclesWelcome,
)
from tower.feed.sections import FeedError, Frame
from tower.feed.wire import Pack, Unpack, as_bytes, as_list, of_bytes, of_list, packed, unpacked

Said = TypeVar("Said")
Decode = Callable[[bytes], Said]


class Codec:
    """One subprotocol: messages to bytes and back.

    Attributes:
        name: as it stands in the upgrade.
        is_text: True where messages travel as text.
        encode: bytes of a message, of a record, or of anything made of them.
    """

    def __init__(self, name: str, format: Any, frames: Any, pack: Pack, unpack: Unpack) -> None:  # noqa: A002, ANN401 - msgspec.json or msgspec.msgpack
        """Takes one of msgspec's formats, the messages with its columns, and how to make them."""
        self.name = name
        self.is_text = format is msgspec.json
        self.encode: Callable[[object], bytes] = format.Encoder().encode
        self._pack, self._unpack = pack, unpack
        self._events_from_client: Decode[EventsFromClient] = format.Decoder(EventsFromClient).decode
        self._events_from_server: Decode[EventsFromServer] = format.Decoder(EventsFromServer).decode
        self._vehicles_from_client: Decode[VehiclesFromClient] = format.Decoder(
            VehiclesFromClient
        ).decode
        self._vehicles_from_server: Decode[Any] = format.Decoder(frames).decode

    def encode_frame(self, frame: Frame) -> bytes:
        """The bytes of a frame."""
        return self.encode(packed(frame, self._pack))

    def events_from_client(self, data: bytes | str) -> EventsFromClient:
        """What a desktop said on the events socket; raises FeedError where it is nonsense."""
        return _read(self._events_from_client, data)

    def events_from_server(self, data: bytes | str) -> EventsFromServer:
        """What a gateway said on the events socket; raises FeedError where it is nonsense."""
        return _read(self._events_from_server, data)

    def vehicles_from_client(self, data: bytes | str) -> VehiclesFromClient:
        """What a desktop said on the vehicles socket; raises FeedError where it is nonsense."""
        return _read(self._vehicles_from_client, data)

    def vehicles_from_server(
        self, data: bytes | str
    ) -> VehiclesWelcome | Frame | VehiclesHeartbeat:
        """What a gateway said on the vehicles socket; raises FeedError where it is nonsense."""
        message: VehiclesWelcome | FrameMessage[Any] | VehiclesHeartbeat
        message = _read(self._vehicles_from_server, data)
        return unpacked(message, self._unpack) if isinstance(message, FrameMessage) else message


CODECS = {
    MESSAGEPACK: Codec(MESSAGEPACK, msgspec.msgpack, VehiclesFromServer, as_bytes, of_bytes),
    JSON: Codec(JSON, msgspec.json, VehiclesFromServerJson, as_list, of_list),
}
"""The subprotocols this Tower speaks, by name."""


def negotiate(offered: Sequence[str]) -> Codec | None:
    """The first subprotocol a client offered that we speak, or None where there is none."""
    return next((CODECS[name] for name in offered if name in CODECS), None)


def _read(decode: Decode[Said], data: bytes | str) -> Said:
    try:
        return decode(data.encode() if isinstance(data, str) else data)
    except (ValueError, RecursionError, OverflowError) as problem:
        raise FeedError(f"the message cannot be read: {problem}") from problem
