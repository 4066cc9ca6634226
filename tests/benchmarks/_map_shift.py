"""A large shift that began a while ago, written into the journal of a gateway that does not run.

A process of its own, so that what it holds counts for nobody else:
`python -m tests.benchmarks._map_shift FOLDER --vehicles N --stops M`.
"""

import argparse
import contextlib
import random
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from tests.benchmarks._long_route import SERVICE_S, in_driving_order
from tests.benchmarks._map_terms import CARRIER, REGION
from tower.domain import events as e
from tower.domain.geometry import LatLon
from tower.domain.identity import derived_event_id
from tower.domain.moments import utc
from tower.domain.records import Actor, Carrier, Depot, RoutePlan, Shift, StopPlan, Subject, Vehicle
from tower.domain.telemetry import Fix
from tower.domain.words import VehicleKind
from tower.feed.clock import SystemClock
from tower.gateway.regions import Regions
from tower.gateway.server import open_journal
from tower.road.engine import estimated_s
from tower.road.pack import RegionPack
from tower.road.roads import Profile

_ACTOR = Actor(kind="rule", id="benchmark")
_SEED = 7
_PATIENCE_S = 600.0
_PORTION = 5_000
_LEFT_AGO = timedelta(minutes=20)
"""Longer than predictions of a route that just left are kept at once: the shift is under way."""

_ONE_IS_SILENT = 100
"""One vehicle of so many was never heard of; the others were a moment ago."""


class LargeShift:
    """A shift of routes under way, one a vehicle.

    Args:
        depot: where all routes begin.
        places: of all stops; each route takes the next ones.
        vehicles: how many.
        now: when it is written.
    """

    def __init__(
        self, depot: LatLon, places: Sequence[LatLon], vehicles: int, now: datetime
    ) -> None:
        self._depot, self._places, self._now = depot, places, now
        cuts = [round(n * len(places) / vehicles) for n in range(vehicles + 1)]
        self._shares = list(pairwise(cuts))

    def events(self) -> Iterator[e.Event]:
        """All that happened so far."""
        yield from self._morning()
        for number, (first, end) in enumerate(self._shares):
            yield from self._route(number, self._places[first:end])

    def fixes(self) -> Iterator[Fix]:
        """Where the vehicles were heard of last."""
        for number in range(len(self._shares)):
            if number % _ONE_IS_SILENT:
                yield Fix(
                    vehicle_id=f"{CARRIER}:v{number}",
                    at=self._now,
                    lat=self._depot.lat,
                    lon=self._depot.lon,
                )

    def _event(self, body: e.AnyBody, subject: Subject | None = None) -> e.Event:
        about = subject or Subject()
        at = self._now - _LEFT_AGO
        return e.Event(
            id=derived_event_id(at, repr(body), repr(about)),
            at=at,
            recorded_at=at,
            actor=_ACTOR,
            subject=about,
            body=body,
        )

    def _morning(self) -> Iterator[e.Event]:
        shift = Shift(
            id="day",
            name="Day",
            date=self._now.date().isoformat(),
            timezone="Europe/Vaduz",
            region=REGION,
            starts_at=self._now - timedelta(hours=2),
            ends_at=self._now + timedelta(hours=12),
        )
        depot = Depot(id="depot", name="Depot", lat=self._depot.lat, lon=self._depot.lon)
        yield self._event(e.ShiftOpened(shift=shift))
        yield self._event(e.DepotRegistered(depot=depot))
        yield self._event(e.CarrierRegistered(carrier=Carrier(id=CARRIER, name="Own vans")))

    def _route(self, number: int, places: Sequence[LatLon]) -> Iterator[e.Event]:
        vehicle = Vehicle(
            id=f"{CARRIER}:v{number}",
            carrier_id=CARRIER,
            reference=f"v{number}",
            label=f"FL {10_000 + number}",
            kind=VehicleKind.VAN,
        )
        plan = RoutePlan(
            id=f"r{number}",
            name=f"R-{number:05}",
            carrier_id=CARRIER,
            depot_id="depot",
            vehicle_id=vehicle.id,
            driver_name=f"Driver {number}",
            starts_at=self._now - _LEFT_AGO,
            duty_ends_at=self._now + timedelta(hours=12),
        )
        stops = list(self._stops(number, in_driving_order(self._depot, places)))
        yield self._event(e.VehicleRegistered(vehicle=vehicle))
        yield self._event(e.RoutePlanned(plan=plan))
        for stop in stops:
            yield self._event(e.StopPlanned(plan=stop))
        order = e.RouteSequence(route_id=plan.id, version=1, stops=tuple(one.id for one in stops))
        yield self._event(e.RoutesSequenced(routes=(order,)))
        yield self._event(e.RouteStarted(), Subject(route_id=plan.id))

    def _stops(self, route: int, places: Sequence[LatLon]) -> Iterator[StopPlan]:
        at, before = self._now, self._depot
        for number, place in enumerate(places):
            at += timedelta(seconds=estimated_s(before, place, Profile.CAR))
            yield _stop(f"{route}-{number}", place, at)
            at, before = at + timedelta(seconds=SERVICE_S), place


def _stop(number: str, place: LatLon, planned: datetime) -> StopPlan:
    return StopPlan(
        id=f"s{number}",
        reference=f"ORD-{number}",
        customer=f"Customer {number}",
        address=f"Musterstrasse {number}",
        lat=place.lat,
        lon=place.lon,
        window_start=planned - timedelta(hours=2),
        window_end=planned + timedelta(hours=2),
        planned_at=planned,
        service_s=SERVICE_S,
        parcels=(f"P-{number}",),
    )


def write_shift(folder: Path, vehicles: int, stops: int) -> None:
    """Write the shift into the journal of a data folder."""
    with RegionPack.open(Regions.at_hand().find(REGION)) as pack:
        depot, houses = pack.info.center, [one.location for one in pack.buildings]
    chosen = random.Random(_SEED).choices(houses, k=stops)
    chosen.sort(key=lambda place: place.lat)  # so that each route has its own district
    now = utc(time.time())
    with contextlib.closing(open_journal(folder, SystemClock())) as journal:
        portion: list[e.Event] = []
        shift = LargeShift(depot, chosen, vehicles, now)
        for event in shift.events():
            portion.append(event)
            if len(portion) == _PORTION:
                journal.append(portion).result(_PATIENCE_S)
                portion = []
        journal.append(portion).result(_PATIENCE_S)
        journal.breadcrumbs.add(list(shift.fixes()))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--vehicles", type=int, required=True)
    parser.add_argument("--stops", type=int, required=True)
    options = parser.parse_args()
    write_shift(options.folder, options.vehicles, options.stops)


if __name__ == "__main__":
    main()
