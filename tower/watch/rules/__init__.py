"""Every rule, by what it looks at, the graver of two that exclude each other first."""

from collections.abc import Callable, Mapping
from typing import Generic, NamedTuple, TypeVar

from tower.domain.words import ExceptionKind
from tower.watch.case import CarrierCase, Case, StopCase, VehicleCase
from tower.watch.found import Found
from tower.watch.rules import cold, customer, door, driving, late, outcomes, silence

_Looked = TypeVar("_Looked", bound=Case)


class Rule(NamedTuple, Generic[_Looked]):
    """One rule.

    Attributes:
        kind: of the exceptions it raises.
        find: what it finds in a case, None where all is well.
        over: why an exception it raised is over, once it finds nothing any more.
    """

    kind: ExceptionKind
    find: Callable[[_Looked], Found | None]
    over: Callable[[_Looked], str]


_K = ExceptionKind

STOP_RULES: tuple[Rule[StopCase], ...] = (
    Rule(_K.LATE, late.late, late.late_over),
    Rule(_K.LATE_RISK, late.late_risk, late.late_risk_over),
    Rule(_K.NO_ACCESS, door.no_access, door.no_access_over),
    Rule(_K.LONG_DWELL, door.long_dwell, door.long_dwell_over),
    Rule(_K.ADDRESS, door.address, door.address_over),
    Rule(_K.POD_MISMATCH, outcomes.pod_mismatch, outcomes.pod_mismatch_over),
    Rule(_K.FAILED_ATTEMPT, outcomes.failed_attempt, outcomes.failed_attempt_over),
    Rule(_K.RETURN_MISSED, outcomes.return_missed, outcomes.return_missed_over),
    Rule(_K.WISMO, customer.wismo, customer.wismo_over),
    Rule(_K.CUSTOMER_REQUEST, customer.customer_request, customer.customer_request_over),
)
"""Rules about a stop."""

VEHICLE_RULES: tuple[Rule[VehicleCase], ...] = (
    Rule(_K.NO_SIGNAL, silence.no_signal, silence.no_signal_over),
    Rule(_K.TEMPERATURE, cold.temperature, cold.temperature_over),
    Rule(_K.VEHICLE, driving.vehicle, driving.vehicle_over),
    Rule(_K.LONG_DWELL, driving.standing_elsewhere, driving.standing_elsewhere_over),
    Rule(_K.OFF_ROUTE, driving.off_route, driving.off_route_over),
)
"""Rules about a vehicle under way."""

CARRIER_RULES: tuple[Rule[CarrierCase], ...] = (
    Rule(_K.CARRIER_SILENT, silence.carrier_silent, silence.carrier_silent_over),
)
"""Rules about a carrier."""

GIVES_WAY: Mapping[ExceptionKind, ExceptionKind] = {
    _K.LATE_RISK: _K.LATE,
    _K.LONG_DWELL: _K.VEHICLE,
}
"""Kinds that end where a graver one of the same thing begins: one story, told once."""
