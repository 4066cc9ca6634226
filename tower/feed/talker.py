"""What the desktop's sides of both sockets have in common, without any socket."""

import msgspec

from tower.feed.codec import Codec
from tower.feed.messages import Ack, ClientHeartbeat


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What the gateway says about its clock: seconds since 1970 and seconds of it per second."""

    now: float
    rate: float


class Talker:
    """One socket of a desktop, over any number of connections.

    Attributes:
        frames: data messages received on this connection.
    """

    def __init__(self, codec: Codec) -> None:
        """Takes the subprotocol."""
        self._codec = codec
        self.frames = 0

    def hello(self) -> bytes:
        """Begin a new connection with this message."""
        raise NotImplementedError

    def forget(self) -> None:
        """Give up the place; the next hello asks for everything."""
        raise NotImplementedError

    def ack(self) -> bytes:
        """Says that all data received so far is dealt with."""
        return self._codec.encode(Ack(frames=self.frames))

    def heartbeat(self) -> bytes:
        """Says that we are alive."""
        return self._codec.encode(ClientHeartbeat())
