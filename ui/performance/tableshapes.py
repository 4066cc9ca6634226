"""Answers as tables: breakdown, exceptions, data quality, feedback. Knows no widgets."""

from typing import Any

from tower.kpi.measure import mood_of
from tower.kpi.measures.definition import Better, Definition
from tower.kpi.query import Answer
from ui.performance.asks import BEFORE, EXCEPTIONS, FEEDBACK, NOW, QUALITY
from ui.performance.frames import Answers, Scales, compared, frame_of, number_of, whole_of
from ui.performance.look import BREAKDOWNS, Look
from ui.performance.phrases import (
    change_mood,
    change_words,
    count_words,
    key_words,
    value_words,
)
from ui.performance.pictures import Cell, FigureRow, Table


def breakdown(answers: Answers, look: Look, scales: Scales) -> Table:
    """A measure by a dimension, the worst first."""
    definition, target = scales.definitions[look.measure], scales.targets.get(look.measure)
    frame = compared(answers, look.measure)
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
    key, value, before = definition.key, number_of(row.value), number_of(row.before)
    share = abs(value) / most if value is not None else 0.0
    mood = mood_of(definition, value, target)
    cells = (
        Cell(key, value, value_words(value, definition), share, mood),
        Cell(key, row.counted, count_words(row.counted, definition)),
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
    frames = {measure: frame_of(answer, measure) for measure in measures}
    order = frames[measures[0]].sort_values("counted", ascending=False, kind="stable").index
    most = {measure: frame["value"].max() for measure, frame in frames.items()}
    dimension = answer.by[0]
    rows = tuple(
        FigureRow(
            str(key),
            key_words(dimension, str(key), answer.names),
            tuple(
                _cell(measure, number_of(frames[measure]["value"][key]), most[measure], scales)
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
        value, counted = whole_of(answers[NOW], measure)
        before, _ = whole_of(answers.get(BEFORE), measure)
        mood = mood_of(definition, value, target)
        cells = (
            Cell(measure, value, value_words(value, definition), mood=mood),
            Cell(measure, counted, count_words(counted, definition)),
        )
        changes = _change_cells(value, before, definition) if compares else ()
        rows.append(FigureRow(measure, definition.title, (*cells, *changes)))
    titles = ("Measure", "Now", "Counted")
    return Table((*titles, "Before", "Change") if compares else titles, tuple(rows))
