"""Measures of what needs somebody: stops at risk, open exceptions, customers asking."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from tower.domain.records import ExceptionRecord
from tower.domain.state import State
from tower.domain.words import ExceptionState, Punctuality
from tower.kpi.finished import Tally, beginning
from tower.kpi.judging import is_wismo
from tower.kpi.measure import HOUR_S, Measure, Mood, Series, line, trend
from tower.kpi.measures.customers import WISMO

AHEAD = timedelta(minutes=60)


class Predicted(Protocol):
    """What a measure asks of a predicted arrival."""

    @property
    def p50(self) -> datetime:
        """When the vehicle is expected, UTC."""
        ...

    @property
    def punctuality(self) -> Punctuality:
        """How that stands against the promise."""
        ...


def at_risk(
    state: State, arrivals: Mapping[str, Predicted], now: datetime, past: Series = ()
) -> Measure:
    """Stops in danger.

    How many stops not done yet are expected within 60 minutes and are predicted late or at risk
    of it. The stops behind it are those, the soonest first.

    Args:
        state: the shift.
        arrivals: stop id to its predicted arrival.
        now: the present, UTC.
        past: earlier values; the state does not hold what was predicted before.
    """
    endangered = sorted(
        (arrival.p50, stop_id, arrival.punctuality)
        for stop_id, arrival in arrivals.items()
        if arrival.punctuality in (Punctuality.AT_RISK, Punctuality.LATE)
        and arrival.p50 <= now + AHEAD
        and _is_waiting(state, stop_id)
    )
    late = sum(word is Punctuality.LATE for _, _, word in endangered)
    count = len(endangered)
    series = (*past, (now.timestamp(), float(count)))
    return Measure(
        key="at_risk",
        title="At risk, next 60 min",
        value=float(count),
        text="1 stop" if count == 1 else f"{count} stops",
        note=f"{late} expected late" if late else "none expected late",
        trend=trend(series),
        mood=Mood.BAD if late else Mood.WATCH if count else Mood.GOOD,
        series=series,
        stops=tuple(stop_id for _, stop_id, _ in endangered),
        counted=count,
    )


def _is_waiting(state: State, stop_id: str) -> bool:
    stop = state.stops.get(stop_id)
    return stop is not None and not stop.is_done


def open_exceptions(state: State, now: datetime) -> Measure:
    """Exceptions somebody still has to look at.

    How many are not resolved; past SLA are those whose time to act has gone by. The line shows
    how many were open at each moment, by when they were raised and resolved. The stops behind
    it are those the open exceptions are about.
    """
    records = [record for record in state.exceptions.values() if record.raised_at is not None]
    waiting = [record for record in records if record.is_open]
    overdue = sum(_is_overdue(record, now) for record in waiting)
    series = _open_over_time(records, beginning(state, now), now)
    return Measure(
        key="open_exceptions",
        title="Open exceptions",
        value=float(len(waiting)),
        text=str(len(waiting)),
        note=f"{overdue} past SLA" if overdue else "none past SLA",
        trend=trend(series),
        mood=Mood.BAD if overdue else Mood.WATCH if waiting else Mood.GOOD,
        series=series,
        stops=_stops_of(waiting),
        counted=len(waiting),
    )


def _is_overdue(record: ExceptionRecord, now: datetime) -> bool:
    due = record.finding.sla_due_at if record.finding else None
    return due is not None and due < now


def _open_over_time(records: Sequence[ExceptionRecord], since: datetime, now: datetime) -> Series:
    raised = sorted(r.raised_at.timestamp() for r in records if r.raised_at)
    resolved = sorted(
        r.work.at.timestamp()
        for r in records
        if r.work.state is ExceptionState.RESOLVED and r.work.at
    )
    today = [at for at in raised if at >= since.timestamp()]
    first = today[0] if today else None
    return line(first, now, lambda at: float(bisect_right(raised, at) - bisect_right(resolved, at)))


def _stops_of(records: Sequence[ExceptionRecord]) -> tuple[str, ...]:
    named = (record.finding.subject.stop_id for record in records if record.finding)
    return tuple(dict.fromkeys(stop_id for stop_id in named if stop_id))


def wismo(state: State, now: datetime) -> Measure:
    """Customers who asked where their order is.

    How many such contacts came in today; the line shows those of the hour before each moment.
    The stops behind it are those they asked about.
    """
    since = beginning(state, now)
    asked = sorted(
        (contact.at, contact.stop_id)
        for contact in state.contacts.values()
        if contact.inbound and is_wismo(contact.topic) and since <= contact.at <= now
    )
    times = [at.timestamp() for at, _ in asked]
    tally = Tally(times, [True] * len(times))
    series = line(tally.first, now, lambda at: float(tally.count(at - HOUR_S, at)))
    last_hour = tally.count(now.timestamp() - HOUR_S, now.timestamp())
    change = trend(series)
    return Measure(
        key=WISMO.key,
        title=WISMO.title,
        value=float(len(asked)),
        text=str(len(asked)),
        note=f"{last_hour} in the last hour",
        trend=change,
        mood=Mood.WATCH if change is not None and change > 0 else Mood.GOOD,
        series=series,
        stops=tuple(dict.fromkeys(stop_id for _, stop_id in asked if stop_id)),
        counted=len(asked),
    )
