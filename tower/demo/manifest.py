"""The demo shift's promises, handed over as any planning system would: a JSON manifest."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from tower.demo.plan import DemoPlan, DemoRoute, DemoStop
from tower.demo.promise import COLD_LIMIT_C
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
    kinds = {carrier.id: carrier.vehicle_kind for carrier in plan.carriers}
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
            "vehicles": [_vehicle(route, kinds[route.carrier_id].value) for route in plan.routes],
            "routes": [_route(route, depot_id, midnight) for route in plan.routes],
            "stops": [
                _stop(stop, route, midnight) for route in plan.routes for stop in route.stops
            ],
        }
    )


def _vehicle(route: DemoRoute, kind: str) -> dict[str, Any]:
    return {
        "reference": route.vehicle_reference,
        "carrier": route.carrier_id,
        "label": route.vehicle_label,
        "kind": kind,
        "temperature_limit_c": COLD_LIMIT_C if route.is_cold else None,
    }


def _route(route: DemoRoute, depot_id: str, midnight: float) -> dict[str, Any]:
    return {
        "id": route.id,
        "name": route.id,
        "carrier": route.carrier_id,
        "depot": depot_id,
        "vehicle": route.vehicle_reference,
        "driver_name": route.driver_name,
        "starts_at": utc(midnight + route.starts_s),
        "ends_at": utc(midnight + route.ends_s),
    }


def _stop(stop: DemoStop, route: DemoRoute, midnight: float) -> dict[str, Any]:
    return {
        "id": stop.id,
        "route": route.id,
        "kind": stop.kind.value,
        "customer": stop.customer,
        "address": stop.address,
        "lat": stop.lat,
        "lon": stop.lon,
        "window_start": _moment(stop.window_start_s, midnight),
        "window_end": _moment(stop.window_end_s, midnight),
        "planned_at": utc(midnight + stop.planned_s),
        "service_s": stop.service_s,
        "parcels": stop.parcels,
        "weight_kg": stop.weight_kg,
        "access_code": stop.access_code,
        "note": stop.note,
        "temperature_limit_c": stop.temperature_limit_c,
    }


def _moment(second: float | None, midnight: float) -> datetime | None:
    return None if second is None else utc(midnight + second)
