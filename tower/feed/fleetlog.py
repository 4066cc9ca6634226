"""The live tables as the vehicles sockets serve them: cut in step, encoded once for everybody."""

from collections.abc import Callable
from typing import NamedTuple

from tower.feed.arrivals import ArrivalTable
from tower.feed.clock import Clock
from tower.feed.codec import Codec
from tower.feed.messages import LIMITS, CarrierHealth
from tower.feed.sections import Frame
from tower.feed.vehicles import VehicleTable

HEALTH_S = 1.0
"""How often the carriers' health is sent, seconds."""

MOST_REPORTED = 1_000
"""Carriers whose health is told; more are a mistake in some manifest, and would fill the frame."""

_ARRIVAL_BYTES = 48 * 1024
"""Arrivals come some two thousand at a time: a hundred thousand at once would hold a desktop's
window, which has to say what each of them means to what it shows."""

_ENVELOPE_BYTES = 8_192
_HEALTH_BYTES = 256
_TROUBLE_LETTERS = 1_000

Health = Callable[[], tuple[CarrierHealth, ...]]


class Place(NamedTuple):
    """How far a desktop is: the version of each table, and which health report it has."""

    vehicles: int = 0
    arrivals: int = 0
    health: int = 0


class Piece(NamedTuple):
    """One encoded frame, and how far it brings a desktop."""

    data: bytes
    upto: Place


class FleetLog:
    """Frames for any desktop, from wherever it is to the last cut.

    Attributes:
        run: names this life of the gateway; versions count within it.
        cut: how far frames go; moves on at `tick`, so that desktops stay in step and share bytes.
    """

    def __init__(
        self,
        vehicles: VehicleTable,
        arrivals: ArrivalTable,
        health: Health,
        clock: Clock,
        run: str,
        trouble: Callable[[], str] = lambda: "",
    ) -> None:
        """Serve these tables.

        Args:
            vehicles: where every vehicle is.
            arrivals: when each stop is expected to be reached.
            health: how every carrier is heard.
            clock: the gateway's.
            run: names this life of the gateway.
            trouble: what is wrong with the gateway itself, "" while all is well.
        """
        self.run, self.clock = run, clock
        self.cut = Place()
        self._vehicles, self._arrivals, self._health = vehicles, arrivals, health
        self._now = clock.time()
        self._ask_trouble, self._trouble = trouble, ""
        self._report: tuple[CarrierHealth, ...] = ()
        self._reported_at = float("-inf")
        self._pieces: dict[tuple[str, Place], Piece | None] = {}

    def tick(self, now: float) -> bool:
        """Cut at what the tables hold now.

        Args:
            now: monotonic seconds.

        Returns:
            True where there is something new to send.
        """
        before, report = self.cut, self.cut.health
        if now >= self._reported_at + HEALTH_S:
            self._report, self._reported_at = self._health()[:MOST_REPORTED], now
            self._trouble = self._ask_trouble()[:_TROUBLE_LETTERS]
            report += 1
        self.cut = Place(self._vehicles.version, self._arrivals.version, report)
        self._now = self.clock.time()
        self._pieces.clear()
        return self.cut != before

    def knows(self, vehicles: int, arrivals: int) -> bool:
        """True where a desktop may continue from these versions."""
        return 0 <= vehicles <= self._vehicles.version and 0 <= arrivals <= self._arrivals.version

    def piece(self, codec: Codec, place: Place) -> Piece | None:
        """The next frame for a desktop at `place`; None where it has everything up to the cut."""
        key = (codec.name, place)
        if key not in self._pieces:
            self._pieces[key] = self._make(codec, place)
        return self._pieces[key]

    def _make(self, codec: Codec, place: Place) -> Piece | None:
        cut = self.cut
        due = place.health < cut.health
        room = LIMITS.server_frame_bytes - _ENVELOPE_BYTES - due * _HEALTH_BYTES * len(self._report)
        if codec.is_text:
            room //= 4
        vehicles = self._vehicles.section(place.vehicles, cut.vehicles, room // 2)
        arrivals = self._arrivals.section(
            place.arrivals, cut.arrivals, min(room // 2, _ARRIVAL_BYTES)
        )
        if vehicles is None and arrivals is None and not due:
            return None
        health = self._report if due else None
        frame = Frame(
            now=self._now,
            rate=self.clock.rate,
            vehicles=vehicles,
            arrivals=arrivals,
            health=health,
            trouble=self._trouble if due else "",
        )
        upto = Place(
            vehicles.upto if vehicles else place.vehicles,
            arrivals.upto if arrivals else place.arrivals,
            cut.health,
        )
        return Piece(codec.encode_frame(frame), upto)
