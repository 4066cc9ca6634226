"""Weekdays in words."""

from collections.abc import Sequence

from tower.kpi.report.wording import WEEKDAYS

_ALL, _WORKDAYS = tuple(range(7)), tuple(range(5))


def weekday_words(days: Sequence[int]) -> str:
    """Some days of the week, as `Every day`, `Mon to Fri` or `Mon, Thu`."""
    found = tuple(sorted(set(days)))
    if found == _ALL:
        return "Every day"
    return "Mon to Fri" if found == _WORKDAYS else ", ".join(WEEKDAYS[day] for day in found)
