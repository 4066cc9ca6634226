"""The outbox: every message of the shift with what became of it, and the replies."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.outreach.messagedetail import MessageDetail
from ui.outreach.outboxdelegate import OutboxDelegate
from ui.outreach.outboxmodel import OutboxModel
from ui.outreach.outboxrows import Group
from ui.session import Session
from ui.widgets.empty import EmptyState
from ui.widgets.rowlist import RowList

_EMPTY = ("No messages", "What customers are told, and what they answer, appears here.")
_NARROW = ("Nothing passes the filter", "Choose All, or clear the words.")


class OutboxPanel(QWidget):
    """Rows at the left, the one that is marked at the right.

    Attributes:
        group, words: narrow the rows.
        list: the rows.
        detail: the marked one.
        unread_counted: how many replies nobody has read.
    """

    unread_counted = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.model = OutboxModel(session, self)
        self.group, self.words = QComboBox(), QLineEdit()
        self.list = RowList(session.theme, "Messages, newest first")
        self.list.show_model(self.model, OutboxDelegate(session, self.list))
        self.detail = MessageDetail(session, self.model)
        self._empty = EmptyState(session.theme, *_EMPTY)
        self._layers = QStackedWidget()
        self._lay_out()
        self._listen()
        self._on_counted()

    def _lay_out(self) -> None:
        for group in Group:
            self.group.addItem(group.value, group)
        self.group.setAccessibleName("Which messages")
        self.words.setPlaceholderText("Filter, e.g. failed SMS")
        self.words.setAccessibleName("Filter the outbox")
        self.words.setClearButtonEnabled(True)
        tools = QHBoxLayout()
        tools.setContentsMargins(8, 4, 8, 4)
        tools.addWidget(self.group)
        tools.addWidget(self.words, 1)
        for layer in (self.list, self._empty):
            self._layers.addWidget(layer)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(tools)
        column.addWidget(self._layers, 1)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setChildrenCollapsible(False)
        halves.setHandleWidth(1)
        halves.addWidget(left)
        self._right = _scrolled(self.detail)
        halves.addWidget(self._right)
        halves.setSizes([300, 300])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(halves)

    def _listen(self) -> None:
        self.group.currentIndexChanged.connect(self._narrow)
        self.words.textChanged.connect(self._narrow)
        self.model.counted.connect(self._on_counted)
        self.list.chosen.connect(self.detail.show_row)
        self.list.opened.connect(self._on_opened)
        self.detail.conversation.focus_gone.connect(self.list.setFocus)
        self._session.theme.theme_changed.connect(self._dress)
        self._dress()

    def show_row(self, id_: str) -> None:
        """Mark a row, all of them being shown."""
        self.group.setCurrentIndex(self.group.findData(Group.ALL))
        self.words.clear()
        self.list.show_current(id_)
        self.detail.show_row(id_)
        self.list.setFocus()

    def _dress(self) -> None:
        ground = self._session.theme.color("panel").name()
        self._right.setStyleSheet(f"#outboxDetail {{ background: {ground}; }}")

    def _narrow(self) -> None:
        self.model.narrow(Group(self.group.currentData()), self.words.text())

    def _on_counted(self) -> None:
        counts = self.model.counts
        for place, group in enumerate(Group):
            self.group.setItemText(place, f"{group.value} ({counts[group]})")
        self._empty.set_words(*(_NARROW if counts[Group.ALL] else _EMPTY))
        self._layers.setCurrentWidget(self.list if self.model.rowCount() else self._empty)
        self.detail.refresh()
        self.unread_counted.emit(self.model.unread)

    def _on_opened(self, id_: str) -> None:
        """A double click leads to the exception, else to the stop."""
        row = self.model.read(id_)
        if row is None:
            return
        if row.exception_id in self._session.state.exceptions:
            self._session.select("exception", row.exception_id)
        elif row.stop_id:
            self._session.select("stop", row.stop_id)


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(widget)
    return area
