"""The log's table: newest at the bottom, capped, narrowed by topic and words."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.eventlog.words import Line
from ui.session import Session
from ui.tips import plain_tip

COLUMNS = ("Time", "Event", "By")
CAPACITY = 10_000
"""Lines kept; the journal keeps the rest."""

SPARE = 1_000
"""Lines dropped at once when the log is full, so that dropping is rare."""

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class LogModel(QAbstractTableModel):
    """The lines that pass the filter, oldest first.

    Args:
        session: tells the time zone and the colours.
        parent: its Qt parent.
        capacity: so many lines are kept.
    """

    def __init__(
        self, session: Session, parent: QObject | None = None, capacity: int = CAPACITY
    ) -> None:
        super().__init__(parent)
        self._session, self._capacity = session, capacity
        self._all: list[Line] = []
        self._texts: list[str] = []
        self._shown: list[Line] = []
        self._topic, self._words = "", tuple[str, ...]()

    @property
    def kept(self) -> int:
        """How many lines are kept, shown or not."""
        return len(self._all)

    def line(self, row: int) -> Line:
        """The line at a row."""
        return self._shown[row]

    def append(self, lines: Sequence[Line]) -> None:
        """Add lines at the end; the oldest make room."""
        self._all += lines
        self._texts += [f"{line.text} {line.who}".casefold() for line in lines]
        passing = self._passing(len(self._all) - len(lines))
        if passing:
            first = len(self._shown)
            self.beginInsertRows(_NOWHERE, first, first + len(passing) - 1)
            self._shown += passing
            self.endInsertRows()
        if len(self._all) > self._capacity:
            self._drop(len(self._all) - self._capacity + SPARE)

    def clear(self) -> None:
        """Forget everything, as when another journal begins."""
        self.beginResetModel()
        self._all, self._texts, self._shown = [], [], []
        self.endResetModel()

    def narrow(self, topic: str, words: str) -> None:
        """Show only lines of a topic ("" for all) that have every one of the words."""
        self.beginResetModel()
        self._topic, self._words = topic, tuple(words.casefold().split())
        self._shown = self._passing(0)
        self.endResetModel()

    def _drop(self, count: int) -> None:
        """Forget the oldest; those that are shown are the first of what is shown."""
        oldest = self._all[count].seq if count < len(self._all) else None
        self._all, self._texts = self._all[count:], self._texts[count:]
        shown = len(self._shown)
        if oldest is not None:
            shown = bisect_left(self._shown, oldest, key=lambda line: line.seq)
        if shown:
            self.beginRemoveRows(_NOWHERE, 0, shown - 1)
            del self._shown[:shown]
            self.endRemoveRows()

    def _passing(self, first: int) -> list[Line]:
        """The lines from `first` on that are of the topic and have every one of the words."""
        lines, texts = self._all, self._texts
        found: Iterable[int] = range(first, len(lines))
        for word in self._words:
            found = [place for place in found if word in texts[place]]
        if self._topic:
            found = [place for place in found if lines[place].topic == self._topic]
        return [lines[place] for place in found]

    # Qt's own

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Lines shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Time, event, and who said so."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401
        """Names of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Text and colour of a cell."""
        line, theme = self._shown[index.row()], self._session.theme
        column = index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                time = self._session.clock_text(line.at, seconds=True)
                return (time, line.text, line.who)[column]
            case Qt.ItemDataRole.ForegroundRole:
                return theme.color(line.tone if column == 1 else "muted")
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(f"{line.text}\nsequence {line.seq}")
        return None
