"""A stop as a row of the sheet. Knows no widgets."""

from typing import NamedTuple

from tower.domain.records import Stop, StopPlan
from tower.domain.words import AttemptReason, Punctuality, StopKind, StopState
from tower.eta.schedule import Arrival
from ui.routes.marks import Mark, marks_of
from ui.routes.outlook import Expected, Outlook
from ui.session import Session

_OUTCOME_WORDS = {
    StopState.DELIVERED: "delivered",
    StopState.COLLECTED: "collected",
    StopState.ATTEMPTED: "attempted",
    StopState.CANCELLED: "cancelled",
    StopState.SKIPPED: "skipped",
}

_MINUTE_S = 60.0
_UNSEEN_S = 30.0
"""Seconds that move nothing by a pixel."""


class Trial(NamedTuple):
    """What a draft would make of a stop; nothing of it is sent.

    Attributes:
        number: the number it has now, to be struck through; 0 where it has none.
        shift_s: seconds its arrival moves, None where it has none before or after.
        is_lifted: it is being dragged.
        reason: the constraint it would newly break, in words; "" for none.
        is_hard: only a supervisor may commit that.
    """

    number: int
    shift_s: float | None = None
    is_lifted: bool = False
    reason: str = ""
    is_hard: bool = False


class StopRow(NamedTuple):
    """A stop as a row of the sheet.

    Attributes:
        number: its place on the route, 0 where it has none.
        place: its address, and what is special about it.
        window: start and end, seconds since 1970; either may be missing.
        expected: when it is expected to be reached, None once it is reached.
        planned: when it is to be reached by the plan of the day, seconds since 1970.
        reached: when the vehicle arrived, or when the stop had its outcome, seconds since 1970.
        punctuality: how it stands, or stood, against the promise.
        time_words: the first line of its times.
        window_words: the second.
        search: everything the filter finds it by, in small letters.
        marks: what it asks for.
        is_locked: it is promised and must not be moved.
        trial: what a draft would make of it, None where it changes nothing here.
    """

    id: str
    number: int
    customer: str
    place: str
    state: StopState
    window: tuple[float | None, float | None]
    expected: Expected | None
    planned: float | None
    reached: float | None
    punctuality: Punctuality
    time_words: str
    window_words: str
    search: str
    marks: tuple[Mark, ...] = ()
    is_locked: bool = False
    trial: Trial | None = None

    @property
    def is_done(self) -> bool:
        """True once the vehicle has nothing left to do there."""
        return self.state.is_outcome

    @property
    def has_failed(self) -> bool:
        """True where the vehicle left without success."""
        return self.is_done and not self.state.is_success


def read_stop(session: Session, stop: Stop, outlook: Outlook) -> StopRow:
    """A stop as it stands now."""
    plan, expected = stop.plan, None if stop.is_done else outlook.of(stop.id)
    window = (
        _seconds(plan.window_start if plan else None),
        _seconds(plan.window_end if plan else None),
    )
    reached = _seconds(stop.finished_at or _there_since(stop))
    customer, place = (plan.customer or plan.reference, _place(plan)) if plan else (stop.id, "")
    return StopRow(
        id=stop.id,
        number=session.links.number_of_stop.get(stop.id, 0),
        customer=customer,
        place=place,
        state=stop.state,
        window=window,
        expected=None if reached is not None else expected,
        planned=_seconds(plan.planned_at if plan else None),
        reached=reached,
        punctuality=_punctuality(stop, expected, window[1]),
        time_words=_time_words(session, stop, expected),
        window_words=_window_words(session, plan),
        search=_search(plan),
        marks=marks_of(session, stop),
        is_locked=stop.lock is not None,
    )


def tried(
    session: Session, row: StopRow, number: int, trial: Trial, after: Arrival | None
) -> StopRow:
    """A row as a draft would have it.

    Args:
        session: says times in the shift's zone.
        row: as it stands.
        number: the number it would have, 0 for none.
        trial: what changes.
        after: when it would be reached; None leaves its times as they are.
    """
    row = row._replace(number=number, trial=trial)
    if after is None or row.reached is not None:
        return row
    expected = Expected(
        after.p10.timestamp(), after.p50.timestamp(), after.p90.timestamp(), after.punctuality
    )
    return row._replace(
        expected=expected,
        punctuality=after.punctuality,
        time_words=_expected_words(session, expected),
    )


def look_alike(one: StopRow, other: StopRow) -> bool:
    """True where two rows of a stop are drawn the same, to half a pixel of their clocks."""
    if one.expected is None or other.expected is None:
        return one == other
    was, now = one.expected, other.expected
    apart = (now.p10 - was.p10, now.p50 - was.p50, now.p90 - was.p90)
    if any(abs(seconds) > _UNSEEN_S for seconds in apart):
        return False
    return _plain(one) == _plain(other)


def _plain(row: StopRow) -> StopRow:
    """A row without what differs unseen."""
    trial = row.trial
    if trial is not None and trial.shift_s is not None:
        trial = trial._replace(shift_s=float(round(trial.shift_s / _MINUTE_S)))
    return row._replace(expected=None, trial=trial)


def shift_words(shift_s: float) -> str:
    """`+11 m`, `−2 h`; "" for less than half a minute."""
    minutes = round(shift_s / _MINUTE_S)
    if not minutes:
        return ""
    sign = "+" if minutes > 0 else "−"
    return f"{sign}{abs(minutes)} m" if abs(minutes) < 100 else f"{sign}{abs(minutes) / 60:.0f} h"


def _seconds(at: object) -> float | None:
    return at.timestamp() if hasattr(at, "timestamp") else None


def _there_since(stop: Stop) -> object:
    return stop.arrived_at if stop.state.is_at_the_door else None


def _place(plan: StopPlan) -> str:
    parcels = len(plan.parcels)
    where = plan.address or (plan.reference if plan.customer else "")
    special = []
    if not where and parcels:
        special.append("1 parcel" if parcels == 1 else f"{parcels} parcels")
    if plan.kind is not StopKind.DELIVERY:
        special.append(plan.kind.value)
    if plan.temperature_limit_c is not None:
        special.append(f"≤ {plan.temperature_limit_c:g} °C")
    return " · ".join((*filter(None, (where,)), *special))


def _punctuality(stop: Stop, expected: Expected | None, window_end: float | None) -> Punctuality:
    if stop.finished_at is not None:
        late = window_end is not None and stop.finished_at.timestamp() > window_end
        return Punctuality.LATE if late else Punctuality.ON_TIME
    return expected.punctuality if expected else Punctuality.IDLE


def _time_words(session: Session, stop: Stop, expected: Expected | None) -> str:
    if stop.finished_at is not None:
        words = _OUTCOME_WORDS[stop.state]
        if stop.reason not in (None, AttemptReason.OTHER):
            words = str(stop.reason).replace("_", " ")
        return f"{words} {session.clock_text(stop.finished_at)}"
    if (since := _there_since(stop)) is not None:
        return f"arrived {session.clock_text(_seconds(since))}"
    return _expected_words(session, expected)


def _expected_words(session: Session, expected: Expected | None) -> str:
    if expected is None:
        return "—"
    spread = max(1, round((expected.p90 - expected.p10) / 2 / _MINUTE_S))
    return f"{session.clock_text(expected.p50)} ±{spread}"


def _window_words(session: Session, plan: StopPlan | None) -> str:
    if plan is None:
        return ""
    if plan.window_start is not None and plan.window_end is not None:
        return f"{session.clock_text(plan.window_start)}–{session.clock_text(plan.window_end)}"
    if plan.window_end is not None:
        return f"by {session.clock_text(plan.window_end)}"
    if plan.window_start is not None:
        return f"from {session.clock_text(plan.window_start)}"
    return f"plan {session.clock_text(plan.planned_at)}" if plan.planned_at else "any time"


def _search(plan: StopPlan | None) -> str:
    if plan is None:
        return ""
    return " ".join((plan.customer, plan.address, plan.reference, *plan.parcels)).casefold()
