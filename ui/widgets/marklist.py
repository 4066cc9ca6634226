"""A list of rows of which several can be marked."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QWidget

from ui.keyed import KeyedModel
from ui.theme import Theme
from ui.widgets.rowlist import RowList


class MarkList(RowList):
    """Rows to mark with Shift and Ctrl.

    Attributes:
        picked_changed: other rows are marked.
    """

    picked_changed = Signal()

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, name, parent)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    @property
    def picked(self) -> tuple[str, ...]:
        """Ids of the marked rows, from the top."""
        model = self.model()
        if not isinstance(model, KeyedModel):
            return ()
        marked = self.selectionModel().selection()
        ranges = [marked.at(place) for place in range(marked.count())]
        rows = {row for one in ranges for row in range(one.top(), one.bottom() + 1)}
        return tuple(model.id_at(row) for row in sorted(rows))

    def selectionChanged(self, selected: object, deselected: object) -> None:
        """Tell that other rows are marked."""
        super().selectionChanged(selected, deselected)  # type: ignore[arg-type]
        self.picked_changed.emit()
