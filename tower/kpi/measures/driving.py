"""Measures of the work on the road: time at doors, stops an hour, distance, energy, emissions."""

from tower.kpi.facts import FactKind
from tower.kpi.measures.definition import Better, Definition, Group

_MEASURED = ("route_measured", "route_finished", "route_planned", "vehicle_registered")

STOP_DURATION = Definition(
    key="stop_duration",
    title="Stop duration",
    words="Time from arriving at a stop to its outcome, on average, where both are known.",
    formula="Σ (outcome - arrival) / stops with both",
    unit="min",
    group=Group.DRIVING,
    kind=FactKind.STOP,
    above="door_s",
    below="doors",
    scale=1.0 / 60.0,
    decimals=1,
    better=Better.LOWER,
    lineage=("stop_arrived", "stop_delivered", "stop_collected", "stop_attempted"),
)

STOPS_PER_HOUR = Definition(
    key="stops_per_hour",
    title="Stops per hour",
    words="Stops finished on finished routes, for every hour between leaving and coming back.",
    formula="stops finished on the routes / hours from start to finish",
    unit="per h",
    group=Group.DRIVING,
    kind=FactKind.ROUTE,
    above="route_stops",
    below="route_s",
    scale=3_600.0,
    decimals=1,
    better=Better.HIGHER,
    lineage=("route_started", "route_finished", "stop_delivered", "stop_attempted"),
)

DISTANCE_PER_STOP = Definition(
    key="distance_per_stop",
    title="Distance per stop",
    words=(
        "Kilometres driven on finished routes for every stop finished on them: by the vehicle's "
        "positions, else by the roads."
    ),
    formula="Σ km driven / stops finished on the routes measured",
    unit="km",
    group=Group.DRIVING,
    kind=FactKind.ROUTE,
    above="driven_m",
    below="measured_stops",
    scale=0.001,
    decimals=2,
    better=Better.LOWER,
    lineage=_MEASURED,
)

ENERGY_PER_STOP = Definition(
    key="energy_per_stop",
    title="Energy per stop",
    words=(
        "Energy the vehicles used for every stop finished, electricity and fuel alike: as "
        "measured, else kilometres times what a vehicle of its kind takes."
    ),
    formula="Σ kWh used / stops finished on the routes measured",
    unit="kWh",
    group=Group.DRIVING,
    kind=FactKind.ROUTE,
    above="energy_kwh",
    below="measured_stops",
    decimals=2,
    better=Better.LOWER,
    lineage=_MEASURED,
)

CO2E_PER_STOP = Definition(
    key="co2e_per_stop",
    title="CO2e per stop",
    words=(
        "Greenhouse gas for every stop finished, well to wheel: energy used times what its "
        "provision and use emit, by the factors of the vehicle's kind (ISO 14083)."
    ),
    formula="Σ (energy used · well-to-wheel factor of its kind) / stops finished on them",
    unit="g",
    group=Group.DRIVING,
    kind=FactKind.ROUTE,
    above="co2e_g",
    below="measured_stops",
    better=Better.LOWER,
    lineage=_MEASURED,
)

DRIVING = (STOP_DURATION, STOPS_PER_HOUR, DISTANCE_PER_STOP, ENERGY_PER_STOP, CO2E_PER_STOP)
"""In the order they are listed."""
