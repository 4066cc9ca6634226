"""The window of the room's settings."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QMessageBox, QTabWidget, QVBoxLayout, QWidget

from ui.outreach.catalogue import Catalogue
from ui.session import Session
from ui.settings.channels import ChannelsPage
from ui.settings.page import SettingsPage
from ui.settings.playbooks import PlaybooksPage
from ui.settings.policy import PolicyPage
from ui.settings.thresholds import ThresholdsPage

_WIDTH_PX, _HEIGHT_PX = 1100, 640


class SettingsWindow(QDialog):
    """Thresholds, playbooks, outreach policy and channels; asks before edits are lost.

    Args:
        session: the shift.
        parent: the window it lies over.

    Attributes:
        tabs: the pages.
        pages: those that are edited.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Room settings")
        self.tabs = QTabWidget()
        self.pages: tuple[SettingsPage, ...] = (
            ThresholdsPage(session),
            PlaybooksPage(session, Catalogue(session, self)),
            PolicyPage(session),
        )
        for page in self.pages:
            self.tabs.addTab(page, page.title)
            page.edited.connect(self._mark_edited)
        channels = ChannelsPage(session)
        self.tabs.addTab(channels, channels.title)
        self.tabs.setDocumentMode(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addWidget(self.tabs)
        self.resize(_WIDTH_PX, _HEIGHT_PX)

    @property
    def is_edited(self) -> bool:
        """True while a page has edits that are not saved."""
        return any(page.is_edited for page in self.pages)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes, asking where something would be lost; Return edits, and closes nothing."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            event.ignore()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask before edits are lost."""
        if not self.is_edited:
            event.accept()
            return
        event.ignore()
        box = QMessageBox(self)
        box.setWindowTitle("Room settings")
        box.setText("What was edited is not saved.")
        box.setStandardButtons(
            QMessageBox.StandardButton.Discard | QMessageBox.StandardButton.Cancel
        )
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.button(QMessageBox.StandardButton.Discard).clicked.connect(self._on_discarded)
        box.open()

    def _on_discarded(self) -> None:
        for page in self.pages:
            page.refresh()
        self.close()

    def _mark_edited(self) -> None:
        for place, page in enumerate(self.pages):
            self.tabs.setTabText(place, f"{page.title} •" if page.is_edited else page.title)
