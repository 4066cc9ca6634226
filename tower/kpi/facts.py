"""What figures are made of: facts, each about one thing that happened, with what it adds to sums.

A fact is frozen by the time it is about: what is changed later about a stop, a driver or a vehicle
does not move it. A fact that becomes better known (a message came late) replaces itself, by id.
"""

from datetime import date, datetime
from enum import StrEnum

import msgspec


class FactKind(StrEnum):
    """What a fact is about."""

    STOP = "stop"
    ATTEMPT = "attempt"
    ROUTE = "route"
    EXCEPTION = "exception"
    CONTACT = "contact"
    MESSAGE = "message"
    RETURN = "return"
    CLAIM = "claim"
    SURVEY = "survey"
    CARRIER = "carrier"


class Dimension(StrEnum):
    """What figures can be taken apart by, and narrowed to.

    `label` is what sort of thing a fact is: the reason of an attempt, the kind of an exception or
    claim, the topic of a contact, the channel of a message.
    """

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    HOUR = "hour"
    WEEKDAY = "weekday"
    CARRIER = "carrier"
    DEPOT = "depot"
    ROUTE = "route"
    DRIVER = "driver"
    VEHICLE = "vehicle"
    POSTCODE = "postcode"
    ACCOUNT = "account"
    SERVICE_LEVEL = "service_level"
    LABEL = "label"
    ETA_ERROR = "eta_error"


SIMULATED = "history:"
"""What the ids of facts begin with that were made up for a demonstration; no journal has them."""

LEADS_MIN = (15, 30, 60, 120)
"""Predictions are judged so many minutes ahead of the arrival they were made for."""

COLUMNS: tuple[str, ...] = (
    # STOP: finished today, delivered or not.
    "stops",
    "done",
    "windowed_at_dispatch",
    "on_time_at_dispatch",
    "windowed",
    "on_time",
    "first_tries",
    "first_successes",
    "door_s",
    "doors",
    *(f"eta_{name}_{lead}" for lead in LEADS_MIN for name in ("n", "abs_s", "covered")),
    # ATTEMPT: one that failed.
    "failed",
    # ROUTE: finished.
    "routes",
    "route_s",
    "route_stops",
    "measured_stops",
    "driven_m",
    "energy_kwh",
    "co2e_g",
    # EXCEPTION.
    "raised",
    "claimed",
    "claim_s",
    "resolved",
    "resolve_s",
    "sla_due",
    "sla_kept",
    # CONTACT and MESSAGE.
    "contacts",
    "wismo",
    "sent",
    "answered",
    # RETURN: due, collected, closed.
    "returns_due",
    "returns_collected",
    "returns_closed",
    # CLAIM and SURVEY.
    "claims",
    "disputes",
    "claims_settled",
    "csat_sum",
    "csat_n",
    "nps_net",
    "nps_n",
    # CARRIER: a stretch of its data.
    "fixes",
    "vehicle_s",
    "lag_s",
    "messages",
    "refused",
    "silent_s",
    "heard_s",
)
"""What facts add to sums; every measure is a sum, or one sum over another.

Counts are whole; `_s` are seconds, `_m` metres, `_kwh` and `_g` what they say. `nps_net` is 1 for a
promoter (9, 10), -1 for a detractor (0 to 6), 0 otherwise. `disputes` are claims that dispute a
delivery on record. `eta_*` are of the prediction so many minutes ahead: whether there was one, by
how much its P50 was off, whether the arrival lay between P10 and P90. `route_stops` are those of
every finished route, `measured_stops` of those of which it is known how far they drove. `heard_s`
is the time a carrier was observed for, `silent_s` the part of it in which it was silent.
"""


class Fact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One fact.

    Attributes:
        id: the same for the same thing, whatever is learnt of it; a later version replaces it.
        day: local day it counts for; hour: local hour.
        at: when it happened, UTC.
        account: the customer whose goods these are (the brand), "" where nobody said.
        eta_error: of STOP facts with a prediction an hour ahead: minutes it came later than its
            P50, rounded to 5, within -30 and 30; None otherwise.
        lat: where, degrees, None where it is nowhere; lon likewise.
        adds: what it adds to the sums, by column; what is not named is 0.
    """

    id: str
    kind: FactKind
    day: date
    hour: int
    at: datetime
    carrier: str = ""
    depot: str = ""
    route: str = ""
    driver: str = ""
    vehicle: str = ""
    postcode: str = ""
    account: str = ""
    service_level: str = ""
    label: str = ""
    stop_id: str = ""
    eta_error: int | None = None
    lat: float | None = None
    lon: float | None = None
    adds: dict[str, float] = {}
