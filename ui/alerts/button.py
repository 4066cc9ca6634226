"""The status bar's word on alerts: on, or nobody is to be disturbed, and what was held back."""

from datetime import datetime

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from tower.domain.words import Severity
from ui.alerts.choices import Quiet
from ui.session import Session
from ui.widgets.wordbutton import WordButton

PAUSES = {
    "For 30 minutes": 1_800.0,
    "For 1 hour": 3_600.0,
    "For 4 hours": 14_400.0,
    "Until switched off": None,
}
"""How long nobody is to be disturbed, in seconds."""

_VOLUMES = {"Soft": 0.35, "Medium": 0.7, "Loud": 1.0}


class AlertButton(WordButton):
    """Says whether alerts sound; its menu changes that.

    Args:
        session: gives the theme and the zone of the times shown.
        quiet: what is wanted.
        parent: its Qt parent.
    """

    def __init__(self, session: Session, quiet: Quiet, parent: QWidget | None = None) -> None:
        super().__init__(session.theme, "Alerts", parent)
        self._session, self._quiet = session, quiet
        self.menu_of_choices = QMenu(self)
        self.menu_of_choices.aboutToShow.connect(self._fill)
        self.clicked.connect(self._open)
        quiet.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say how it stands."""
        self.say(self._words(), "at_risk" if self._quiet.is_on else "muted")

    def _words(self) -> str:
        if not self._quiet.is_on:
            return "Alerts on ▾"
        until = self._quiet.until
        lasting = f" until {_wall_text(until)}" if until is not None else ""
        missed = self._quiet.missed
        count, grave = sum(missed.values()), missed[Severity.CRITICAL]
        held = f" · {count} held back" if count else ""
        return f"Do not disturb{lasting}{held}{f', {grave} critical' if grave else ''} ▾"

    def _open(self) -> None:
        self.menu_of_choices.ensurePolished()
        height = self.menu_of_choices.sizeHint().height()
        self.menu_of_choices.popup(self.mapToGlobal(QPoint(0, -height)))

    def _fill(self) -> None:
        menu = self.menu_of_choices
        menu.clear()
        if self._quiet.is_on:
            menu.addAction("Disturb again").triggered.connect(
                lambda _checked=False: self._quiet.end()
            )
        pausing = menu.addMenu("Do not disturb")
        for words, seconds in PAUSES.items():
            pausing.addAction(words).triggered.connect(
                lambda _checked=False, length=seconds: self._quiet.begin(length)
            )
        menu.addSeparator()
        self._add_severities(menu.addMenu("Sound for"), "sounds")
        self._add_severities(menu.addMenu("Notice for"), "notices")
        self._add_volumes(menu.addMenu("Volume"))

    def _add_severities(self, menu: QMenu, field: str) -> None:
        for severity in Severity:
            action = QAction(severity.value, menu)
            action.setCheckable(True)
            action.setChecked(severity in getattr(self._quiet.choices, field))
            action.toggled.connect(lambda on, which=severity: self._tick(field, which, on))
            menu.addAction(action)

    def _tick(self, field: str, severity: Severity, on: bool) -> None:
        wanted = getattr(self._quiet.choices, field)
        self._quiet.choose_some(**{field: wanted | {severity} if on else wanted - {severity}})

    def _add_volumes(self, menu: QMenu) -> None:
        for words, volume in _VOLUMES.items():
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(volume == self._quiet.choices.volume)
            action.triggered.connect(
                lambda _checked=False, wanted=volume: self._quiet.choose_some(volume=wanted)
            )


def _wall_text(at: float) -> str:
    """A time of the wall's clock, as this computer writes it; shifts may run by another clock."""
    return f"{datetime.fromtimestamp(at).astimezone():%H:%M}"
