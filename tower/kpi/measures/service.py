"""Measures of what customers got: in time, at the first attempt."""

from tower.kpi.facts import FactKind
from tower.kpi.measures.definition import Better, Definition, Group

_OUTCOMES = ("stop_delivered", "stop_collected", "stop_attempted", "stop_skipped")

_WITHIN = (
    "Within: the vehicle came no later than the window's end, and it was done no earlier than its "
    "start. An attempt or a skipped stop counts as not served; cancelled stops, and stops where "
    "nobody waits for us, are not counted."
)

ON_TIME = Definition(
    key="on_time",
    title="On time",
    words=f"Stops served within the window that was promised last. {_WITHIN}",
    formula="100 · served within the last promised window / finished with such a window",
    unit="%",
    group=Group.SERVICE,
    kind=FactKind.STOP,
    above="on_time",
    below="windowed",
    scale=100.0,
    decimals=1,
    better=Better.HIGHER,
    target=95.0,
    tolerance=5.0,
    lineage=("stop_planned", "stop_amended", "stop_arrived", *_OUTCOMES),
)

ON_TIME_AT_DISPATCH = Definition(
    key="on_time_at_dispatch",
    title="On time, as dispatched",
    words=(
        "Stops served within the window that was promised when their route started, whatever was "
        f"agreed later. {_WITHIN}"
    ),
    formula="100 · served within the window at dispatch / finished with such a window",
    unit="%",
    group=Group.SERVICE,
    kind=FactKind.STOP,
    above="on_time_at_dispatch",
    below="windowed_at_dispatch",
    scale=100.0,
    decimals=1,
    better=Better.HIGHER,
    target=95.0,
    tolerance=5.0,
    lineage=("stop_planned", "stop_amended", "route_started", "stop_arrived", *_OUTCOMES),
)

FIRST_ATTEMPT = Definition(
    key="first_attempt",
    title="First attempt",
    words=(
        "Stops whose first try succeeded. A stop that was attempted and delivered later the same "
        "day was not."
    ),
    formula="100 · first tries that delivered or collected / first tries",
    unit="%",
    group=Group.SERVICE,
    kind=FactKind.STOP,
    above="first_successes",
    below="first_tries",
    scale=100.0,
    decimals=1,
    better=Better.HIGHER,
    target=92.0,
    tolerance=5.0,
    lineage=_OUTCOMES,
)

STOPS = Definition(
    key="stops",
    title="Stops finished",
    words="Stops delivered, collected, attempted or skipped; each once, by its last outcome.",
    formula="stops finished",
    group=Group.SERVICE,
    kind=FactKind.STOP,
    above="stops",
    better=Better.HIGHER,
    lineage=_OUTCOMES,
)

SERVED = Definition(
    key="served",
    title="Served",
    words="Stops delivered or collected in the end, whatever it took, of those finished.",
    formula="100 · delivered or collected / finished",
    unit="%",
    group=Group.SERVICE,
    kind=FactKind.STOP,
    above="done",
    below="stops",
    scale=100.0,
    decimals=1,
    better=Better.HIGHER,
    lineage=_OUTCOMES,
)

FAILED = Definition(
    key="failed",
    title="Failed attempts",
    words=(
        "Attempts that did not complete their stop, by the reason the driver gave; a stop that was "
        "passed by counts as one, skipped."
    ),
    formula="attempts that failed",
    group=Group.SERVICE,
    kind=FactKind.ATTEMPT,
    above="failed",
    better=Better.LOWER,
    lineage=("stop_attempted", "stop_skipped"),
)

FAILED_PER_100 = Definition(
    key="failed_per_100_stops",
    title="Failed per 100 stops",
    words=(
        "Attempts that did not complete their stop, and stops passed by, for every hundred stops "
        "finished."
    ),
    formula="100 · attempts that failed / stops finished",
    unit="per 100",
    group=Group.SERVICE,
    kind=FactKind.ATTEMPT,
    above="failed",
    below="stops",
    below_kind=FactKind.STOP,
    scale=100.0,
    decimals=1,
    better=Better.LOWER,
    lineage=_OUTCOMES,
)

SERVICE = (ON_TIME, ON_TIME_AT_DISPATCH, FIRST_ATTEMPT, SERVED, STOPS, FAILED, FAILED_PER_100)
"""In the order they are listed."""
