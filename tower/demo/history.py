"""The thirteen weeks before the simulated shift: the same carriers, drivers and doors, as facts.

Nobody lived these days, so there is no journal of them: they are facts alone, and say so by the
beginning of their ids. A real gateway never has any.
"""

import logging
from datetime import date, timedelta

from tower.demo.past.loading import load_days
from tower.demo.past.operation import Door, Operation, Tour
from tower.demo.plan import DemoPlan
from tower.demo.postcodes import postcode_of
from tower.domain.reporting import Filters
from tower.kpi.facts import SIMULATED
from tower.kpi.measures.catalogue import MEASURES
from tower.kpi.query import Ask
from tower.kpi.store.store import Store

_log = logging.getLogger(__name__)

DAYS = 91
"""Thirteen weeks, so that months can be compared and no weekday weighs more than another."""

_WEEK = 7


def recall(plan: DemoPlan, on: date, store: Store) -> None:
    """Put the days before a shift into the figures, unless some are there already.

    Args:
        plan: the shift; who drives in it, and where to.
        on: its local date.
        store: the figures.

    Raises:
        StoreFailed: they could not be written.
    """
    first = on - timedelta(days=DAYS)
    if _has_stops(store, first, first + timedelta(days=_WEEK - 1)):
        return
    days = [first + timedelta(days=number) for number in range(DAYS)]
    *_, facts = load_days(store, operation_of(plan), days, plan.seed, SIMULATED)
    _log.info("%d facts of a simulated history were put into the figures", facts)


def operation_of(plan: DemoPlan) -> Operation:
    """Who drives in a shift, and where to, as on any other day."""
    tours = [
        Tour(route.id, route.carrier_id, plan.depot[0], route.vehicle.kind, len(route.stops))
        for route in plan.routes
    ]
    drivers = {
        carrier.id: [one.driver.id for one in plan.routes if one.carrier_id == carrier.id]
        for carrier in plan.carriers
    }
    doors = [
        Door(postcode_of(stop), stop.brand, stop.service_level, stop.lat, stop.lon)
        for route in plan.routes
        for stop in route.stops
    ]
    return Operation(tours, drivers, doors, plan.timezone)


def _has_stops(store: Store, since: date, until: date) -> bool:
    days = Filters(since=since.isoformat(), until=until.isoformat())
    rows = store.query(Ask(measures=("stops",), filters=days), MEASURES, until).rows
    return any(value for row in rows for value in row.values)
