"""Causes dispatchers give most often, by kind of exception: picked instead of written."""

from collections.abc import Iterable

from tower.domain.words import ExceptionKind as Kind

ANYWHERE = ("Carrier informed", "Customer informed", "Nothing to be done")
"""Causes that fit every kind."""

CAUSES: dict[Kind, tuple[str, ...]] = {
    Kind.LATE_RISK: ("Sequence changed", "Customer accepts the delay", "Traffic cleared"),
    Kind.LATE: ("Customer accepts the delay", "Served later today", "Moved to another day"),
    Kind.NO_ACCESS: ("Gate code passed on", "Customer opened", "Left in a safe place"),
    Kind.NO_SIGNAL: ("Driver reached by phone", "Device restarted", "No coverage there"),
    Kind.OFF_ROUTE: ("Diversion", "Driver's own order", "Driver back on the route"),
    Kind.LONG_DWELL: ("Queue at the door", "Driver on a break", "Vehicle moves again"),
    Kind.ADDRESS: ("Address corrected", "Pin moved", "Customer showed the way"),
    Kind.TEMPERATURE: ("Door was open", "Cooling restarted", "Goods written off"),
    Kind.POD_MISMATCH: ("Proof checked, right place", "Parcel found", "Claim opened"),
    Kind.FAILED_ATTEMPT: (
        "Second attempt today",
        "Moved to another day",
        "Taken to a pick-up point",
    ),
    Kind.RETURN_MISSED: ("Collection moved", "Customer keeps it", "Collected after all"),
    Kind.CUSTOMER_REQUEST: ("Request carried out", "Request declined", "Passed to the driver"),
    Kind.WISMO: ("Arrival told", "Already delivered", "Tracking link sent"),
    Kind.VEHICLE: ("Vehicle moves again", "Replaced by another", "Stops spread over others"),
    Kind.CARRIER_SILENT: ("Carrier is heard again", "Carrier's system was down", "Carrier called"),
}
"""The causes of each kind, the most frequent first."""

FALSE_ALARMS = ("Position was wrong", "Message came late", "Threshold too tight", "Planned so")
"""Why an exception was none."""

ESCALATIONS = (
    "A supervisor has to decide",
    "Carrier does not answer",
    "Customer insists",
    "Nobody has time",
)
"""Why a supervisor is asked."""


def causes_of(kinds: Iterable[Kind]) -> tuple[str, ...]:
    """The causes that fit every one of these kinds, the most particular first."""
    lists = [CAUSES[kind] for kind in dict.fromkeys(kinds)]
    common = [cause for cause in lists[0] if all(cause in one for one in lists)] if lists else []
    return (*common, *ANYWHERE)
