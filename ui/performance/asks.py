"""What each panel of the performance window asks the gateway. Knows no widgets."""

from collections.abc import Mapping
from datetime import date

from tower.domain.reporting import Filters
from tower.kpi.facts import Dimension
from tower.kpi.query import Ask
from ui.performance.look import Look, days_of, line_filters, shift_of, spark_step, step_of

TILES: tuple[str, ...] = (
    "on_time",
    "on_time_at_dispatch",
    "first_attempt",
    "eta_error_60",
    "eta_coverage_60",
    "stop_duration",
    "stops_per_hour",
    "co2e_per_stop",
    "wismo_per_100_stops",
    "sla_kept",
)
"""Keys of the measures on the strip."""

EXCEPTIONS = ("exceptions", "time_to_claim", "time_to_resolve", "sla_kept")
QUALITY = ("fix_rate", "lag", "silence", "refused")
FEEDBACK = (
    "csat",
    "nps",
    "claims_per_1000_stops",
    "disputes",
    "returns_collected",
    "returns_closed",
    "messages_sent",
    "messages_answered",
)
ERROR, COVERAGE = "eta_error_60", "eta_coverage_60"
FAILED = "failed"

NOW, BEFORE, LINE, TOTAL, KNOWN = "now", "before", "line", "total", "known"
"""Names of the questions of a panel."""

_KNOWN_BY_DAY = 200
"""Over longer periods it is said by the week from when on anything is known."""

MOST_ROWS = 1_000
"""Rows of a breakdown; those with the most behind them."""

Asks = Mapping[str, Ask]


def asks_of(look: Look, today: date) -> dict[str, Asks]:
    """The questions of every panel, by the panel's name."""
    measure = (look.measure,)
    return {
        "tiles": _tiles(look, today),
        "hours": _compared(look, today, Ask(measures=measure, by=(Dimension.HOUR,))),
        "trend": _trend(look, today),
        "errors": _errors(look),
        "breakdown": _compared(look, today, Ask(measures=measure, by=(look.by,), top=MOST_ROWS)),
        "reasons": _compared(look, today, Ask(measures=(FAILED,), by=(Dimension.LABEL,))),
        "exceptions": _only(look, Ask(measures=EXCEPTIONS, by=(Dimension.LABEL,))),
        "quality": _only(look, Ask(measures=QUALITY, by=(Dimension.CARRIER,))),
        "feedback": _compared(look, today, Ask(measures=FEEDBACK)),
    }


def _only(look: Look, ask: Ask) -> Asks:
    return {NOW: _with(ask, look)}


def _compared(look: Look, today: date, ask: Ask) -> Asks:
    """A question, and the same of the weeks before where it is compared."""
    shift = shift_of(look.filters, today)
    if not look.compares or not shift:
        return _only(look, ask)
    return {NOW: _with(ask, look), BEFORE: _with(ask, look, shift)}


def _with(ask: Ask, look: Look, shift_days: int = 0) -> Ask:
    return Ask(
        measures=ask.measures,
        by=ask.by,
        filters=look.filters,
        shift_days=shift_days,
        top=ask.top,
    )


def _tiles(look: Look, today: date) -> Asks:
    line = Ask(
        measures=TILES,
        by=(spark_step(look.filters, today),),
        filters=line_filters(look.filters, today),
    )
    compared = _compared(look, today, Ask(measures=TILES))
    if BEFORE not in compared:
        return {**compared, LINE: line}
    days = Filters(days=look.filters.days, since=look.filters.since, until=look.filters.until)
    known = Ask(
        measures=("stops",),
        by=(Dimension.DAY if days_of(days, today) <= _KNOWN_BY_DAY else Dimension.WEEK,),
        filters=days,
        shift_days=compared[BEFORE].shift_days,
    )
    return {**compared, LINE: line, KNOWN: known}


def _trend(look: Look, today: date) -> Asks:
    filters = line_filters(look.filters, today)
    wider = Look(filters=filters, measure=look.measure, compares=look.compares)
    step = step_of(look, today)
    return _compared(wider, today, Ask(measures=(look.measure,), by=(step,)))


def _errors(look: Look) -> Asks:
    by_error = Ask(measures=(ERROR,), by=(Dimension.ETA_ERROR,))
    return {NOW: _with(by_error, look), TOTAL: _with(Ask(measures=(COVERAGE,)), look)}
