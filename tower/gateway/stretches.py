"""What the vehicles' positions say about traffic: how long stretches of their routes really took.

A vehicle is followed along the leg it is on. Standing at a door is no queue, so nothing is
measured near the ends of a leg, or while the stop says the vehicle is there; nor beside the leg,
where nobody knows what was to be expected.
"""

from datetime import datetime, tzinfo
from typing import NamedTuple

from tower.domain.records import Stop
from tower.domain.telemetry import Fix
from tower.gateway.line import RouteLine
from tower.road.live import Stretch
from tower.road.polyline import decode_polyline
from tower.road.roads import Profile
from tower.road.ruler import Ruler
from tower.road.traffic import traffic_factor

EVERY_S = 30.0
"""Seconds of a vehicle's own time between two looks at it."""

DOOR_M = 60.0
"""This near to either end of a leg a driver is parking, or looking for the door."""

BESIDE_M = 40.0
"""Further from the leg than this a vehicle drives another way."""

STEP_M = 40.0
"""Less progress than this says nothing yet; the time it took counts with what follows."""

PAUSE_S, PAUSE_M = 300.0, 200.0
"""Who gets on by less than these metres in these seconds takes a break."""

FASTEST_MPS = 45.0
"""Who got on faster is elsewhere on the leg than was thought."""

LAID_A_ROUND = 2_000
"""Legs laid out at most from one time what was driven is asked for to the next. When a gateway
starts among vehicles under way, all of them are on a leg nobody measured yet."""


class _Begun(NamedTuple):
    """A vehicle on a leg nothing was measured on yet: it is laid out with the second look."""

    key: str
    place: int
    first: Fix

    @property
    def looked_at(self) -> datetime:
        """When it was seen there first."""
        return self.first.at


class _Followed(NamedTuple):
    """A vehicle on a leg: where it was when it was last measured, None before.

    Resting, it takes a break until it moves on.
    """

    key: str
    place: int
    ruler: Ruler
    looked_at: datetime
    along_m: float | None = None
    since: datetime | None = None
    is_resting: bool = False


class Stretches:
    """Follows vehicles, and gathers the stretches they drove."""

    def __init__(self) -> None:
        self._followed: dict[str, _Begun | _Followed] = {}
        self._driven: list[Stretch] = []
        self._may_lay = LAID_A_ROUND
        self._hour: tuple[tuple[datetime, tzinfo] | None, float] = (None, 1.0)

    def follow(
        self, route_id: str, line: RouteLine, place: int, stop: Stop, fix: Fix, zone: tzinfo
    ) -> None:
        """Look at a vehicle once more; cheap where it said nothing new.

        Args:
            route_id: the route it drives.
            line: the line of that route.
            place: index of the stop it is on its way to.
            stop: that stop.
            fix: its newest position.
            zone: local time of the roads.
        """
        known = self._followed.get(route_id)
        if stop.state.is_at_the_door or line.profile is Profile.BICYCLE:
            self._followed.pop(route_id, None)
        elif known is None or known.key != line.key or known.place != place:
            self._followed[route_id] = _Begun(line.key, place, fix)
        elif (fix.at - known.looked_at).total_seconds() >= EVERY_S:
            self._look(route_id, known, line, fix, zone)

    def take(self) -> list[Stretch]:
        """What was driven since this was asked last."""
        driven, self._driven = self._driven, []
        self._may_lay = LAID_A_ROUND
        return driven

    def _look(
        self, route_id: str, known: _Begun | _Followed, line: RouteLine, fix: Fix, zone: tzinfo
    ) -> None:
        laid = self._laid_out(known, line) if isinstance(known, _Begun) else known
        if laid is not None:
            self._followed[route_id] = self._measured(laid, fix, zone)

    def _laid_out(self, known: _Begun, line: RouteLine) -> _Followed | None:
        """With its leg, and where on it the vehicle was at first; None where it has to wait."""
        if not self._may_lay:
            return None
        self._may_lay -= 1
        ends = (0, *line.stop_offsets)
        leg = slice(ends[known.place], ends[known.place + 1] + 1)
        points = decode_polyline(line.shape)[leg].copy()  # a view would keep the whole line
        if len(points) < 2:
            return None
        ruler = Ruler(points, line.clock_s[leg].copy())
        first = known.first
        return _marked(_Followed(known.key, known.place, ruler, first.at), first)

    def _measured(self, known: _Followed, fix: Fix, zone: tzinfo) -> _Followed:
        now = _marked(known._replace(looked_at=fix.at), fix)
        if known.along_m is None or known.since is None or now.along_m is None:
            return now
        driven_s = (fix.at - known.since).total_seconds()
        driven_m = now.along_m - known.along_m
        if driven_m < STEP_M:
            is_resting = known.is_resting or driven_s >= PAUSE_S
            if is_resting or driven_m < -STEP_M:
                return now._replace(is_resting=is_resting)
            return known._replace(looked_at=fix.at)
        if (driven_s >= PAUSE_S and driven_m < PAUSE_M) or driven_m > FASTEST_MPS * driven_s:
            return now
        cells = known.ruler.cells(known.along_m, now.along_m)
        self._driven.append(Stretch(cells.scaled(self._usual(fix.at, zone)), driven_s))
        return now

    def _usual(self, at: datetime, zone: tzinfo) -> float:
        """The hour's traffic, worked out once a minute."""
        minute = at.replace(second=0, microsecond=0)
        if self._hour[0] != (minute, zone):
            self._hour = ((minute, zone), traffic_factor(minute, zone, Profile.CAR))
        return self._hour[1]


def _marked(one: _Followed, fix: Fix) -> _Followed:
    """With the place on the leg the vehicle is at now, None where it cannot be measured."""
    mark = one.ruler.locate(fix.position, one.along_m or 0.0)
    on_the_way = DOOR_M <= mark.along_m <= one.ruler.length_m - DOOR_M
    if mark.offset_m > BESIDE_M or not on_the_way:
        return one._replace(along_m=None, since=None, is_resting=False)
    return one._replace(along_m=mark.along_m, since=fix.at, is_resting=False)
