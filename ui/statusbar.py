"""The line at the bottom: where the data comes from, what can be undone, which version."""

from collections import Counter

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from tower import __version__
from tower.domain.state import Changed
from ui.forecast.badge import ForecastBadge
from ui.session import Session

_PASSING = 3
"""Widgets on the left, over which messages pass, and what predicts arrivals."""


class StatusBar(QStatusBar):
    """Connection and journal on the left, carriers in the middle, undo and version right.

    Args:
        where: words for the gateway, such as `embedded gateway` or its host.

    Attributes:
        forecast: what predicts arrivals, and how well.
    """

    def __init__(self, session: Session, where: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._where = session, where
        self.setSizeGripEnabled(False)
        self._link, self._fleet, self._undo = QLabel(), QLabel(), QLabel()
        for label in (self._link, self._fleet, self._undo):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._link.setContentsMargins(8, 0, 14, 0)
        self._undo.setContentsMargins(14, 0, 0, 0)
        self._version = QLabel(f"v{__version__}")
        self._version.setContentsMargins(14, 0, 8, 0)
        self.addWidget(self._link)
        self.addWidget(self._fleet, 1)
        self.forecast = ForecastBadge(session)
        self.addPermanentWidget(self.forecast)
        self.addPermanentWidget(self._undo)
        self.addPermanentWidget(self._version)
        session.link_changed.connect(self._show_link)
        session.beat.connect(self._show_link)
        session.state_replaced.connect(self._show_fleet)
        session.records_changed.connect(self._on_records_changed)
        self._show_link()

    def set_undo(self, words: str) -> None:
        """Name what Ctrl+Z takes back; "" for nothing."""
        self._undo.setText(f"Undo: {words} (Ctrl+Z)" if words else "")

    def add_before_undo(self, widget: QWidget) -> None:
        """Put a widget to the left of what can be undone."""
        self.insertPermanentWidget(_PASSING, widget)

    @property
    def link_words(self) -> str:
        """What it says about the connection."""
        return self._link.text()

    def _show_link(self) -> None:
        if self._session.is_recording:
            self._link.setText(f"Recording {self._where}")
            return
        status = self._session.link.status
        verb = {"live": "Connected to", "connecting": "Connecting to", "lost": "Lost"}
        seq = f"{self._session.live_state.seq:,}".replace(",", " ")
        self._link.setText(f"{verb.get(status, status.capitalize())} {self._where} · seq {seq}")

    def _on_records_changed(self, changed: frozenset[Changed]) -> None:
        if any(one.table in {"vehicles", "carriers"} for one in changed):
            self._show_fleet()

    def _show_fleet(self) -> None:
        state = self._session.state
        counts = Counter(entry.value.carrier_id for entry in state.vehicles.values())
        self._fleet.setText(
            " · ".join(
                f"{entry.value.name} {counts[id_]}"
                for id_, entry in state.carriers.items()
                if counts[id_]
            )
        )
