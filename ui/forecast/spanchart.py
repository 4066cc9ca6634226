"""An arrival on a line of time: P10 to P90, P50, the promised window, what the customer sees."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from tower.gateway.forecasting.answers import ArrivalAnswer
from ui.session import Session
from ui.theme import SMALL_PX
from ui.widgets.text import CENTRE, LEFT, draw_text

_ROW_PX, _AXIS_PX, _NAMES_PX, _BAR_PX = 24, 22, 104, 10
_LEAST = timedelta(minutes=30)
_STEPS_MIN = (5, 10, 15, 30, 60, 120)
_LABEL_PX = 52
_SCREEN_SPANS = 0.08


class Band(NamedTuple):
    """One row: a name and a span of time; `mark` is a moment in it.

    Attributes:
        colour: name in the palette file.
    """

    name: str
    start: datetime
    end: datetime
    colour: str
    mark: datetime | None = None


def bands_of(answer: ArrivalAnswer) -> list[Band]:
    """The rows of an arrival, the promise first."""
    return list(_bands(answer))


def _bands(answer: ArrivalAnswer) -> Iterator[Band]:
    if answer.window_end is not None:
        start = answer.window_start or answer.window_end - _LEAST
        yield Band("Promised", start, answer.window_end, "muted")
    if answer.published is not None:
        yield Band("Customer sees", answer.published.start, answer.published.end, "accent")
    if answer.predicted is not None:
        one = answer.predicted
        yield Band("Expected", one.p10, one.p90, one.punctuality.value, one.p50)


class SpanChart(QWidget):
    """Draws the rows on a common line of time.

    Args:
        session: theme, and the clock of the room.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._bands: list[Band] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        session.theme.theme_changed.connect(self.update)

    def show_bands(self, bands: list[Band]) -> None:
        """Show other rows; said to a screen reader as well."""
        self._bands = bands
        clock = self._session.clock_text
        said = (f"{one.name} {clock(one.start)} to {clock(one.end)}" for one in bands)
        self.setAccessibleDescription("; ".join(said))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A row for each band, and the line of time."""
        height = len(self._bands) * _ROW_PX + _AXIS_PX if self._bands else 0
        return QSize(420, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        if not self._bands:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        since, until = self._span()
        self._draw_axis(painter, since, until)
        for row, band in enumerate(self._bands):
            self._draw_band(painter, row, band, since, until)

    def _span(self) -> tuple[datetime, datetime]:
        since = min(one.start for one in self._bands)
        until = max(*(one.end for one in self._bands), since + _LEAST)
        around = (until - since) * _SCREEN_SPANS
        return since - around, until + around

    def _x(self, at: datetime, since: datetime, until: datetime) -> float:
        return _NAMES_PX + (at - since) / (until - since) * (self.width() - _NAMES_PX)

    def _draw_band(
        self, painter: QPainter, row: int, band: Band, since: datetime, until: datetime
    ) -> None:
        theme, middle = self._session.theme, row * _ROW_PX + _ROW_PX / 2
        name = QRectF(0, middle - _ROW_PX / 2, _NAMES_PX - 8, _ROW_PX)
        draw_text(painter, name, band.name, theme.color("text_secondary"), LEFT, SMALL_PX)
        left, right = self._x(band.start, since, until), self._x(band.end, since, until)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(band.colour))
        box = QRectF(left, middle - _BAR_PX / 2, max(2.0, right - left), _BAR_PX)
        painter.drawRoundedRect(box, 3, 3)
        if band.mark is not None:
            x = self._x(band.mark, since, until)
            painter.setPen(QPen(theme.color("text"), 2))
            painter.drawLine(QPointF(x, middle - _BAR_PX), QPointF(x, middle + _BAR_PX))

    def _draw_axis(self, painter: QPainter, since: datetime, until: datetime) -> None:
        theme, bottom = self._session.theme, len(self._bands) * _ROW_PX
        for at in _ticks(since, until, (self.width() - _NAMES_PX) / _LABEL_PX):
            x = self._x(at, since, until)
            painter.setPen(QPen(theme.color("line"), 1))
            painter.drawLine(QPointF(x, 0), QPointF(x, bottom))
            box = QRectF(x - _LABEL_PX / 2, bottom, _LABEL_PX, _AXIS_PX)
            words = self._session.clock_text(at)
            draw_text(painter, box, words, theme.color("muted"), CENTRE, SMALL_PX)


def _ticks(since: datetime, until: datetime, most: float) -> Iterator[datetime]:
    """Round moments in a span, no more than fit beside each other."""
    span_min = (until - since).total_seconds() / 60
    step = next((one for one in _STEPS_MIN if span_min / one <= most), _STEPS_MIN[-1])
    seconds = step * 60
    first = datetime.fromtimestamp((since.timestamp() // seconds + 1) * seconds, since.tzinfo)
    while first < until:
        yield first
        first += timedelta(minutes=step)
