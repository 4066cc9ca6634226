"""What the tours of a made-up day took, and how good their carriers' data was."""

import numpy as np

from tower.demo.past.columns import Columns, about, filled, ones
from tower.demo.past.operation import Numbers
from tower.demo.past.served import Served
from tower.demo.past.skill import effect
from tower.domain.events import RouteMeasured
from tower.domain.words import VehicleKind
from tower.kpi.factors import KG_CO2E_PER_KM, energy_kwh
from tower.kpi.facts import FactKind

_KM_A_STOP, _KM_THERE = 0.62, 24.0
_HOURS_HEARD = 10
_MINUTE_S, _HOUR_S = 60.0, 3_600.0
_KWH_A_KM = {kind: energy_kwh(kind, RouteMeasured(driven_m=1_000.0)) for kind in VehicleKind}


def routes(stops: Served, rng: np.random.Generator) -> Columns:
    """A fact for each tour: as it came back from its last stop."""
    tours, counts = np.unique(stops.tour, return_counts=True)
    last = np.cumsum(counts) - 1
    km = _KM_THERE * rng.lognormal(0.0, 0.3, len(tours)) + _KM_A_STOP * counts
    kinds = [VehicleKind(word) for word in stops.vehicle[last]]
    kwh = np.array([_KWH_A_KM[kind] for kind in kinds])
    kg = np.array([KG_CO2E_PER_KM[kind] for kind in kinds])
    facts = about(stops, last, FactKind.ROUTE, "t")
    facts |= {"stop_id": filled(len(tours), ""), "postcode": filled(len(tours), "")}
    facts |= {"account": filled(len(tours), ""), "service_level": filled(len(tours), "")}
    return {
        **facts,
        "routes": ones(len(tours)),
        "route_s": np.round(stops.after_s[last] + 0.5 * _HOUR_S),
        "route_stops": counts * 1.0,
        "measured_stops": counts * 1.0,
        "driven_m": np.round(1_000.0 * km),
        "energy_kwh": np.round(kwh * km, 3),
        "co2e_g": np.round(1_000.0 * kg * km),
    }


def carriers(stops: Served, prefix: str, rng: np.random.Generator) -> Columns:
    """A fact for each carrier and hour: how many positions came, how late, how many in vain."""
    names, first = np.unique(stops.carrier.astype(str), return_index=True)
    carrier = np.repeat(names.astype(object), _HOURS_HEARD)
    hour = np.tile(np.arange(8, 8 + _HOURS_HEARD), len(names))
    seconds = _HOUR_S * np.repeat(_vehicles(stops, names), _HOURS_HEARD)
    silent = _MINUTE_S * rng.poisson(2.0 * np.exp(0.6 * effect(carrier, 1.0)))
    fixes = rng.poisson(seconds / _MINUTE_S * np.exp(0.5 * effect(carrier, 1.0)))
    refused = rng.poisson(fixes * 0.004)
    ids = [f"{prefix}{stops.day}:{name}:{at}" for name, at in zip(carrier, hour, strict=True)]
    began = stops.at[np.repeat(first, _HOURS_HEARD)].astype("datetime64[D]")
    return {
        "id": np.array(ids, dtype=object),
        "kind": filled(len(ids), FactKind.CARRIER.value),
        "day": filled(len(ids), stops.day.isoformat()),
        "carrier": carrier,
        "hour": hour,
        "at": began.astype("datetime64[us]") + hour.astype("timedelta64[h]"),
        "fixes": fixes * 1.0,
        "vehicle_s": seconds,
        "lag_s": np.round(fixes * 9.0 * np.exp(0.4 * effect(carrier, 1.0))),
        "messages": (fixes + refused) * 1.0,
        "refused": refused * 1.0,
        "silent_s": silent.clip(max=_HOUR_S) * 1.0,
        "heard_s": np.full(len(ids), _HOUR_S),
    }


def _vehicles(stops: Served, names: "np.ndarray[tuple[int, ...], np.dtype[np.str_]]") -> Numbers:
    """How many vehicles of each carrier were out."""
    carrier, tour = stops.carrier.astype(str), stops.tour
    return np.array([len(np.unique(tour[carrier == name])) * 1.0 for name in names])
