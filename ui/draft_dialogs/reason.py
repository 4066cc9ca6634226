"""What a change would break, and the supervisor's word that it is to be done all the same."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tower.routes.violations import Violation
from ui.draft.draft import Draft
from ui.draft.outcome import Refusal
from ui.draft.words import route_words, stop_words
from ui.session import Session
from ui.theme import TITLE_PX

_COLUMNS = ("Route", "Stop", "Customer", "Why it must not be")
_WIDTH_PX, _LIST_PX = 760, 260
"""The list is as tall as its rows, up to so much."""

_LONGEST = 2000


class ReasonDialog(QDialog):
    """Lists the hard constraints a change would break; a supervisor may give a reason for it.

    Args:
        session: says who sits here.
        draft: what is to be committed.
        refusal: why it was not.
        parent: the window it lies over.

    Attributes:
        reason: the supervisor's words; not shown to others.
        commit_button: commits with the reason; not shown to others.
        copy_button: puts the list on the clipboard.
        confirmed: the reason, once it was given.
    """

    confirmed = Signal(str)

    def __init__(
        self, session: Session, draft: Draft, refusal: Refusal, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._draft = session, draft
        self._rows = [_row(session, draft, one) for one in refusal.violations]
        self.reason = QLineEdit()
        self.commit_button = QPushButton("&Commit all the same")
        self.copy_button, self.back_button = QPushButton("Co&py list"), QPushButton("Back")
        self.setWindowTitle("This breaks what must be kept")
        self._lay_out()
        self._listen()
        self._allow()

    @property
    def words(self) -> str:
        """The list as plain text."""
        return "\n".join(" · ".join(filter(None, row)) for row in self._rows)

    def _lay_out(self) -> None:
        count = len(self._rows)
        things = "1 constraint" if count == 1 else f"{count} constraints"
        title = QLabel(f"This change breaks {things} that must be kept")
        title.setFont(self._session.theme.font(TITLE_PX, bold=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(10)
        table = _table(self._rows)
        column.addWidget(title)
        column.addWidget(table)
        column.addLayout(self._question())
        column.addLayout(self._buttons())
        # Rows are as tall as their words need in the width they get.
        self.resize(_WIDTH_PX, _LIST_PX)
        column.activate()
        rows_px = table.verticalHeader().length()
        table.setFixedHeight(table.horizontalHeader().height() + min(rows_px, _LIST_PX) + 4)
        self.resize(_WIDTH_PX, self.sizeHint().height())
        (self.reason if self._session.is_supervisor else self.back_button).setFocus()

    def _question(self) -> QVBoxLayout:
        """What a supervisor is asked; what others are told."""
        column, label = QVBoxLayout(), QLabel()
        label.setWordWrap(True)
        column.addWidget(label)
        if not self._session.is_supervisor:
            label.setText(
                "Only a supervisor may commit this, with a reason. Show them the list, or change "
                "the draft: it stays as it is."
            )
            return column
        label.setText("&Reason, kept in the journal with your name:")
        label.setBuddy(self.reason)
        self.reason.setMaxLength(_LONGEST)
        self.reason.setPlaceholderText("such as: customer agreed by phone to 17:30")
        column.addWidget(self.reason)
        return column

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self.copy_button)
        row.addStretch(1)
        row.addWidget(self.back_button)
        self.back_button.setToolTip("Change the draft (Esc); nothing is sent")
        self.copy_button.setAutoDefault(False)
        if self._session.is_supervisor:
            self.back_button.setAutoDefault(False)
            self.commit_button.setDefault(True)
            row.addWidget(self.commit_button)
        return row

    def _listen(self) -> None:
        self.reason.textChanged.connect(self._allow)
        self.back_button.clicked.connect(self.reject)
        self.copy_button.clicked.connect(self.copy)
        self.commit_button.clicked.connect(self._on_commit)

    def _allow(self) -> None:
        self.commit_button.setEnabled(bool(self.reason.text().strip()))

    def copy(self) -> None:
        """Put the list on the clipboard."""
        QGuiApplication.clipboard().setText(self.words)

    def _on_commit(self) -> None:
        self.confirmed.emit(self.reason.text().strip())
        self.accept()


def _row(session: Session, draft: Draft, violation: Violation) -> tuple[str, str, str, str]:
    stop = draft.stop(violation.stop_id)
    name = stop_words(session, violation.stop_id) if violation.stop_id else ""
    customer = stop.plan.customer if stop and stop.plan else ""
    return (
        route_words(session, violation.route_id),
        name if name != customer else "",
        customer,
        violation.words,
    )


def _table(rows: Sequence[tuple[str, ...]]) -> QTableWidget:
    table = QTableWidget(len(rows), len(_COLUMNS))
    table.setHorizontalHeaderLabels(list(_COLUMNS))
    table.setAccessibleName("Constraints this change breaks")
    table.verticalHeader().hide()
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setWordWrap(True)
    table.setTabKeyNavigation(False)
    for place, row in enumerate(rows):
        for column, words in enumerate(row):
            table.setItem(place, column, QTableWidgetItem(words))
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(len(_COLUMNS) - 1, QHeaderView.ResizeMode.Stretch)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    return table
