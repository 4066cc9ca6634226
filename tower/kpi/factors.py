"""What energy a route took and what greenhouse gas that stands for, by kind of vehicle.

The method is that of ISO 14083:2023 and the GLEC Framework v3 built on it: energy used times what
its use emits (tank to wheel) and what its provision emits (well to tank); together well to wheel.
Both ask for national factors, named with their source, where an operator has no better ones.
"""

from enum import StrEnum
from typing import NamedTuple

from tower.domain.events import RouteMeasured
from tower.domain.words import VehicleKind
from tower.routes.energy import PER_KM, energy_of


class Carrier(StrEnum):
    """What energy comes as."""

    DIESEL = "diesel"
    PETROL = "petrol"
    ELECTRICITY = "electricity"


class Factor(NamedTuple):
    """What one litre, or one kilowatt hour of electricity, holds and emits.

    Attributes:
        kwh: energy in it.
        tank_to_wheel_kg: CO2 equivalent of its use; well_to_tank_kg: of its provision.
    """

    kwh: float
    tank_to_wheel_kg: float
    well_to_tank_kg: float

    @property
    def well_to_wheel_kg(self) -> float:
        """Use and provision together, kilograms of CO2 equivalent."""
        return self.tank_to_wheel_kg + self.well_to_tank_kg


FACTORS: dict[Carrier, Factor] = {
    Carrier.DIESEL: Factor(36.0 / 3.6, 2.66155, 0.62409),
    Carrier.PETROL: Factor(32.0 / 3.6, 2.35372, 0.60664),
    Carrier.ELECTRICITY: Factor(1.0, 0.0, 0.20705 + 0.01830 + 0.04987),
}
"""By what energy comes as.

Emissions: UK Government GHG Conversion Factors for Company Reporting 2024, v1.1: mineral diesel and
petrol, "Fuels" and "WTT- fuels"; electricity of the UK grid: generation, transmission and
distribution losses, and what their provision emits ("WTT- UK electricity"). A vehicle that draws
electricity emits nothing itself. Energy in a litre: Directive (EU) 2018/2001, annex III (36 MJ of
diesel, 32 MJ of petrol).

Assumptions, to be replaced by a fleet's own: fuel without a share of biofuel, which emits less, and
the UK grid, wherever a vehicle is charged.
"""

COMES_AS: dict[VehicleKind, Carrier] = {
    VehicleKind.VAN: Carrier.DIESEL,
    VehicleKind.E_VAN: Carrier.ELECTRICITY,
    VehicleKind.TRUCK: Carrier.DIESEL,
    VehicleKind.CAR: Carrier.PETROL,
    VehicleKind.CARGO_BIKE: Carrier.ELECTRICITY,
    VehicleKind.BUS: Carrier.DIESEL,
}
"""What a vehicle of each kind is assumed to take."""

KG_CO2E_PER_KM: dict[VehicleKind, float] = {
    kind: each.amount * FACTORS[COMES_AS[kind]].well_to_wheel_kg for kind, each in PER_KM.items()
}
"""Well to wheel, kilograms of CO2 equivalent on one kilometre of a vehicle nobody measured.

`tower.routes.energy` has what a kilometre takes, with its sources.
"""


def energy_kwh(kind: VehicleKind, measured: RouteMeasured) -> float:
    """Kilowatt hours a finished route took, fuel by what it holds."""
    return sum(amount * FACTORS[carrier].kwh for carrier, amount in _used(kind, measured).items())


def co2e_g(kind: VehicleKind, measured: RouteMeasured) -> float:
    """Grams of CO2 equivalent a finished route stands for, well to wheel."""
    used = _used(kind, measured).items()
    return 1_000.0 * sum(amount * FACTORS[carrier].well_to_wheel_kg for carrier, amount in used)


def _used(kind: VehicleKind, measured: RouteMeasured) -> dict[Carrier, float]:
    """Litres and kilowatt hours: as measured, else what the kilometres take."""
    if measured.energy_kwh is None and measured.fuel_l is None:
        return {COMES_AS[kind]: energy_of(kind, measured.driven_m).amount}
    fuel = Carrier.DIESEL if COMES_AS[kind] is Carrier.ELECTRICITY else COMES_AS[kind]
    return {Carrier.ELECTRICITY: measured.energy_kwh or 0.0, fuel: measured.fuel_l or 0.0}
