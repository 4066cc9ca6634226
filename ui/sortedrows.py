"""A table whose rows stand as they were given until somebody sorts them. Knows no widgets."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Qt

from ui.keyed import KeyedModel, Row


class SortedModel(KeyedModel[Row]):
    """Rows in the order they were given, or by a column; for lists of some hundred rows."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._given: Mapping[str, Row] = {}
        self._sorted_by: tuple[int, bool] | None = None

    @abstractmethod
    def rank(self, row: Row, column: int, *, descending: bool) -> Any:  # noqa: ANN401
        """What a row is sorted by; turned round by the caller where it is descending."""

    def give(self, rows: Mapping[str, Row]) -> None:
        """Show these rows; a sorting stays."""
        self._given = rows
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; by none in the order given."""
        is_known = 0 <= column < len(self.titles)
        self._sorted_by = (column, order == Qt.SortOrder.DescendingOrder) if is_known else None
        self._arrange()

    def forget_sorting(self) -> None:
        """What is given next stands as it is given."""
        self._sorted_by = None

    def _arrange(self) -> None:
        rows = self._given
        if self._sorted_by is not None:
            column, descending = self._sorted_by
            ids = sorted(
                rows,
                key=lambda id_: self.rank(rows[id_], column, descending=descending),
                reverse=descending,
            )
            rows = {id_: rows[id_] for id_ in ids}
        self.arrange(rows)
