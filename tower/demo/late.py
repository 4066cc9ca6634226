"""Orders that come in during the shift and wait, unassigned, for somebody to find them a place."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tower.demo.customers import reachable
from tower.demo.houses import door_facts
from tower.demo.orders import TRADE, address_of
from tower.demo.places import Zone
from tower.demo.plan import DemoStop, LateOrder
from tower.demo.promise import OPENING_S
from tower.domain.words import Requirement, StopKind
from tower.road.buildings import Building

_MINUTE_S = 60.0
_HOUR_S = 3600.0


LATE_CUSTOMERS = 3_000
"""Their numbers follow those of the customers of the morning."""


class _Call(NamedTuple):
    """What somebody calls about.

    Attributes:
        comes_min: minutes after the demo's opening.
        window_h: begin and end of the promised window, hours of the day; None for any time.
    """

    comes_min: float
    kind: StopKind
    window_h: tuple[float, float] | None
    needs: tuple[Requirement, ...] = ()
    in_zone: bool = False
    at_company: bool = False


_CALLS = (
    _Call(-7, StopKind.RETURN, (15.5, 17.5)),
    _Call(-3, StopKind.DELIVERY, None),
    _Call(4, StopKind.RETURN, (16.0, 18.0), in_zone=True),
    _Call(11, StopKind.DELIVERY, (16.0, 18.5), needs=(Requirement.AGE_CHECK,)),
    _Call(19, StopKind.RETURN, (15.5, 17.0), at_company=True),
    _Call(32, StopKind.DELIVERY, (16.5, 18.5), needs=(Requirement.TWO_PEOPLE,)),
)


def late_orders(
    buildings: Sequence[Building], zone: Zone, rng: np.random.Generator
) -> tuple[LateOrder, ...]:
    """Six orders of different sorts; deliveries still lie at the depot.

    Args:
        buildings: where orders may go to.
        zone: where only low-emission vehicles may drive.
        rng: picks the addresses.
    """
    return tuple(
        LateOrder(
            comes_s=OPENING_S + call.comes_min * _MINUTE_S,
            stop=_stop(number, call, _address(call, buildings, zone, rng), zone, rng),
        )
        for number, call in enumerate(_CALLS, start=1)
    )


def _address(
    call: _Call, buildings: Sequence[Building], zone: Zone, rng: np.random.Generator
) -> Building:
    able = [
        building
        for building in buildings
        if zone.holds(building.location) == call.in_zone
        and (building.kind in TRADE) == call.at_company
    ] or list(buildings)
    return able[int(rng.integers(len(able)))]


def _stop(
    number: int, call: _Call, building: Building, zone: Zone, rng: np.random.Generator
) -> DemoStop:
    window = call.window_h
    who = "Demo Company" if call.at_company else "Customer"
    order = DemoStop(
        id=f"L{number:05d}",
        kind=call.kind,
        customer=f"{who} L{number}",
        address=address_of(building),
        lat=building.location.lat,
        lon=building.location.lon,
        window_start_s=window[0] * _HOUR_S if window else None,
        window_end_s=window[1] * _HOUR_S if window else None,
        service_s=300.0,
        parcels=(f"PL{number:04d}",),
        weight_kg=round(float(rng.uniform(2.0, 14.0)), 1),
        volume_m3=round(float(rng.uniform(0.02, 0.2)), 3),
        note="Ordered during the shift",
        window_is_hard=call.at_company,
        needs=call.needs,
        low_emission_zone=zone.holds(building.location),
        **door_facts(building, rng.spawn(1)[0]),
    )
    return reachable(order, LATE_CUSTOMERS + number, rng)
