"""The icon in the system's tray: its messages reach who looks at another window."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from tower.domain.words import Severity
from ui.alerts.bell import Call
from ui.theme import RESOURCES

_STAYS_MS = 10_000
_ICONS = {
    Severity.CRITICAL: QSystemTrayIcon.MessageIcon.Critical,
    Severity.MAJOR: QSystemTrayIcon.MessageIcon.Warning,
}


class Tray(QObject):
    """The icon, where the system has a tray.

    Args:
        menu: opens on the icon.
        parent: its Qt parent.

    Attributes:
        opened: id of the exception whose message was clicked; "" for the icon itself.
    """

    opened = Signal(str)

    def __init__(self, menu: QMenu, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._exception_id = ""
        self._icon: QSystemTrayIcon | None = None
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._icon = QSystemTrayIcon(QIcon(str(RESOURCES / "icons" / "tower.svg")), self)
            self._icon.setContextMenu(menu)
            self._icon.messageClicked.connect(lambda: self.opened.emit(self._exception_id))
            self._icon.activated.connect(self._on_activated)
            self._icon.show()

    @property
    def is_there(self) -> bool:
        """True where messages can be shown by the system."""
        return self._icon is not None and QSystemTrayIcon.supportsMessages()

    def show_call(self, call: Call) -> None:
        """Show a call as a message of the system."""
        self._exception_id = call.exception_id
        if self._icon is not None:
            icon = _ICONS.get(call.severity, QSystemTrayIcon.MessageIcon.Information)
            self._icon.showMessage(call.title, call.words, icon, _STAYS_MS)

    def say_open(self, count: int, critical: int) -> None:
        """Tell with the pointer on the icon how many exceptions are open."""
        if self._icon is not None:
            grave = f", {critical} critical" if critical else ""
            self._icon.setToolTip(f"Tower: {count} open{grave}")

    def close_tray(self) -> None:
        """Take the icon away."""
        if self._icon is not None:
            self._icon.hide()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self.opened.emit("")
