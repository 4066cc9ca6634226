"""A small working day, told as events, for the rules and the measures."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from tower.domain import events as e
from tower.domain.events import Event
from tower.domain.fold import fold
from tower.domain.geometry import LatLon
from tower.domain.identity import derived_event_id
from tower.domain.moments import utc
from tower.domain.records import (
    Actor,
    Carrier,
    Depot,
    ExceptionRecord,
    Finding,
    RoutePlan,
    Shift,
    StopPlan,
    Subject,
    Vehicle,
)
from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.domain.words import (
    AttemptReason,
    Disposition,
    ExceptionKind,
    ExceptionState,
    Punctuality,
    Severity,
    VehicleKind,
)
from tower.feed.arrivals import ArrivalTable
from tower.feed.vehicles import VehicleTable
from tower.watch.sight import Sight
from tower.watch.watch import Watch

HUB = LatLon(47.1, 9.5)
"""Where the depot is."""

EIGHT = utc(1_795_590_000)
"""08:00 in Vaduz, 07:00 UTC, on a Thursday in November 2026."""


def at(clock: str) -> datetime:
    """A time of the day in Vaduz."""
    hours, minutes = clock.split(":")
    return EIGHT + timedelta(hours=int(hours) - 8, minutes=int(minutes))


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """A predicted arrival."""

    p50: datetime
    punctuality: Punctuality = Punctuality.ON_TIME


class Skies:
    """What the rules see besides the day: arrivals and positions, set as a test wants them."""

    def __init__(self) -> None:
        self.arrivals = ArrivalTable()
        self.vehicles = VehicleTable(self.arrivals)
        self.heard: dict[str, datetime] = {}
        self.away_m: float | None = None
        self.ahead_m: float | None = None
        self.reached: LatLon | None = None

    def expect(
        self, stop_id: str, p50: datetime | None, early_s: float = 0.0, late_s: float = 0.0
    ) -> "Skies":
        """Predict an arrival; None for none any more."""
        seconds = p50.timestamp() if p50 else None
        self.arrivals.set([stop_id], [seconds], [early_s], [late_s], [Punctuality.ON_TIME.code])
        return self

    def seen(
        self,
        vehicle_id: str,
        now: datetime,
        place: LatLon = HUB,
        **more: Any,  # noqa: ANN401 - anything a fix may say
    ) -> "Skies":
        """A vehicle says where it is."""
        fix = Fix(vehicle_id=vehicle_id, at=now, lat=place.lat, lon=place.lon, **more)
        self.vehicles.update_fixes([fix])
        return self

    @property
    def sight(self) -> Sight:
        """All of it."""
        return Sight(
            arrivals=self.arrivals,
            vehicles=self.vehicles,
            last_heard=self.heard,
            from_line=lambda _route, _fix: self.away_m,
            ahead=lambda _route: self.ahead_m,
            reached=lambda _route, _place: self.reached,
        )


class Room:
    """A watch looking at a day; what it finds goes into the day."""

    def __init__(self, told: "Day", since: str = "8:00") -> None:
        self.day, self.skies, self.watch = told, Skies(), Watch(at(since))

    def look(self, clock: str, seconds: float = 0.0) -> list[Event]:
        """Look once; the events go into the day."""
        now = at(clock) + timedelta(seconds=seconds)
        events = self.watch.look(self.day.state, self.skies.sight, now)
        self.day.add(events)
        return events

    @property
    def exceptions(self) -> list[ExceptionRecord]:
        """Every exception, as it stands."""
        return list(self.day.state.exceptions.values())

    def only(self, kind: ExceptionKind) -> ExceptionRecord:
        """The one exception of a kind."""
        [record] = [one for one in self.exceptions if one.finding and one.finding.kind is kind]
        return record

    @property
    def open_kinds(self) -> list[ExceptionKind]:
        """The kinds of what is open."""
        return [one.finding.kind for one in self.exceptions if one.is_open and one.finding]


def only_finding(events: list[Event]) -> Finding:
    """What the one exception raised or renewed among these says."""
    [finding] = [one.body.finding for one in events if isinstance(one.body, e.ExceptionRaised)]
    return finding


def only_cause(events: list[Event]) -> str:
    """Why the one exception resolved among these is over."""
    [cause] = [
        one.body.cause
        for one in events
        if isinstance(one.body, e.ExceptionWorked) and one.body.state is ExceptionState.RESOLVED
    ]
    return cause


class Day:
    """Tells what happened; `state` is where that leads."""

    def __init__(self) -> None:
        self._events: list[Event] = []

    @property
    def state(self) -> State:
        return fold(self._events)

    @property
    def events(self) -> list[Event]:
        return self._events

    def tell(self, body: e.AnyBody, clock: str = "8:00", **subject: str) -> "Day":
        number = str(len(self._events))
        self._events.append(
            Event(
                id=derived_event_id(at(clock), number),
                at=at(clock),
                recorded_at=at(clock) + timedelta(microseconds=len(self._events)),
                actor=Actor(kind="carrier", id="own"),
                subject=Subject(**subject),
                body=body,
            )
        )
        return self

    def add(self, events: list[Event]) -> "Day":
        self._events += events
        return self

    def opened(self) -> "Day":
        shift = Shift(
            id="day",
            name="Day",
            date="2026-11-26",
            timezone="Europe/Vaduz",
            starts_at=at("7:00"),
            ends_at=at("19:00"),
        )
        self.tell(e.ShiftOpened(shift=shift))
        self.tell(e.CarrierRegistered(carrier=Carrier(id="own", name="Own fleet")))
        depot = Depot(id="hub", name="Hub", lat=47.1, lon=9.5)
        return self.tell(e.DepotRegistered(depot=depot))

    def route(
        self,
        route_id: str,
        stops: str,
        kind: VehicleKind = VehicleKind.VAN,
        carrier: str = "own",
        started: str | None = "8:00",
        windows: Mapping[str, str] | None = None,
    ) -> "Day":
        """A route with its vehicle and its stops, a kilometre apart; windows by stop."""
        vehicle_id = f"{carrier}:{route_id}"
        vehicle = Vehicle(
            id=vehicle_id, carrier_id=carrier, reference=route_id, label=route_id, kind=kind
        )
        self.tell(e.VehicleRegistered(vehicle=vehicle))
        plan = RoutePlan(
            id=route_id, name=route_id, carrier_id=carrier, vehicle_id=vehicle_id, depot_id="hub"
        )
        self.tell(e.RoutePlanned(plan=plan))
        names = stops.split()
        for place, stop_id in enumerate(names):
            self.stop(stop_id, place, window=(windows or {}).get(stop_id, ""))
        sequence = e.RouteSequence(route_id=route_id, version=1, stops=tuple(names))
        self.tell(e.RoutesSequenced(routes=(sequence,)))
        return self.tell(e.RouteStarted(), started, route_id=route_id) if started else self

    def stop(
        self,
        stop_id: str,
        place: int = 0,
        window: str = "",
        **more: Any,  # noqa: ANN401 - anything a plan may say
    ) -> "Day":
        opens, _, closes = window.partition("-")
        plan = StopPlan(
            id=stop_id,
            lat=47.1 + (place + 1) / 111.195,
            lon=9.5,
            window_start=at(opens) if opens else None,
            window_end=at(closes) if closes else None,
            planned_at=at("9:00") + timedelta(minutes=30 * place),
            **more,
        )
        return self.tell(e.StopPlanned(plan=plan), stop_id=stop_id)

    def arrived(self, stop_id: str, clock: str) -> "Day":
        return self.tell(e.StopArrived(), clock, stop_id=stop_id)

    def delivered(self, stop_id: str, clock: str, came: str = "") -> "Day":
        if came:
            self.arrived(stop_id, came)
        return self.tell(e.StopDelivered(), clock, stop_id=stop_id)

    def attempted(
        self, stop_id: str, clock: str, reason: AttemptReason = AttemptReason.NOT_HOME
    ) -> "Day":
        return self.tell(e.StopAttempted(reason=reason), clock, stop_id=stop_id)

    def alarm(self, exception_id: str, clock: str, stop_id: str = "", due: str = "") -> "Day":
        finding = Finding(
            kind=ExceptionKind.NO_ACCESS,
            severity=Severity.MAJOR,
            subject=Subject(stop_id=stop_id),
            headline="Gate code missing",
            sla_due_at=at(due) if due else None,
            source="own",
        )
        return self.tell(e.ExceptionRaised(finding=finding), clock, exception_id=exception_id)

    def resolved(
        self,
        exception_id: str,
        clock: str,
        version: int = 1,
        *,
        false_alarm: bool = False,
        merged_into: str = "",
    ) -> "Day":
        judged = Disposition.FALSE_ALARM if false_alarm else Disposition.DONE
        body = e.ExceptionWorked(
            state=ExceptionState.RESOLVED,
            version=version,
            owner="anna",
            cause="Called.",
            disposition=Disposition.DUPLICATE if merged_into else judged,
            merged_into=merged_into,
        )
        return self.tell(body, clock, exception_id=exception_id)
