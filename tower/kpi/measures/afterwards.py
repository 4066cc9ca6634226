"""Measures of what comes after a delivery: returns, claims, disputes."""

from tower.kpi.facts import FactKind
from tower.kpi.measures.definition import Better, Definition, Group

RETURNS_COLLECTED = Definition(
    key="returns_collected",
    title="Returns collected",
    words="Returns the driver took along, of those that were to be collected.",
    formula="100 · returns collected / returns due",
    unit="%",
    group=Group.AFTERWARDS,
    kind=FactKind.RETURN,
    above="returns_collected",
    below="returns_due",
    scale=100.0,
    decimals=1,
    better=Better.HIGHER,
    target=90.0,
    tolerance=5.0,
    lineage=("stop_planned", "stop_collected", "stop_attempted", "stop_skipped"),
)

RETURNS_CLOSED = Definition(
    key="returns_closed",
    title="Returns closed",
    words="Returns booked back in, of those collected.",
    formula="100 · returns closed / returns collected",
    unit="%",
    group=Group.AFTERWARDS,
    kind=FactKind.RETURN,
    above="returns_closed",
    below="returns_collected",
    scale=100.0,
    decimals=1,
    better=Better.HIGHER,
    target=98.0,
    tolerance=3.0,
    lineage=("stop_collected", "return_closed"),
)

CLAIMS = Definition(
    key="claims",
    title="Claims",
    words="Claims filed about stops, by what they say went wrong; disputes among them.",
    formula="claims filed",
    group=Group.AFTERWARDS,
    kind=FactKind.CLAIM,
    above="claims",
    better=Better.LOWER,
    lineage=("claim_filed",),
)

CLAIMS_PER_1000 = Definition(
    key="claims_per_1000_stops",
    title="Claims per 1,000 stops",
    words="Claims filed for every thousand stops finished.",
    formula="1000 · claims filed / stops finished",
    unit="per 1,000",
    group=Group.AFTERWARDS,
    kind=FactKind.CLAIM,
    above="claims",
    below="stops",
    below_kind=FactKind.STOP,
    scale=1_000.0,
    decimals=1,
    better=Better.LOWER,
    target=3.0,
    tolerance=3.0,
    lineage=("claim_filed", "stop_delivered", "stop_attempted"),
)

CLAIMS_SETTLED = Definition(
    key="claims_settled",
    title="Claims settled",
    words="Claims that were decided, of those filed.",
    formula="100 · claims settled / claims filed",
    unit="%",
    group=Group.AFTERWARDS,
    kind=FactKind.CLAIM,
    above="claims_settled",
    below="claims",
    scale=100.0,
    decimals=1,
    better=Better.HIGHER,
    lineage=("claim_filed", "claim_settled"),
)

DISPUTES = Definition(
    key="disputes",
    title="Disputes",
    words="Claims that nothing was received where a delivery is on record.",
    formula="claims of the kind not_received",
    group=Group.AFTERWARDS,
    kind=FactKind.CLAIM,
    above="disputes",
    better=Better.LOWER,
    lineage=("claim_filed", "stop_delivered"),
)

AFTERWARDS = (
    RETURNS_COLLECTED,
    RETURNS_CLOSED,
    CLAIMS,
    CLAIMS_PER_1000,
    CLAIMS_SETTLED,
    DISPUTES,
)
"""In the order they are listed."""
