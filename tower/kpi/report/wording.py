"""How a report words figures, periods and filters."""

from datetime import date

from tower.domain.reporting import Filters
from tower.kpi.measure import Mood, mood_of
from tower.kpi.measures.definition import Better, Definition
from tower.kpi.query import Answer
from tower.kpi.report.contents import Tile

NOTHING = "—"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""From Monday, as `date.weekday` counts."""

_LISTED = 4


def value_words(definition: Definition, value: float | None) -> str:
    """A value with its unit, as `94.2 %`; a dash where there is none."""
    if value is None:
        return NOTHING
    text = f"{value:,.{definition.decimals}f}"
    return f"{text} {definition.unit}".rstrip()


def change_words(tile: Tile) -> str:
    """How a measure moved against the period before, as `+1.4`; "" where nobody knows."""
    change = tile.change
    if change is None:
        return ""
    text = f"{abs(change):,.{tile.definition.decimals}f}"
    if not text.strip("0.,"):
        return "unchanged"
    return f"{'+' if change > 0 else '−'}{text}"


def target_words(tile: Tile) -> str:
    """What a measure should come to, as `target ≥ 95 %`; "" where there is no target."""
    if tile.target is None:
        return ""
    sign = {Better.HIGHER: "≥", Better.LOWER: "≤", Better.NEAR: "near"}[tile.definition.better]
    return f"target {sign} {tile.target:g} {tile.definition.unit}".rstrip()


def is_on_target(tile: Tile) -> bool | None:
    """Whether a measure is where it should be; None where there is no target or no value."""
    mood = mood_of(tile.definition, tile.value, tile.target)
    return None if mood is Mood.NEUTRAL else mood is Mood.GOOD


def key_words(answer: Answer, key: str) -> str:
    """What a row is called: its name, else its key as people write it."""
    if not key:
        return "(none)"
    return answer.names.get(key) or key.replace("_", " ")


def period_words(since: date, until: date) -> str:
    """The days of a report, as `2–8 March 2026`."""
    if since == until:
        return f"{since:%A}, {since.day} {since:%B %Y}"
    if (since.year, since.month) == (until.year, until.month):
        return f"{since.day}–{until.day} {until:%B %Y}"
    return f"{since.day} {since:%B %Y} – {until.day} {until:%B %Y}"


def filter_words(filters: Filters, names: dict[str, str]) -> str:
    """What a report is narrowed to, in words."""
    lists = (
        ("carrier", filters.carriers),
        ("depot", filters.depots),
        ("route", filters.routes),
        ("driver", filters.drivers),
        ("postcode", filters.postcodes),
        ("customer", filters.accounts),
        ("service", filters.service_levels),
        ("vehicle", filters.vehicles),
        ("hour", tuple(f"{hour}:00" for hour in filters.hours)),
        ("weekday", tuple(WEEKDAYS[day] for day in filters.weekdays)),
    )
    said = [f"{what} {_listed(keys, names)}" for what, keys in lists if keys]
    return "; ".join(said) or "everything"


def _listed(keys: tuple[str, ...], names: dict[str, str]) -> str:
    shown = [names.get(key) or key for key in keys[:_LISTED]]
    more = len(keys) - _LISTED
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
