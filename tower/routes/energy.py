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

Fuel: what an average van up to 3.5 t (0.25023 kg CO2e/km, diesel) and an average car (0.16984 kg,
petrol) emit, over what a litre of average diesel (2.512 kg) and petrol (2.084 kg) does: UK
Government GHG Conversion Factors for Company Reporting 2024, v1.1, direct emissions.

Assumptions, to be replaced by a fleet's own figures: a truck (0.89 kg CO2e/km, an average heavy
goods vehicle, rounded), a bus (as a truck), and what electric vehicles draw from the grid: 0.24
kWh/km for a van (a large one drew 0.219 on a test drive over 475 km: TÜV Süd for Mercedes-Benz,
2022), 0.022 kWh/km for a cargo bike (a trial found 6 % of what a small electric van drew for the
same deliveries: Pling Transport for the Swedish Energy Agency, 2017; taken somewhat higher).
"""


def energy_of(kind: VehicleKind, metres: float) -> Energy:
    """What a distance takes."""
    each = PER_KM[kind]
    return Energy(each.amount * metres / 1000.0, each.unit)
