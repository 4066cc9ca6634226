"""Answers of the gateway as pictures of them, shaped with pandas. Knows no widgets.

pandas takes long to import; a worker does that and runs these functions.
"""

import importlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tower.kpi.facts import Dimension
from tower.kpi.measure import mood_of
from tower.kpi.measures.definition import Better, Definition
from tower.kpi.query import Answer
from ui.performance.asks import (
    BEFORE,
    COVERAGE,
    ERROR,
    EXCEPTIONS,
    FAILED,
    FEEDBACK,
    LINE,
    NOW,
    QUALITY,
    TILES,
    TOTAL,
)
from ui.performance.look import BREAKDOWNS, Look
from ui.performance.phrases import (
    change_mood,
    change_words,
    count_words,
    key_words,
    target_words,
    tick_words,
    value_words,
)
from ui.performance.pictures import Cell, Chart, FigureRow, Mark, Table, TileFigure

_PERCENT_FLOOR, _PERCENT_ROOM = 60.0, 8.0
"""Bars of shares begin here, or so far below the lowest one."""

_MONTH_DAYS = 30.44

Answers = Mapping[str, Answer]


class Scales(NamedTuple):
    """What figures are read by.

    Attributes:
        definitions: of each measure.
        targets: in force, in the measures' units; None where nobody set one.
    """

    definitions: Mapping[str, Definition]
    targets: Mapping[str, float | None]


def _pandas() -> Any:  # noqa: ANN401 - a module
    return importlib.import_module("pandas")


def _frame(answer: Answer | None, measure: str) -> Any:  # noqa: ANN401 - a data frame
    """A measure's values and what they rest on, by the first key of their rows."""
    rows = answer.rows if answer is not None else ()
    place = answer.measures.index(measure) if answer is not None else 0
    return _pandas().DataFrame(
        {
            "value": [row.values[place] for row in rows],
            "counted": [row.counted[place] for row in rows],
        },
        index=[row.keys[0] if row.keys else "" for row in rows],
        dtype="float64",
    )


def _figure(value: float) -> float | None:
    """A number of a frame, None for the gap pandas writes as not-a-number."""
    return None if value != value else float(value)  # noqa: PLR0124 - only NaN is unlike itself


def _joined(answers: Answers, measure: str, shift: Callable[[str], str] | None = None) -> Any:  # noqa: ANN401
    """Values now and before, side by side; keys of before are moved by `shift`."""
    now, before = _frame(answers[NOW], measure), _frame(answers.get(BEFORE), measure)
    if shift is not None:
        before.index = before.index.map(shift)
    return now.join(before["value"].rename("before"))


def _chart(frame: Any, look: Look, answers: Answers, scales: Scales, note: str = "") -> Chart:  # noqa: ANN401
    """Marks of a frame of one measure."""
    definition, target = scales.definitions[look.measure], scales.targets.get(look.measure)
    dimension, names = answers[NOW].by[0], answers[NOW].names
    marks = tuple(
        Mark(
            key=str(key),
            tick=tick_words(dimension, str(key), names),
            name=key_words(dimension, str(key), names),
            value=_figure(row.value),
            text=value_words(_figure(row.value), definition),
            counted=_figure(row.counted) or 0.0,
            before=_figure(row.before),
            before_text=_before_words(_figure(row.before), definition),
            mood=mood_of(definition, _figure(row.value), target),
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
    frame = _joined(answers, look.measure)
    return _chart(frame[frame["counted"] > 0], look, answers, scales)


def trend(answers: Answers, look: Look, scales: Scales) -> Chart:
    """A measure day by day, week by week or month by month; steps without facts are gaps."""
    step = answers[NOW].by[0]
    shift = _moved(answers, step)
    frame = _joined(answers, look.measure, shift)
    if len(frame):
        frame = frame.reindex(_every(step, str(frame.index.min()), str(frame.index.max())))
    return _chart(frame, look, answers, scales)


def _moved(answers: Answers, step: Dimension) -> Callable[[str], str] | None:
    """How a key of the weeks before becomes the one it is compared with."""
    pandas, before = _pandas(), answers.get(BEFORE)
    if before is None:
        return None
    away = answers[NOW].since - before.since
    if step is Dimension.MONTH:
        months = round(away.days / _MONTH_DAYS)
        return lambda key: str(pandas.Period(key, freq="M") + months)
    return lambda key: (pandas.Timestamp(key) + away).date().isoformat()


def _every(step: Dimension, first: str, last: str) -> list[str]:
    """Every key from the first to the last."""
    pandas = _pandas()
    if step is Dimension.MONTH:
        return [str(one) for one in pandas.period_range(first, last, freq="M")]
    dates = pandas.date_range(first, last, freq="7D" if step is Dimension.WEEK else "D")
    return [one.date().isoformat() for one in dates]


def errors(answers: Answers, _look: Look, scales: Scales) -> Chart:
    """How many arrivals were how far from their predictions, and how many lay within."""
    frame = _frame(answers[NOW], ERROR)
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
            counted=float(counted),
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
    frame = _joined(answers, FAILED).sort_values("value", ascending=False, kind="stable")
    failed = Look(filters=look.filters, measure=FAILED)
    total = count_words(frame["value"].sum())
    return _chart(frame, failed, answers, scales, f"{total} attempts failed" if len(frame) else "")


def breakdown(answers: Answers, look: Look, scales: Scales) -> Table:
    """A measure by a dimension, the worst first."""
    definition, target = scales.definitions[look.measure], scales.targets.get(look.measure)
    frame = _joined(answers, look.measure)
    frame = frame[frame["counted"] > 0]
    frame = frame.iloc[_badness(frame["value"], definition, target).argsort(kind="stable")]
    most = max(frame["value"].abs().max(), 1e-9) if len(frame) else 1.0
    compares, names = BEFORE in answers, answers[NOW].names
    rows = tuple(
        FigureRow(
            str(key),
            key_words(look.by, str(key), names),
            _breakdown_cells(row, definition, target, most, compares=compares),
        )
        for key, row in zip(frame.index, frame.itertuples(index=False), strict=True)
    )
    titles = (BREAKDOWNS[look.by], definition.title, "Counted")
    return Table((*titles, "Before", "Change") if compares else titles, rows)


def _badness(values: Any, definition: Definition, target: float | None) -> Any:  # noqa: ANN401
    """Smaller is worse; what has no value comes last."""
    match definition.better:
        case Better.HIGHER:
            order = values
        case Better.LOWER:
            order = -values
        case _:
            order = -(values - (target or 0.0)).abs()
    return order.fillna(float("inf")).to_numpy()


def _breakdown_cells(
    row: Any,  # noqa: ANN401 - a row of a frame
    definition: Definition,
    target: float | None,
    most: float,
    *,
    compares: bool,
) -> tuple[Cell, ...]:
    key, value, before = definition.key, _figure(row.value), _figure(row.before)
    share = abs(value) / most if value is not None else 0.0
    mood = mood_of(definition, value, target)
    cells = (
        Cell(key, value, value_words(value, definition), share, mood),
        Cell(key, row.counted, count_words(row.counted)),
    )
    return (*cells, *_change_cells(value, before, definition)) if compares else cells


def _change_cells(
    value: float | None, before: float | None, definition: Definition
) -> tuple[Cell, ...]:
    changed = None if value is None or before is None else value - before
    mood = change_mood(value, before, definition)
    return (
        Cell(definition.key, before, value_words(before, definition), before=True),
        Cell("", changed, change_words(value, before, definition), mood=mood),
    )


def exceptions(answers: Answers, _look: Look, scales: Scales) -> Table:
    """How often each kind of exception came, and how soon it was dealt with."""
    return _by_first(answers[NOW], EXCEPTIONS, "Kind", scales)


def quality(answers: Answers, _look: Look, scales: Scales) -> Table:
    """How good the data of each carrier is."""
    return _by_first(answers[NOW], QUALITY, "Carrier", scales)


def _by_first(answer: Answer, measures: tuple[str, ...], first: str, scales: Scales) -> Table:
    """A row a key, a column a measure; the row with the most behind it first."""
    frames = {measure: _frame(answer, measure) for measure in measures}
    order = frames[measures[0]].sort_values("counted", ascending=False, kind="stable").index
    most = {measure: frame["value"].max() for measure, frame in frames.items()}
    dimension = answer.by[0]
    rows = tuple(
        FigureRow(
            str(key),
            key_words(dimension, str(key), answer.names),
            tuple(
                _cell(measure, _figure(frames[measure]["value"][key]), most[measure], scales)
                for measure in measures
            ),
        )
        for key in order
    )
    titles = (first, *(scales.definitions[measure].title for measure in measures))
    return Table(titles, rows)


def _cell(measure: str, value: float | None, most: float, scales: Scales) -> Cell:
    definition, target = scales.definitions[measure], scales.targets.get(measure)
    is_bar = definition.below is None and value is not None and most > 0
    share = value / most if is_bar and value is not None else 0.0
    mood = mood_of(definition, value, target)
    return Cell(measure, value, value_words(value, definition), share, mood)


def feedback(answers: Answers, _look: Look, scales: Scales) -> Table:
    """What came after the deliveries: a row a measure."""
    rows, compares = [], BEFORE in answers
    for measure in FEEDBACK:
        definition, target = scales.definitions[measure], scales.targets.get(measure)
        value, counted = _single(answers[NOW], measure)
        before, _ = _single(answers.get(BEFORE), measure)
        mood = mood_of(definition, value, target)
        cells = (
            Cell(measure, value, value_words(value, definition), mood=mood),
            Cell(measure, counted, count_words(counted)),
        )
        changes = _change_cells(value, before, definition) if compares else ()
        rows.append(FigureRow(measure, definition.title, (*cells, *changes)))
    titles = ("Measure", "Now", "Counted")
    return Table((*titles, "Before", "Change") if compares else titles, tuple(rows))


def _single(answer: Answer | None, measure: str) -> tuple[float | None, float]:
    """The only row's value and what it rests on."""
    if answer is None or not answer.rows:
        return None, 0.0
    place = answer.measures.index(measure)
    return answer.rows[0].values[place], answer.rows[0].counted[place]


def tiles(answers: Answers, _look: Look, scales: Scales) -> tuple[TileFigure, ...]:
    """The strip."""
    return tuple(_tile(answers, measure, scales) for measure in TILES)


def _tile(answers: Answers, measure: str, scales: Scales) -> TileFigure:
    definition, target = scales.definitions[measure], scales.targets.get(measure)
    value, counted = _single(answers[NOW], measure)
    before, _ = _single(answers.get(BEFORE), measure)
    line = _frame(answers[LINE], measure)["value"].dropna()
    return TileFigure(
        key=measure,
        title=definition.title,
        value=value,
        text=value_words(value, definition),
        counted=counted,
        target=target_words(target, definition),
        mood=mood_of(definition, value, target),
        change=change_words(value, before, definition),
        change_mood=change_mood(value, before, definition),
        line=tuple(float(one) for one in line),
    )


SHAPES: dict[str, Callable[[Answers, Look, Scales], object]] = {
    "tiles": tiles,
    "hours": hours,
    "trend": trend,
    "errors": errors,
    "breakdown": breakdown,
    "reasons": reasons,
    "exceptions": exceptions,
    "quality": quality,
    "feedback": feedback,
}
"""What makes each panel's picture of its answers."""
