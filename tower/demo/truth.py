"""What really went wrong in the demo shift, so that what Tower finds can be held against it.

Every entry says about whom and from when to when. What is `plain` has to be found; the rest may
be found and need not be: it could have gone either way, or it is the same trouble seen from
another side.
"""

import math
from collections.abc import Iterator, Mapping

import msgspec
import numpy as np

from tower.carriers.fleet import vehicle_id_of
from tower.demo.carriers import carrier_of
from tower.demo.happenings import Mishap
from tower.demo.manifest import SILENT_AFTER_S
from tower.demo.plan import DemoPlan, DemoRoute, DemoStop, Recording, Report, Say, Visit
from tower.demo.track import Track
from tower.domain.words import AttemptReason, ExceptionKind, StopKind

A_HAIR_S = 120.0
"""A stop within two minutes of the end of its window, this side or that, is a matter of luck."""

PLAINLY_LATE_S = 300.0
"""So long after its window a stop is late to everybody."""

PLAINLY_OFF_S = 300.0
"""Whoever leaves the line of the route for less need not be noticed."""

OVERSTAYED_S = 360.0
"""A stay this much longer than planned may be remarked on, whatever the reason."""

PLAINLY_WARM_S, WARM_S = 300.0, 60.0
"""A box above its limit for so long has to be noticed; for less than a minute it must not be."""

PLAINLY_SILENT_S = SILENT_AFTER_S + 60.0
"""A device silent for so long has to be noticed."""

RESERVE_SHARE = 0.05
"""Nobody sends a vehicle on that will come home with less of its charge."""

FOREVER_S = math.inf

_STEP_S = 30.0
_NEVER_TRIED = (AttemptReason.NO_ACCESS, AttemptReason.ADDRESS_NOT_FOUND)


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """Something that went wrong.

    Attributes:
        kind: as an exception about it is called.
        about: ids of the stop, vehicle or carrier an exception about it may name.
        begins_s: since when it could be known, seconds of the day.
        ends_s: until when it went on; infinite where nobody mended it.
        plain: it has to be found.
        window_end_s: of a stop that missed its window, when that ended.
    """

    kind: ExceptionKind
    about: tuple[str, ...]
    begins_s: float
    ends_s: float
    plain: bool = True
    window_end_s: float | None = None


def troubles(plan: DemoPlan) -> list[Trouble]:
    """Everything that went wrong in a shift nobody changed anything in."""
    found = [one for route in plan.routes for one in _on_route(plan, route)]
    for carrier_id, spans in plan.happenings.outages.items():
        found += [_outage(plan, carrier_id, begin_s, end_s) for begin_s, end_s in spans]
    return sorted(found, key=lambda one: (one.begins_s, one.kind, one.about))


def _on_route(plan: DemoPlan, route: DemoRoute) -> Iterator[Trouble]:
    day = _RouteDay(plan, route)
    yield from day.late()
    yield from day.at_doors()
    yield from day.attempts()
    yield from day.forgotten()
    yield from day.contacts()
    yield from day.vehicle()
    yield from day.silent()
    yield from day.warm()


def _outage(plan: DemoPlan, carrier_id: str, begin_s: float, end_s: float) -> Trouble:
    under_way = [
        route
        for route in plan.routes
        if route.carrier_id == carrier_id and route.life.starts_s < begin_s < route.life.ends_s
    ]
    return Trouble(
        kind=ExceptionKind.CARRIER_SILENT,
        about=(carrier_id,),
        begins_s=begin_s,
        ends_s=end_s,
        plain=bool(under_way) and end_s - begin_s >= PLAINLY_SILENT_S,
    )


class _RouteDay:
    """What went wrong on one route."""

    def __init__(self, plan: DemoPlan, route: DemoRoute) -> None:
        self._route, self._life = route, route.life
        self._mishaps = plan.happenings.mishaps
        self._outages = plan.happenings.outages.get(route.carrier_id, ())
        self._records = carrier_of(route.carrier_id).records
        self._vehicle = vehicle_id_of(route.carrier_id, route.vehicle.reference)
        self._visits = {visit.stop_id: visit for visit in route.life.visits}
        self._arrived = _first(route.life.reports, (Say.ARRIVED,))
        self._stops = {stop.id: stop for stop in route.stops}

    def late(self) -> Iterator[Trouble]:
        """Stops that missed their window; those never reached miss it for good."""
        for stop in self._route.stops:
            end_s = stop.window_end_s
            if end_s is None or not stop.kind.is_customer:
                continue
            report = self._arrived.get(stop.id)
            came_s = FOREVER_S if report is None else report.at_s
            for kind, plainly_s in (
                (ExceptionKind.LATE_RISK, A_HAIR_S),
                (ExceptionKind.LATE, PLAINLY_LATE_S),
            ):
                if came_s > end_s - A_HAIR_S:
                    yield Trouble(
                        kind=kind,
                        about=(stop.id,),
                        begins_s=-FOREVER_S,
                        ends_s=came_s,
                        plain=came_s > end_s + plainly_s,
                        window_end_s=end_s,
                    )

    def at_doors(self) -> Iterator[Trouble]:
        """What the mishaps at the doors came to."""
        for stop_id, visit in self._visits.items():
            stop, mishap = self._stops[stop_id], self._mishaps.get(stop_id)
            if not stop.kind.is_customer:
                continue
            if mishap is Mishap.NO_ACCESS:
                yield self._about(ExceptionKind.NO_ACCESS, visit)
            elif mishap is Mishap.WRONG_PIN:
                arrived_s = self._arrived[stop_id].at_s
                yield self._about(ExceptionKind.ADDRESS, visit, begins_s=arrived_s)
                yield self._about(ExceptionKind.POD_MISMATCH, visit, plain=False)
            elif self._is_mismatch(mishap):
                yield self._about(ExceptionKind.POD_MISMATCH, visit)
            yield from self._overstayed(stop, visit, mishap)

    def _is_mismatch(self, mishap: Mishap | None) -> bool:
        if mishap is Mishap.WRONG_DOOR:
            return self._records is not Recording.NOTHING
        return mishap is Mishap.PARCEL_SHORT and self._records is Recording.PARCELS

    def _overstayed(self, stop: DemoStop, visit: Visit, mishap: Mishap | None) -> Iterator[Trouble]:
        begun_s = max(visit.arrives_s, stop.window_start_s or 0.0)
        planned_s = min(begun_s, visit.leaves_s) + stop.service_s
        if visit.leaves_s > planned_s + OVERSTAYED_S:
            yield Trouble(
                kind=ExceptionKind.LONG_DWELL,
                about=(stop.id, self._vehicle),
                begins_s=planned_s,
                ends_s=visit.leaves_s,
                plain=mishap is Mishap.LONG_STAY,
            )

    def _about(
        self,
        kind: ExceptionKind,
        visit: Visit,
        *,
        begins_s: float | None = None,
        plain: bool = True,
    ) -> Trouble:
        is_proof = kind is ExceptionKind.POD_MISMATCH
        attempted = self._attempted().get(visit.stop_id)
        ends_s = FOREVER_S if is_proof or attempted is not None else visit.leaves_s
        first_s = visit.leaves_s if is_proof else visit.arrives_s
        return Trouble(
            kind=kind,
            about=(visit.stop_id,),
            begins_s=first_s if begins_s is None else begins_s,
            ends_s=ends_s,
            plain=plain,
        )

    def _attempted(self) -> Mapping[str, Report]:
        return _first(self._life.reports, (Say.ATTEMPTED,))

    def attempts(self) -> Iterator[Trouble]:
        """Stops that were tried and not completed."""
        for stop_id, report in self._attempted().items():
            is_return = self._stops[stop_id].kind is StopKind.RETURN
            at_s = report.at_s
            if report.reason is AttemptReason.ADDRESS_NOT_FOUND:
                yield _lasting(ExceptionKind.ADDRESS, stop_id, at_s)
            tried = report.reason not in _NEVER_TRIED
            if is_return:
                yield _lasting(ExceptionKind.RETURN_MISSED, stop_id, at_s, plain=tried)
            else:
                yield _lasting(ExceptionKind.FAILED_ATTEMPT, stop_id, at_s, plain=tried)

    def forgotten(self) -> Iterator[Trouble]:
        """Returns the driver passed by."""
        order = [stop.id for stop in self._route.stops]
        for place, stop_id in enumerate(order):
            if self._mishaps.get(stop_id) is not Mishap.FORGOTTEN:
                continue
            after = [self._visits[one].arrives_s for one in order[place:] if one in self._visits]
            passed_s = min(after, default=self._life.ends_s)
            end_s = self._stops[stop_id].window_end_s
            ends_s = self._life.ends_s
            begins_s = ends_s if end_s is None else min(ends_s, max(passed_s, end_s))
            yield _lasting(ExceptionKind.RETURN_MISSED, stop_id, begins_s)

    def contacts(self) -> Iterator[Trouble]:
        """Customers who called."""
        for stop_id, report in _first(self._life.reports, (Say.CONTACT,)).items():
            is_where = report.topic == "wismo"
            kind = ExceptionKind.WISMO if is_where else ExceptionKind.CUSTOMER_REQUEST
            yield _lasting(kind, stop_id, report.at_s)

    def vehicle(self) -> Iterator[Trouble]:
        """The vehicle broke down, stood somewhere, left its line, or will not come home."""
        stands_s = self._life.stands_s
        if stands_s is not None:
            yield self._of_vehicle(ExceptionKind.VEHICLE, stands_s, FOREVER_S)
            yield self._of_vehicle(ExceptionKind.LONG_DWELL, stands_s, FOREVER_S, plain=False)
        for begin_s, end_s in self._standings():
            yield self._of_vehicle(ExceptionKind.LONG_DWELL, begin_s, end_s)
            yield self._of_vehicle(ExceptionKind.VEHICLE, begin_s, end_s, plain=False)
        for begin_s, end_s in self._route.strays_s.values():
            is_long = end_s - begin_s >= PLAINLY_OFF_S
            yield self._of_vehicle(ExceptionKind.OFF_ROUTE, begin_s, end_s, plain=is_long)
        short_s, is_weak = _runs_short_s(self._route), self._route.drain > 1.0
        if short_s is not None:
            ends_s = self._life.ends_s
            yield self._of_vehicle(ExceptionKind.VEHICLE, short_s, ends_s, plain=is_weak)

    def _standings(self) -> Iterator[tuple[float, float]]:
        """Between the two drives to a stop before which the vehicle stood."""
        for visit in self._visits.values():
            if self._mishaps.get(visit.stop_id) is Mishap.STANDS_BEFORE:
                drives = [one for one in self._life.drives if one.starts_s < visit.arrives_s]
                if len(drives) > 1:
                    yield drives[-2].ends_s, drives[-1].starts_s

    def silent(self) -> Iterator[Trouble]:
        """The device sent nothing while the route was under way."""
        last_s = max((visit.arrives_s for visit in self._visits.values()), default=0.0)
        for begin_s, end_s in self._route.silences_s:
            begins_s, ends_s = max(begin_s, self._life.starts_s), min(end_s, last_s)
            is_alone = (begin_s, end_s) not in self._outages
            if ends_s > begins_s:
                lasts_s = ends_s - begins_s
                plain = is_alone and lasts_s >= PLAINLY_SILENT_S
                kind = ExceptionKind.NO_SIGNAL
                yield self._of_vehicle(kind, begins_s, end_s, plain=plain)

    def warm(self) -> Iterator[Trouble]:
        """The box was warmer than its limit."""
        limit_c = self._route.vehicle.temperature_limit_c
        if limit_c is None:
            return
        track = Track(self._route)
        moments = np.arange(self._life.starts_s, self._life.ends_s, _STEP_S)
        above = np.array([(track.temperature_c(float(at)) or 0.0) > limit_c for at in moments])
        edges = np.flatnonzero(np.diff(np.concatenate([[False], above, [False]])))
        for first, after in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            begin_s, lasts_s = float(moments[first]), (after - first) * _STEP_S
            if lasts_s >= WARM_S:
                kind, is_long = ExceptionKind.TEMPERATURE, lasts_s >= PLAINLY_WARM_S
                yield self._of_vehicle(kind, begin_s, begin_s + lasts_s, plain=is_long)

    def _of_vehicle(
        self, kind: ExceptionKind, begins_s: float, ends_s: float, *, plain: bool = True
    ) -> Trouble:
        about = (self._vehicle, *self._stops)
        return Trouble(kind=kind, about=about, begins_s=begins_s, ends_s=ends_s, plain=plain)


def _runs_short_s(route: DemoRoute) -> float | None:
    """Since when, at its rated range, too little charge will be left where it can charge next."""
    if not route.vehicle.range_m:
        return None
    track = Track(route)
    for at_s in np.arange(route.life.starts_s, route.life.ends_s, _STEP_S).tolist():
        charge = (track.battery_pct(at_s) or 0.0) / 100.0
        if charge - track.ahead_m(at_s) / route.vehicle.range_m < RESERVE_SHARE:
            return float(at_s)
    return None


def _first(reports: tuple[Report, ...], says: tuple[Say, ...]) -> dict[str, Report]:
    """The first report of a sort about each stop."""
    found: dict[str, Report] = {}
    for report in reports:
        if report.say in says:
            found.setdefault(report.stop_id, report)
    return found


def _lasting(kind: ExceptionKind, stop_id: str, begins_s: float, *, plain: bool = True) -> Trouble:
    return Trouble(kind=kind, about=(stop_id,), begins_s=begins_s, ends_s=FOREVER_S, plain=plain)
