"""How good today's predictions were, asked of the gateway's figures. Knows no widgets."""

from collections.abc import Iterable
from datetime import timedelta

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from tower.domain.reporting import Filters
from tower.kpi.facts import Dimension
from tower.kpi.measure import Series
from tower.kpi.measures.arrivals import ETA_COVERAGE, ETA_ERROR
from tower.kpi.operation import JUDGED_LEAD_MIN, PredictedToday
from tower.kpi.query import Answer, Ask, Behind, BehindAnswer, Row
from ui.answers import AnswerFault, read
from ui.exchange import Answer as Reply
from ui.session import Session

EVERY_MS = 20_000
"""Predictions are judged as vehicles arrive; the figures are asked again so often."""

_WORST = 200
_ERROR, _COVERAGE = ETA_ERROR[JUDGED_LEAD_MIN].key, ETA_COVERAGE[JUDGED_LEAD_MIN].key


class Predictions(QObject):
    """Today's error and coverage, of what is on the screen.

    Attributes:
        today: None until they are known, where nothing was predicted, and where nobody can tell.
        measured: it is another.
    """

    measured = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.today: PredictedToday | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.ask)
        self._timer.start()
        session.hidden_changed.connect(self.ask)
        session.past_changed.connect(self._on_past_changed)

    def _on_past_changed(self) -> None:
        """The figures are of now: in the past nothing is said of them."""
        if self._session.past is None or self.today is not None:
            self.ask()

    def ask(self) -> None:
        """Ask the figures of today."""
        if self._session.hidden.shifts or self._session.past is not None:
            self._know(None)
            return
        by_hour = Ask(measures=(_ERROR, _COVERAGE), by=(Dimension.HOUR,), filters=self._filters())
        self._session.ask("/v1/kpi/query", self._on_hours, body=msgspec.json.encode(by_hour))

    def _filters(self) -> Filters:
        state, hidden = self._session.state, self._session.hidden
        return Filters(
            days=1,
            carriers=_left(state.carriers, hidden.carriers),
            depots=_left(state.depots, hidden.depots),
        )

    def _on_hours(self, reply: Reply) -> None:
        try:
            rows = read(reply, Answer).rows if self._session.past is None else ()
        except AnswerFault:
            rows = ()
        counted = sum(row.counted[0] for row in rows)
        if not counted:
            self._know(None)
            return
        self._know(
            PredictedToday(
                error_min=_mean(rows, 0),
                coverage=_mean(rows, 1),
                arrivals=round(counted),
                series=self._series(rows),
                stops=self.today.stops if self.today else (),
            )
        )
        worst = Behind(measure=_ERROR, filters=self._filters(), limit=_WORST)
        self._session.ask("/v1/kpi/behind", self._on_worst, body=msgspec.json.encode(worst))

    def _on_worst(self, reply: Reply) -> None:
        try:
            lines = read(reply, BehindAnswer).lines
        except AnswerFault:
            return
        if self.today is not None:
            stops = tuple(dict.fromkeys(line.stop_id for line in lines if line.stop_id))
            self._know(self.today._replace(stops=stops))

    def _series(self, rows: tuple[Row, ...]) -> Series:
        """The error of each hour at its end; of the hour that runs, now."""
        now = self._session.local(self._session.now)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        ends = ((midnight + timedelta(hours=int(row.keys[0]) + 1), row.values[0]) for row in rows)
        return tuple((min(end, now).timestamp(), value) for end, value in ends if value is not None)

    def _know(self, today: PredictedToday | None) -> None:
        if today != self.today:
            self.today = today
            self.measured.emit()


def _mean(rows: tuple[Row, ...], place: int) -> float:
    """The value of all rows together, each weighing what it rests on."""
    pairs = [(row.values[place], row.counted[place]) for row in rows]
    weighed = [(value, count) for value, count in pairs if value is not None]
    total = sum(count for _, count in weighed)
    return sum(value * count for value, count in weighed) / total if total else 0.0


def _left(known: Iterable[str], hidden: frozenset[str]) -> tuple[str, ...]:
    """What is to be named so that the hidden ones do not count; nothing where none is hidden."""
    return tuple(sorted(set(known) - hidden)) if hidden else ()
