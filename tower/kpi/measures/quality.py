"""Measures of the data itself: how good what each carrier sends is."""

from tower.kpi.facts import FactKind
from tower.kpi.measures.definition import Better, Definition, Group

_LINEAGE = ("carrier_measured",)

FIX_RATE = Definition(
    key="fix_rate",
    title="Fixes per minute",
    words="Positions taken for every minute a vehicle was under way.",
    formula="60 · positions taken / seconds vehicles were under way",
    unit="per min",
    group=Group.DATA,
    kind=FactKind.CARRIER,
    above="fixes",
    below="vehicle_s",
    scale=60.0,
    decimals=1,
    better=Better.HIGHER,
    target=1.0,
    tolerance=0.5,
    lineage=_LINEAGE,
)

LAG = Definition(
    key="lag",
    title="Lag",
    words="From when a position was taken on the vehicle until it reached us, on average.",
    formula="Σ (received - taken) / positions taken",
    unit="s",
    group=Group.DATA,
    kind=FactKind.CARRIER,
    above="lag_s",
    below="fixes",
    decimals=1,
    better=Better.LOWER,
    target=30.0,
    tolerance=30.0,
    lineage=_LINEAGE,
)

SILENCE = Definition(
    key="silence",
    title="Silence",
    words="Time a carrier counted as silent, of the time it was listened to.",
    formula="100 · seconds silent / seconds listened to",
    unit="%",
    group=Group.DATA,
    kind=FactKind.CARRIER,
    above="silent_s",
    below="heard_s",
    scale=100.0,
    decimals=1,
    better=Better.LOWER,
    target=1.0,
    tolerance=4.0,
    lineage=_LINEAGE,
)

REFUSED = Definition(
    key="refused",
    title="Refused",
    words="Messages of carriers in which something was not believed, of those that came.",
    formula="100 · messages with something refused / messages that came",
    unit="%",
    group=Group.DATA,
    kind=FactKind.CARRIER,
    above="refused",
    below="messages",
    scale=100.0,
    decimals=2,
    better=Better.LOWER,
    target=1.0,
    tolerance=2.0,
    lineage=_LINEAGE,
)

DATA = (FIX_RATE, LAG, SILENCE, REFUSED)
"""In the order they are listed."""
