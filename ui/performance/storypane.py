"""The history of one stop below the list it was chosen from."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ui.performance.story import StoryModel
from ui.session import Session
from ui.theme import BODY_PX, SMALL_PX
from ui.widgets.sidebyside import side_by_side

ROW_PX = 20
_TIME_PX, _WHO_PX = 150, 110


class StoryPane(QWidget):
    """Says everything that happened to a stop, and shows it on the map where it is of today.

    Attributes:
        model: the events.
        copy_button: puts all of it on the clipboard.
        map_button: shows the stop on the map and its sheet.
        shown_on_map: the stop was selected in the main window.
    """

    shown_on_map = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.model = StoryModel(session, self)
        self.title, self.note = QLabel(), QLabel()
        self.copy_button = QPushButton("&Copy")
        self.map_button = QPushButton("Show on the &map")
        self.table = _table(session, self.model)
        self._lay_out()
        self.copy_button.clicked.connect(self.copy)
        self.map_button.clicked.connect(self.show_on_map)
        self.model.told.connect(self._on_told)
        session.theme.theme_changed.connect(self._dress)
        self._dress()
        self._on_told()

    def _lay_out(self) -> None:
        for label in (self.title, self.note):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(6)
        column.addLayout(side_by_side(self.title, None, self.map_button, self.copy_button))
        column.addWidget(self.note)
        column.addWidget(self.table, 1)

    def show_stop(self, stop_id: str, name: str) -> None:
        """Tell of a stop."""
        self.title.setText(f"History of {name}" if stop_id else "Not about a stop")
        self.model.show_stop(stop_id)

    def copy(self) -> None:
        """Put the history on the clipboard."""
        QGuiApplication.clipboard().setText(self.model.copied())
        self.note.setText("Copied")

    def show_on_map(self) -> None:
        """Select the stop in the main window."""
        self._session.select("stop", self.model.stop_id)
        self.shown_on_map.emit()

    def _on_told(self) -> None:
        self.note.setText(self.model.note)
        has_rows = self.model.rowCount() > 0
        self.copy_button.setEnabled(has_rows)
        is_live = self.model.stop_id in self._session.state.stops
        self.map_button.setEnabled(is_live)
        self.map_button.setToolTip("" if is_live else "It is no stop of the shift on the map")
        self.table.resizeRowsToContents()

    def _dress(self) -> None:
        theme = self._session.theme
        self.title.setFont(theme.font(BODY_PX, bold=True))
        self.note.setFont(theme.font(SMALL_PX))
        self.note.setStyleSheet(f"color: {theme.color('muted').name()}")
        self.table.setFont(theme.font(SMALL_PX))


def _table(session: Session, model: StoryModel) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setAccessibleName("History of the stop")
    table.setShowGrid(False)
    table.setWordWrap(True)
    table.setTabKeyNavigation(False)
    table.setFont(session.theme.font(SMALL_PX))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.verticalHeader().hide()
    table.verticalHeader().setMinimumSectionSize(ROW_PX)
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
    header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
    header.resizeSection(0, _TIME_PX)
    header.resizeSection(2, _WHO_PX)
    return table
