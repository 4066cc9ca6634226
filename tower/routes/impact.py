"""What a change does to every promise it touches: before and after, side by side."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cached_property

import msgspec

from tower.domain.records import Stop
from tower.domain.words import Punctuality
from tower.eta.schedule import Arrival
from tower.routes.evaluate import Prospect
from tower.routes.violations import Violation, new_violations, taken_off, uncollected

TELL_AFTER = timedelta(minutes=10)
"""A customer whose arrival moves by more than this would have to be told."""


class StopImpact(msgspec.Struct, frozen=True, kw_only=True):
    """What happens to one stop.

    Attributes:
        route_before: the route it is on now, "" for none; `route_after` likewise.
        place_before: its place among the stops still to be driven, from 1; 0 for none.
        before: its arrival as things are, None where it is on no route; `after` likewise.
        is_customer: somebody waits for us there.
    """

    stop_id: str
    route_before: str
    route_after: str
    place_before: int
    place_after: int
    before: Arrival | None
    after: Arrival | None
    window_end: datetime | None = None
    is_customer: bool = True

    @property
    def shift_s(self) -> float:
        """Seconds its arrival moves, negative for earlier; 0 where it has none."""
        if self.before is None or self.after is None:
            return 0.0
        return (self.after.p50 - self.before.p50).total_seconds()

    @property
    def is_broken(self) -> bool:
        """Its window would newly be missed."""
        return self._is_late(self.after) and not self._is_late(self.before)

    @property
    def is_saved(self) -> bool:
        """Its window would be kept again."""
        return (
            self.after is not None and self._is_late(self.before) and not self._is_late(self.after)
        )

    @property
    def to_tell(self) -> bool:
        """Its customer would have to be told."""
        lost = self.before is not None and self.after is None
        moved = abs(self.shift_s) > TELL_AFTER.total_seconds()
        return self.is_customer and (lost or self.is_broken or moved)

    @staticmethod
    def _is_late(arrival: Arrival | None) -> bool:
        return arrival is not None and arrival.punctuality is Punctuality.LATE


class RouteImpact(msgspec.Struct, frozen=True, kw_only=True):
    """What happens to one route."""

    route_id: str
    before: Prospect
    after: Prospect

    @property
    def distance_m(self) -> float:
        """Metres more, negative for less."""
        return self.after.distance_m - self.before.distance_m

    @property
    def driving_s(self) -> float:
        """Seconds at the wheel more."""
        return self.after.driving_s - self.before.driving_s

    @property
    def energy(self) -> float:
        """Litres or kilowatt hours more."""
        return self.after.energy.amount - self.before.energy.amount


class Impact(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What a change does.

    Attributes:
        routes: the routes whose order changes.
        stops: their stops still to be driven, and those that leave or join, in the new order.
        raised: constraints newly broken, or clearly worse; hard ones first.
        cleared: constraints no longer broken.
    """

    routes: tuple[RouteImpact, ...]
    stops: tuple[StopImpact, ...]
    raised: tuple[Violation, ...]
    cleared: tuple[Violation, ...]

    @cached_property
    def broken(self) -> tuple[StopImpact, ...]:
        """Stops whose window would newly be missed."""
        return tuple(stop for stop in self.stops if stop.is_broken)

    @cached_property
    def saved(self) -> tuple[StopImpact, ...]:
        """Stops whose window would be kept again."""
        return tuple(stop for stop in self.stops if stop.is_saved)

    @cached_property
    def to_tell(self) -> tuple[StopImpact, ...]:
        """Stops whose customers would have to be told."""
        return tuple(stop for stop in self.stops if stop.to_tell)

    @property
    def hard(self) -> tuple[Violation, ...]:
        """What only a supervisor may commit, with a reason."""
        return tuple(one for one in self.raised if one.hard)

    @property
    def distance_m(self) -> float:
        """Metres more over all routes, negative for less."""
        return sum(route.distance_m for route in self.routes)

    @cached_property
    def lateness_s(self) -> float:
        """Seconds of lateness more over all stops, negative for less."""
        return sum(one.after.lateness_s - one.before.lateness_s for one in self.routes)

    @property
    def estimated(self) -> bool:
        """True where some travel time is an estimate."""
        return any(one.after.estimated or one.before.estimated for one in self.routes)


def impact(
    before: Mapping[str, Prospect], after: Mapping[str, Prospect], taken: Iterable[Stop] = ()
) -> Impact:
    """Compare.

    Args:
        before: the present prospect of every route that changes.
        after: the prospect of the same routes with their new orders.
        taken: stops the change takes off every route.
    """
    taken = tuple(taken)
    was = [one for prospect in before.values() for one in prospect.violations]
    would = [one for prospect in after.values() for one in prospect.violations]
    remaining = {route_id: one.remaining for route_id, one in after.items()}
    raised = [*new_violations(was, would), *taken_off(taken), *uncollected(taken, remaining)]
    still = {one.key for one in would}
    return Impact(
        routes=tuple(
            RouteImpact(route_id=route_id, before=before[route_id], after=after[route_id])
            for route_id in after
        ),
        stops=_stops(before, after),
        raised=tuple(sorted(raised, key=lambda one: not one.hard)),
        cleared=tuple(one for one in was if one.key not in still),
    )


class _Seat(msgspec.Struct, frozen=True):
    route_id: str
    place: int
    stop: Stop
    arrival: Arrival


def _stops(before: Mapping[str, Prospect], after: Mapping[str, Prospect]) -> tuple[StopImpact, ...]:
    was, would = _seats(before), _seats(after)
    order = [*would, *(stop_id for stop_id in was if stop_id not in would)]
    return tuple(_stop_impact(was.get(stop_id), would.get(stop_id)) for stop_id in order)


def _seats(prospects: Mapping[str, Prospect]) -> dict[str, _Seat]:
    return {
        stop.id: _Seat(route_id, place, stop, arrival)
        for route_id, prospect in prospects.items()
        for place, (stop, arrival) in enumerate(
            zip(prospect.remaining, prospect.arrivals, strict=True), start=1
        )
    }


def _stop_impact(was: _Seat | None, would: _Seat | None) -> StopImpact:
    seat = would or was
    if seat is None:
        raise ValueError("A stop that is on no route before and after cannot be compared.")
    plan = seat.stop.plan
    return StopImpact(
        stop_id=seat.stop.id,
        route_before=was.route_id if was else "",
        route_after=would.route_id if would else "",
        place_before=was.place if was else 0,
        place_after=would.place if would else 0,
        before=was.arrival if was else None,
        after=would.arrival if would else None,
        window_end=plan.window_end if plan else None,
        is_customer=plan is None or plan.kind.is_customer,
    )
