"""The stops and exceptions as the map shows them; only what changed is made anew."""

import time
from collections.abc import Iterable

from tower.domain.records import ExceptionRecord, Stop, StopPlan
from tower.domain.words import Punctuality
from ui.etas import Eta, Etas
from ui.map.scene import MapException, MapStop
from ui.session import Session

AT_LEAST = 100
"""Stops made anew for one scene, whatever it takes."""

SHARE_S = 0.006
"""Seconds of the window's thread for further stops of one scene."""

_MADE_BETWEEN_CLOCKS = 32


class StopFeed:
    """Keeps the stops of the map up to date with a session, some at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stops: dict[str, MapStop] = {}
        self._facts: dict[str, tuple[Stop, Eta | None, int]] = {}
        self._shown: tuple[MapStop, ...] | None = None
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

    def advance(self) -> None:
        """Make a share of what changed anew."""
        if self._dirty is None:
            self._dirty = dict.fromkeys(self._session.state.stops)
        if not self._dirty:
            return
        etas, ends, made = Etas(self._session), time.perf_counter() + SHARE_S, []
        for count, stop_id in enumerate(self._dirty):
            is_time = count % _MADE_BETWEEN_CLOCKS == 0
            if count >= AT_LEAST and is_time and time.perf_counter() > ends:
                break
            made.append(stop_id)
            self._renew(stop_id, etas)
        for stop_id in made:
            del self._dirty[stop_id]

    def stops(self) -> tuple[MapStop, ...]:
        """The stops the filters show; the same object while none of them changed."""
        if self._shown is None:
            self._shown = tuple(self._stops.values())
        return self._shown

    def _renew(self, stop_id: str, etas: Etas) -> None:
        stop = self._session.state.stops.get(stop_id)
        if stop is None or stop.plan is None or not self._session.shows(stop):
            self._facts.pop(stop_id, None)
            if self._stops.pop(stop_id, None) is not None:
                self._shown = None
            return
        eta = None if stop.is_done else etas.of(stop_id)
        number = self._session.links.number_of_stop.get(stop_id, 0)
        known = self._facts.get(stop_id)
        if known is None or known[0] is not stop or known[1] != eta or known[2] != number:
            self._facts[stop_id] = (stop, eta, number)
            fresh = self._stop(stop, stop.plan, eta, number)
            if fresh != self._stops.get(stop_id):
                self._stops[stop_id], self._shown = fresh, None

    def _stop(self, stop: Stop, plan: StopPlan, eta: Eta | None, number: int) -> MapStop:
        standing = eta.punctuality if eta else Punctuality.ON_TIME
        return MapStop(
            id=stop.id,
            route_id=stop.route_id,
            number=number,
            lat=plan.lat,
            lon=plan.lon,
            state=stop.state,
            punctuality=Punctuality.DONE if stop.is_done else standing,
            label=plan.customer or plan.address or stop.id,
            detail=self._detail(stop, plan, eta),
            kind=plan.kind,
            is_locked=stop.lock is not None and not stop.is_done,
        )

    def _detail(self, stop: Stop, plan: StopPlan, eta: Eta | None) -> str:
        session = self._session
        parts = []
        if stop.finished_at is not None:
            parts.append(f"{stop.state.value} {session.clock_text(stop.finished_at)}")
        elif eta:
            parts.append(f"ETA {eta.words}")
        if plan.window_start and plan.window_end:
            window = (
                f"{session.clock_text(plan.window_start)}–{session.clock_text(plan.window_end)}"
            )
            parts.append(f"window {window}")
        return " · ".join(parts)


class ExceptionFeed:
    """Keeps the marks of open exceptions up to date with a session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._marks: dict[str, tuple[ExceptionRecord, MapException]] = {}
        self._shown: tuple[MapException, ...] = ()

    def note_everything(self) -> None:
        """Another state, another filter."""
        self._marks, self._shown = {}, ()

    def exceptions(self) -> tuple[MapException, ...]:
        """The open exceptions the filters show; the same object while none of them changed."""
        marks = {}
        for id_, record in self._session.state.exceptions.items():
            if record.is_open and self._session.shows(record):
                mark = self._known(id_, record) or self._mark(record)
                if mark is not None:
                    marks[id_] = (record, mark)
        self._marks = marks
        shown = tuple(mark for _, mark in marks.values())
        if shown != self._shown:
            self._shown = shown
        return self._shown

    def _known(self, id_: str, record: ExceptionRecord) -> MapException | None:
        """The mark as it was, where it is at a place and nothing about it changed."""
        known = self._marks.get(id_)
        is_same = known is not None and known[0] is record and not known[1].vehicle_id
        return known[1] if known is not None and is_same else None

    def _mark(self, record: ExceptionRecord) -> MapException | None:
        finding = record.finding
        if finding is None:
            return None
        stop = self._session.state.stops.get(finding.subject.stop_id)
        if stop is not None and stop.plan is not None:
            place, travels = stop.plan.position, ""
        else:
            vehicle = self._session.vehicles.row(finding.subject.vehicle_id)
            if vehicle is None:
                return None
            place, travels = vehicle.position, vehicle.id
        return MapException(
            record.id,
            finding.severity,
            finding.kind,
            *place,
            finding.headline,
            vehicle_id=travels,
            stop_id=stop.id if stop is not None else "",
        )
