"""Every measure there is, by its key."""

from tower.domain.reporting import Reporting
from tower.kpi.measures.afterwards import AFTERWARDS
from tower.kpi.measures.arrivals import ARRIVALS
from tower.kpi.measures.customers import CUSTOMERS
from tower.kpi.measures.definition import Definition
from tower.kpi.measures.driving import DRIVING
from tower.kpi.measures.exceptions import EXCEPTIONS
from tower.kpi.measures.quality import DATA
from tower.kpi.measures.service import SERVICE

DEFINITIONS_VERSION = 1
"""Grows with every change of what a measure counts; answers and reports carry it."""

MEASURES: dict[str, Definition] = {
    definition.key: definition
    for definition in (
        *SERVICE,
        *ARRIVALS,
        *DRIVING,
        *CUSTOMERS,
        *EXCEPTIONS,
        *AFTERWARDS,
        *DATA,
    )
}
"""By key, in the order they are listed."""


def targets_in_force(reporting: Reporting) -> dict[str, float]:
    """What each measure that has a target should reach: as managers set it, else its own."""
    own = {key: one.target for key, one in MEASURES.items() if one.target is not None}
    return own | {one.measure: one.value for one in reporting.targets if one.measure in MEASURES}
