"""Measures of the room's own work: exceptions, and how soon somebody acted."""

from tower.kpi.facts import FactKind
from tower.kpi.measures.definition import Better, Definition, Group

_WORK = ("exception_raised", "exception_worked")

RAISED = Definition(
    key="exceptions",
    title="Exceptions",
    words="Exceptions raised, by kind.",
    formula="exceptions raised",
    group=Group.EXCEPTIONS,
    kind=FactKind.EXCEPTION,
    above="raised",
    better=Better.LOWER,
    lineage=("exception_raised",),
)

RAISED_PER_100 = Definition(
    key="exceptions_per_100_stops",
    title="Exceptions per 100 stops",
    words="Exceptions raised for every hundred stops finished.",
    formula="100 · exceptions raised / stops finished",
    unit="per 100",
    group=Group.EXCEPTIONS,
    kind=FactKind.EXCEPTION,
    above="raised",
    below="stops",
    below_kind=FactKind.STOP,
    scale=100.0,
    decimals=1,
    better=Better.LOWER,
    lineage=("exception_raised", "stop_delivered", "stop_attempted"),
)

TIME_TO_CLAIM = Definition(
    key="time_to_claim",
    title="Time to claim",
    words="From an exception's raising until somebody first claimed it, on average over those.",
    formula="Σ (first claim - raised) / exceptions claimed",
    unit="min",
    group=Group.EXCEPTIONS,
    kind=FactKind.EXCEPTION,
    above="claim_s",
    below="claimed",
    scale=1.0 / 60.0,
    decimals=1,
    better=Better.LOWER,
    target=5.0,
    tolerance=5.0,
    lineage=_WORK,
)

TIME_TO_RESOLVE = Definition(
    key="time_to_resolve",
    title="Time to resolve",
    words=(
        "From an exception's raising until it was resolved for good, by a person or because its "
        "condition was over, on average over those."
    ),
    formula="Σ (resolved - raised) / exceptions resolved",
    unit="min",
    group=Group.EXCEPTIONS,
    kind=FactKind.EXCEPTION,
    above="resolve_s",
    below="resolved",
    scale=1.0 / 60.0,
    decimals=1,
    better=Better.LOWER,
    target=30.0,
    tolerance=30.0,
    lineage=_WORK,
)

SLA_KEPT = Definition(
    key="sla_kept",
    title="SLA kept",
    words=(
        "Exceptions claimed or resolved by the time somebody had to act, as it was set when they "
        "were raised, of those that had such a time. One that nobody has acted on yet counts as "
        "not kept, whether or not its time has passed."
    ),
    formula="100 · claimed or resolved in time / exceptions with a time to act",
    unit="%",
    group=Group.EXCEPTIONS,
    kind=FactKind.EXCEPTION,
    above="sla_kept",
    below="sla_due",
    scale=100.0,
    decimals=1,
    better=Better.HIGHER,
    target=95.0,
    tolerance=5.0,
    lineage=_WORK,
)

EXCEPTIONS = (RAISED, RAISED_PER_100, TIME_TO_CLAIM, TIME_TO_RESOLVE, SLA_KEPT)
"""In the order they are listed."""
