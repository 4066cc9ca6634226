"""The live pill: how the feed stands, and who of the carriers is heard, on a click."""

from collections.abc import Callable
from statistics import median

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QWidget

from tower.feed.messages import CarrierHealth
from ui.session import Session
from ui.theme import BODY_PX, SMALL_PX
from ui.widgets.pill import Pill, Run

_DOT = {"live": "on_time", "connecting": "muted", "stale": "at_risk"}
_WORD = {
    "live": "Live",
    "connecting": "Connecting",
    "stale": "Stale",
    "lost": "Gateway lost",
    "refused": "Refused",
}
_HEADINGS = ("Carrier", "Last heard", "Lag", "Messages", "Refused")


def lag_s(health: list[CarrierHealth]) -> float | None:
    """Median over carriers of the seconds from their devices to the gateway; None if unknown."""
    lags = [one.lag_s for one in health if one.lag_s is not None]
    return median(lags) if lags else None


def live_runs(session: Session) -> list[Run]:
    """What the pill says."""
    if session.is_recording:
        return [
            Run("■ ", "past"),
            Run("Recording", bold=True),
            Run(f" · {len(session.vehicles)} vehicles", "text_secondary"),
        ]
    status = session.link.status
    runs = [Run("● ", _DOT.get(status, "late")), Run(_WORD.get(status, status), bold=True)]
    if session.link.is_late:
        runs = [
            Run("● ", "at_risk"),
            Run(f"Late by {session.link.lag_s:.1f} s", "at_risk", bold=True),
        ]
    lag = lag_s(session.health)
    if status == "live" and lag is not None:
        runs += [Run(" · lag ", "text_secondary"), Run(f"{lag:.1f} s", bold=True)]
    runs.append(Run(f" · {len(session.live_vehicles)} vehicles", "text_secondary"))
    silent = sum(one.silent for one in session.health)
    if silent:
        runs.append(Run(f" · {silent} carrier{'s' if silent > 1 else ''} stale", "at_risk"))
    return runs


def age_words(seconds: float) -> str:
    """`4 s ago`, `6 min ago`, `2 h ago`."""
    if seconds < 90:
        return f"{max(0, round(seconds))} s ago"
    return f"{round(seconds / 60)} min ago" if seconds < 5400 else f"{round(seconds / 3600)} h ago"


class LivePill(Pill):
    """Says whether what is on the screen is live; a click shows each carrier's feed.

    Attributes:
        refused_wanted: a carrier's id, whose refused messages are to be shown.
    """

    refused_wanted = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session.theme, "Feed", parent)
        self._session = session
        self._popup: HealthPopup | None = None
        for signal in (session.link_changed, session.health_changed, session.state_replaced):
            signal.connect(self.refresh)
        session.telemetry_changed.connect(self.refresh)
        session.past_changed.connect(self.refresh)
        self.clicked.connect(self._on_live_clicked)
        self.refresh()

    def refresh(self) -> None:
        """Say how it stands now."""
        self.set_runs(live_runs(self._session))

    def _on_live_clicked(self) -> None:
        self._popup = HealthPopup(self._session, self.refused_wanted.emit, self.window())
        self._popup.adjustSize()
        corner = self.mapToGlobal(QPoint(self.width() - self._popup.width(), self.height() + 4))
        self._popup.move(corner)
        self._popup.show()


class HealthPopup(QFrame):
    """Each carrier: last heard, lag, messages a second, refused. Renewed each second.

    Args:
        show_refused: called with a carrier's id when its refused count is clicked.
    """

    def __init__(
        self, session: Session, show_refused: Callable[[str], None], parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("health")
        self._session, self._show_refused = session, show_refused
        self._cells: dict[tuple[str, int], QLabel | QPushButton] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(14, 12, 14, 12)
        self._grid.setHorizontalSpacing(22)
        theme = session.theme
        self.setStyleSheet(
            f"#health {{ background: {theme.color('panel_raised').name()};"
            f" border: 1px solid {theme.color('line_strong').name()}; }}"
            f" #heading {{ color: {theme.color('muted').name()}; }}"
        )
        self._headings()
        self.refresh()
        session.health_changed.connect(self.refresh)
        session.beat.connect(self.refresh)

    def _headings(self) -> None:
        for column, words in enumerate(_HEADINGS):
            label = QLabel(words)
            label.setObjectName("heading")
            label.setFont(self._session.theme.font(SMALL_PX))
            self._grid.addWidget(label, 0, column)

    def refresh(self) -> None:
        """Show the numbers as they are now."""
        if not self._session.health:
            self._label("", 0, 1, "No carrier has been heard yet.")
        for row, one in enumerate(self._session.health, start=1):
            for column, words in enumerate(self._row(one)):
                self._label(one.carrier_id, column, row, words)
            self._refused(one, row)
        self.adjustSize()

    def _row(self, one: CarrierHealth) -> tuple[str, ...]:
        entry = self._session.live_state.carriers.get(one.carrier_id)
        name = entry.value.name if entry else one.carrier_id
        heard = "never"
        if one.last_heard is not None:
            heard = age_words(self._session.live_clock.time() - one.last_heard)
        return (
            f"{'○' if one.silent else '●'} {name}",
            f"{heard} · stale" if one.silent else heard,
            "—" if one.lag_s is None else f"{one.lag_s:.1f} s",
            f"{one.messages_per_s:.1f} /s",
        )

    def _label(self, carrier_id: str, column: int, row: int, words: str) -> None:
        cell = self._cells.get((carrier_id, column))
        if cell is None:
            cell = QLabel()
            cell.setTextFormat(Qt.TextFormat.PlainText)
            cell.setFont(self._session.theme.font(BODY_PX))
            self._cells[carrier_id, column] = cell
            self._grid.addWidget(cell, row, column)
        cell.setText(words)
        if column == 0 and carrier_id:
            colour = "at_risk" if words.startswith("○") else "on_time"
            cell.setStyleSheet(f"color: {self._session.theme.color(colour).name()}")

    def _refused(self, one: CarrierHealth, row: int) -> None:
        key = (one.carrier_id, len(_HEADINGS) - 1)
        cell = self._cells.get(key)
        if cell is None:
            cell = QPushButton()
            cell.setFlat(True)
            cell.setToolTip("Show what was refused, and why")
            cell.clicked.connect(lambda: self._on_refused_clicked(one.carrier_id))
            self._cells[key] = cell
            self._grid.addWidget(cell, row, key[1])
        cell.setText(f"{one.refused:,}".replace(",", " "))

    def _on_refused_clicked(self, carrier_id: str) -> None:
        self.close()
        self._show_refused(carrier_id)
