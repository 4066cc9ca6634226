"""The export menu: the report as a file, the window as a picture, and scheduled reports."""

from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import msgspec
from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog

from ui.exchange import Answer
from ui.performance.schedules import SchedulesDialog
from ui.performance.window import PerformanceWindow
from ui.session import Session

REPORT = "/v1/kpi/report"
_OK = 200
_SAID_MS = 8_000
_FOLDER = "files/folder"
_TITLE = "Performance"


class Kind(StrEnum):
    """What figures are exported as."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"
    PNG = "png"


class _Way(NamedTuple):
    """One way out of the window.

    Attributes:
        filter: of the dialog that asks for a file's name.
    """

    text: str
    filter: str


WAYS: dict[Kind, _Way] = {
    Kind.PDF: _Way("One page to print (&PDF)…", "PDF (*.pdf)"),
    Kind.XLSX: _Way("Workbook (&XLSX)…", "Excel workbooks (*.xlsx)"),
    Kind.CSV: _Way("Table of every figure (&CSV)…", "CSV (*.csv)"),
    Kind.PNG: _Way("Picture of this window (P&NG)…", "PNG (*.png)"),
}


class Exporting(QObject):
    """Fills the export menu of the performance window.

    Args:
        window: whose figures are exported; its filters hold for the files too.
        session: the gateway writes the files.
        settings: keeps where files were saved last.

    Attributes:
        actions: by kind.
        schedules: opens the scheduled reports.
    """

    def __init__(self, window: PerformanceWindow, session: Session, settings: QSettings) -> None:
        super().__init__(window)
        self._window, self._session, self._settings = window, session, settings
        self.actions = {kind: self._action(kind) for kind in WAYS}
        window.tools_menu.addSeparator()
        self.schedules = QAction("&Scheduled reports…", window)
        self.schedules.triggered.connect(self.open_schedules)
        window.tools_menu.addAction(self.schedules)

    def export(self, kind: Kind) -> None:
        """Ask where to, and save there."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, "Export", self._suggested(kind), WAYS[kind].filter
        )
        if not name:
            return
        path = Path(name)
        path = path if path.suffix else path.with_suffix(f".{kind}")
        self._settings.setValue(_FOLDER, str(path.parent))
        if kind is Kind.PNG:
            self._save_picture(path)
        else:
            self._ask_for(kind, path)

    def open_schedules(self) -> SchedulesDialog:
        """Show the reports that are sent by e-mail."""
        dialog = SchedulesDialog(self._session, self._window.keeping, self._window)
        dialog.show()
        return dialog

    def _action(self, kind: Kind) -> QAction:
        action = QAction(WAYS[kind].text, self._window)
        action.triggered.connect(lambda: self.export(kind))
        self._window.tools_menu.addAction(action)
        return action

    def _suggested(self, kind: Kind) -> str:
        kept = str(self._settings.value(_FOLDER, ""))
        folder = kept if kept and Path(kept).is_dir() else str(Path.home())
        return f"{folder}/performance-{self._window.figures.today}.{kind}"

    def _save_picture(self, path: Path) -> None:
        if self._window.grab().save(str(path), "PNG"):
            self._say(f"Saved: {path}")
        else:
            self._say(f"The picture cannot be written to {path}.")

    def _ask_for(self, kind: Kind, path: Path) -> None:
        wish = {"format": kind.value, "title": _TITLE, "filters": self._window.figures.look.filters}
        self._say(f"Making {path.name} …")
        self._session.ask(
            REPORT, lambda answer: self._on_made(path, answer), body=msgspec.json.encode(wish)
        )

    def _on_made(self, path: Path, answer: Answer) -> None:
        if answer.status != _OK:
            self._say(f"{path.name} could not be made: {answer.message}")
            return
        try:
            path.write_bytes(answer.body)
        except OSError as error:
            self._say(f"{path} cannot be written: {error.strerror}.")
        else:
            self._say(f"Saved: {path}")

    def _say(self, words: str) -> None:
        self._window.statusBar().showMessage(words, _SAID_MS)
