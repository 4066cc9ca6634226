"""Stops behind: the facts a number is made of, and the history of the stop one is about."""

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from tower.kpi.query import Behind
from ui.performance.behindmodel import PAGE, TITLES, BehindModel
from ui.performance.definitions import Definitions
from ui.performance.storypane import StoryPane
from ui.session import Session
from ui.theme import BODY_PX, SMALL_PX
from ui.widgets.notice import Notice
from ui.widgets.ownkeys import ENTERS, claims
from ui.widgets.sidebyside import side_by_side
from ui.widgets.split import Split

ROW_PX = 21
_MISSED_TIP = "Only what counts against the measure"
_NEVER_MISSED_TIP = "Nothing is missed here: the measure is no share of what could have been"
_WIDTHS_PX = (150, 130, 76, 96, 84, 92, 96, 70, 100, 100)


class BehindTable(QTableView):
    """The lines; Enter opens a stop's history.

    Attributes:
        opened: row whose history is wanted.
    """

    opened = Signal(int)

    def __init__(self, session: Session, model: BehindModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName("Stops behind the number")
        self.setFont(session.theme.font(SMALL_PX))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows, titles = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_PX)
        titles.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        titles.setHighlightSections(False)
        titles.setSectionsClickable(True)
        titles.setSortIndicatorShown(True)
        titles.setSortIndicatorClearable(True)
        titles.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        titles.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate(_WIDTHS_PX[: len(TITLES)]):
            titles.resizeSection(column, width)
        titles.sortIndicatorChanged.connect(model.sort)
        self.clicked.connect(self._on_clicked)

    def _on_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(index.row())

    def event(self, event: QEvent) -> bool:
        """Enter belongs to the list while it has the focus."""
        return claims(event, ENTERS) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the history of the stop."""
        if event.key() in ENTERS and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)


class BehindPanel(QWidget):
    """The list behind a number.

    Args:
        session: the shift.
        definitions: of the measures.

    Attributes:
        model: the lines.
        story: the history of the stop chosen.
    """

    def __init__(
        self, session: Session, definitions: Definitions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._definitions = session, definitions
        self.model, self.story = BehindModel(session, definitions, self), StoryPane(session)
        self.title, self.count = QLabel(), QLabel()
        self.only_missed = QCheckBox("Only &missed")
        self.order = QComboBox()
        self.order.setAccessibleName("Order")
        for order, words in (("worst", "Worst first"), ("newest", "Newest first")):
            self.order.addItem(words, order)
        self.back_button, self.on_button = QPushButton("<"), QPushButton(">")
        self.retry_button = QPushButton("&Try again")
        self.notice = Notice(session.theme)
        self.table = BehindTable(session, self.model)
        self._lay_out()
        self._listen()
        self._dress()
        self.story.hide()

    def _lay_out(self) -> None:
        self.title.setWordWrap(True)
        for label in (self.title, self.count):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.back_button.setAccessibleName("Page before")
        self.on_button.setAccessibleName("Next page")
        upper = QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(8, 6, 8, 0)
        column.setSpacing(6)
        column.addWidget(self.title)
        column.addLayout(side_by_side(self.only_missed, self.order, None))
        column.addLayout(side_by_side(self.count, None, self.back_button, self.on_button))
        column.addWidget(self.notice)
        column.addLayout(side_by_side(self.retry_button, None))
        column.addWidget(self.table, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Split(self._session.theme, upper, self.story, (3, 2)))

    def _listen(self) -> None:
        self.only_missed.toggled.connect(self._on_choice_changed)
        self.order.activated.connect(self._on_choice_changed)
        self.back_button.clicked.connect(lambda: self.model.turn(-1))
        self.on_button.clicked.connect(lambda: self.model.turn(1))
        self.retry_button.clicked.connect(self.model.ask_again)
        self.model.answered.connect(self._on_answered)
        self.table.opened.connect(self.open_row)
        self._session.theme.theme_changed.connect(self._dress)

    def show_behind(self, wanted: Behind, title: str) -> None:
        """Show what stands behind a number."""
        definition = self._definitions.known.get(wanted.measure)
        can_miss = definition is not None and definition.is_share
        self.title.setText(title)
        self.story.hide()
        self.only_missed.setEnabled(can_miss)
        self.only_missed.setToolTip(_MISSED_TIP if can_miss else _NEVER_MISSED_TIP)
        self.model.want(
            replace(
                wanted,
                only_missed=can_miss and self.only_missed.isChecked(),
                order=str(self.order.currentData()),
                offset=0,
            )
        )

    def open_row(self, row: int) -> None:
        """Tell the history of the stop a line is about."""
        line = self.model.record(row)
        self.story.show()
        self.story.show_stop(line.fact.stop_id, line.words[1] or line.fact.stop_id)

    def _on_choice_changed(self) -> None:
        if self.model.wanted is not None:
            self.show_behind(self.model.wanted, self.title.text())

    def _on_answered(self) -> None:
        model = self.model
        self.notice.say("trouble", model.trouble and f"No list: {model.trouble}")
        self.retry_button.setVisible(bool(model.trouble))
        offset = model.wanted.offset if model.wanted is not None else 0
        self.count.setText(_count_words(model, offset))
        self.back_button.setEnabled(offset > 0)
        self.on_button.setEnabled(offset + PAGE < model.total)

    def _dress(self) -> None:
        theme = self._session.theme
        self.title.setFont(theme.font(BODY_PX, bold=True))
        self.count.setFont(theme.font(SMALL_PX))
        self.table.setFont(theme.font(SMALL_PX))


def _count_words(model: BehindModel, offset: int) -> str:
    if model.is_waiting:
        return "Asking…"
    if not model.total:
        return "" if model.trouble else "Nothing stands behind this number."
    last = min(offset + PAGE, model.total)
    return f"{offset + 1:,}–{last:,} of {model.total:,}"
