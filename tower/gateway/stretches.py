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
        self._followed: dict[str, _Followed] = {}
        self._driven: list[Stretch] = []
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
            self._begin(route_id, line, place, fix)
        elif (fix.at - known.looked_at).total_seconds() >= EVERY_S:
            self._followed[route_id] = self._measured(known, fix, zone)

    def take(self) -> list[Stretch]:
        """What was driven since this was asked last."""
        driven, self._driven = self._driven, []
        return driven

    def _begin(self, route_id: str, line: RouteLine, place: int, fix: Fix) -> None:
        ends = (0, *line.stop_offsets)
        leg = slice(ends[place], ends[place + 1] + 1)
        points = decode_polyline(line.shape)[leg].copy()  # a view would keep the whole line
        if len(points) < 2:
            self._followed.pop(route_id, None)
            return
        ruler = Ruler(points, line.clock_s[leg].copy())
        self._followed[route_id] = _marked(_Followed(line.key, place, ruler, fix.at), fix)

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
