"""What really happens on a route, leg by leg and door by door, and what is reported of it."""

from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from tower.demo.doors import Hands
from tower.demo.doorstep import Doorstep
from tower.demo.happenings import Happenings, Mishap
from tower.demo.plan import DemoCarrier, DemoRoute, DemoStop, Drive, Life, Say, Visit
from tower.demo.promise import Promise
from tower.demo.telling import Rider, Telling
from tower.demo.ways import Way, Ways
from tower.domain.geometry import LatLon
from tower.domain.words import ExceptionKind, Severity
from tower.road.engine import Leg
from tower.road.roads import Profile

MOVES_OFF_S = 15.0
"""From the door to the road, seconds."""

CALLS_AFTER_S = 90.0
"""A driver whose vehicle broke down calls after a minute and a half."""

NOTHING = Life(drives=(), visits=(), reports=())
"""A day that has not begun."""

_BROKE_DOWN = (
    "Vehicle broke down",
    "It will not start again and is to be towed; its stops have to go with other vehicles",
)
_WARM = "Fridge above 8 °C", "8.5 °C in the box and rising, the limit is 8 °C"


LEG_SPREAD = (0.92, 1.12)
"""What no rule explains of a leg: it takes between these times as long."""

STANDS_S = (1_140.0, 1_920.0)
"""A vehicle that stands somewhere on its way without a reason stands so long, seconds."""

ERRAND_S = (150.0, 420.0)
"""Whoever makes a detour has something to do there."""


def live(
    promise: Promise,
    stops: Sequence[DemoStop],
    ways: Sequence[Ways],
    happenings: Happenings,
    rng: np.random.Generator,
) -> Life:
    """Drive a promised route through the day's happenings.

    Args:
        promise: the route.
        stops: those that are not forgotten.
        ways: how they are reached, see `Day.run`.
        happenings: what goes wrong.
        rng: decides everything else.
    """
    rider = rider_of(promise.id, promise.carrier, promise.vehicle.reference, happenings)
    day = Day(
        rider._replace(breaks=promise.driver.breaks),
        happenings,
        promise.starts_s + float(rng.normal(60.0, 90.0)),
        rng,
    )
    return day.run(stops, *ways)


def rider_of(route_id: str, carrier: DemoCarrier, reference: str, happenings: Happenings) -> Rider:
    """Who drives a route, with no break before them."""
    return Rider(
        route_id=route_id,
        carrier_id=carrier.id,
        reference=reference,
        breaks=(),
        records=carrier.records,
        raises_alarms=carrier.raises_alarms,
        outages=happenings.outages.get(carrier.id, ()),
        hands=Hands(carrier.kind, carrier.vehicle_kind, happenings.pace[route_id]),
    )


class Day:
    """One route's day while it is being lived.

    Args:
        rider: whose day.
        happenings: what goes wrong.
        now_s: when it begins.
        rng: decides everything else.
        past: what was lived before; the day goes on from there.
    """

    def __init__(
        self,
        rider: Rider,
        happenings: Happenings,
        now_s: float,
        rng: np.random.Generator,
        past: Life = NOTHING,
    ) -> None:
        self._rider, self._happenings, self._rng = rider, happenings, rng
        self._now_s = now_s
        self._telling = Telling(rider, rng, past.reports)
        self._doorstep = Doorstep(rider, happenings, self._telling, now_s, rng)
        self._breaks = list(rider.breaks)
        self._drives, self._visits = list(past.drives), list(past.visits)
        self._rests = list(past.rests_s)

    def let_in(self, stop: DemoStop, arrived_s: float) -> None:
        """The gate the driver stands at opens.

        Args:
            stop: whose gate.
            arrived_s: since when the driver stands there, second of the day.
        """
        self._now_s = self._doorstep.hand_over(stop, self._now_s)
        self._note_visit(stop, arrived_s)

    def run(self, stops: Sequence[DemoStop], ways: Ways, round_it: Ways | None = None) -> Life:
        """Visit the stops in this order and drive home.

        Args:
            stops: what is to be visited.
            ways: how each of them is reached, and the depot after them.
            round_it: the same once the day's closure holds; None where they go round it anyhow.
        """
        if self._rider.says_hello:
            self._telling.say(Say.ROUTE_STARTED, self._now_s)
            self._warm_up()
        for place, stop in enumerate(stops):
            if self._breaks_down():
                return self._life(stands_s=self._now_s)
            way = self._open(ways, round_it).stops[place]
            self._rest_before(way.legs[0])
            self._telling.say(Say.EN_ROUTE, self._now_s, stop)
            self._approach(stop, way.legs)
            self._visit(stop, way)
        self._drive(self._open(ways, round_it).home)
        self._telling.say(Say.ROUTE_FINISHED, self._now_s)
        return self._life()

    def _open(self, ways: Ways, round_it: Ways | None) -> Ways:
        """The ways that can be driven now."""
        is_closed = self._happenings.is_closed(self._now_s)
        return round_it if round_it is not None and is_closed else ways

    def _life(self, stands_s: float | None = None) -> Life:
        return Life(
            drives=tuple(self._drives),
            visits=tuple(self._visits),
            reports=self._telling.reports,
            rests_s=tuple(self._rests),
            stands_s=None if stands_s is None else round(stands_s, 1),
        )

    def _rest_before(self, leg: Leg) -> None:
        """Rest at the first door left after a break may begin, or before it would be too late."""
        if not self._breaks:
            return
        due = self._breaks[0]
        if self._now_s < due.earliest_s and self._now_s + leg.duration_s <= due.latest_s:
            return
        self._now_s = max(self._now_s, due.earliest_s)
        self._rests.append(round(self._now_s, 1))
        self._now_s += due.duration_s
        del self._breaks[0]

    def _drive(self, leg: Leg) -> None:
        middle = LatLon(*map(float, leg.shape[len(leg.shape) // 2]))
        hands = self._rider.hands
        in_traffic = Profile.of_vehicle(hands.vehicle) is not Profile.BICYCLE
        crawl = self._happenings.crawl(middle, self._now_s, in_traffic=in_traffic)
        slowed = leg.slowed(crawl * hands.driving_pace * float(self._rng.uniform(*LEG_SPREAD)))
        drive = Drive(
            starts_s=round(self._now_s, 1),
            times_s=tuple(np.round(slowed.shape_times_s, 2).tolist()),
            shape=tuple(np.round(slowed.shape * 1e6).astype(np.int64).ravel().tolist()),
        )
        self._drives.append(drive)
        self._now_s = drive.ends_s

    def _approach(self, stop: DemoStop, legs: Sequence[Leg]) -> None:
        """Drive to the pin; now and then the vehicle stands somewhere on the way."""
        stands = self._happenings.mishaps.get(stop.id) is Mishap.STANDS_BEFORE
        parts = halves(legs[0]) if stands else legs
        stays_s = STANDS_S if stands else ERRAND_S
        for number, part in enumerate(parts, start=1):
            self._drive(part)
            if number < len(parts):
                self._now_s += float(self._rng.uniform(*stays_s))

    def _visit(self, stop: DemoStop, way: Way) -> None:
        arrived_s = self._now_s
        if way.to_door is not None:
            self._now_s, is_told = self._doorstep.search(stop, arrived_s)
            self._drive(way.to_door)
            if not is_told:
                self._doorstep.arrive(stop, self._now_s)
        else:
            self._doorstep.arrive(stop, arrived_s)
        self._now_s = self._doorstep.serve(stop, self._now_s)
        self._note_visit(stop, arrived_s)

    def _note_visit(self, stop: DemoStop, arrived_s: float) -> None:
        self._visits.append(
            Visit(
                stop_id=stop.id,
                arrives_s=round(arrived_s, 1),
                leaves_s=round(self._now_s, 1),
                told=len(self._telling),
            )
        )
        self._now_s += MOVES_OFF_S

    def _breaks_down(self) -> bool:
        """Whether the vehicle does not start again after a stop; nothing more happens then."""
        at_s = self._happenings.breakdown.get(self._rider.route_id)
        if at_s is None or self._now_s < at_s:
            return False
        calls_s = self._now_s + CALLS_AFTER_S
        self._telling.call(ExceptionKind.VEHICLE, Severity.CRITICAL, _BROKE_DOWN, calls_s)
        return True

    def _warm_up(self) -> None:
        """The cooling fails some time in the day, whatever is driven."""
        for begin_s, end_s in self._happenings.fridge.get(self._rider.route_id, ()):
            # 5 °C in the box, 0.5 °C a minute: the limit of 8 °C is passed after seven minutes.
            self._telling.alarm(
                ExceptionKind.TEMPERATURE,
                Severity.CRITICAL,
                _WARM,
                begin_s + 420.0,
                lasts_s=max(60.0, end_s - begin_s),
            )


def halves(leg: Leg) -> tuple[Leg, ...]:
    """A leg in two parts, each with at least one stretch of its line; whole where it has one."""
    middle = len(leg.shape) // 2
    if len(leg.shape) <= 2:
        return (leg,)
    return part_of(leg, 0, middle + 1), part_of(leg, middle, len(leg.shape))


def part_of(leg: Leg, begin: int, end: int) -> Leg:
    """The part of a leg from one of its points to another, exclusively."""
    times = leg.shape_times_s[begin:end] - leg.shape_times_s[begin]
    share = float(times[-1]) / leg.duration_s if leg.duration_s else 0.0
    return Leg(
        duration_s=float(times[-1]),
        distance_m=leg.distance_m * share,
        shape=leg.shape[begin:end],
        shape_times_s=times,
        source=leg.source,
    )


def towed(route: DemoRoute, at_s: float, rng: np.random.Generator) -> DemoRoute:
    """The route of a vehicle that broke down and has no stops left: its day is over."""
    rider = Rider(route.id, route.carrier_id, route.vehicle.reference, ())
    telling = Telling(rider, rng, route.life.reports)
    telling.clear(ExceptionKind.VEHICLE, at_s)
    telling.say(Say.ROUTE_FINISHED, at_s)
    return replace(route, life=replace(route.life, reports=telling.reports))
