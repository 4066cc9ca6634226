"""The traffic of the region as the vehicles show it, told to whoever reckons with it."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from tower.domain.records import Route, Stop
from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.feed.clock import Clock
from tower.gateway.lines import RouteLines
from tower.gateway.stretches import Stretches
from tower.road.live import LiveSpeeds, SpeedMap

EVERY = timedelta(seconds=60)
"""How often the speeds are told anew."""


class Traffic:
    """Learns how fast vehicles drive. Lives on the event loop.

    Attributes:
        speeds: the newest speeds, None before anything was told.
    """

    def __init__(
        self,
        state: State,
        lines: RouteLines,
        clock: Clock,
        heeding: Sequence[Callable[[SpeedMap], None]],
    ) -> None:
        """Make it.

        Args:
            state: the shift.
            lines: the routes along the roads, with what is expected of them.
            clock: the gateway's.
            heeding: told every new speeds.
        """
        self.speeds: SpeedMap | None = None
        self._state, self._lines, self._clock = state, lines, clock
        self._heeding = heeding
        self._stretches = Stretches()
        self._learnt = LiveSpeeds()

    def see(self, route: Route, place: int, stop: Stop, fix: Fix) -> None:
        """Look at a vehicle under way; cheap where it said nothing new.

        Args:
            route: what it drives.
            place: index of the stop it is on its way to, in the sequence.
            stop: that stop.
            fix: its newest position.
        """
        line = self._lines.line(route.id)
        if line is not None and place < len(line.stop_offsets):
            self._stretches.follow(route.id, line, place, stop, fix, self._state.zone)

    def renew(self) -> None:
        """Learn what was driven since, and tell it where it is time."""
        now = self._clock.now()
        self._learnt.observe(self._stretches.take(), now)
        if self.speeds is not None and abs(now - self.speeds.as_of) < EVERY:
            return
        self.speeds = self._learnt.map(now)
        for heed in self._heeding:
            heed(self.speeds)
