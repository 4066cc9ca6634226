"""Small windows: the keyboard sheet, about, and what carriers sent that was refused."""

from html import escape
from urllib.parse import quote

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from tower import __version__
from tower.gateway.answers import ManifestProblem, ManifestReceipt, RefusedMessage
from ui.actions import keyboard_sheet
from ui.exchange import Answer
from ui.session import Session

_COLUMNS = ("When", "Carrier", "Adapter", "Why", "What it said")


_PAGE = 1000
_PAGES = 10


def _dialog(title: str, parent: QWidget) -> tuple[QDialog, QVBoxLayout]:
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(18, 16, 18, 14)
    return dialog, layout


def _close_button(dialog: QDialog, layout: QVBoxLayout) -> None:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    layout.addWidget(buttons)


def keyboard_html() -> str:
    """The keyboard sheet, from the declared actions."""
    parts = []
    for menu, rows in keyboard_sheet():
        lines = "".join(
            f"<tr><td width='170'><b>{escape(keys)}</b></td><td>{escape(says)}</td></tr>"
            for keys, says in rows
        )
        parts.append(f"<h3>{escape(menu)}</h3><table cellpadding='2'>{lines}</table>")
    return "".join(parts)


def keyboard_dialog(parent: QWidget) -> QDialog:
    """Every shortcut on one sheet."""
    dialog, layout = _dialog("Keyboard", parent)
    sheet = QTextBrowser()
    sheet.setHtml(keyboard_html())
    sheet.setFrameShape(QTextBrowser.Shape.NoFrame)
    layout.addWidget(sheet)
    _close_button(dialog, layout)
    dialog.resize(560, 640)
    return dialog


def about_dialog(attribution: str, parent: QWidget) -> QDialog:
    """Version and where the map comes from.

    Args:
        attribution: of the region on the screen, plain text.
        parent: the window it lies over.
    """
    dialog, layout = _dialog("About Tower", parent)
    words = (
        f"<h2>Tower {escape(__version__)}</h2>"
        "<p>A control tower for the last mile: live vehicles, exceptions, routes and proof.</p>"
        f"<p>Map data: {escape(attribution)}, under the Open Database Licence (ODbL).<br>"
        "Map page: Leaflet, protomaps-leaflet. Window: Qt for Python (LGPL).</p>"
    )
    label = QLabel(words)
    label.setWordWrap(True)
    label.setMinimumWidth(380)
    layout.addWidget(label)
    _close_button(dialog, layout)
    return dialog


class RefusedDialog(QDialog):
    """What carriers sent that was not believed, newest first, with the reason.

    Args:
        carrier_id: whose; "" for everyone's.
    """

    def __init__(self, session: Session, carrier_id: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        whose = self._name_of(carrier_id)
        self.setWindowTitle(f"Refused messages · {whose}" if whose else "Refused messages")
        self._words = QLabel("Asking the gateway…")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._table = QTableWidget(0, len(_COLUMNS))
        self._table.setHorizontalHeaderLabels(list(_COLUMNS))
        self._table.verticalHeader().hide()
        self._table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self._table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self._table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self._table.horizontalHeader().setStretchLastSection(True)
        layout = QVBoxLayout(self)
        layout.addWidget(self._words)
        layout.addWidget(self._table)
        _close_button(self, layout)
        self.resize(960, 480)
        self._query = f"/v1/refused?limit={_PAGE}"
        if carrier_id:
            self._query += f"&carrier={quote(carrier_id)}"
        self._refused: list[RefusedMessage] = []
        self._ask(0)

    def _ask(self, after: int) -> None:
        self._session.ask(f"{self._query}&after={after}", self._on_answer)

    def _on_answer(self, answer: Answer) -> None:
        if answer.status != 200:
            self._words.setText(f"The list cannot be shown: {answer.message}.")
            return
        try:
            page = msgspec.json.decode(answer.body, type=list[RefusedMessage])
        except msgspec.MsgspecError as error:
            self._words.setText(f"The gateway's list cannot be read: {error}.")
            return
        self._refused += page
        if len(page) == _PAGE and len(self._refused) < _PAGE * _PAGES:
            self._ask(page[-1].id)
        else:
            self._show()

    def _show(self) -> None:
        newest = sorted(self._refused, key=lambda one: one.at, reverse=True)
        count = len(newest)
        self._words.setText(f"{count} shown, newest first." if count else "Nothing was refused.")
        self._table.setRowCount(count)
        for row, one in enumerate(newest):
            when = f"{self._session.local(one.at):%H:%M:%S}"
            whose = self._name_of(one.carrier_id)
            words = (when, whose, one.adapter, one.reason, one.excerpt[:400])
            for column, text in enumerate(words):
                self._table.setItem(row, column, QTableWidgetItem(text))
        for column in range(len(_COLUMNS) - 1):
            self._table.resizeColumnToContents(column)

    def _name_of(self, carrier_id: str) -> str:
        entry = self._session.state.carriers.get(carrier_id)
        return entry.value.name if entry else carrier_id


class ManifestDialog(QDialog):
    """What became of an imported manifest, with a line for each problem.

    Args:
        name: the file's name.
        answer: the gateway's answer.
        parent: the window it lies over.
    """

    def __init__(self, name: str, answer: Answer, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Import of {name}")
        headline, lines = manifest_words(answer)
        label, report = QLabel(headline), QPlainTextEdit("\n".join(lines))
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        report.setReadOnly(True)
        report.setVisible(bool(lines))
        layout = QVBoxLayout(self)
        layout.addWidget(label)
        layout.addWidget(report)
        _close_button(self, layout)
        self.resize(640, 360 if lines else 120)


def manifest_words(answer: Answer) -> tuple[str, list[str]]:
    """What became of a manifest: a sentence, and a line for each problem."""
    if answer.status != 200:
        return f"Nothing was imported: {answer.message}", []
    try:
        receipt = msgspec.json.decode(answer.body, type=ManifestReceipt)
    except msgspec.MsgspecError as error:
        return f"The gateway's answer cannot be read: {error}", []
    return _receipt_headline(receipt), [_problem_words(one) for one in receipt.problems]


def _receipt_headline(receipt: ManifestReceipt) -> str:
    refused = sum(one.refused for one in receipt.problems)
    reasons = f" {_counted(refused, 'line')} refused." if refused else ""
    if not receipt.routes and not receipt.stops:
        return f"Nothing was imported: the file has no stop Tower can use.{reasons}"
    what = f"{_counted(receipt.routes, 'route')} and {_counted(receipt.stops, 'stop')}"
    changes = _counted(receipt.events, "change")
    news = changes if receipt.events else "nothing new, it was here already"
    return f"{what} read: {news}.{reasons}"


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _problem_words(problem: ManifestProblem) -> str:
    where = f"line {problem.line}" if problem.line else ""
    parts = ("refused" if problem.refused else "warning", where, problem.field, problem.message)
    return " · ".join(part for part in parts if part)
