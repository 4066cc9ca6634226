"""The vehicles whose trails were asked for, and over what span."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from tower.domain.state import State
from ui.map.pasttrails import MapTrail
from ui.session import Session
from ui.trails.pictures import picture
from ui.trails.show import TrailShow
from ui.trails.source import TrailSource
from ui.trails.standing import Standing, standings
from ui.trails.trail import Trail
from ui.trails.words import Room, room_of, span_words

AROUND = timedelta(minutes=10)
"""So far before and after a moment its trail reaches."""

MOST = 12
"""Vehicles whose trails are shown at once; more would only hide the map."""

_OWNER = "chosen"
_HOUR = timedelta(hours=1)
_RENEW_TICKS = 15
_SETTLE_MS = 150


class Span(StrEnum):
    """Over what time trails reach."""

    HOUR = "hour"
    SHIFT = "shift"
    MOMENT = "moment"


SPAN_WORDS = {
    Span.HOUR: "last hour",
    Span.SHIFT: "whole shift",
    Span.MOMENT: "10 minutes around the moment",
}


class Known(NamedTuple):
    """A vehicle's trail as it was last fetched.

    Attributes:
        since: what was asked for; `until` likewise.
        drawn: as the map shows it.
    """

    since: datetime
    until: datetime
    trail: Trail
    stays: Sequence[Standing]
    drawn: MapTrail


class ChosenTrails(QObject):
    """Fetches the trails of chosen vehicles, and keeps them up to date.

    Args:
        session: says what time it is; its selection gives the moment.
        source: where trails come from.
        show: puts them on the map.

    Attributes:
        span: over what time they reach.
        said: what was found, or why there is nothing, for the status bar.
    """

    said = Signal(str)

    def __init__(
        self,
        session: Session,
        source: TrailSource,
        show: TrailShow,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._source, self._show = session, source, show
        self.span = Span.HOUR
        self._known: dict[str, Known | None] = {}
        self._ticks, self._turn = 0, 0
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(_SETTLE_MS)
        self._due.timeout.connect(self.renew)
        session.ticked.connect(self._on_ticked)
        session.past_changed.connect(self._on_past_changed)

    @property
    def vehicles(self) -> tuple[str, ...]:
        """Ids of the chosen vehicles, the one chosen last at the end."""
        return tuple(self._known)

    def toggle(self, vehicle_id: str) -> bool:
        """Show a vehicle's trail, or no longer; says which."""
        if vehicle_id in self._known:
            del self._known[vehicle_id]
            self._tell()
            return False
        if len(self._known) >= MOST:
            oldest = next(iter(self._known))
            del self._known[oldest]
            self.said.emit(f"{MOST} trails at once: that of {self._label(oldest)} is off the map.")
        self._known[vehicle_id] = None
        self._ask(vehicle_id, is_new=True)
        return True

    def clear(self) -> None:
        """Show no trails any more."""
        self._known.clear()
        self._tell()

    def set_span(self, span: Span) -> None:
        """Show another span of time."""
        self.span = span
        self._forget()
        self.renew()

    def _forget(self) -> None:
        """What was fetched, or is on its way, is of another span."""
        self._turn += 1
        self._known = dict.fromkeys(self._known)

    def renew(self) -> None:
        """Fetch what is not known yet of every chosen vehicle."""
        for vehicle_id in self._known:
            self._ask(vehicle_id)

    def between(self) -> tuple[datetime, datetime]:
        """The span as it stands now, UTC."""
        now, shift = self._session.now, self._session.state.shift
        if self.span is Span.HOUR:
            return now - _HOUR, now
        if self.span is Span.SHIFT:
            return (shift.starts_at if shift else now - 12 * _HOUR), now
        moment = self._moment()
        return moment - AROUND, moment + AROUND

    def _moment(self) -> datetime:
        """When the selected exception was raised; else what is looked at."""
        kind, id_ = self._session.selection
        record = self._session.state.exceptions.get(id_) if kind == "exception" else None
        return record.raised_at if record and record.raised_at else self._session.now

    def _ask(self, vehicle_id: str, *, is_new: bool = False) -> None:
        (since, until), turn = self.between(), self._turn
        known = self._known.get(vehicle_id)
        goes_on = known is not None and len(known.trail) > 0 and known.since <= since
        base = known if goes_on and known is not None and since <= known.until <= until else None
        begin = base.trail.until if base is not None else since

        def take(trail: Trail | None, why: str) -> None:
            if vehicle_id not in self._known or turn != self._turn:
                return
            if trail is not None:
                whole = base.trail.continued(trail) if base is not None else trail
                self._work_out(vehicle_id, (since, until), whole, is_new=is_new)
            elif is_new:
                self.said.emit(f"No trail of {self._label(vehicle_id)}: {why}")
                del self._known[vehicle_id]

        self._source.ask(vehicle_id, begin, until, take)

    def _work_out(
        self, vehicle_id: str, span: tuple[datetime, datetime], trail: Trail, *, is_new: bool
    ) -> None:
        """Find the stays and make the picture off the GUI thread: trails may be long."""
        room, label, turn = self._room(vehicle_id), self._label(vehicle_id), self._turn
        stops, depot = room.stops, room.depot

        def work() -> Known:
            part = trail.between(*span)
            stays = standings(part, stops, depot)
            return Known(*span, part, stays, picture(vehicle_id, label, part, stays, room))

        def then(found: Known) -> None:
            if vehicle_id not in self._known or turn != self._turn:
                return
            self._known[vehicle_id] = found
            self._tell()
            if is_new:
                self.said.emit(self._found_words(vehicle_id))

        self._session.compute(work, then)

    def _tell(self) -> None:
        pictures = [known.drawn for known in self._known.values() if known]
        if pictures:
            self._show.put(_OWNER, f"Trails · {SPAN_WORDS[self.span]}", *pictures)
        else:
            self._show.take_off(_OWNER)

    def _room(self, vehicle_id: str) -> Room:
        return room_of(self._session, vehicle_id)

    def _label(self, vehicle_id: str) -> str:
        return label_of(self._session.state, vehicle_id)

    def _found_words(self, vehicle_id: str) -> str:
        known, label = self._known.get(vehicle_id), self._label(vehicle_id)
        if known is None or not len(known.trail):
            return f"No position of {label} is known of the {SPAN_WORDS[self.span]}."
        clock, trail = self._session.clock_text, known.trail
        stood = sum((one.lasted for one in known.stays), timedelta())
        standing = f", stood {span_words(stood)} in all" if stood else ""
        way = f"{trail.driven_m / 1000:.1f} km{standing}"
        return f"Trail of {label}, {clock(trail.since)}–{clock(trail.until)}: {way}"

    def _on_ticked(self) -> None:
        """Live goes on: every quarter of a minute the newest positions are fetched."""
        self._ticks += 1
        if self._known and self._session.past is None and self._ticks % _RENEW_TICKS == 0:
            self.renew()

    def _on_past_changed(self) -> None:
        if self._known:
            self._forget()
            self._due.start()


def label_of(state: State, vehicle_id: str) -> str:
    """What people call a vehicle; its id where nobody registered it."""
    entry = state.vehicles.get(vehicle_id)
    return entry.value.label if entry else vehicle_id
