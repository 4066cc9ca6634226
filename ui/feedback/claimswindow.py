"""Claims about the selected stop: file one, decide one, book a return back in."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tower.domain.commands import CloseReturn, Command, FileClaim, SettleClaim
from tower.domain.state import Changed
from tower.domain.words import ClaimKind, ClaimOutcome, StopKind
from ui.exchange import CommandResult, Selection
from ui.feedback.words import KIND_WORDS, OUTCOME_WORDS, claim_words, claims_of
from ui.session import Session
from ui.subjects import words_of
from ui.theme import TITLE_PX
from ui.widgets.notice import Notice

_ID = Qt.ItemDataRole.UserRole
_SIZE_PX = (560, 520)
_MOST_WORDS, _MOST_AMOUNT = 2_000, 1e7
_ANSWER = "answer"


class ClaimsWindow(QDialog):
    """Claims about one stop.

    Args:
        session: says what is known, and carries the commands.
        stop_id: whose.
        parent: the window it lies over.

    Attributes:
        list: the claims, the newest first.
        kind, amount, words: of a claim to be filed; words are also those of a decision.
        file_button: files it.
        outcome_buttons: decide the claim marked in the list.
        close_button: books the return back in; shown where there is one to book.
        booked: says when it was.
        notice: why something was not done.
    """

    def __init__(self, session: Session, stop_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._stop_id = session, stop_id
        self._waiting: Command | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Claims about a stop")
        self.resize(*_SIZE_PX)
        self.list, self.kind, self.words = QListWidget(), QComboBox(), QLineEdit()
        self.amount, self.notice = QDoubleSpinBox(), Notice(session.theme)
        self.file_button, self.booked = QPushButton("&File claim"), QLabel()
        self.close_button = QPushButton("&Book the return back in")
        self.outcome_buttons = {
            outcome: QPushButton(title) for outcome, title in OUTCOME_WORDS.items()
        }
        self._fill_form()
        self._lay_out()
        self._listen()
        self.refresh()

    def _fill_form(self) -> None:
        for kind, title in KIND_WORDS.items():
            self.kind.addItem(title, kind.value)
        self.amount.setRange(0.0, _MOST_AMOUNT)
        self.amount.setDecimals(2)
        self.amount.setSpecialValueText("nothing named")
        self.words.setMaxLength(_MOST_WORDS)
        self.words.setPlaceholderText("In the customer's words, or why it is decided so")
        self.list.setAccessibleName("Claims about the stop")
        self.list.setWordWrap(True)

    def _lay_out(self) -> None:
        title = QLabel(words_of(self._session, Selection("stop", self._stop_id)) or self._stop_id)
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setFont(self._session.theme.font(TITLE_PX, bold=True))
        form, deciding = QFormLayout(), QHBoxLayout()
        form.addRow("&About", self.kind)
        form.addRow("A&mount", self.amount)
        form.addRow("&Words", self.words)
        deciding.addWidget(QLabel("The marked claim:"))
        for button in self.outcome_buttons.values():
            deciding.addWidget(button)
        deciding.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        buttons.addButton(self.close_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.file_button, QDialogButtonBox.ButtonRole.ActionRole)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(10)
        column.addWidget(title)
        column.addWidget(self.booked)
        column.addWidget(self.list, 1)
        column.addLayout(deciding)
        column.addLayout(form)
        column.addWidget(self.notice)
        column.addWidget(buttons)

    def _listen(self) -> None:
        session = self._session
        for plain in (*self.outcome_buttons.values(), self.close_button, self.file_button):
            plain.setAutoDefault(False)  # Return in a field presses none that nobody sees marked
        self.file_button.clicked.connect(self.file)
        self.close_button.clicked.connect(self.book_in)
        for outcome, button in self.outcome_buttons.items():
            button.clicked.connect(lambda _checked=False, one=outcome: self.settle(one))
        self.list.currentRowChanged.connect(lambda _row: self._allow())
        session.records_changed.connect(self._on_records_changed)
        session.state_replaced.connect(self.refresh)
        session.command_answered.connect(self._on_command_answered)

    # What is done

    def file(self) -> None:
        """File the claim that was filled in."""
        self._send(
            FileClaim(
                stop_id=self._stop_id,
                kind=ClaimKind(self.kind.currentData()),
                words=self.words.text().strip(),
                amount=self.amount.value(),
            )
        )

    def settle(self, outcome: ClaimOutcome) -> None:
        """Decide the claim that is marked."""
        claim_id = self._marked
        if claim_id:
            words = self.words.text().strip()
            self._send(SettleClaim(claim_id=claim_id, outcome=outcome, words=words))

    def book_in(self) -> None:
        """The return is back where it belongs."""
        self._send(CloseReturn(stop_id=self._stop_id, words=self.words.text().strip()))

    def _send(self, command: Command) -> None:
        self._waiting = command
        self.notice.say(_ANSWER, "")
        self._allow()
        self._session.run(command)

    # Showing

    def refresh(self) -> None:
        """Say what is known now; the claim that was marked stays so."""
        marked = self._marked
        self.list.clear()
        for claim in claims_of(self._session, self._stop_id):
            item = QListWidgetItem(claim_words(self._session, claim))
            item.setData(_ID, claim.id)
            self.list.addItem(item)
            is_first_open = not marked and claim.is_open and not self._marked
            if claim.id == marked or is_first_open:
                self.list.setCurrentItem(item)
        if not self.list.count():
            empty = QListWidgetItem("Nobody has claimed anything about this stop.")
            empty.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(empty)
        self._allow()

    @property
    def _marked(self) -> str:
        return next((str(item.data(_ID)) for item in self.list.selectedItems()), "")

    def _allow(self) -> None:
        is_free = self._waiting is None
        claim = self._session.state.claims.get(self._marked)
        for button in self.outcome_buttons.values():
            button.setEnabled(is_free and claim is not None and claim.is_open)
        self.file_button.setEnabled(is_free)
        # With an open claim marked, the words may be why it is decided so.
        self.file_button.setDefault(claim is None or not claim.is_open)
        self.close_button.setEnabled(is_free)
        self.close_button.setVisible(self._may_be_booked_in())
        stop = self._session.state.stops.get(self._stop_id)
        closed_at = stop.closed_at if stop else None
        self.booked.setVisible(closed_at is not None)
        clock = self._session.clock_text
        self.booked.setText(f"Booked back in at {clock(closed_at)}." if closed_at else "")

    def _may_be_booked_in(self) -> bool:
        stop = self._session.state.stops.get(self._stop_id)
        if stop is None or stop.plan is None or stop.closed_at is not None:
            return False
        return stop.plan.kind is StopKind.RETURN and stop.state.is_success

    # Happenings

    def _on_records_changed(self, changed: frozenset[Changed]) -> None:
        if any(one.table == "claims" or one == ("stops", self._stop_id) for one in changed):
            self.refresh()

    def _on_command_answered(self, command: Command, result: CommandResult) -> None:
        if command is not self._waiting:
            return
        self._waiting = None
        if result.ok:
            self.words.clear()
            self.amount.setValue(0.0)
        else:
            self.notice.say(_ANSWER, result.message or "The gateway does not answer.")
        self._allow()
