"""The stops and exceptions as the map shows them; only what changed is made anew."""

import time
from array import array
from collections.abc import Iterable, Iterator
from datetime import tzinfo
from functools import lru_cache
from itertools import chain

from msgspec.structs import replace

from tower.domain.geometry import LatLon
from tower.domain.records import ExceptionRecord, Stop, StopPlan
from tower.domain.words import Punctuality, StopState
from tower.feed.columns import DEGREE
from ui.clocktext import KEPT, minute_text
from ui.etas import Eta, Etas
from ui.map.blocks import BlockedRecords, Blocks
from ui.map.scene import MapException, MapStop
from ui.session import Session
from ui.shares import share_of, without

AT_LEAST = 100
"""Stops made anew for one scene, whatever it takes."""

_MADE_BETWEEN_CLOCKS = 32


class _Bases:
    """What each place of the stops was made of, in columns: there are a hundred thousand."""

    def __init__(self) -> None:
        self._stops: list[Stop] = []
        self._etas = array("Q")

    def set(self, place: int, stop: Stop, eta: int) -> None:
        """What this place was made of; the places before have been set already.

        Args:
            place: where what was made of the stop is kept.
            stop: the stop.
            eta: the `Etas.number` of its prediction.
        """
        if place == len(self._stops):
            self._stops.append(stop)
            self._etas.append(eta)
        else:
            self._stops[place], self._etas[place] = stop, eta

    def at(self, place: int) -> tuple[Stop, int]:
        """The stop and the prediction that what is shown at this place was made of."""
        return self._stops[place], self._etas[place]


class StopFeed:
    """Keeps the stops of the map up to date with a session, some at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stops, self._bases = BlockedRecords[MapStop](), _Bases()
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
        for stop_id in share_of(
            self._dirty, ends, at_least=AT_LEAST, between_clocks=_MADE_BETWEEN_CLOCKS
        ):
            made.append(stop_id)
            self._renew(stop_id, look)
        self._dirty = without(self._dirty, made)

    def stops(self) -> Blocks[MapStop]:
        """The stops the filters show; the same object while none of them changed."""
        return self._stops.shown()

    def _renew(self, stop_id: str, look: "_Look") -> None:
        stop = look.stops.get(stop_id)
        if stop is None or stop.plan is None or (look.hides and not self._session.shows(stop)):
            self._stops.drop(stop_id)
            return
        eta = 0 if stop.is_done else look.etas.number(stop_id)
        place = self._stops.place(stop_id)
        if place is None:
            place = self._stops.put(_made(stop, stop.plan, look.etas.worded(eta), look))
        else:
            self._renew_at(place, stop, stop.plan, eta, look)
        self._bases.set(place, stop, eta)

    def _renew_at(self, place: int, stop: Stop, plan: StopPlan, eta: int, look: "_Look") -> None:
        """Have a stop that is shown already as it is now; most of it is mostly the same."""
        shown, (before, eta_before) = self._stops.at(place), self._bases.at(place)
        is_planned_alike = before.plan is plan and before.route_id == stop.route_id
        if not is_planned_alike or shown.number != look.numbers.get(stop.id, 0):
            fresh = _made(stop, plan, look.etas.worded(eta), look)
        elif before is not stop or eta_before != eta:
            fresh = _further(shown, stop, look.etas.worded(eta), look.zone)
        else:
            return
        if fresh != shown:
            self._stops.replace(place, fresh)


def _made(stop: Stop, plan: StopPlan, eta: Eta | None, look: "_Look") -> MapStop:
    state = stop.state
    return MapStop(
        id=stop.id,
        route_id=stop.route_id,
        number=look.numbers.get(stop.id, 0),
        lat=plan.lat,
        lon=plan.lon,
        state=state,
        punctuality=_stands(state, eta),
        label=plan.customer or plan.address or stop.id,
        expected=_expected(stop, state, eta, look.zone),
        window=_window_of(plan, look.zone),
        kind=plan.kind,
        is_locked=_is_locked(stop, state),
    )


def _further(shown: MapStop, stop: Stop, eta: Eta | None, zone: tzinfo) -> MapStop:
    """A stop that came further, or of which only the prediction is another."""
    state = stop.state
    return replace(
        shown,
        state=state,
        punctuality=_stands(state, eta),
        expected=_expected(stop, state, eta, zone),
        is_locked=_is_locked(stop, state),
    )


def _expected(stop: Stop, state: StopState, eta: Eta | None, zone: tzinfo) -> str:
    if eta is not None:
        return _eta_words(eta.words)
    at = stop.finished_at
    return "" if at is None else _done_words(state, int(at.timestamp() // 60), zone)


def _stands(state: StopState, eta: Eta | None) -> Punctuality:
    """How a stop stands against its window."""
    if state.is_outcome:
        return Punctuality.DONE
    return eta.punctuality if eta else Punctuality.ON_TIME


def _is_locked(stop: Stop, state: StopState) -> bool:
    return stop.lock is not None and not state.is_outcome


def _window_of(plan: StopPlan, zone: tzinfo) -> str:
    if plan.window_start is None or plan.window_end is None:
        return ""
    start, end = (int(at.timestamp() // 60) for at in (plan.window_start, plan.window_end))
    return _window_words(start, end, zone)


@lru_cache(KEPT)
def _eta_words(words: str) -> str:
    return f"ETA {words}"


@lru_cache(KEPT)
def _done_words(state: StopState, minute: int, zone: tzinfo) -> str:
    return f"{state} {minute_text(minute, zone)}"


@lru_cache(KEPT)
def _window_words(start: int, end: int, zone: tzinfo) -> str:
    return f"window {minute_text(start, zone)}–{minute_text(end, zone)}"


class _Look:
    """What of a session many stops are read from; good until the next turn of the event loop."""

    def __init__(self, session: Session) -> None:
        self.stops, self.numbers = session.state.stops, session.links.number_of_stop
        self.etas, self.hides = Etas(session), bool(session.hidden)
        self.zone = session.zone


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
