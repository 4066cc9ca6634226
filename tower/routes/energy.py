"""What driving takes out of a tank or a battery."""

from typing import NamedTuple

from tower.domain.words import VehicleKind


class Energy(NamedTuple):
    """An amount of fuel or electricity.

    Attributes:
        amount: litres or kilowatt hours.
        unit: `l` or `kWh`.
    """

    amount: float
    unit: str


_LITRES, _KILOWATT_HOURS = "l", "kWh"

PER_KM: dict[VehicleKind, Energy] = {
    VehicleKind.VAN: Energy(0.0996, _LITRES),
    VehicleKind.E_VAN: Energy(0.24, _KILOWATT_HOURS),
    VehicleKind.TRUCK: Energy(0.354, _LITRES),
    VehicleKind.CAR: Energy(0.0815, _LITRES),
    VehicleKind.CARGO_BIKE: Energy(0.022, _KILOWATT_HOURS),
    VehicleKind.BUS: Energy(0.354, _LITRES),
}
"""What one kilometre takes, by kind of vehicle.

Fuel: the emission factors of `tower.kpi.emissions` over those of a litre of average diesel
(2.512 kg CO2e) and petrol (2.084 kg): UK Government GHG Conversion Factors for Company Reporting
2024. Electricity: the same assumptions as there.
"""


def energy_of(kind: VehicleKind, metres: float) -> Energy:
    """What a distance takes."""
    each = PER_KM[kind]
    return Energy(each.amount * metres / 1000.0, each.unit)
