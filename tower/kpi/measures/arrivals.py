"""Measures of the predicted arrivals: how far off, and whether their span held."""

from tower.kpi.facts import LEADS_MIN, FactKind
from tower.kpi.measures.definition import Better, Definition, Group

_LINEAGE = ("arrivals_predicted", "stop_arrived", "stop_delivered", "stop_attempted")

_AHEAD = (
    "The prediction judged is the newest one made at least {lead} minutes before the vehicle came, "
    "and at most {most}."
)

_OLDER_MIN = 20
"""A prediction is at most so much older than the lead it is judged for."""

_TARGETS_MIN = {15: 4.0, 30: 6.0, 60: 10.0, 120: 15.0}
"""What an error should stay under: assumed, until the room sets its own."""


def _error(lead: int) -> Definition:
    return Definition(
        key=f"eta_error_{lead}",
        title=f"ETA error, {_ahead(lead)} ahead",
        words=f"How far P50 was from the arrival, on average. {_judged(lead)}",
        formula=f"mean of |came - P50| over arrivals predicted {lead} min ahead",
        unit="min",
        group=Group.ARRIVALS,
        kind=FactKind.STOP,
        above=f"eta_abs_s_{lead}",
        below=f"eta_n_{lead}",
        scale=1.0 / 60.0,
        decimals=1,
        better=Better.LOWER,
        target=_TARGETS_MIN[lead],
        tolerance=_TARGETS_MIN[lead],
        lineage=_LINEAGE,
    )


def _coverage(lead: int) -> Definition:
    return Definition(
        key=f"eta_coverage_{lead}",
        title=f"ETA coverage, {_ahead(lead)} ahead",
        words=(
            "Arrivals that lay between P10 and P90; 80 of 100 should. More means that the spans "
            f"are wider than they need be, fewer that they promise too much. {_judged(lead)}"
        ),
        formula=f"100 · arrivals between P10 and P90 / arrivals predicted {lead} min ahead",
        unit="%",
        group=Group.ARRIVALS,
        kind=FactKind.STOP,
        above=f"eta_covered_{lead}",
        below=f"eta_n_{lead}",
        scale=100.0,
        decimals=1,
        better=Better.NEAR,
        target=80.0,
        tolerance=2.0,
        lineage=_LINEAGE,
    )


def _judged(lead: int) -> str:
    return _AHEAD.format(lead=lead, most=lead + _OLDER_MIN)


def _ahead(lead: int) -> str:
    return f"{lead} min" if lead < 60 else f"{lead // 60} h"


ETA_ERROR = {lead: _error(lead) for lead in LEADS_MIN}
"""By minutes ahead."""

ETA_COVERAGE = {lead: _coverage(lead) for lead in LEADS_MIN}
"""By minutes ahead."""

ARRIVALS = (*ETA_ERROR.values(), *ETA_COVERAGE.values())
"""Errors, then coverages, the shortest lead first."""
