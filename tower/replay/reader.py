"""Any moment of a recording, whole: state, vehicles and arrivals as they were known then."""

from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tower.domain.state import Changed, State
from tower.domain.words import Punctuality
from tower.feed.arrivals import ArrivalMirror
from tower.feed.columns import I16, I32, I64, NO_U32, U8, U32, column, scaled
from tower.feed.fixcolumns import SAID
from tower.feed.sections import Frame, Section
from tower.feed.vehicles import VehicleMirror
from tower.replay.keyframes import Keyframes, differences
from tower.replay.positions import Positions
from tower.replay.predictions import Predictions
from tower.replay.promises import Arrivals, Promises
from tower.replay.standings import VehicleStanding, standings
from tower.replay.ticks import Ticks, ticks

_IDLE = VehicleStanding(Punctuality.IDLE.code)


class Moment(NamedTuple):
    """Everything the room knew at one moment.

    Attributes:
        at: the moment, UTC.
        state: the shift as it was known; the receiver's own, nobody changes it afterwards.
        vehicles: where every vehicle was by then, and how it stood.
        arrivals: what was expected then.
        seq: the journal's number of the newest event that was known.
        removed: something the moment asked before had is not there: time was travelled back.
        changed: the records that are there and differ from the moment asked before, by this
            reader; of its first moment, all.
    """

    at: datetime
    state: State
    vehicles: VehicleMirror
    arrivals: ArrivalMirror
    seq: int
    removed: bool
    changed: frozenset[Changed]


class Sources(NamedTuple):
    """What moments are made of; shared by all readers of a recording.

    Attributes:
        learnt: `(n,)` when each event was learnt, microseconds since 1970, rising.
    """

    keyframes: Keyframes
    learnt: Ticks
    positions: Positions
    predictions: Predictions
    promises: Promises


class Reader:
    """Makes moments, quickest near the one asked before. One thread at a time may ask."""

    def __init__(self, sources: Sources) -> None:
        """Begin with nothing known."""
        self._sources = sources
        self._state, self._place = State(), -1

    def moment(self, at: datetime) -> Moment:
        """The whole picture at a moment; before the recording begins, that of its beginning."""
        state, (changed, removed) = self._advance(at)
        arrivals = self._arrivals(at)
        mirror = ArrivalMirror()
        mirror.apply(self._arrivals_frame(arrivals, at))
        vehicles = VehicleMirror(mirror)
        vehicles.apply(self._vehicles_frame(arrivals, at))
        return Moment(
            at=at,
            state=state.copied(),
            vehicles=vehicles,
            arrivals=mirror,
            seq=state.seq,
            removed=removed,
            changed=changed,
        )

    def _advance(self, at: datetime) -> tuple[State, tuple[frozenset[Changed], bool]]:
        """Have the state of a moment, and say what is another than before."""
        place = int(np.searchsorted(self._sources.learnt, ticks(at), side="right"))
        if place == self._place:
            return self._state, (frozenset(), False)
        before, keyframes = self._state, self._sources.keyframes
        if 0 <= self._place < place:
            after = keyframes.forward(before, self._place, place)
        else:
            after = keyframes.at(place)
        self._state, self._place = after, place
        return after, differences(before, after)

    def _arrivals(self, at: datetime) -> Arrivals:
        expected = self._sources.predictions.newest(ticks(at))
        return self._sources.promises.arrivals(expected, ticks(at))

    def _arrivals_frame(self, arrivals: Arrivals, at: datetime) -> Frame:
        ids = self._sources.predictions.stop_ids
        columns: dict[str, NDArray[Any]] = {
            "handle": arrivals.stop.astype(U32),
            "p50": np.rint(arrivals.p50_s).astype(I64),
            "early": _held(arrivals.early_s),
            "late": _held(arrivals.late_s),
            "punctuality": arrivals.punctuality,
        }
        section = Section(since=0, upto=1, first=0, ids=ids, columns=columns)
        return Frame(now=at.timestamp(), arrivals=section)

    def _vehicles_frame(self, arrivals: Arrivals, at: datetime) -> Frame:
        positions = self._sources.positions
        places = positions.newest(at)
        handles = np.flatnonzero(places >= 0)
        said = {name: positions.columns[name][places[handles]] for name in ("at_us", *SAID)}
        found = standings(
            self._state,
            arrivals,
            self._sources.promises.route_ids,
            self._sources.predictions.handles,
            at.timestamp(),
        )
        told = [found.get(positions.ids[handle], _IDLE) for handle in handles.tolist()]
        next_stops = np.array([one.next_stop for one in told], dtype=np.int64)
        columns: dict[str, NDArray[Any]] = {
            "handle": handles.astype(U32),
            **{name: said[name] for name in SAID},
            "at_ms": said["at_us"] // 1_000,
            "punctuality": column([one.punctuality for one in told], U8),
            "delay": scaled([one.delay_s for one in told], 1.0, I32, 0),
            "next_stop": np.where(next_stops < 0, NO_U32, next_stops).astype(U32),
        }
        section = Section(since=0, upto=1, first=0, ids=positions.ids, columns=columns)
        return Frame(now=at.timestamp(), vehicles=section)


def _held(seconds: Ticks) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    limits = np.iinfo(I16)
    return np.clip(seconds, limits.min, limits.max).astype(np.int16)
