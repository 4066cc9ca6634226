"""Energy and greenhouse gas of a route: as measured where it was, else by the kilometre."""

import pytest

from tower.domain.events import RouteMeasured
from tower.domain.words import VehicleKind
from tower.kpi.factors import FACTORS, KG_CO2E_PER_KM, co2e_g, energy_kwh


def test_a_route_nobody_measured_takes_what_its_kilometres_take() -> None:
    route = RouteMeasured(driven_m=40_000.0)

    assert energy_kwh(VehicleKind.E_VAN, route) == pytest.approx(40 * 0.24)
    assert energy_kwh(VehicleKind.VAN, route) == pytest.approx(40 * 0.0996 * 10.0)
    assert co2e_g(VehicleKind.VAN, route) == pytest.approx(40 * 99.6 * 3.28564)


def test_what_was_measured_goes_before_what_is_assumed() -> None:
    refuelled = RouteMeasured(driven_m=40_000.0, fuel_l=5.0)
    charged = RouteMeasured(driven_m=40_000.0, energy_kwh=8.0)

    assert energy_kwh(VehicleKind.VAN, refuelled) == pytest.approx(50.0)
    assert co2e_g(VehicleKind.VAN, refuelled) == pytest.approx(5_000 * 3.28564)
    assert co2e_g(VehicleKind.E_VAN, charged) == pytest.approx(8_000 * 0.27522)


def test_a_hybrid_is_charged_and_refuelled() -> None:
    hybrid = RouteMeasured(driven_m=40_000.0, energy_kwh=3.0, fuel_l=1.0)

    assert energy_kwh(VehicleKind.CAR, hybrid) == pytest.approx(3.0 + 32.0 / 3.6)
    assert co2e_g(VehicleKind.CAR, hybrid) == pytest.approx(3_000 * 0.27522 + 1_000 * 2.96036)


def test_every_kind_of_vehicle_has_a_factor_and_bikes_the_smallest() -> None:
    assert set(KG_CO2E_PER_KM) == set(VehicleKind)
    assert min(KG_CO2E_PER_KM, key=KG_CO2E_PER_KM.__getitem__) is VehicleKind.CARGO_BIKE


def test_provision_counts_besides_use() -> None:
    for factor in FACTORS.values():
        assert factor.well_to_wheel_kg > factor.tank_to_wheel_kg
