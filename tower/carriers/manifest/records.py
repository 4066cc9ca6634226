"""Entries of a manifest as Tower's records."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypeVar

from tower.carriers.fleet import vehicle_id_of
from tower.carriers.manifest.entries import (
    FIRST_YEAR,
    LAST_YEAR,
    BreakEntry,
    CarrierEntry,
    DepotEntry,
    PickupPointEntry,
    Placed,
    Problem,
    RouteEntry,
    ShiftEntry,
    StopEntry,
    VehicleEntry,
    is_in_calendar,
    times_in,
)
from tower.domain.records import (
    Break,
    Carrier,
    Depot,
    PickupPoint,
    RoutePlan,
    Shift,
    StopPlan,
    Vehicle,
)
from tower.domain.timezones import zone_named


def shift(entry: ShiftEntry | None, problems: list[Problem]) -> Shift | None:
    """The shift, None (and a problem) where it contradicts itself."""
    if entry is None:
        return None
    fault = _shift_fault(entry)
    if fault:
        problems.append(Problem(line=1, field="shift", message=fault))
        return None
    return Shift(
        id=entry.id,
        name=entry.name or entry.id,
        date=entry.date,
        timezone=entry.timezone,
        starts_at=entry.starts_at.astimezone(UTC),
        ends_at=entry.ends_at.astimezone(UTC),
        region=entry.region,
    )


def _shift_fault(entry: ShiftEntry) -> str:
    if zone_named(entry.timezone) is None:
        return f"{entry.timezone} is not a time zone, as Europe/Vaduz."
    try:
        datetime.fromisoformat(entry.date)
    except ValueError:
        return f"{entry.date} is not a date, as 2026-03-01."
    if not all(is_in_calendar(at) for at in times_in(entry).values()):
        return f"The shift is outside the years {FIRST_YEAR} to {LAST_YEAR}."
    return "The shift ends before it starts." if entry.ends_at <= entry.starts_at else ""


def carriers(
    described: Iterable[Placed[CarrierEntry]],
    vehicles: Iterable[Placed[VehicleEntry]],
    routes: Iterable[Placed[RouteEntry]],
) -> tuple[tuple[Carrier, ...], tuple[Carrier, ...]]:
    """The carriers a manifest describes, and those it only names."""
    found = tuple(_carrier(placed.entry) for placed in described)
    known = {carrier.id for carrier in found}
    named = {placed.entry.carrier for placed in routes} | {p.entry.carrier for p in vehicles}
    others = sorted(named - known)
    return found, tuple(Carrier(id=carrier_id, name=carrier_id) for carrier_id in others)


def vehicles(
    described: Iterable[Placed[VehicleEntry]], routes: Iterable[Placed[RouteEntry]]
) -> tuple[tuple[Vehicle, ...], tuple[Vehicle, ...]]:
    """The vehicles a manifest describes, and those it only names."""
    found = tuple(_vehicle(placed.entry) for placed in described)
    known = {vehicle.id for vehicle in found}
    named = {(p.entry.carrier, p.entry.vehicle) for p in routes if p.entry.vehicle}
    others = (
        Vehicle(
            id=vehicle_id_of(carrier, reference),
            carrier_id=carrier,
            reference=reference,
            label=reference,
        )
        for carrier, reference in sorted(named)
    )
    return found, tuple(vehicle for vehicle in others if vehicle.id not in known)


def depot(entry: DepotEntry) -> Depot:
    """The depot as Tower keeps it."""
    return Depot(id=entry.id, name=entry.name or entry.id, lat=entry.lat, lon=entry.lon)


def pickup_point(entry: PickupPointEntry) -> PickupPoint:
    """The pick-up point as Tower keeps it."""
    return PickupPoint(
        id=entry.id,
        name=entry.name or entry.id,
        address=entry.address,
        lat=entry.lat,
        lon=entry.lon,
    )


def route(entry: RouteEntry) -> RoutePlan:
    """The route as Tower keeps it."""
    return RoutePlan(
        id=entry.id,
        name=entry.name or entry.id,
        carrier_id=entry.carrier,
        depot_id=entry.depot,
        vehicle_id=vehicle_id_of(entry.carrier, entry.vehicle) if entry.vehicle else "",
        driver_name=entry.driver_name,
        driver_phone=entry.driver_phone,
        driver_masked_phone=entry.driver_masked_phone,
        driver_id=entry.driver_id,
        starts_at=_utc(entry.starts_at),
        ends_at=_utc(entry.ends_at),
        crew=_each_once(entry.crew),
        duty_ends_at=_utc(entry.duty_ends_at),
        longest_driving_s=entry.longest_driving_s,
        breaks=tuple(map(_break, entry.breaks)),
    )


def stop(entry: StopEntry) -> StopPlan:
    """The stop as Tower keeps it, without a planned time where the manifest gives none."""
    return StopPlan(
        id=entry.id,
        kind=entry.kind,
        reference=entry.reference,
        customer=entry.customer,
        phone=entry.phone,
        email=entry.email,
        language=entry.language,
        address=entry.address,
        lat=entry.lat,
        lon=entry.lon,
        window_start=_utc(entry.window_start),
        window_end=_utc(entry.window_end),
        planned_at=_utc(entry.planned_at),
        service_s=entry.service_s,
        parcels=entry.parcels,
        weight_kg=entry.weight_kg,
        volume_m3=entry.volume_m3,
        access_code=entry.access_code,
        note=entry.note,
        temperature_limit_c=entry.temperature_limit_c,
        window_is_hard=entry.window_is_hard,
        needs=_each_once(entry.needs),
        height_limit_m=entry.height_limit_m,
        low_emission_zone=entry.low_emission_zone,
        bikes_only=entry.bikes_only,
        longest_aboard_s=entry.longest_aboard_s,
        collects=_each_once(entry.collects),
        masked_phone=entry.masked_phone,
        service_level=entry.service_level,
        brand=entry.brand,
        contact_by=_each_once(entry.contact_by),
        timezone=entry.timezone,
        safe_place=entry.safe_place,
        postcode=entry.postcode,
        building=entry.building,
        floor=entry.floor,
        has_lift=entry.has_lift,
    )


def _carrier(entry: CarrierEntry) -> Carrier:
    return Carrier(
        id=entry.id,
        name=entry.name or entry.id,
        kind=entry.kind,
        adapter=entry.adapter,
        silent_after_s=entry.silent_after_s,
    )


def _vehicle(entry: VehicleEntry) -> Vehicle:
    return Vehicle(
        id=vehicle_id_of(entry.carrier, entry.reference),
        carrier_id=entry.carrier,
        reference=entry.reference,
        label=entry.label or entry.reference,
        kind=entry.kind,
        capacity_kg=entry.capacity_kg,
        capacity_m3=entry.capacity_m3,
        capacity_pieces=entry.capacity_pieces,
        temperature_limit_c=entry.temperature_limit_c,
        equipment=_each_once(entry.equipment),
        height_m=entry.height_m,
        low_emission=entry.low_emission,
        range_m=entry.range_m,
    )


def _break(entry: BreakEntry) -> Break:
    return Break(
        earliest=entry.earliest.astimezone(UTC),
        latest=entry.latest.astimezone(UTC),
        duration_s=entry.duration_s,
    )


_Word = TypeVar("_Word", bound=str)


def _each_once(words: tuple[_Word, ...]) -> tuple[_Word, ...]:
    return tuple(dict.fromkeys(words))


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(UTC)
