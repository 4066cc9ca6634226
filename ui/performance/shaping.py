"""What makes each panel's picture of its answers. Knows no widgets."""

from collections.abc import Callable

from tower.kpi.measure import mood_of
from ui.performance.asks import BEFORE, LINE, NOW, TILES
from ui.performance.chartshapes import errors, hours, reasons, trend
from ui.performance.frames import Answers, Scales, frame_of, whole_of
from ui.performance.look import Look
from ui.performance.phrases import (
    change_mood,
    change_words,
    count_words,
    target_words,
    value_words,
)
from ui.performance.pictures import TileFigure
from ui.performance.tableshapes import breakdown, exceptions, feedback, quality


def tiles(answers: Answers, _look: Look, scales: Scales) -> tuple[TileFigure, ...]:
    """The strip."""
    return tuple(_tile(answers, measure, scales) for measure in TILES)


def _tile(answers: Answers, measure: str, scales: Scales) -> TileFigure:
    definition, target = scales.definitions[measure], scales.targets.get(measure)
    value, counted = whole_of(answers[NOW], measure)
    before, _ = whole_of(answers.get(BEFORE), measure)
    line = frame_of(answers[LINE], measure)["value"].dropna()
    return TileFigure(
        key=measure,
        title=definition.title,
        value=value,
        text=value_words(value, definition),
        counted=count_words(counted, definition),
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
