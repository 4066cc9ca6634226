"""The alerts of one window: what is new sounds, shows in the window or by the tray."""

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from tower.domain.words import ExceptionState, Severity
from ui.alerts.bell import Bell, Call
from ui.alerts.button import AlertButton
from ui.alerts.choices import Quiet
from ui.alerts.news import AlertWatch
from ui.alerts.sound import Sounder
from ui.alerts.toast import Toast
from ui.alerts.tray import Tray
from ui.session import Session


class AlertDesk(QObject):
    """Wires watch, bell, sound, notices and the button.

    Args:
        session: the shift.
        settings: where the choices are kept.
        window: whoever does not look at it is told by the tray.
        over: what notices in the window lie over.

    Attributes:
        button: for the status bar.
        opened: id of the exception that is to be looked at, "" where only the window is wanted.
        quiet: whether nobody is to be disturbed.
    """

    opened = Signal(str)

    def __init__(
        self, session: Session, settings: QSettings, window: QWidget, over: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.quiet = Quiet(settings, parent=self)
        self.watch, self.bell = AlertWatch(session, self), Bell(self.quiet, self)
        self.sounder, self.toast = Sounder(session, self), Toast(session.theme, over)
        self.button = AlertButton(session, self.quiet)
        self.tray = Tray(self._tray_menu(), self)
        self.watch.alerted.connect(self.bell.take)
        self.bell.rung.connect(self._on_rung)
        self.toast.opened.connect(self.opened)
        self.tray.opened.connect(self.opened)
        session.beat.connect(self._on_ticked)

    def toggle_quiet(self) -> None:
        """Do not disturb until it is switched off, or disturb again."""
        if self.quiet.is_on:
            self.quiet.end()
        else:
            self.quiet.begin(None)

    def _tray_menu(self) -> QMenu:
        menu = QMenu(self._window)
        for words, handler in (
            ("Show Tower", lambda: self.opened.emit("")),
            ("Do not disturb, or disturb again", self.toggle_quiet),
            ("Quit", self._window.close),
        ):
            action = QAction(words, menu)
            action.triggered.connect(lambda _checked=False, do=handler: do())
            menu.addAction(action)
        return menu

    def _on_rung(self, call: Call) -> None:
        """Sound, and show it where it is seen; while the past is shown, said to be of now."""
        if call.sound:
            self.sounder.play(call.sound, self.quiet.choices.volume)
        if not call.is_shown:
            return
        if self._session.past is not None:
            call = call._replace(title=f"Live now · {call.title}")
        if self.tray.is_there and not self._window.isActiveWindow():
            self.tray.show_call(call)
        else:
            self.toast.show_call(call)

    def _on_ticked(self) -> None:
        self.quiet.look()
        if self.tray.is_there:
            self._tell_tray()

    def _tell_tray(self) -> None:
        records = [
            one
            for one in self._session.live_state.exceptions.values()
            if one.is_open and one.work.state is not ExceptionState.SNOOZED
        ]
        grave = sum(
            one.finding is not None and one.finding.severity is Severity.CRITICAL for one in records
        )
        self.tray.say_open(len(records), grave)
