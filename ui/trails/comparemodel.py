"""The stops of a route, planned against driven, as a table."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Qt

from tower.domain.records import Stop
from ui.keyed import Index
from ui.session import Session
from ui.sortedrows import SortedModel
from ui.trails.planned import StopRow
from ui.trails.words import shift_words, span_words

TITLES = (
    "Planned",
    "Driven",
    "Stop",
    "Plan",
    "Promised",
    "Arrived",
    "Door, plan",
    "Door, taken",
    "Shift",
    "State",
)
SHIFT, DRIVEN, DOOR = TITLES.index("Shift"), TITLES.index("Driven"), TITLES.index("Door, taken")
_RIGHT = frozenset({0, DRIVEN, TITLES.index("Door, plan"), DOOR, SHIFT})
LATE = timedelta(minutes=10)
"""Later against the plan of the day than this is drawn as late."""

_LONG_DOOR = 2.0
_FAR = float("inf")


class Line(NamedTuple):
    """A stop in words, and what each column is sorted by."""

    row: StopRow
    words: tuple[str, ...]
    ranks: tuple[float | str, ...]


class CompareModel(SortedModel[Line]):
    """Rows in the order planned, until another column is sorted by.

    Args:
        session: time zone and colours.
    """

    titles: tuple[str, ...] = TITLES

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session

    def show_rows(self, rows: tuple[StopRow, ...]) -> None:
        """Show the stops of a comparison."""
        self.give({row.stop.id: self._line(row) for row in rows})

    def rank(self, row: Line, column: int, *, descending: bool) -> float | str:  # noqa: ARG002
        """What a column is sorted by."""
        return row.ranks[column]

    def _line(self, row: StopRow) -> Line:
        clock, stop = self._session.clock_text, row.stop
        plan = stop.as_planned
        name = (plan.customer or plan.address or stop.id) if plan else stop.id
        words = (
            str(row.number),
            str(row.driven or ""),
            name,
            clock(row.planned_at) if row.planned_at else "",
            window_words(self._session, stop),
            clock(row.reached_at) if row.reached_at else "",
            span_words(row.door_planned),
            span_words(row.at_door) if row.at_door is not None else "",
            shift_words(row.shift),
            stop.state.value.replace("_", " "),
        )
        return Line(row, words, _ranks(row, words))

    def text(self, row: Line, column: int) -> str:
        """What stands in a column."""
        return row.words[column]

    def tip(self, row: Line) -> str:
        """The row in words, and what is unusual about it."""
        named = (f"{title}: {said}" for title, said in zip(TITLES, row.words, strict=True) if said)
        order = "Served in another order than planned" if row.row.is_out_of_order else ""
        return "\n".join(filter(None, (*named, order)))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's own
        """The titles, on the side their columns are written to."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(section)
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Words, and the colour of what is not as planned."""
        if index.isValid() and index.row() < self.rowCount():
            if role == Qt.ItemDataRole.ForegroundRole:
                line = self.record(index.row())
                return self._session.theme.color(_colour(line.row, index.column()))
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _side(index.column())
        return super().data(index, role)


def _side(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def window_words(session: Session, stop: Stop) -> str:
    """The promised window: `12:00–14:00`, `by 14:00`, "" for none."""
    plan = stop.plan
    if plan is None or plan.window_end is None:
        return ""
    end = session.clock_text(plan.window_end)
    return f"{session.clock_text(plan.window_start)}–{end}" if plan.window_start else f"by {end}"


def _ranks(row: StopRow, words: tuple[str, ...]) -> tuple[float | str, ...]:
    plan = row.stop.plan
    return (
        row.number,
        row.driven or _FAR,
        words[2].casefold(),
        _seconds(row.planned_at),
        _seconds(plan.window_end if plan else None),
        _seconds(row.reached_at),
        row.door_planned.total_seconds(),
        row.at_door.total_seconds() if row.at_door is not None else -1.0,
        row.shift.total_seconds() if row.shift is not None else -_FAR,
        words[-1],
    )


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else _FAR


def _colour(row: StopRow, column: int) -> str:
    if column == SHIFT and row.shift is not None and row.shift >= LATE:
        return "late"
    if column == DRIVEN and row.is_out_of_order:
        return "at_risk"
    is_long = row.at_door is not None and row.at_door > _LONG_DOOR * row.door_planned
    return "at_risk" if column == DOOR and is_long else "text"
