"""Keeps the measures of the shift fresh for everything that shows them."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from tower.domain.records import Stop
from tower.domain.state import Changed, State
from tower.domain.words import Punctuality
from tower.feed.arrivals import Arrival
from tower.kpi.attention import AHEAD
from tower.kpi.breakdown import FailedReason, HourOnTime, failed_reasons, on_time_by_hour
from tower.kpi.finished import DayBook
from tower.kpi.measure import Measure
from tower.kpi.strip import strip
from ui.kpi.predictions import Predictions
from ui.session import Session

EVERY_MS = 5_000
"""Measures are computed this often, and soon after something happened that they count."""

SOON_MS = 150

APART_MS = 1_000
"""They are never computed more often than this."""

READ_AT_ONCE = 1_000
"""Stops read in one turn of the event loop: some five milliseconds."""

PAST_EVERY_S = 60.0
PAST_KEPT = 12 * 60
"""What was at risk is not in the journal; the board remembers a value a minute, twelve hours."""

_ENDANGERED = (Punctuality.AT_RISK.code, Punctuality.LATE.code)


class Board(QObject):
    """The measures as they stand.

    Of the stops only those that changed are read again, so that a day of 100,000 is no slower
    than one of 1,000; the computations run one at a time, so that the window never waits for all
    of them.

    Attributes:
        measures: the strip, in its order.
        hours: punctuality by hour.
        reasons: why attempts failed.
        strip_measured, hours_measured, reasons_measured: the attribute is new.
    """

    strip_measured = Signal()
    hours_measured = Signal()
    reasons_measured = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.measures: list[Measure] = []
        self.hours: list[HourOnTime] = []
        self.reasons: list[FailedReason] = []
        self._past: list[tuple[float, float]] = []
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._on_soon)
        self._timer.start()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._on_soon)
        self._reading = QTimer(self)
        self._reading.setSingleShot(True)
        self._reading.timeout.connect(self._on_reading)
        self._measured = QElapsedTimer()
        self._stops, self._epoch, self._is_behind = 0, "", False
        self._book = DayBook()
        self._unread = dict.fromkeys(session.state.stops)
        self._day = self._book.day(session.state, session.now)
        self._predictions = Predictions(session, self)
        self._predictions.measured.connect(self.measure_soon)
        session.past_changed.connect(self._measure_next)
        session.state_replaced.connect(self._on_state_replaced)
        session.hidden_changed.connect(self._on_state_replaced)
        session.exceptions_changed.connect(self.measure_soon)
        session.records_changed.connect(self._on_records_changed)

    @property
    def is_behind(self) -> bool:
        """True until everything is computed of what is shown."""
        return self._is_behind

    def measure(self) -> None:
        """Compute everything, a part in each turn of the event loop; nothing of no shift at all."""
        if not self._session.state.seq:
            self._is_behind = False
            return
        self._measured.start()
        self._stops = len(self._session.state.stops)
        self._read()

    def _on_soon(self) -> None:
        self._session.turns.take(self._soon, self.measure)

    def _on_reading(self) -> None:
        self._session.turns.take(self._reading, self._read)

    def measure_soon(self) -> None:
        """Compute everything as soon as the last time is long enough ago; of the past at once."""
        if self._session.past is not None:
            self._measure_next()
        elif not self._soon.isActive():
            since = self._measured.elapsed() if self._measured.isValid() else APART_MS
            self._soon.start(max(SOON_MS, APART_MS - since))

    def _measure_next(self) -> None:
        """Another moment is shown: what is known of the one before is no use."""
        self._is_behind = True
        self._soon.start(0)

    def _on_state_replaced(self) -> None:
        if self._epoch != self._session.epoch:
            self._past.clear()
            self._epoch, self._book = self._session.epoch, DayBook()
        self._unread = dict.fromkeys((*self._session.state.stops, *self._book.stop_ids))
        self._measured.invalidate()
        self._is_behind = True
        self._soon.start(SOON_MS if self._session.past is None else 0)

    def _on_records_changed(self, changed: Iterable[Changed]) -> None:
        """A shift that is still coming in is no shift without deliveries."""
        self._unread.update((id_, None) for table, id_ in changed if table == "stops")
        if len(self._session.state.stops) != self._stops:
            self.measure_soon()

    def _read(self) -> None:
        """Read some of the stops that changed, then the rest, then compute."""
        some = list(islice(self._unread, READ_AT_ONCE))
        for stop_id in some:
            del self._unread[stop_id]
        self._book.read(self._shown(some))
        if self._unread:
            self._reading.start(0)
        else:
            self._unread = {}  # the one that was emptied bit by bit keeps its size
            self._measure_strip()
            QTimer.singleShot(0, self, self._measure_hours)

    def _shown(self, stop_ids: Iterable[str]) -> Iterator[Stop]:
        """Some stops, without those that are not there or not shown: these count no longer."""
        stops, hides = self._session.state.stops, bool(self._session.hidden)
        for stop_id in stop_ids:
            stop = stops.get(stop_id)
            if stop is None or (hides and not self._session.shows(stop)):
                self._book.forget(stop_id)
            else:
                yield stop

    def _measure_strip(self) -> None:
        is_live = self._session.past is None
        now, past = self._session.now, tuple(self._past) if is_live else ()
        self._day = self._book.day(self._session.state, now)
        self.measures = strip(
            shown_state(self._session),
            self._endangered(),
            now,
            past_at_risk=past,
            day=self._day,
            predicted=self._predictions.today,
        )
        if is_live:
            self._remember(now.timestamp())
        self.strip_measured.emit()

    def _measure_hours(self) -> None:
        self.hours = on_time_by_hour(self._day, self._session.zone)
        self.hours_measured.emit()
        QTimer.singleShot(0, self, self._measure_reasons)

    def _measure_reasons(self) -> None:
        self.reasons = failed_reasons(self._day)
        self.reasons_measured.emit()
        self._is_behind = bool(self._unread) or self._soon.isActive()

    def _endangered(self) -> Mapping[str, Arrival]:
        """Predicted arrivals at stops that are on the screen and soon late, or nearly so."""
        mirror, until = self._session.arrivals, (self._session.now + AHEAD).timestamp()
        columns = mirror.columns
        is_near = np.isin(columns["punctuality"], _ENDANGERED) & (columns["p50"] <= until)
        ids = (mirror.id_of(int(handle)) for handle in np.flatnonzero(is_near))
        stops = (self._session.state.stops.get(stop_id) for stop_id in ids)
        shown = (stop for stop in stops if stop is not None and self._session.shows(stop))
        rows = ((stop.id, mirror.row(stop.id)) for stop in shown if not stop.is_done)
        return {stop_id: row for stop_id, row in rows if row is not None}

    def _remember(self, now: float) -> None:
        at_risk = next((one for one in self.measures if one.key == "at_risk"), None)
        if at_risk is None or at_risk.value is None:
            return
        if not self._past or now - self._past[-1][0] >= PAST_EVERY_S:
            self._past.append((now, at_risk.value))
            del self._past[:-PAST_KEPT]


def shown_state(session: Session) -> State:
    """The state without the exceptions and contacts the filters take off the screen."""
    state = session.state
    if not session.hidden:
        return state
    contacts = ((id_, one, state.stops.get(one.stop_id)) for id_, one in state.contacts.items())
    return replace(
        state,
        exceptions={id_: one for id_, one in state.exceptions.items() if session.shows(one)},
        contacts={id_: one for id_, one, stop in contacts if stop and session.shows(stop)},
    )
