"""What was known at a moment: a fact rests on nothing that was said to have happened later."""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.fold import fold
from tower.domain.records import RoutePlan, Stop, Subject, Vehicle
from tower.domain.words import VehicleKind
from tower.kpi.facts import Fact, FactKind
from tower.kpi.recount.book import Book
from tower.kpi.recount.calendar import Calendar
from tower.kpi.recount.saying import COMPLETES, Told, in_force, in_order, of_type

_MILLISECOND = timedelta(milliseconds=1)
_REGISTERED = e.VehicleRegistered
_FOLDED = (e.StopPlanned, e.StopAmended, e.RoutesSequenced, e.StopProgress)


class Setting(NamedTuple):
    """Where a fact belongs: what figures are taken apart by, besides the time."""

    carrier: str = ""
    depot: str = ""
    route: str = ""
    driver: str = ""
    vehicle: str = ""
    postcode: str = ""
    account: str = ""
    service_level: str = ""
    lat: float | None = None
    lon: float | None = None


class Registered(msgspec.Struct, frozen=True, gc=False):
    """A vehicle as an event registered it: only what figures are taken apart by.

    Attributes:
        id: of the event.
        at: when it was so, UTC.
        kind: what drives.
        carrier_id: whose it is.
    """

    id: str
    at: datetime
    kind: VehicleKind
    carrier_id: str


class Ground:
    """What the journal says about things, as it stood at any moment.

    Plans, assignments and registrations hold as they were said last until the moment. Where
    nothing was said by then, as when a manifest is imported with the vehicles already under way,
    the first that was said in the two days after tells; what is said after that moves nothing.

    Args:
        book: everything said about each thing.
        calendar: the shifts.
    """

    def __init__(self, book: Book, calendar: Calendar) -> None:
        self.book = book
        self.calendar = calendar
        self._vehicles: dict[str, tuple[Registered, ...]] = {}
        self._stops: dict[tuple[str, datetime], Stop] = {}

    def register(self, events: Iterable[Event]) -> None:
        """Take in shifts opened and vehicles registered; other events do no harm."""
        for event in events:
            self.calendar.add((event,))
            if isinstance(event.body, _REGISTERED):
                self._register(event, event.body.vehicle)

    def _register(self, event: Event, vehicle: Vehicle) -> None:
        known = self._vehicles.get(vehicle.id, ())
        if all(one.id != event.id for one in known):
            carrier_id = sys.intern(vehicle.carrier_id)  # one of a few, of ten thousand vehicles
            new = Registered(event.id, event.at, vehicle.kind, carrier_id)
            self._vehicles[vehicle.id] = tuple(in_order((*known, new)))

    def tells_since(self, event: Event) -> datetime | None:
        """Since when an event tells of what nothing was said of by then; None for never.

        Of a stop it may be looked at too often, which does no harm.
        """
        since, body = event.at - COMPLETES, event.body
        if isinstance(body, (e.StopPlanned, e.RoutesSequenced)):
            return since
        if isinstance(body, e.ShiftOpened):
            return self.calendar.tells_since(event.at, body.shift)
        said: Sequence[Told] = ()
        if isinstance(body, _REGISTERED):
            said = self._vehicles[body.vehicle.id]
        elif isinstance(body, e.RoutePlanned):
            said = of_type(self.book.about("route", body.plan.id), e.RoutePlanned)
        first = next(iter(said), None)
        return since if first is not None and first.id == event.id else None

    def kinds_besides(self, event: Event) -> set[str]:
        """What a vehicle that was registered now may have counted as so far, "" for unknown."""
        body = event.body
        said = self._vehicles.get(body.vehicle.id, ()) if isinstance(body, _REGISTERED) else ()
        return {"", *(str(one.kind) for one in said if one.id != event.id)}

    def take(self, events: Sequence[Event]) -> None:
        """Go on to the last of these events, which follow those taken before."""
        self.book.take(events)
        self.register(events)
        self._stops.clear()

    def stop(self, stop_id: str, at: datetime) -> Stop:
        """A stop as it was known at a moment."""
        if (stop_id, at) not in self._stops:
            self._stops[stop_id, at] = self._folded(stop_id, at)
        return self._stops[stop_id, at]

    def _folded(self, stop_id: str, at: datetime) -> Stop:
        about = self.book.about("stop", stop_id)
        said = [one for one in about if isinstance(one.body, _FOLDED)]
        until = [one for one in said if one.at <= at]
        for register in (e.StopPlanned, e.RoutesSequenced):
            if not any(isinstance(one.body, register) for one in until):
                until += in_force(of_type(said, register), at)
        return fold(until).stops.get(stop_id) or Stop(id=stop_id)

    def route_plan(self, route_id: str, at: datetime) -> RoutePlan | None:
        """A route's plan as it was known at a moment."""
        if not route_id:
            return None
        said = in_force(of_type(self.book.about("route", route_id), e.RoutePlanned), at)
        return said[-1].body.plan if said else None

    def vehicle(self, vehicle_id: str, at: datetime) -> Registered | None:
        """A vehicle as it was known at a moment."""
        said = in_force(self._vehicles.get(vehicle_id, ()), at)
        return said[-1] if said else None

    def setting(self, about: Subject, at: datetime) -> Setting:
        """Where a fact belongs that is about these things.

        The route is the one the stop was on, else the one named; the vehicle the one named, else
        the one planned.
        """
        stop = self.stop(about.stop_id, at) if about.stop_id else Stop(id="")
        route_id = stop.route_id or about.route_id
        plan = self.route_plan(route_id, at)
        vehicle = self.vehicle(about.vehicle_id or (plan.vehicle_id if plan else ""), at)
        planned = plan.carrier_id if plan else ""
        carrier = planned or about.carrier_id or (vehicle.carrier_id if vehicle else "")
        there = stop.plan
        return Setting(
            carrier=carrier,
            depot=plan.depot_id if plan else "",
            route=route_id,
            driver=(plan.driver_id or plan.driver_name) if plan else "",
            vehicle=str(vehicle.kind) if vehicle else "",
            postcode=there.postcode if there else "",
            account=there.brand if there else "",
            service_level=there.service_level if there else "",
            lat=there.lat if there else None,
            lon=there.lon if there else None,
        )

    def fact(
        self,
        kind: FactKind,
        name: str,
        at: datetime,
        about: Subject,
        adds: dict[str, float],
        *,
        label: str = "",
        eta_error: int | None = None,
    ) -> Fact:
        """A fact in its place: `name` tells it from others of its kind."""
        dated = self.calendar.dated(at)
        return Fact(
            id=f"{kind}:{name}",
            kind=kind,
            day=dated.day,
            hour=dated.hour,
            at=at,
            label=label,
            stop_id=about.stop_id,
            eta_error=eta_error,
            adds={column: amount for column, amount in adds.items() if amount},
            **self.setting(about, at)._asdict(),
        )


def seconds(span: timedelta) -> float:
    """A span in seconds, whole milliseconds of it."""
    return (span // _MILLISECOND) / 1_000


def kind_of(setting: Setting) -> VehicleKind:
    """What drove; a van where nobody said."""
    return VehicleKind(setting.vehicle) if setting.vehicle else VehicleKind.VAN
