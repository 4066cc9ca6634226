"""The desktop's side of the vehicles socket, without any socket."""

from collections.abc import Iterator

from tower.feed.codec import Codec
from tower.feed.messages import (
    VehiclesHello,
    VehiclesResume,
    VehiclesWelcome,
)
from tower.feed.sections import FeedError, Frame, FrameGap, Section
from tower.feed.talker import Talker, Told


class VehiclesClient(Talker):
    """Remembers which versions it has, over any number of connections."""

    def __init__(self, codec: Codec) -> None:
        """Takes the subprotocol."""
        super().__init__(codec)
        self._run = ""
        self._vehicles = self._arrivals = 0
        self._greeted = False

    def hello(self) -> bytes:
        """Begin a new connection with this message."""
        self._greeted, self.frames = False, 0
        resume = (
            VehiclesResume(run=self._run, vehicles=self._vehicles, arrivals=self._arrivals)
            if self._run
            else None
        )
        return self._codec.encode(VehiclesHello(resume=resume))

    def receive(self, data: bytes | str) -> Iterator[Told | Frame]:
        """What a message of the gateway means.

        Raises:
            FeedError: it makes no sense; reconnect. The place is forgotten, so that the next
                hello asks for everything.
        """
        message = self._codec.vehicles_from_server(data)
        if isinstance(message, VehiclesWelcome):
            self._on_welcome(message)
        elif not self._greeted:
            raise FeedError("the gateway sent data before its welcome")
        yield Told(now=message.now, rate=message.rate)
        if isinstance(message, Frame):
            self.frames += 1
            self._vehicles = self._continued(message.vehicles, self._vehicles)
            self._arrivals = self._continued(message.arrivals, self._arrivals)
            yield message

    def forget(self) -> None:
        """Give up the place; the next hello asks for everything."""
        self._run, self._vehicles, self._arrivals = "", 0, 0

    def _on_welcome(self, welcome: VehiclesWelcome) -> None:
        self._greeted = True
        if welcome.run != self._run or not welcome.resumed:
            self._run, self._vehicles, self._arrivals = welcome.run, 0, 0

    def _continued(self, section: Section | None, version: int) -> int:
        if section is None:
            return version
        if section.since not in (0, version):
            self.forget()
            raise FrameGap(f"a frame continues from {section.since}, the last ended at {version}")
        return section.upto
