"""What was known at a moment: a fact rests on nothing that was said to have happened later."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.fold import fold
from tower.domain.records import RoutePlan, Stop, Subject, Vehicle
from tower.domain.words import VehicleKind
from tower.kpi.facts import Fact, FactKind
from tower.kpi.recount.book import Book
from tower.kpi.recount.calendar import Calendar

_MILLISECOND = timedelta(milliseconds=1)
_FOLDED = (e.StopPlanned, e.StopAmended, e.RoutesSequenced, e.StopProgress)

AnyBody = TypeVar("AnyBody", bound=e.Body)


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


class Ground:
    """What the journal says about things, as it stood at any moment.

    Args:
        book: everything said about each thing.
        calendar: the shifts.
    """

    def __init__(self, book: Book, calendar: Calendar) -> None:
        self.book = book
        self.calendar = calendar
        self._vehicles: dict[str, dict[str, Event]] = {}

    def register(self, events: Iterable[Event]) -> None:
        """Take in shifts opened and vehicles registered; other events do no harm."""
        for event in events:
            self.calendar.add((event,))
            if isinstance(event.body, e.VehicleRegistered):
                self._vehicles.setdefault(event.body.vehicle.id, {})[event.id] = event

    def stop(self, stop_id: str, at: datetime) -> Stop:
        """A stop as it was known at a moment."""
        said = self.book.about("stop", stop_id)
        until = (one for one in said if one.at <= at and isinstance(one.body, _FOLDED))
        return fold(until).stops.get(stop_id) or Stop(id=stop_id)

    def route_plan(self, route_id: str, at: datetime) -> RoutePlan | None:
        """A route's plan as it was known at a moment."""
        if not route_id:
            return None
        said = of_type(self.book.about("route", route_id), e.RoutePlanned, at)
        return said[-1].body.plan if said else None

    def vehicle(self, vehicle_id: str, at: datetime) -> Vehicle | None:
        """A vehicle as it was known at a moment."""
        said = of_type(self._vehicles.get(vehicle_id, {}).values(), e.VehicleRegistered, at)
        return said[-1].body.vehicle if said else None

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


def of_type(
    events: Iterable[Event], body: type[AnyBody], until: datetime | None = None
) -> list[Any]:
    """Events with such a body by the time they happened, those after a moment left out."""
    found = (one for one in events if isinstance(one.body, body))
    return in_order(one for one in found if until is None or one.at <= until)


def in_order(events: Iterable[Event]) -> list[Event]:
    """Events by the time they happened; of one moment, the same way everywhere."""
    return sorted(events, key=lambda one: (one.at, one.id))


def seconds(span: timedelta) -> float:
    """A span in seconds, whole milliseconds of it."""
    return (span // _MILLISECOND) / 1_000


def kind_of(setting: Setting) -> VehicleKind:
    """What drove; a van where nobody said."""
    return VehicleKind(setting.vehicle) if setting.vehicle else VehicleKind.VAN
