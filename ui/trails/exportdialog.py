"""Asks what of the shift is to be exported as a file another Tower can open, and writes it."""

from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QDate, QDateTime, QSettings, Qt, QTime, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDateTimeEdit,
    QDialog,
    QFileDialog,
    QGridLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from tower.replay.file import SUFFIX
from ui.session import Session
from ui.theme import SMALL_PX
from ui.trails.exporting import Exporter, Wish, Written, with_suffix
from ui.trails.files import file_named, keep_folder, suggested
from ui.trails.source import Travel
from ui.widgets.notice import Notice
from ui.widgets.sidebyside import side_by_side

MASKING_WORDS = (
    "Names of customers, drivers and colleagues, phone numbers, e-mail addresses, addresses and "
    "codes become labels such as Customer 12, the same for the same person throughout; notes, "
    "messages and replies are left out; doors, and places where vehicles stood, are moved to about "
    "100 m. Times, routes, exceptions and figures stay as they were."
)
_UNMASKED_WORDS = (
    "The file will hold personal data of customers and drivers as they are. Give it only to "
    "somebody who may see them."
)
_WIDTH_PX = 560
_FORMAT = "yyyy-MM-dd HH:mm:ss"
_DAY = timedelta(hours=12)


class ExportDialog(QDialog):
    """Exports a moment or a span.

    Args:
        session: the shift, or a moment of it.
        travel: gives the recording where there is no gateway.
        settings: keep the folder of files.
        parent: the window it lies over.

    Attributes:
        moment, span: what is exported.
        since, until: the span, in the shift's time zone.
        masked: personal data is replaced.
        name: the file.
        bar: how far it is; notice: why nothing was written.
        said: what was done, for the status bar.
    """

    said = Signal(str)

    def __init__(
        self,
        session: Session,
        travel: Travel,
        settings: QSettings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._travel, self._settings = session, travel, settings
        self._exporter = Exporter(session, travel, self)
        self._at, self._is_own_name = session.now, True
        self._written: Path | None = None
        self._replaced: Path | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Export a recording")
        self.setMinimumWidth(_WIDTH_PX)
        clock = session.clock_text(self._at, seconds=True)
        self.moment = QRadioButton(f"This &moment, {clock}")
        self.span = QRadioButton("A &span of the shift")
        self.since, self.until = QDateTimeEdit(), QDateTimeEdit()
        self.masked, self.masking = QCheckBox("&Replace personal data"), QLabel()
        self.name, self.browse_button = QLineEdit(), QPushButton("&Browse…")
        self.progress, self.bar = QLabel(), QProgressBar()
        self.notice = Notice(session.theme)
        self.export_button, self.close_button = QPushButton("&Export"), QPushButton("&Close")
        self.folder_button = QPushButton("&Open the folder")
        self._fill()
        self._lay_out()
        self._listen()
        self._on_choice_changed()

    def _fill(self) -> None:
        self._kinds = QButtonGroup(self)
        for button in (self.moment, self.span):
            self._kinds.addButton(button)
        is_past = self._session.past is not None
        (self.moment if is_past else self.span).setChecked(True)
        begin, end = self._whole()
        for field, at, name in ((self.since, begin, "From"), (self.until, end, "Until")):
            field.setDisplayFormat(_FORMAT)
            field.setCalendarPopup(True)
            field.setDateTime(_wall(self._session, at))
            field.setAccessibleName(name)
        self.masked.setChecked(True)
        self.name.setAccessibleName("File")
        self.export_button.setDefault(True)
        for label in (self.masking, self.progress):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setFont(self._session.theme.font(SMALL_PX))
        self.bar.hide()
        self.progress.hide()
        self.folder_button.hide()

    def _whole(self) -> tuple[datetime, datetime]:
        """All there is: the recording's span, or the shift so far."""
        recording, shift = self._travel.recording, self._session.state.shift
        now = self._session.live_clock.now()
        if self._session.is_recording and recording is not None:
            return recording.info.begins, recording.info.ends
        return (min(shift.starts_at, now) if shift else now - _DAY), now

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(9)
        times = QGridLayout()
        times.setContentsMargins(22, 0, 0, 0)
        for row, (words, field) in enumerate((("&From", self.since), ("&Until", self.until))):
            label = QLabel(words)
            label.setBuddy(field)
            times.addWidget(label, row, 0)
            times.addWidget(field, row, 1)
        times.setColumnStretch(2, 1)
        column.addWidget(self.moment)
        column.addWidget(self.span)
        column.addLayout(times)
        column.addWidget(self.masked)
        column.addWidget(self.masking)
        column.addLayout(side_by_side(self.name, self.browse_button))
        column.addWidget(self.notice)
        column.addWidget(self.progress)
        column.addWidget(self.bar)
        column.addStretch(1)
        buttons = side_by_side(self.folder_button, None, self.close_button, self.export_button)
        column.addLayout(buttons)

    def _listen(self) -> None:
        self._kinds.buttonToggled.connect(self._on_choice_changed)
        self.masked.toggled.connect(self._on_choice_changed)
        for field in (self.since, self.until):
            field.dateTimeChanged.connect(self._on_choice_changed)
        self.name.textEdited.connect(self._on_name_edited)
        self.browse_button.clicked.connect(self.browse)
        self.export_button.clicked.connect(self.export)
        self.close_button.clicked.connect(self._on_close_pressed)
        self.folder_button.clicked.connect(self._open_folder)
        self._exporter.progressed.connect(self._on_progressed)
        self._exporter.written.connect(self._on_written)
        self._exporter.failed.connect(self._on_failed)

    # What the user does

    def browse(self) -> None:
        """Ask where to."""
        kind = f"Tower recordings (*{SUFFIX})"
        given, _ = QFileDialog.getSaveFileName(self, "Export", self.name.text(), kind)
        if given:
            self._is_own_name = False
            # The dialog has asked whether an older file is to be replaced.
            self._replaced = with_suffix(Path(given))
            self.name.setText(str(self._replaced))

    def export(self) -> None:
        """Write the file."""
        begin, end = self._wanted()
        if begin > end:
            self.notice.say("wish", "The span ends before it begins.")
            return
        if not self.name.text().strip():
            self.notice.say("wish", "Name a file.")
            return
        path = with_suffix(Path(self.name.text().strip()).expanduser())
        self.name.setText(str(path))
        if path.exists() and path != self._replaced:
            self._replaced = path
            self.notice.say("wish", f"{path.name} is there already; Export again replaces it.")
            return
        self.notice.say("wish", "")
        self._show_busy(busy=True)
        self._exporter.start(Wish(begin, end, self.masked.isChecked(), path))

    def _wanted(self) -> tuple[datetime, datetime]:
        if self.moment.isChecked():
            return self._at, self._at
        return _moment(self._session, self.since), _moment(self._session, self.until)

    def _on_close_pressed(self) -> None:
        if self.is_busy:
            self._exporter.cancel()
            self._show_busy(busy=False)
            self.notice.say("wish", "Cancelled; no file was written.")
        else:
            self.close()

    def _open_folder(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.parent)))

    # Showing

    @property
    def is_busy(self) -> bool:
        """True while a file is being made."""
        return not self.bar.isHidden()

    def _show_busy(self, *, busy: bool) -> None:
        for part in (self.bar, self.progress):
            part.setVisible(busy)
        asked = (self.moment, self.span, self.masked, self.name, self.browse_button)
        for widget in (*asked, self.export_button):
            widget.setEnabled(not busy)
        self.close_button.setText("&Cancel" if busy else "&Close")
        self._on_choice_changed()

    def _on_choice_changed(self) -> None:
        is_span = self.span.isChecked() and not self.is_busy
        for field in (self.since, self.until):
            field.setEnabled(is_span)
        self.masking.setText(MASKING_WORDS if self.masked.isChecked() else _UNMASKED_WORDS)
        tone = "text_secondary" if self.masked.isChecked() else "at_risk"
        self.masking.setStyleSheet(f"color: {self._session.theme.color(tone).name()}")
        if self._is_own_name:
            self.name.setText(suggested(self._settings, self._suggested_name()))

    def _suggested_name(self) -> str:
        shift, (begin, end) = self._session.state.shift, self._wanted()
        here, last = self._session.local(begin), self._session.local(end)
        times = f"{here:%H%M}" if begin == end else f"{here:%H%M}-{last:%H%M}"
        name = file_named(shift.name) if shift else "shift"
        masked = "-masked" if self.masked.isChecked() else ""
        return f"{name}-{here:%Y-%m-%d}-{times}{masked}{SUFFIX}"

    def _on_name_edited(self) -> None:
        self._is_own_name = False

    def _on_progressed(self, words: str, came: int, whole: int) -> None:
        self.progress.setText(words)
        self.bar.setRange(0, whole)
        self.bar.setValue(came if whole else 0)

    def _on_written(self, written: Written) -> None:
        self._show_busy(busy=False)
        self._written = written.path
        keep_folder(self._settings, written.path)
        words = f"Saved: {written.path} ({_size_words(written.size)})"
        self.progress.setText(words)
        self.progress.show()
        self.folder_button.show()
        self.said.emit(words)

    def _on_failed(self, why: str) -> None:
        self._show_busy(busy=False)
        self.notice.say("wish", f"Nothing was written: {why}")

    def closeEvent(self, event: QCloseEvent) -> None:
        """What is being made is not wanted any more."""
        self._exporter.cancel()
        super().closeEvent(event)

    def reject(self) -> None:
        """Esc cancels what is being made, else closes."""
        self._on_close_pressed()


def _wall(session: Session, at: datetime) -> QDateTime:
    """A time as the clock on the wall of the shift's zone shows it."""
    here = session.local(at)
    day, time = QDate(here.year, here.month, here.day), QTime(here.hour, here.minute, here.second)
    return QDateTime(day, time)


def _moment(session: Session, field: QDateTimeEdit) -> datetime:
    """The moment a field names, in the shift's zone."""
    wall = field.dateTime().toPython()
    if not isinstance(wall, datetime):
        message = "a field of Qt's gives a datetime"
        raise TypeError(message)
    return wall.replace(tzinfo=session.zone)


def _size_words(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1000:.0f} kB"
