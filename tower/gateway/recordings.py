"""Recordings made from the journal: what a span of a shift was, as a file.

Everything here works on rows, away from the event loop: an event is decoded only where that
cannot be avoided, so that hundreds of thousands of them keep nobody waiting.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
import numpy as np
from msgspec.structs import replace

from tower.domain.events import ArrivalsPredicted, Event, RouteSequence, RoutesSequenced
from tower.domain.fold import apply
from tower.domain.records import Shift
from tower.domain.state import State
from tower.feed.columns import I64, U32
from tower.feed.fixcolumns import said_columns
from tower.gateway.line import LineWish
from tower.gateway.recorded_lines import Find, lines_of
from tower.journal.spans import Crumbs, EventRow, Spans
from tower.replay.contents import Contents
from tower.replay.errors import RecordingError
from tower.replay.packing import pack_state, unpack_state
from tower.replay.positions import Columns, Positions
from tower.replay.recording import RecordingInfo
from tower.replay.retold import OPENING_US, learnt_times
from tower.replay.shapes import Shape
from tower.replay.ticks import from_ticks, ticks

_SEQUENCED = "routes_sequenced"
_LOOK_BACK_US = 86_400_000_000
_BEFORE_A_SHIFT = timedelta(hours=12)
"""A recording reaches so far back while the shift has not begun."""

MOST_EVENTS = 300_000
"""Events a recording may have: so many take about a gigabyte where it is looked at."""

_TOLD_WITHIN = timedelta(hours=1)
_MOST_POSITIONS = 4_000_000
_LEAST_A_VEHICLE = 200
"""Positions kept of each vehicle however many vehicles there are."""


def _no_line(_wish: LineWish) -> None:
    return None


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a recording is to be of.

    Attributes:
        since: from when, UTC; None from the beginning of the shift, or twelve hours before it.
        until: to when, UTC; None to now.
        after_seq: only what came after this event, for somebody who has what was before; 0 for a
            recording of its own. Positions then come from an hour before it, or from `since`.
    """

    since: datetime | None = None
    until: datetime | None = None
    after_seq: int = 0


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """What a recording says of the operation it was made in.

    Attributes:
        shift: the current one, None before any.
        region: id of the region pack, "" for none.
        now: UTC.
        opened_at: when the shift was opened, UTC; None before any.
        shapes: route id to its newest line.
        state: where stops are, to find the lines of earlier sequences by.
        find: looks for those.
    """

    shift: Shift | None
    region: str
    now: datetime
    opened_at: datetime | None = None
    shapes: Mapping[str, Shape] = {}
    state: State = msgspec.field(default_factory=State)
    find: Find = _no_line


class _Base(NamedTuple):
    """The state before a span."""

    seq: int
    state: State
    foretold: dict[str, Event]


class _Row(NamedTuple):
    """An event of the span, and when it counts as learnt."""

    learnt_us: int
    row: EventRow


class Bases:
    """States before spans; the newest is kept, packed, and gone on from. One thread at a time."""

    def __init__(self) -> None:
        self._seq, self._packed, self._foretold = 0, pack_state(State()), dict[str, Event]()

    def before(self, spans: Spans, seq: int) -> _Base:
        """The state after an event, and the newest prediction of every route then.

        Raises:
            JournalError: the journal cannot be read.
        """
        known = seq >= self._seq > 0
        state = unpack_state(self._packed) if known else State()
        foretold = dict(self._foretold) if known else {}
        for row in spans.events(state.seq):
            if row.seq > seq:
                break
            _take(state, foretold, spans.decoded(row))
        self._seq, self._packed, self._foretold = seq, pack_state(state), dict(foretold)
        return _Base(seq, state, foretold)


class Recorder:
    """Makes recordings of one journal; one thread at a time."""

    def __init__(self, spans: Spans, bases: Bases | None = None) -> None:
        """Take the journal.

        Args:
            spans: reads it.
            bases: of an earlier recorder of the same journal, so that its work is not done again.
        """
        self._spans, self._bases = spans, bases or Bases()
        self._encode = msgspec.msgpack.Encoder().encode

    def record(self, wanted: Wanted, setting: Setting) -> Contents:
        """What is to be written of a span.

        Raises:
            RecordingError: the span makes no sense, or holds more than a recording may.
            JournalError: the journal cannot be read.
        """
        since, until = span_of(wanted, setting)
        since = since if wanted.since else self._with_room(since, until)
        is_rest = wanted.after_seq > 0
        base = _Base(wanted.after_seq, State(), {}) if is_rest else self._base(since)
        rows: Sequence[_Row] = self._rows(base.seq, until)
        if not is_rest:
            rows = self._retold(rows, setting.shift, since)
            base, rows = self._advanced(base, rows, ticks(since))
        kept = [one for one in rows if one.learnt_us <= ticks(until)]
        if len(kept) > MOST_EVENTS:
            raise RecordingError(
                f"The span holds {len(kept):,} events; a recording may have {MOST_EVENTS:,}. "
                "Choose a shorter one."
            )
        info = RecordingInfo(
            epoch=self._spans.epoch(),
            name=name_of(setting.shift),
            region=setting.region,
            zone=setting.shift.timezone if setting.shift else "UTC",
            begins=since,
            ends=until,
            made_at=setting.now,
            after_seq=base.seq,
            is_rest=is_rest,
        )
        return Contents(
            info=info,
            state=base.state,
            events=[self._body(one) for one in kept],
            foretold=[self._encode(event) for event in _still_holding(base)],
            positions=self._positions(self._told_since(wanted, setting) or since, until),
            lines=lines_of(setting.shapes, self._sequences(rows), setting.state, setting.find),
        )

    def _with_room(self, since: datetime, until: datetime) -> datetime:
        """When to begin so that a recording can hold what is known: as early as may be."""
        newest = self._spans.last_before(ticks(until) + 1)
        if newest - self._spans.last_before(ticks(since)) <= MOST_EVENTS:
            return since
        last_left_out = self._spans.learnt_at(newest - MOST_EVENTS)
        return last_left_out + timedelta(microseconds=1) if last_left_out else since

    def _told_since(self, wanted: Wanted, setting: Setting) -> datetime | None:
        """From when on who continues a recording has to be told positions; None for all.

        Vehicles tell of where they were a while after; after an opening, of the whole morning.
        """
        known = self._spans.learnt_at(wanted.after_seq) if wanted.after_seq else None
        if known is None or wanted.since is not None:
            return None
        since = known - _TOLD_WITHIN
        return None if setting.opened_at is None or setting.opened_at > since else since

    def _base(self, since: datetime) -> _Base:
        """The state before a time."""
        return self._bases.before(self._spans, self._spans.last_before(ticks(since)))

    def _rows(self, after: int, until: datetime) -> list[_Row]:
        ends_us = ticks(until) + OPENING_US + _LOOK_BACK_US
        found = []
        for row in self._spans.events(after):
            if row.recorded_us > ends_us:
                break
            found.append(_Row(row.recorded_us, row))
        return found

    def _retold(self, rows: Sequence[_Row], shift: Shift | None, since: datetime) -> Sequence[_Row]:
        """The same in the order they count as learnt."""
        if not rows:
            return rows
        types = [one.row.type for one in rows]
        at_us = np.array([one.row.at_us for one in rows], dtype=I64)
        recorded_us = np.array([one.row.recorded_us for one in rows], dtype=I64)
        begins_us = ticks(shift.starts_at if shift else since)
        learnt_us = learnt_times(types, at_us, recorded_us, begins_us)
        order = np.argsort(learnt_us, kind="stable")
        times = learnt_us[order].tolist()
        return [_Row(at, rows[n].row) for at, n in zip(times, order.tolist(), strict=True)]

    def _advanced(
        self, base: _Base, rows: Sequence[_Row], since_us: int
    ) -> tuple[_Base, Sequence[_Row]]:
        """Fold in what was learnt before the span although it was recorded later."""
        first = next((n for n, one in enumerate(rows) if one.learnt_us >= since_us), len(rows))
        seq = base.seq
        for one in rows[:first]:
            _take(base.state, base.foretold, self._event(one))
            seq = max(seq, one.row.seq)
        return base._replace(seq=seq), rows[first:]

    def _sequences(self, rows: Iterable[_Row]) -> Iterator[RouteSequence]:
        for one in rows:
            if one.row.type == _SEQUENCED:
                body = self._spans.decoded(one.row).body
                yield from body.routes if isinstance(body, RoutesSequenced) else ()

    def _body(self, one: _Row) -> bytes:
        if one.learnt_us == one.row.recorded_us:
            return one.row.body
        return self._encode(self._event(one))

    def _event(self, one: _Row) -> Event:
        """The event, learnt when it counts as learnt."""
        return replace(self._spans.decoded(one.row), recorded_at=from_ticks(one.learnt_us))

    def _positions(self, since: datetime, until: datetime) -> Positions:
        vehicles = self._spans.vehicles()
        most = max(_LEAST_A_VEHICLE, _MOST_POSITIONS // max(len(vehicles), 1))
        told = (
            self._spans.crumbs(vehicle_id, ticks(since), ticks(until), _LOOK_BACK_US)
            for vehicle_id in vehicles
        )
        return positions_of(_thinned(one, most) for one in told if len(one.rows))


def span_of(wanted: Wanted, setting: Setting) -> tuple[datetime, datetime]:
    """From when to when a recording goes.

    Raises:
        RecordingError: it would end before it begins.
    """
    until = min(wanted.until or setting.now, setting.now)
    shift = setting.shift
    has_begun = shift is not None and shift.starts_at <= until
    since = wanted.since or (shift.starts_at if shift and has_begun else until - _BEFORE_A_SHIFT)
    if since > until:
        raise RecordingError("The span has to begin before it ends, and before now.")
    return since, until


def name_of(shift: Shift | None) -> str:
    """What people call a shift: "Thursday 5 March, Day"."""
    if shift is None:
        return "No shift"
    try:
        day = datetime.fromisoformat(shift.date)
    except ValueError:
        return shift.name or shift.id
    words = f"{day:%A} {day.day} {day:%B}"
    return f"{words}, {shift.name}" if shift.name else words


def positions_of(trails: Iterable[Crumbs]) -> Positions:
    """The positions of some vehicles, each named once."""
    told = list(trails)
    if not told:
        return Positions.of(())
    rows = np.concatenate([one.rows for one in told])
    vehicle = np.repeat(np.arange(len(told)), [len(one.rows) for one in told]).astype(U32)
    lat, lon, speed, heading, temperature, battery = rows[:, 1:].T
    said = said_columns(lat, lon, speed, heading % 360.0, temperature, battery)
    columns: Columns = {"vehicle": vehicle, "at_us": rows[:, 0].astype(I64), **said}
    return Positions([one.vehicle_id for one in told], columns)


def _thinned(crumbs: Crumbs, most: int) -> Crumbs:
    """Every second, third, … position where there are too many."""
    return crumbs._replace(rows=crumbs.rows[:: -(-len(crumbs.rows) // most)])


def _still_holding(base: _Base) -> list[Event]:
    """The predictions of routes that were still to be driven."""
    routes = base.state.routes
    return [
        event
        for route_id, event in base.foretold.items()
        if route_id in routes and routes[route_id].finished_at is None
    ]


def _take(state: State, foretold: dict[str, Event], event: Event) -> None:
    apply(state, event)
    if isinstance(event.body, ArrivalsPredicted):
        foretold[event.subject.route_id] = event
