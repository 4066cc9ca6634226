"""Every measure there is, by its key."""

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
