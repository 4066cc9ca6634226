"""The demo shift's promises, handed over as any planning system would: a JSON manifest."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from tower.demo.plan import DemoPlan, DemoRoute, DemoStop, LateOrder
from tower.demo.postcodes import postcode_of
from tower.domain.moments import utc
from tower.domain.records import Carrier

SHIFT_STARTS_S, SHIFT_ENDS_S = 6 * 3600.0, 20 * 3600.0

SILENT_AFTER_S = 120.0
"""A carrier of the demo is silent after two minutes without a message."""


def shift_carriers(plan: DemoPlan) -> Sequence[Carrier]:
    """The carriers taking part."""
    return [
        Carrier(
            id=carrier.id,
            name=carrier.name,
            kind=carrier.kind,
            adapter=carrier.voice.value,
            silent_after_s=SILENT_AFTER_S,
        )
        for carrier in plan.carriers
    ]


def manifest_json(plan: DemoPlan, on: date, midnight: float) -> bytes:
    """The plan as a manifest file (docs/manifest.md).

    Args:
        plan: what is promised.
        on: local date of the shift.
        midnight: epoch seconds of that date's local midnight.
    """
    depot_id, depot_name, lat, lon = plan.depot
    return msgspec.json.encode(
        {
            "shift": {
                "id": f"demo-{on.isoformat()}",
                "name": "Day",
                "date": on.isoformat(),
                "timezone": plan.timezone,
                "starts_at": utc(midnight + SHIFT_STARTS_S),
                "ends_at": utc(midnight + SHIFT_ENDS_S),
                "region": plan.region_id,
            },
            "depots": [{"id": depot_id, "name": depot_name, "lat": lat, "lon": lon}],
            "pickup_points": [msgspec.structs.asdict(point) for point in plan.points],
            "vehicles": [_vehicle(route) for route in plan.routes],
            "routes": [_route(route, depot_id, midnight) for route in plan.routes],
            "stops": [
                _stop(stop, route.id, midnight) for route in plan.routes for stop in route.stops
            ],
        }
    )


def late_json(orders: Sequence[LateOrder], midnight: float) -> bytes:
    """Orders that came in during the shift, as a manifest of stops on no route."""
    return msgspec.json.encode({"stops": [_stop(one.stop, "", midnight) for one in orders]})


def _vehicle(route: DemoRoute) -> dict[str, Any]:
    return {"carrier": route.carrier_id} | msgspec.structs.asdict(route.vehicle)


def _route(route: DemoRoute, depot_id: str, midnight: float) -> dict[str, Any]:
    return {
        "id": route.id,
        "name": route.id,
        "carrier": route.carrier_id,
        "depot": depot_id,
        "vehicle": route.vehicle.reference,
        "driver_name": route.driver.name,
        "driver_id": route.driver.id,
        "driver_phone": route.driver.phone,
        "driver_masked_phone": route.driver.masked_phone,
        "starts_at": utc(midnight + route.starts_s),
        "ends_at": utc(midnight + route.ends_s),
        "crew": route.driver.crew,
        "duty_ends_at": utc(midnight + route.driver.duty_ends_s),
        "longest_driving_s": route.driver.longest_driving_s,
        "breaks": [
            {
                "earliest": utc(midnight + one.earliest_s),
                "latest": utc(midnight + one.latest_s),
                "duration_s": one.duration_s,
            }
            for one in route.driver.breaks
        ],
    }


def _stop(stop: DemoStop, route_id: str, midnight: float) -> dict[str, Any]:
    said = msgspec.structs.asdict(stop)
    times = {
        "window_start": _moment(said.pop("window_start_s"), midnight),
        "window_end": _moment(said.pop("window_end_s"), midnight),
        "planned_at": _moment(said.pop("planned_s"), midnight),
    }
    return said | times | {"route": route_id, "postcode": postcode_of(stop)}


def _moment(second: float | None, midnight: float) -> datetime | None:
    return None if second is None else utc(midnight + second)
