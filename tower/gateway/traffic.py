"""The traffic of the region as the vehicles show it, told to whoever reckons with it."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from tower.domain.records import Route, Stop
from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.feed.clock import Clock
from tower.gateway.lines import RouteLines
from tower.gateway.stretches import Stretches
from tower.road.live import LiveSpeeds, SpeedMap, Stretch

EVERY = timedelta(seconds=60)
"""How often the speeds are told anew."""

AT_ONCE = timedelta(seconds=15)
"""How soon they are told again where somebody is held up."""

HELD_UP, HELD_UP_S = 1.6, 45.0
"""So many times as long as was told, and so many seconds more, a stretch of a jam takes."""


class Traffic:
    """Learns how fast vehicles drive. Lives on the event loop; `see` is for one other thread.

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

    def renew(self) -> bool:
        """Learn what was driven since, and tell it where it is time, or somebody is held up.

        Returns:
            Whether speeds were told anew.
        """
        now, driven = self._clock.now(), self._stretches.take()
        self._learnt.observe(driven, now)
        known = self.speeds
        if known is not None:
            age = abs(now - known.as_of)
            is_jam = age >= AT_ONCE and any(_is_held_up(one, known) for one in driven)
            if age < EVERY and not is_jam:
                return False
        self.speeds = self._learnt.map(now)
        for heed in self._heeding:
            heed(self.speeds)
        return True


def _is_held_up(stretch: Stretch, known: SpeedMap) -> bool:
    """True where a stretch took much longer than the speeds that were told last."""
    cells = stretch.cells
    expected_s = float((cells.seconds * known.at(cells.keys)).sum())
    return stretch.driven_s >= max(HELD_UP * expected_s, expected_s + HELD_UP_S)
