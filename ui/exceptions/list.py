"""The list of the queue: several rows can be marked; Enter opens one."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from ui.keyed import KeyedModel
from ui.theme import Theme
from ui.widgets.rowlist import RowList

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class QueueList(RowList):
    """Rows of the queue.

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

    def event(self, event: QEvent) -> bool:
        """Enter belongs to the list while it has the focus."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() in _ENTER
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the marked row."""
        if event.key() in _ENTER:
            if self.current:
                self.opened.emit(self.current)
            return
        super().keyPressEvent(event)

    def selectionChanged(self, selected: object, deselected: object) -> None:
        """Tell that other rows are marked."""
        super().selectionChanged(selected, deselected)  # type: ignore[arg-type]
        self.picked_changed.emit()
