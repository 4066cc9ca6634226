"""Figures, keys and periods of the performance window in words. Knows no widgets."""

import calendar
from collections.abc import Callable, Mapping
from datetime import date

from tower.kpi.facts import Dimension
from tower.kpi.measure import NOTHING, Mood
from tower.kpi.measures.definition import Better, Definition
from ui.exceptions.rows import KIND_WORDS
from ui.performance.look import FIELDS

_HOUR_S = 3_600.0
UNNAMED = "not said"
"""What facts are called of which nobody said what they are."""


def unit_words(definition: Definition) -> str:
    """The unit beside a figure; what it is per, the measure's title says."""
    return "" if definition.unit.startswith("per ") else definition.unit


def value_words(value: float | None, definition: Definition) -> str:
    """A figure with its unit."""
    if value is None:
        return NOTHING
    return f"{value:,.{definition.decimals}f} {unit_words(definition)}".rstrip()


def count_words(count: float, definition: Definition | None = None) -> str:
    """How much a figure rests on; hours where it is time that is counted."""
    if definition is not None and (definition.below or "").endswith("_s"):
        return f"{count / _HOUR_S:,.0f} h"
    return f"{count:,.0f}"


def change_words(now: float | None, before: float | None, definition: Definition) -> str:
    """By how much a figure changed; a share in points, since a share of a share misleads."""
    if now is None or before is None:
        return ""
    change = round(now - before, definition.decimals)
    unit = "points" if definition.unit == "%" else unit_words(definition)
    if change == 0:
        return "unchanged"
    arrow = "▲" if change > 0 else "▼"
    return f"{arrow} {abs(change):,.{definition.decimals}f} {unit}".rstrip()


def change_mood(now: float | None, before: float | None, definition: Definition) -> Mood:
    """Whether a change is one for the better."""
    if now is None or before is None or round(now - before, definition.decimals) == 0:
        return Mood.NEUTRAL
    if definition.better is Better.NEAR:
        aim = definition.target or 0.0
        return Mood.GOOD if abs(now - aim) < abs(before - aim) else Mood.BAD
    return Mood.GOOD if (now > before) == (definition.better is Better.HIGHER) else Mood.BAD


def target_words(target: float | None, definition: Definition) -> str:
    """What a figure should be, "" where nobody set anything."""
    if target is None:
        return ""
    sign = {Better.HIGHER: "≥", Better.LOWER: "≤", Better.NEAR: "near"}[definition.better]
    return f"{sign} {value_words(target, definition)}"


def key_words(dimension: Dimension, key: str, names: Mapping[str, str]) -> str:
    """What a row is called in full."""
    if key in names:
        return names[key]
    if not key:
        return UNNAMED
    teller = _TELLERS.get(dimension)
    return teller(key) if teller is not None else key


def _month_words(key: str) -> str:
    year, month = key.split("-")[:2]
    return f"{calendar.month_name[int(month)]} {year}"


def label_words(key: str) -> str:
    """`not_home` as people say it."""
    words = next((said for kind, said in KIND_WORDS.items() if kind == key), key.replace("_", " "))
    return words[:1].upper() + words[1:]


def error_words(minutes: int) -> str:
    """How far an arrival was from its prediction."""
    if not minutes:
        return "as predicted"
    return f"{abs(minutes)} min {'later' if minutes > 0 else 'earlier'} than predicted"


def tick_words(dimension: Dimension, key: str, names: Mapping[str, str]) -> str:
    """What a row is called where there is little room: below a bar or a point."""
    match dimension:
        case Dimension.HOUR:
            return str(int(key)) if key else "?"
        case Dimension.DAY | Dimension.WEEK if key:
            day = date.fromisoformat(key)
            return f"{day.day} {calendar.month_abbr[day.month]}"
        case Dimension.MONTH if key:
            year, month = key.split("-")[:2]
            return f"{calendar.month_abbr[int(month)]} {year[2:]}"
        case Dimension.ETA_ERROR if key:
            return f"{int(key):+}" if int(key) else "0"
    return key_words(dimension, key, names)


def day_words(day: date) -> str:
    """`Fri 20 Nov 2026`."""
    weekday, month = calendar.day_abbr[day.weekday()], calendar.month_abbr[day.month]
    return f"{weekday} {day.day} {month} {day.year}"


def span_words(since: date, until: date) -> str:
    """The days figures are of."""
    return day_words(since) if since == until else f"{day_words(since)} – {day_words(until)}"


def filter_words(names: tuple[str, ...]) -> str:
    """What a filter lets through, on its chip."""
    if not names:
        return "any"
    more = f" +{len(names) - 1}" if len(names) > 1 else ""
    return f"{names[0]}{more}"


def dimension_words(dimension: Dimension) -> str:
    """What a dimension is called."""
    return FIELDS[dimension][1] if dimension in FIELDS else label_words(dimension.value)


_TELLERS: dict[Dimension, Callable[[str], str]] = {
    Dimension.WEEKDAY: lambda key: calendar.day_name[int(key)],
    Dimension.HOUR: lambda key: f"{int(key):02}:00",
    Dimension.DAY: lambda key: day_words(date.fromisoformat(key)),
    Dimension.WEEK: lambda key: f"week from {day_words(date.fromisoformat(key))}",
    Dimension.MONTH: _month_words,
    Dimension.ETA_ERROR: lambda key: error_words(int(key)),
    Dimension.LABEL: label_words,
    Dimension.VEHICLE: label_words,
    Dimension.SERVICE_LEVEL: label_words,
}
"""How keys that are no names are told."""
