"""The strip that says that the gateway is lost or unwell, and later what was filled in."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from tower.feed.client import Link
from tower.feed.clock import SystemClock
from ui.session import Session
from ui.theme import BODY_PX

_BACK_MS = 6000


class Banner(QFrame):
    """Hidden while all is well.

    Attributes:
        retry_wanted: the dispatcher does not want to wait.
    """

    retry_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._lost_since, self._seq_when_lost = session, "", 0
        self._epoch_when_lost = ""
        self._wall = SystemClock()
        self.setObjectName("banner")
        self._words, self._retry = QLabel(), QPushButton("Retry now")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._retry.setAccessibleDescription("Connect to the gateway without waiting")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 4, 10, 4)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._retry)
        self._fading = QTimer(self)
        self._fading.setSingleShot(True)
        self._fading.setInterval(_BACK_MS)
        self._fading.timeout.connect(self.hide)
        self._retry.clicked.connect(self.retry_wanted)
        session.link_changed.connect(self._on_link_changed)
        session.trouble_changed.connect(self._on_trouble_changed)
        session.beat.connect(self._on_ticked)
        session.theme.theme_changed.connect(self._restyle)
        self.hide()

    @property
    def words(self) -> str:
        """What the strip says."""
        return self._words.text()

    def _on_link_changed(self, link: Link) -> None:
        if link.status in {"lost", "stale", "refused"}:
            self._show_lost(link)
        elif link.status == "live" and self._lost_since:
            self._show_back()

    def _on_trouble_changed(self) -> None:
        if self._lost_since:
            return
        if self._session.trouble:
            self._show_trouble()
        else:
            self._words.setText("The gateway is well again")
            self._restyle()
            self._fading.start()

    def _show_trouble(self) -> None:
        self._fading.stop()
        self._words.setText(self._session.trouble)
        self._retry.hide()
        self._restyle()
        self.show()

    def _on_ticked(self) -> None:
        if self._lost_since:
            self._say_lost(self._session.link)

    def _show_lost(self, link: Link) -> None:
        if not self._lost_since:
            self._lost_since = self._session.clock_text(
                self._session.live_clock.now(), seconds=True
            )
            self._seq_when_lost = self._session.live_state.seq
            self._epoch_when_lost = self._session.epoch
        self._fading.stop()
        self._retry.show()
        self._restyle()
        self._say_lost(link)
        self.show()

    def _say_lost(self, link: Link) -> None:
        showing = f"showing {self._lost_since}"
        if link.status == "refused":
            self._words.setText(f"Gateway refuses this desktop · {link.reason} · {showing}")
        elif link.status == "stale":
            self._words.setText(f"Nothing heard from the gateway · {showing}")
        else:
            seconds = round(self._wait_s(link))
            wait = f"retrying in {seconds} s" if seconds > 0 else "retrying now"
            self._words.setText(f"Gateway lost · {showing} · {wait}")

    def _wait_s(self, link: Link) -> float:
        if link.retry_in_s is None or link.since is None:
            return 0.0
        return link.retry_in_s - (self._wall.now() - link.since).total_seconds()

    def _show_back(self) -> None:
        self._lost_since = ""
        self._words.setText(f"Back · {self._filled_words()}")
        self._retry.hide()
        self._restyle()
        self._fading.start()
        if self._session.trouble:
            self._show_trouble()

    def _restyle(self) -> None:
        theme = self._session.theme
        ill = self._lost_since or self._session.trouble
        colour = theme.color("late" if ill else "on_time")
        ground = theme.color("panel_raised")
        self._words.setFont(theme.font(BODY_PX, bold=True))
        self.setStyleSheet(
            f"#banner {{ background: {ground.name()}; border-bottom: 1px solid {colour.name()};"
            f" border-top: 1px solid {colour.name()}; }}"
            f" #banner QLabel {{ color: {colour.name()}; }}"
        )

    def _filled_words(self) -> str:
        if self._epoch_when_lost and self._session.epoch != self._epoch_when_lost:
            return "the gateway keeps another journal now, everything was read anew"
        filled = max(0, self._session.live_state.seq - self._seq_when_lost)
        return "1 event filled" if filled == 1 else f"{filled} events filled"
