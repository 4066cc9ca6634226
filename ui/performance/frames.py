"""Answers as data frames: what every picture is shaped from. Knows no widgets.

pandas takes long to import; a worker does that and runs these functions.
"""

import importlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tower.kpi.measures.definition import Definition
from tower.kpi.query import Answer
from ui.performance.asks import BEFORE, NOW

Answers = Mapping[str, Answer]
"""What a panel's questions were answered, by their names."""


class Scales(NamedTuple):
    """What figures are read by.

    Attributes:
        definitions: of each measure.
        targets: in force, in the measures' units; None where nobody set one.
    """

    definitions: Mapping[str, Definition]
    targets: Mapping[str, float | None]


def pandas_module() -> Any:  # noqa: ANN401 - a module
    """The library, imported by whoever asks first."""
    return importlib.import_module("pandas")


def frame_of(answer: Answer | None, measure: str) -> Any:  # noqa: ANN401 - a data frame
    """A measure's values and what they rest on, by the first key of their rows."""
    rows = answer.rows if answer is not None else ()
    place = answer.measures.index(measure) if answer is not None else 0
    return pandas_module().DataFrame(
        {
            "value": [row.values[place] for row in rows],
            "counted": [row.counted[place] for row in rows],
        },
        index=[row.keys[0] if row.keys else "" for row in rows],
        dtype="float64",
    )


def number_of(value: float) -> float | None:
    """A number of a frame, None for the gap pandas writes as not-a-number."""
    return None if value != value else float(value)  # noqa: PLR0124 - only NaN is unlike itself


def compared(answers: Answers, measure: str, shift: Callable[[str], str] | None = None) -> Any:  # noqa: ANN401
    """Values now and before, side by side; keys of before are moved by `shift`."""
    now, before = frame_of(answers[NOW], measure), frame_of(answers.get(BEFORE), measure)
    if shift is not None:
        before.index = before.index.map(shift)
    return now.join(before["value"].rename("before"))


def whole_of(answer: Answer | None, measure: str) -> tuple[float | None, float]:
    """The only row's value and what it rests on."""
    if answer is None or not answer.rows:
        return None, 0.0
    place = answer.measures.index(measure)
    return answer.rows[0].values[place], answer.rows[0].counted[place]
