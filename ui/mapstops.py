"""The stops and exceptions as the map shows them; only what changed is made anew."""

import time
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from functools import lru_cache
from itertools import chain

import msgspec
from msgspec.structs import replace

from tower.domain.geometry import LatLon
from tower.domain.records import ExceptionRecord, Stop, StopPlan
from tower.domain.words import Punctuality
from tower.feed.columns import DEGREE
from ui.clocktext import minute_text
from ui.etas import Eta, Etas
from ui.map.blocks import BlockedRecords, Blocks
from ui.map.scene import MapException, MapStop
from ui.session import Session

AT_LEAST = 100
"""Stops made anew for one scene, whatever it takes."""

_MADE_BETWEEN_CLOCKS = 32
_WINDOWS_KEPT = 4_096


class _Made(msgspec.Struct, frozen=True, gc=False):
    """What was made of a stop, and what it rests on; `eta` is the `Etas.number` of it."""

    of: Stop
    eta: int
    number: int
    shown: MapStop


class StopFeed:
    """Keeps the stops of the map up to date with a session, some at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stops = BlockedRecords[MapStop]()
        self._still_open: dict[str, _Made] = {}
        self._done: dict[str, _Made] = {}
        self._dirty: dict[str, None] | None = None

    def note_everything(self) -> None:
        """Another state, another filter: look at all; what is the same stays as it is."""
        if self._dirty is not None:
            self._dirty = dict.fromkeys((*self._stops, *self._session.state.stops))

    def note(self, stop_ids: Iterable[str]) -> None:
        """These stops changed, or what is predicted for them."""
        if self._dirty is not None:
            self._dirty.update(dict.fromkeys(stop_ids))

    @property
    def is_behind(self) -> bool:
        """True while stops that changed are not made anew yet."""
        return bool(self._dirty)

    def advance(self, ends: float) -> None:
        """Make a share of what changed anew.

        Args:
            ends: no further ones after this time of `time.thread_time`.
        """
        if self._dirty is None:
            self._dirty = dict.fromkeys(self._session.state.stops)
        if not self._dirty:
            return
        look, made = _Look(self._session), []
        for count, stop_id in enumerate(self._dirty):
            is_time = count % _MADE_BETWEEN_CLOCKS == 0
            if count >= AT_LEAST and is_time and time.thread_time() > ends:
                break
            made.append(stop_id)
            self._renew(stop_id, look)
        for stop_id in made:
            del self._dirty[stop_id]

    def stops(self) -> Blocks[MapStop]:
        """The stops the filters show; the same object while none of them changed."""
        return self._stops.shown()

    def _renew(self, stop_id: str, look: "_Look") -> None:
        stop = look.stops.get(stop_id)
        if stop is None or stop.plan is None or (look.hides and not self._session.shows(stop)):
            self._still_open.pop(stop_id, None)
            self._done.pop(stop_id, None)
            self._stops.drop(stop_id)
            return
        fresh = self._fresh(stop, stop.plan, look)
        if fresh != self._stops.get(stop_id):
            self._stops.put(fresh)

    def _fresh(self, stop: Stop, plan: StopPlan, look: "_Look") -> MapStop:
        """A stop as it is now; what was made of the same before is handed over again.

        Travelling in time the same stop is done, open and done again: both are remembered.
        """
        number, is_done = look.numbers.get(stop.id, 0), stop.is_done
        eta = 0 if is_done else look.etas.number(stop.id)
        alike = self._done if is_done else self._still_open
        known = alike.get(stop.id)
        if known is None or known.of is not stop or known.number != number:
            shown = self._stop(stop, plan, look.etas.worded(eta), look)
        elif known.eta == eta:
            return known.shown
        else:
            shown = self._foretold(known.shown, stop, plan, look.etas.worded(eta), look)
        alike[stop.id] = _Made(stop, eta, number, shown)
        if not look.is_past:
            (self._still_open if is_done else self._done).pop(stop.id, None)
        return shown

    def _foretold(
        self, shown: MapStop, stop: Stop, plan: StopPlan, eta: Eta | None, look: "_Look"
    ) -> MapStop:
        """An open stop of which only the prediction is another."""
        standing = eta.punctuality if eta else Punctuality.ON_TIME
        return replace(shown, punctuality=standing, detail=self._detail(stop, plan, eta, look))

    def _stop(self, stop: Stop, plan: StopPlan, eta: Eta | None, look: "_Look") -> MapStop:
        state = stop.state
        is_done = state.is_outcome
        standing = eta.punctuality if eta else Punctuality.ON_TIME
        return MapStop(
            id=stop.id,
            route_id=stop.route_id,
            number=look.numbers.get(stop.id, 0),
            lat=plan.lat,
            lon=plan.lon,
            state=state,
            punctuality=Punctuality.DONE if is_done else standing,
            label=plan.customer or plan.address or stop.id,
            detail=self._detail(stop, plan, eta, look),
            kind=plan.kind,
            is_locked=stop.lock is not None and not is_done,
        )

    def _detail(self, stop: Stop, plan: StopPlan, eta: Eta | None, look: "_Look") -> str:
        standing = f"ETA {eta.words}" if eta else ""
        if eta is None and stop.finished_at is not None:
            standing = f"{stop.state} {self._session.clock_text(stop.finished_at)}"
        if plan.window_start is None or plan.window_end is None:
            return standing
        window = _window_words(plan.window_start, plan.window_end, look.zone)
        return f"{standing} · {window}" if standing else window


@lru_cache(_WINDOWS_KEPT)
def _window_words(start: datetime, end: datetime, zone: tzinfo) -> str:
    """Made once for all stops of a window: there are few, and thousands of stops."""
    from_words, to_words = (minute_text(int(at.timestamp() // 60), zone) for at in (start, end))
    return f"window {from_words}–{to_words}"


class _Look:
    """What of a session many stops are read from; good until the next turn of the event loop."""

    def __init__(self, session: Session) -> None:
        self.stops, self.numbers = session.state.stops, session.links.number_of_stop
        self.etas, self.hides = Etas(session), bool(session.hidden)
        self.is_past, self.zone = session.past is not None, session.zone


class ExceptionFeed:
    """Keeps the marks of open exceptions up to date with a session.

    A mark on a vehicle travels with it on the map by itself; where it was last is looked at in
    turn, some at a time, and so is what the filters show of everything.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._marks = BlockedRecords[MapException]()
        self._open: dict[str, None] = {}
        self._dirty: dict[str, None] = {}
        self._turn: list[str] = []
        self.note_everything()

    def note_everything(self) -> None:
        """Another state, another filter."""
        self._open, self._turn = {}, []
        self._dirty = dict.fromkeys((*self._marks, *self._session.state.exceptions))

    def note(self, exception_ids: Iterable[str]) -> None:
        """These exceptions changed."""
        self._dirty.update(dict.fromkeys(exception_ids))

    @property
    def is_behind(self) -> bool:
        """True while exceptions that changed are not marked anew yet."""
        return bool(self._dirty)

    def advance(self, ends: float) -> None:
        """Look at what changed, and at some of the others in turn.

        Args:
            ends: no further ones after this time of `time.thread_time`.
        """
        for number, id_ in enumerate(chain(tuple(self._dirty), self._in_turn())):
            is_time = number % _MADE_BETWEEN_CLOCKS == 0
            is_over = not self._dirty or (is_time and time.thread_time() > ends)
            if number >= AT_LEAST and is_over:
                return
            self._dirty.pop(id_, None)
            self._renew(id_)

    def _in_turn(self) -> Iterator[str]:
        """The exceptions that were open when they were looked at last, each once."""
        if not self._turn:
            self._turn = list(reversed(self._open))
        while self._turn:
            yield self._turn.pop()

    def exceptions(self) -> Blocks[MapException]:
        """The open exceptions the filters show; the same object while none of them changed."""
        return self._marks.shown()

    def _renew(self, id_: str) -> None:
        record = self._session.state.exceptions.get(id_)
        mark = None
        if record is None or not record.is_open:
            self._open.pop(id_, None)
        else:
            self._open[id_] = None
            mark = self._mark(record) if self._session.shows(record) else None
        if mark is None:
            self._marks.drop(id_)
        elif mark != self._marks.get(id_):
            self._marks.put(mark)

    def _mark(self, record: ExceptionRecord) -> MapException | None:
        finding = record.finding
        if finding is None:
            return None
        stop, vehicle_id = self._session.state.stops.get(finding.subject.stop_id), ""
        place = stop.plan.position if stop is not None and stop.plan is not None else None
        if place is None:
            vehicle_id = finding.subject.vehicle_id
            place = self._place_of(vehicle_id)
        if place is None:
            return None
        return MapException(
            record.id,
            finding.severity,
            finding.kind,
            *place,
            finding.headline,
            vehicle_id=vehicle_id,
            stop_id=stop.id if stop is not None else "",
        )

    def _place_of(self, vehicle_id: str) -> LatLon | None:
        """Where a vehicle was last."""
        vehicles = self._session.vehicles
        handle = vehicles.handle_of(vehicle_id)
        if handle is None:
            return None
        columns = vehicles.columns
        return LatLon(
            float(columns["lat"][handle]) / DEGREE, float(columns["lon"][handle]) / DEGREE
        )
