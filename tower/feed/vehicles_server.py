"""The gateway's side of one desktop's vehicles socket, without any socket."""

from tower.feed.codec import Codec
from tower.feed.conversation import Conversation
from tower.feed.fleetlog import FleetLog, Place
from tower.feed.messages import (
    LIMITS,
    VEHICLES_HEARTBEAT_S,
    VehiclesFromClient,
    VehiclesHeartbeat,
    VehiclesHello,
    VehiclesWelcome,
)


class VehiclesServer(Conversation):
    """Welcome, then what changed since the desktop's version, never more than it can take.

    A slow desktop gets fewer frames, each with the newest state; nothing queues for it.
    """

    def __init__(self, codec: Codec, log: FleetLog, now: float) -> None:
        """Starts when the connection was accepted, at `now` (monotonic seconds)."""
        super().__init__(
            codec, now=now, credit=LIMITS.vehicle_frames, heartbeat_s=VEHICLES_HEARTBEAT_S
        )
        self._log = log
        self._place = Place()

    def _read(self, data: bytes | str) -> VehiclesFromClient:
        return self._codec.vehicles_from_client(data)

    def _greet(self, hello: VehiclesHello) -> None:
        log, resume = self._log, hello.resume
        resumed = (
            resume is not None
            and resume.run == log.run
            and log.knows(resume.vehicles, resume.arrivals)
        )
        if resume is not None and resumed:
            self._place = Place(resume.vehicles, resume.arrivals)
        welcome = VehiclesWelcome(
            run=log.run, resumed=resumed, now=log.clock.time(), rate=log.clock.rate
        )
        self._outbox.append(self._codec.encode(welcome))

    def _data(self) -> bytes | None:
        piece = self._log.piece(self._codec, self._place)
        if piece is None:
            return None
        self._place = piece.upto
        return piece.data

    def _heartbeat(self) -> bytes:
        log = self._log
        return self._codec.encode(VehiclesHeartbeat(now=log.clock.time(), rate=log.clock.rate))
