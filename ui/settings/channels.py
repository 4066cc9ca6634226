"""The page of channels: the accounts messages go over, as the gateway has them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tower.gateway.telling.answers import AccountReport
from ui.answers import AnswerFault, read
from ui.exchange import Answer
from ui.outreach.wire import ACCOUNTS_PATH
from ui.session import Session
from ui.settings.words import channel_title

_COLUMNS = ("Account", "Provider", "Carries", "Sends", "How it stands")
_ABOUT = (
    "The accounts messages go over. They are set in the gateway's settings file, their secrets in "
    "its environment or keyring; none is kept here."
)


class ChannelsPage(QWidget):
    """Shows the accounts; asks again on demand.

    Attributes:
        title: the page's name.
        table: a row an account.
        words: why there is none, or how many.
    """

    title = "Channels"
    is_edited = False

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.table, self.words = QTableWidget(0, len(_COLUMNS)), QLabel()
        self.again_button = QPushButton("&Ask again")
        self._lay_out()
        self.again_button.clicked.connect(self.ask)
        self.ask()

    def ask(self) -> None:
        """Ask the gateway for its accounts."""
        self.words.setText("Asking the gateway…")
        self._session.ask(ACCOUNTS_PATH, self._on_answer)

    def _lay_out(self) -> None:
        about = QLabel(_ABOUT)
        about.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        table = self.table
        table.setHorizontalHeaderLabels(list(_COLUMNS))
        table.setAccessibleName("Accounts")
        table.verticalHeader().hide()
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setWordWrap(True)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(len(_COLUMNS) - 1, QHeaderView.ResizeMode.Stretch)
        self.again_button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addWidget(about)
        column.addWidget(self.words)
        column.addWidget(table, 1)
        column.addWidget(self.again_button, 0, Qt.AlignmentFlag.AlignRight)

    def _on_answer(self, answer: Answer) -> None:
        try:
            accounts = read(answer, list[AccountReport])
        except AnswerFault as error:
            self.words.setText(f"The accounts cannot be shown: {error}")
            return
        sending = sum(one.sends for one in accounts)
        self.words.setText(
            f"{sending} of {len(accounts)} send."
            if sending
            else "Nothing leaves this gateway: messages are kept in the outbox for you to read."
        )
        self.table.setRowCount(len(accounts))
        for row, account in enumerate(accounts):
            for column, text in enumerate(_cells(account)):
                self.table.setItem(row, column, QTableWidgetItem(text))
        self.table.resizeRowsToContents()


def _cells(account: AccountReport) -> tuple[str, ...]:
    carries = ", ".join(channel_title(one) for one in account.carries)
    stands = account.trouble or ("ready" if account.sends else "keeps messages, sends nothing")
    sends = "yes" if account.sends else "no"
    return account.name, account.title, carries, sends, stands
