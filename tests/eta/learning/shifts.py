"""Small shifts with a law to be learnt: flats take twice as long as planned, houses half."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from tests.journal.diary import HandClock, event
from tower.domain import events as e
from tower.domain.events import Event, PredictedArrival
from tower.domain.moments import utc
from tower.domain.records import Carrier, Depot, RoutePlan, Shift, StopPlan, Vehicle
from tower.domain.words import Building
from tower.journal.journal import Journal

DAWN = utc(1_795_590_000)
"""08:00 in Vaduz on a Thursday."""

PLANNED_S, LEG_S = 180.0, 240
STEP_S = 360.0
"""So often a prediction of each route is kept."""


def shift_events(day: int, routes: int = 12, stops: int = 15) -> list[Event]:
    """A whole shift, in the order it was learnt."""
    begins = DAWN + timedelta(days=day)
    chance = random.Random(day)
    shift = Shift(
        id=f"shift-{day}",
        name="Day",
        date=begins.date().isoformat(),
        timezone="Europe/Vaduz",
        starts_at=begins,
        ends_at=begins + timedelta(hours=8),
    )
    told = [
        event(e.ShiftOpened(shift=shift), at=begins),
        event(e.CarrierRegistered(carrier=Carrier(id="own", name="Own fleet")), at=begins),
        event(e.DepotRegistered(depot=Depot(id="hub", name="Hub", lat=47.1, lon=9.5)), at=begins),
    ]
    for number in range(routes):
        told += _route(f"{day}-{number}", number, begins, stops, chance)
    return sorted(told, key=lambda one: one.at)


def _route(
    name: str, number: int, begins: datetime, stops: int, chance: random.Random
) -> Iterator[Event]:
    route, vehicle = f"R{name}", f"V{number}"
    plan = RoutePlan(
        id=route,
        name=route,
        carrier_id="own",
        depot_id="hub",
        vehicle_id=vehicle,
        driver_id=f"d{number}",
        starts_at=begins,
    )
    plans = [_stop(f"S{name}-{place}", place, number, begins, chance) for place in range(stops)]
    ids = tuple(one.id for one in plans)
    yield event(
        e.VehicleRegistered(
            vehicle=Vehicle(id=vehicle, carrier_id="own", reference=vehicle, label=vehicle)
        ),
        at=begins,
        vehicle_id=vehicle,
    )
    yield event(e.RoutePlanned(plan=plan), at=begins, route_id=route)
    for one in plans:
        yield event(e.StopPlanned(plan=one), at=begins, stop_id=one.id, route_id=route)
    sequence = e.RouteSequence(route_id=route, version=1, stops=ids)
    yield event(e.RoutesSequenced(routes=(sequence,)), name, at=begins)
    yield event(e.RouteStarted(), at=begins, route_id=route)
    yield from _driven(route, plans, begins, chance)


def _stop(name: str, place: int, number: int, begins: datetime, chance: random.Random) -> StopPlan:
    return StopPlan(
        id=name,
        lat=47.1 + 0.01 * place,
        lon=9.5 + 0.01 * number,
        planned_at=begins + timedelta(seconds=(place + 1) * (LEG_S + PLANNED_S)),
        service_s=PLANNED_S,
        building=chance.choice((Building.HOUSE, Building.FLATS)),
    )


def door_s(plan: StopPlan, chance: random.Random) -> float:
    """What a door takes: the law of these shifts."""
    law = 2.0 if plan.building is Building.FLATS else 0.5
    return PLANNED_S * law * chance.lognormvariate(0.0, 0.2)


def _driven(
    route: str, plans: list[StopPlan], begins: datetime, chance: random.Random
) -> Iterator[Event]:
    left, told_at = begins, begins + timedelta(seconds=60)
    for place, plan in enumerate(plans):
        reached = left + timedelta(seconds=LEG_S * chance.lognormvariate(0.0, 0.1))
        done = reached + timedelta(seconds=door_s(plan, chance))
        while told_at < reached:
            left_s = (left + timedelta(seconds=LEG_S) - told_at).total_seconds()
            yield _predicted(route, plans[place:], told_at, max(0, round(left_s)))
            told_at += timedelta(seconds=STEP_S)
        told_at = max(told_at, done)
        yield event(e.StopArrived(), at=reached, stop_id=plan.id, route_id=route)
        yield event(e.StopDelivered(), at=done, stop_id=plan.id, route_id=route)
        left = done


def _predicted(route: str, plans: list[StopPlan], now: datetime, left_s: int) -> Event:
    rows = tuple(
        PredictedArrival(
            stop_id=plan.id,
            in_s=left_s + place * int(LEG_S + PLANNED_S),
            early_s=60,
            late_s=60,
            travel_s=LEG_S if place else left_s,
        )
        for place, plan in enumerate(plans)
    )
    body = e.ArrivalsPredicted(model="schedule", rows=rows, fix_age_s=5, live_factor=1.0)
    return event(body, at=now, route_id=route)


def write_journal(folder: Path, days: range) -> Path:
    """A data folder with the journal of some shifts."""
    journal = Journal.open(folder / "journal.db", HandClock(DAWN + timedelta(days=days.stop)))
    for day in days:
        journal.append(shift_events(day)).result()
    journal.close()
    return folder / "journal.db"
