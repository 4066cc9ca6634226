"""A made-up operation whose figures every test of the reports can foretell."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tower.domain.reporting import Filters, Reporting, Target
from tower.kpi.facts import Dimension
from tower.kpi.measures.catalogue import DEFINITIONS_VERSION, MEASURES, targets_in_force
from tower.kpi.query import Answer, Ask, Row
from tower.kpi.report.contents import Report, gather

MADE_AT = datetime(2026, 3, 9, 6, 0, tzinfo=UTC).astimezone(ZoneInfo("Europe/Vaduz"))
LAST = date(2026, 3, 8)

KEYS: dict[Dimension, Sequence[str]] = {
    Dimension.HOUR: [str(hour) for hour in range(7, 19)],
    Dimension.DAY: [str(LAST - timedelta(days=back)) for back in range(6, -1, -1)],
    Dimension.LABEL: ["not_home", "no_access", "address_not_found"],
    Dimension.DRIVER: [f"d{number}" for number in range(1, 15)],
    Dimension.POSTCODE: [f"94{number}" for number in range(85, 99)],
    Dimension.CARRIER: ["c1", "c2"],
    Dimension.DEPOT: ["north"],
    Dimension.ACCOUNT: ["", "=shop"],
}
WEEK = Filters()
NAMES = {"c1": "North Express", "c2": "Müller & Čech", "d1": "=cmd()", "d2": "Wojciech Łódź"}


def answered(ask: Ask) -> Answer:
    """The figures of a week: every row differs, and every measure."""
    keys = KEYS[ask.by[0]] if ask.by else [""]
    return Answer(
        measures=ask.measures,
        by=ask.by,
        rows=tuple(_row(ask, number, key) for number, key in enumerate(keys)),
        since=LAST - timedelta(days=6 + ask.shift_days),
        until=LAST - timedelta(days=ask.shift_days),
        names=NAMES,
        seq=12_345,
        definitions=DEFINITIONS_VERSION,
    )


def nothing(ask: Ask) -> Answer:
    """The figures of an operation that did nothing."""
    empty = Row(keys=(), values=(None,) * len(ask.measures), counted=(0.0,) * len(ask.measures))
    return Answer(
        measures=ask.measures, by=ask.by, rows=() if ask.by else (empty,), since=LAST, until=LAST
    )


def report(
    filters: Filters = WEEK, targets: Sequence[Target] = (), title: str = "Weekly report"
) -> Report:
    """The report of that week."""
    in_force = targets_in_force(Reporting(targets=tuple(targets)))
    return gather(answered, title, filters, in_force, MADE_AT)


def value_of(measure: str, number: int, shift_days: int = 0) -> float:
    """What the made-up operation says for the row of this number."""
    definition = MEASURES[measure]
    middle = definition.target or 40.0
    return round(middle * (1 + 0.004 * (number - 4)) + 0.1 * (shift_days > 0), 4)


def _row(ask: Ask, number: int, key: str) -> Row:
    return Row(
        keys=(key,) if ask.by else (),
        values=tuple(value_of(measure, number, ask.shift_days) for measure in ask.measures),
        counted=tuple(100.0 + number for _ in ask.measures),
    )
