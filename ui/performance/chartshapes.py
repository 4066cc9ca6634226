"""Answers as charts: hours, trend, errors, reasons. Knows no widgets."""

from collections.abc import Callable
from typing import Any

from tower.kpi.facts import Dimension
from tower.kpi.measure import mood_of
from tower.kpi.measures.definition import Better, Definition
from tower.kpi.query import Answer
from ui.performance.asks import BEFORE, COVERAGE, ERROR, FAILED, NOW, TOTAL
from ui.performance.frames import Answers, Scales, compared, frame_of, number_of, pandas_module
from ui.performance.look import Look
from ui.performance.phrases import (
    count_words,
    key_words,
    target_words,
    tick_words,
    value_words,
)
from ui.performance.pictures import Chart, Mark

_PERCENT_FLOOR, _PERCENT_ROOM = 60.0, 8.0
"""Bars of shares begin here, or so far below the lowest one."""

_MONTH_DAYS = 30.44


def _chart(frame: Any, look: Look, answers: Answers, scales: Scales, note: str = "") -> Chart:  # noqa: ANN401
    """Marks of a frame of one measure."""
    definition, target = scales.definitions[look.measure], scales.targets.get(look.measure)
    dimension, names = answers[NOW].by[0], answers[NOW].names
    marks = tuple(
        Mark(
            key=str(key),
            tick=tick_words(dimension, str(key), names),
            name=key_words(dimension, str(key), names),
            value=number_of(row.value),
            text=value_words(number_of(row.value), definition),
            counted=count_words(number_of(row.counted) or 0.0, definition),
            before=number_of(row.before),
            before_text=_before_words(number_of(row.before), definition),
            mood=mood_of(definition, number_of(row.value), target),
        )
        for key, row in zip(frame.index, frame.itertuples(index=False), strict=True)
    )
    drawn = (*frame["value"].dropna(), *frame["before"].dropna())
    floor = _floor(min(drawn, default=0.0), definition)
    return Chart(marks, target, target_words(target, definition), floor, note)


def _before_words(value: float | None, definition: Definition) -> str:
    return "" if value is None else value_words(value, definition)


def _floor(lowest: float, definition: Definition) -> float:
    if definition.unit == "%" and definition.better is not Better.LOWER:
        return max(0.0, min(_PERCENT_FLOOR, lowest - _PERCENT_ROOM))
    return min(0.0, lowest * 1.1)


def hours(answers: Answers, look: Look, scales: Scales) -> Chart:
    """A measure hour by hour."""
    frame = compared(answers, look.measure)
    return _chart(frame[frame["counted"] > 0], look, answers, scales)


def trend(answers: Answers, look: Look, scales: Scales) -> Chart:
    """A measure day by day, week by week or month by month; steps without facts are gaps."""
    step = answers[NOW].by[0]
    shift = _moved(answers, step)
    frame = compared(answers, look.measure, shift)
    if len(frame):
        frame = frame.reindex(_every(step, str(frame.index.min()), str(frame.index.max())))
    return _chart(frame, look, answers, scales)


def _moved(answers: Answers, step: Dimension) -> Callable[[str], str] | None:
    """How a key of the weeks before becomes the one it is compared with."""
    pandas, before = pandas_module(), answers.get(BEFORE)
    if before is None:
        return None
    away = answers[NOW].since - before.since
    if step is Dimension.MONTH:
        months = round(away.days / _MONTH_DAYS)
        return lambda key: str(pandas.Period(key, freq="M") + months)
    return lambda key: (pandas.Timestamp(key) + away).date().isoformat()


def _every(step: Dimension, first: str, last: str) -> list[str]:
    """Every key from the first to the last."""
    pandas = pandas_module()
    if step is Dimension.MONTH:
        return [str(one) for one in pandas.period_range(first, last, freq="M")]
    dates = pandas.date_range(first, last, freq="7D" if step is Dimension.WEEK else "D")
    return [one.date().isoformat() for one in dates]


def errors(answers: Answers, _look: Look, scales: Scales) -> Chart:
    """How many arrivals were how far from their predictions, and how many lay within."""
    frame = frame_of(answers[NOW], ERROR)
    frame = frame[frame.index != ""]
    frame = frame.loc[sorted(frame.index, key=int)]
    dimension = Dimension.ETA_ERROR
    marks = tuple(
        Mark(
            key=str(key),
            tick=tick_words(dimension, str(key), {}),
            name=key_words(dimension, str(key), {}),
            value=float(counted),
            text=f"{counted:,.0f} arrivals",
            counted=count_words(counted),
        )
        for key, counted in frame["counted"].items()
    )
    return Chart(marks, note=_coverage_words(answers[TOTAL], scales))


def _coverage_words(answer: Answer, scales: Scales) -> str:
    rows = [row for row in answer.rows if row.values[0] is not None]
    if not rows:
        return ""
    share = value_words(rows[0].values[0], scales.definitions[COVERAGE])
    return f"{share} of {count_words(rows[0].counted[0])} arrivals lay between P10 and P90"


def reasons(answers: Answers, look: Look, scales: Scales) -> Chart:
    """Why attempts failed, the most frequent reason first."""
    frame = compared(answers, FAILED).sort_values("value", ascending=False, kind="stable")
    failed = Look(filters=look.filters, measure=FAILED)
    total = count_words(frame["value"].sum())
    return _chart(frame, failed, answers, scales, f"{total} attempts failed" if len(frame) else "")
