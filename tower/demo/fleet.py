"""The demo's vehicles on the road: whose turn it is to report, and what its device says."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from tower.demo.chance import happens
from tower.demo.plan import DemoCarrier, DemoPlan, DemoRoute
from tower.demo.speak import Device, Seen
from tower.demo.track import Track, Whereabouts

STANDING_FIX_S = 10.0
"""A standing vehicle reports this often, seconds; a parked one at the depot each minute."""

PARKED_FIX_S = 60.0

HISTORY_STEP_S = 60.0
"""Spacing of the positions of the day so far, seconds."""

OVERTIME_S = 1800.0
"""A device is switched off half an hour after the route."""

_METRE_DEG = 1.0 / 111_195.0


class OnTheRoad:
    """One vehicle of the demo: its device and the moment it reports next."""

    def __init__(
        self, number: int, track: Track, carrier: DemoCarrier, rng: np.random.Generator
    ) -> None:
        self.track = track
        self.carrier = carrier
        vehicle = track.route.vehicle
        self.device = Device(number, vehicle.reference, vehicle.label, vehicle.kind)
        self._rng = rng
        self._next_s = float("-inf")

    def report(self, now_s: float, midnight: float) -> Seen | None:
        """What the device says at a second of the day, or None when it is not its turn."""
        if now_s < self._next_s or not self.is_on(now_s):
            return None
        at_s = now_s - self.carrier.lag_s * float(self._rng.uniform(0.5, 1.5))
        place = self.track.at(np.array([at_s]))
        moving = bool(place.speed_mps[0] > 0)
        # Devices were switched on at odd moments: they must not report in step.
        self._next_s = now_s + self._pause_s(at_s, moving) * float(self._rng.uniform(0.8, 1.2))
        return self._seen(at_s, place, 0, midnight)

    def history(self, until_s: float, midnight: float) -> list[Seen]:
        """What the device said from the start of its route until a second of the day."""
        begin, end = self.track.route.starts_s, min(until_s, self.track.ends_s)
        moments = np.arange(begin, end, HISTORY_STEP_S)
        heard = moments[[not self.track.is_silent(moment) for moment in moments]]
        place = self.track.at(heard)
        return [self._seen(float(at_s), place, i, midnight) for i, at_s in enumerate(heard)]

    def is_on(self, now_s: float) -> bool:
        """Whether the device says anything at a second of the day."""
        stays = self.track.route.life.stands_s is not None
        is_over = now_s >= self.track.ends_s + OVERTIME_S and not stays
        return not is_over and not self.track.is_silent(now_s)

    def _pause_s(self, at_s: float, moving: bool) -> float:
        if moving:
            return self.carrier.fix_every_s
        underway = self.track.route.starts_s <= at_s <= self.track.ends_s
        return STANDING_FIX_S if underway else PARKED_FIX_S

    def _seen(self, at_s: float, place: Whereabouts, index: int, midnight: float) -> Seen:
        speed = float(place.speed_mps[index])
        # A moving receiver is two metres off, a standing one averages its noise away.
        noise = self._rng.normal(0.0, 2.0 * _METRE_DEG, 2) if speed else (0.0, 0.0)
        return Seen(
            device=self.device.number,
            reference=self.device.reference,
            label=self.device.label,
            at=midnight + at_s,
            lat=float(place.lat[index] + noise[0]),
            lon=float(place.lon[index] + noise[1]),
            speed_mps=speed,
            heading_deg=float(place.heading_deg[index]),
            temperature_c=self.track.temperature_c(at_s),
            battery_pct=self.track.battery_pct(at_s),
        )


class Fleet:
    """All vehicles of the demo, by carrier."""

    def __init__(self, plan: DemoPlan, rng: np.random.Generator) -> None:
        carriers = {carrier.id: carrier for carrier in plan.carriers}
        self._rng = rng
        self._last: dict[str, Seen] = {}
        self.vehicles = [
            OnTheRoad(number, Track(route), carriers[route.carrier_id], rng)
            for number, route in enumerate(plan.routes, start=1)
        ]

    @property
    def ends_s(self) -> float:
        """Second of the day after which nothing moves any more."""
        return max(vehicle.track.ends_s for vehicle in self.vehicles) + OVERTIME_S

    def of(self, carrier: DemoCarrier) -> list[OnTheRoad]:
        """The vehicles of one carrier."""
        return [vehicle for vehicle in self.vehicles if vehicle.carrier.id == carrier.id]

    def turn(self, route: DemoRoute) -> None:
        """From now on a vehicle drives as its route is lived now."""
        vehicle = next(one for one in self.vehicles if one.track.route.id == route.id)
        vehicle.track = Track(route)

    def last_heard(self, carrier: DemoCarrier, now_s: float, midnight: float) -> list[Seen]:
        """The last positions of a carrier's vehicles whose devices are silent now."""
        silent = [vehicle for vehicle in self.of(carrier) if not vehicle.is_on(now_s)]
        return [seen for one in silent for seen in one.history(now_s, midnight)[-1:]]

    def due(
        self,
        carriers: Sequence[DemoCarrier],
        now_s: float,
        midnight: float,
        is_held: Callable[[str], bool] = lambda _route_id: False,
    ) -> Iterator[tuple[DemoCarrier, list[Seen]]]:
        """What each carrier's devices say now; now and then an old fix comes once more.

        Args:
            carriers: whose devices.
            now_s: second of the day.
            midnight: epoch seconds of the shift's local midnight.
            is_held: true for routes of which nobody knows yet where their vehicle goes.
        """
        for carrier in carriers:
            free = [one for one in self.of(carrier) if not is_held(one.track.route.id)]
            seen = [one for one in (v.report(now_s, midnight) for v in free) if one]
            if seen and happens(0.02, self._rng):
                seen.append(self._last.get(seen[0].reference, seen[0]))
            self._last.update((one.reference, one) for one in seen)
            if seen:
                yield carrier, seen
