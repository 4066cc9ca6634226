"""The event log's widget."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from tower.domain.events import Event
from ui.eventlog.model import LogModel
from ui.eventlog.past import Past
from ui.eventlog.words import TOPICS, UNLISTED, line_of
from ui.session import Session
from ui.theme import SMALL_PX

ROW_PX = 19
TIME_PX, WHO_PX = 66, 130


class EventLogPanel(QWidget):
    """A live table of events; a click selects what the event is about everywhere."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.model = LogModel(session, self)
        self._past: Past | None = None
        self._topic = QComboBox()
        self._topic.setAccessibleName("Kind of event")
        for topic, title in TOPICS.items():
            self._topic.addItem(title, topic)
        self._words = QLineEdit()
        self._words.setPlaceholderText("Filter, e.g. delivered V-07")
        self._words.setAccessibleName("Filter the event log")
        self._words.setClearButtonEnabled(True)
        self._follow = QCheckBox("Follow")
        self._follow.setChecked(True)
        self._follow.setToolTip("Keep the newest event in sight")
        self._table = self._make_table()
        self._lay_out()
        self._listen()
        self._on_theme_changed()

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName("Event log")
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_PX)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = table.horizontalHeader()
        header.hide()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(0, TIME_PX)
        header.resizeSection(2, WHO_PX)
        return table

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(8, 4, 8, 4)
        tools.setSpacing(8)
        tools.addWidget(self._topic)
        tools.addWidget(self._words, 1)
        tools.addWidget(self._follow)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(tools)
        layout.addWidget(self._table, 1)

    def _listen(self) -> None:
        self._session.state_replaced.connect(self._on_state_replaced)
        self._session.events_replaced.connect(self._on_state_replaced)
        self._session.events_arrived.connect(self._on_events_arrived)
        self._session.theme.theme_changed.connect(self._on_theme_changed)
        self._topic.currentIndexChanged.connect(self._on_filter_changed)
        self._words.textChanged.connect(self._on_filter_changed)
        self._follow.toggled.connect(self._on_follow_toggled)
        self._table.clicked.connect(self._on_row_chosen)
        self._table.activated.connect(self._on_row_chosen)

    def _on_state_replaced(self) -> None:
        """Begin anew, with what happened last before this desktop joined."""
        self.model.clear()
        if self._past is not None:
            self._past.dismiss()
        until = self._session.state.seq
        self._past = Past(self._session, until, self._on_past_known) if until else None

    def _on_past_known(self, events: Sequence[Event]) -> None:
        self._past = None
        self._append(events)

    def _on_events_arrived(self, events: Sequence[Event]) -> None:
        if self._past is not None:
            self._past.hold(events)
        else:
            self._append(events)

    def _append(self, events: Sequence[Event]) -> None:
        state, links = self._session.state, self._session.links
        self.model.append(
            [line_of(one, state, links) for one in events if type(one.body) not in UNLISTED]
        )
        self._on_follow_toggled(self._follow.isChecked())

    def _on_filter_changed(self) -> None:
        self.model.narrow(str(self._topic.currentData()), self._words.text())
        self._on_follow_toggled(self._follow.isChecked())

    def _on_follow_toggled(self, follows: bool) -> None:
        if follows and not self._table.underMouse():
            self._table.scrollToBottom()

    def _on_row_chosen(self, index: QModelIndex) -> None:
        line = self.model.line(index.row())
        if line.kind:
            self._session.select(line.kind, line.id)

    def _on_theme_changed(self) -> None:
        self._table.setFont(self._session.theme.font(SMALL_PX))
        self._table.viewport().update()

    def showEvent(self, event: QShowEvent) -> None:
        """Show the newest event first."""
        super().showEvent(event)
        self._on_follow_toggled(self._follow.isChecked())
