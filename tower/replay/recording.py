"""A recording: what a span of a shift was, and any moment of it whole again.

It holds the state at its begin, every event after, thinned positions and the routes' lines. An
event stands at the time it was learnt (`recorded_at`): a moment is what the room knew then.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import chain

import msgspec
import numpy as np
from msgspec.structs import replace

from tower.domain.events import Event
from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.replay.errors import RecordingError
from tower.replay.keyframes import Keyframes
from tower.replay.marks import Mark, marks
from tower.replay.positions import Positions
from tower.replay.predictions import Predictions
from tower.replay.reader import Moment, Reader, Sources
from tower.replay.shapes import Shape
from tower.replay.ticks import ticks

__all__ = ["FORM", "Bookmark", "Mark", "Moment", "Reader", "Recording", "RecordingInfo"]

FORM = 1
"""The form of recordings this Tower writes."""


class Bookmark(msgspec.Struct, frozen=True, kw_only=True):
    """A moment somebody wants to find again, and why in words."""

    at: datetime
    words: str


class RecordingInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What a recording is of.

    Attributes:
        form: number of the form it is written in.
        epoch: identity of the journal it was made from.
        name: words for people, as "Thursday 5 March, Day".
        region: id of the region pack of map and roads, "" for none.
        zone: IANA name of the shift's time zone.
        begins: of the span, UTC; ends likewise.
        events: how many it holds; positions likewise.
        is_masked: personal data was replaced.
        made_at: UTC.
        after_seq: the journal's number of the last event its first state knows.
        is_rest: it only continues another recording, and knows no state to begin with.
    """

    form: int = FORM
    epoch: str
    name: str
    region: str
    zone: str
    begins: datetime
    ends: datetime
    events: int = 0
    positions: int = 0
    is_masked: bool = False
    made_at: datetime
    bookmarks: tuple[Bookmark, ...] = ()
    after_seq: int = 0
    is_rest: bool = False


class Recording:
    """A span of a shift; never changed once made, and shared by any number of threads.

    Attributes:
        info: what it is of.
        base: the state at its begin; nobody changes it.
        events: every event after, in the order they were learnt.
        foretold: the predictions that held at its begin, learnt before.
        positions: thinned positions, those that held at its begin included.
        lines: route id to every line known of it, by version of its sequence.
        shapes: route id to the newest of them.
    """

    def __init__(
        self,
        info: RecordingInfo,
        *,
        base: State,
        events: Sequence[Event],
        positions: Positions,
        lines: Mapping[str, Sequence[Shape]] | None = None,
        foretold: Sequence[Event] = (),
    ) -> None:
        self.info = replace(info, events=len(events), positions=len(positions))
        self.base, self.events, self.foretold = base, events, foretold
        self.positions = positions
        self.lines = {route_id: tuple(known) for route_id, known in (lines or {}).items() if known}
        self.shapes = {route_id: known[-1] for route_id, known in self.lines.items()}
        self._keyframes = Keyframes(base, events)

    @property
    def seq(self) -> int:
        """The journal's number of the newest event it knows of."""
        return max(self.info.after_seq, max((one.seq for one in self.events), default=0))

    def reader(self) -> Reader:
        """Who makes moments of it; one for each user, to live in any one thread.

        Raises:
            RecordingError: it only continues another recording.
        """
        if self.info.is_rest:
            raise RecordingError("This recording only continues another one.")
        return Reader(self._sources)

    def prepare(self) -> None:
        """Work out now what moments need, so that the first one is as quick as the others."""
        _ = self._sources, self._marks

    def marks(self) -> Sequence[Mark]:
        """The exceptions of the span, in the order they were raised."""
        return self._marks

    def event_after(self, at: datetime, *, skip: tuple[type, ...] = ()) -> Event | None:
        """The first event learnt strictly later; bodies of the types in `skip` are passed over."""
        later = range(bisect_right(self.events, at, key=_learnt_at), len(self.events))
        return self._first(later, skip)

    def event_before(self, at: datetime, *, skip: tuple[type, ...] = ()) -> Event | None:
        """The last event learnt strictly earlier; bodies of the types in `skip` likewise."""
        earlier = range(bisect_left(self.events, at, key=_learnt_at) - 1, -1, -1)
        return self._first(earlier, skip)

    def events_between(self, since: datetime, until: datetime) -> Sequence[Event]:
        """The events learnt after `since` and up to `until`."""
        first = bisect_right(self.events, since, key=_learnt_at)
        return self.events[first : bisect_right(self.events, until, key=_learnt_at)]

    def trail(self, vehicle_id: str, since: datetime, until: datetime) -> Sequence[Fix]:
        """Where a vehicle was in [since, until], oldest first."""
        return self.positions.trail(vehicle_id, since, until)

    def shape(self, route_id: str, version: int) -> Shape | None:
        """The line of a route for one version of its sequence, None where it is not known."""
        known = self.lines.get(route_id, ())
        return next((shape for shape in known if shape.version == version), None)

    def extended(self, more: "Recording") -> "Recording":
        """This and what came since.

        Args:
            more: of the same journal, continuing at or before the newest event of this.

        Raises:
            RecordingError: it is of another journal, or something is missing in between.
        """
        if more.info.epoch != self.info.epoch:
            raise RecordingError("The two recordings are of different journals.")
        if more.info.after_seq > self.seq:
            raise RecordingError("Something is missing between the two recordings.")
        known = self.seq
        events = [*self.events, *(event for event in more.events if event.seq > known)]
        info = replace(
            self.info,
            ends=max(self.info.ends, more.info.ends),
            made_at=max(self.info.made_at, more.info.made_at),
        )
        longer = Recording(
            info,
            base=self.base,
            events=events,
            positions=self.positions.with_more(more.positions),
            lines=_together(self.lines, more.lines),
            foretold=self.foretold,
        )
        longer._keyframes = self._keyframes.continued(events)
        return longer

    def _first(self, places: Iterable[int], skip: tuple[type, ...]) -> Event | None:
        found = (self.events[place] for place in places)
        return next((event for event in found if not isinstance(event.body, skip)), None)

    @cached_property
    def _sources(self) -> Sources:
        told = chain(self.foretold, self.events)
        predictions = Predictions(told, self._keyframes.whole.tail.stops)
        return Sources(
            keyframes=self._keyframes,
            learnt=np.array([ticks(event.recorded_at) for event in self.events], dtype=np.int64),
            positions=self.positions,
            predictions=predictions,
            promises=self._keyframes.promises.of(predictions.stop_ids),
        )

    @cached_property
    def _marks(self) -> list[Mark]:
        return marks(self.base, self.events)


def _together(
    known: Mapping[str, Sequence[Shape]], more: Mapping[str, Sequence[Shape]]
) -> dict[str, tuple[Shape, ...]]:
    """Every line of both, by version; of the same version the newer one."""
    found = {}
    for route_id in {**known, **more}:
        lines = (*known.get(route_id, ()), *more.get(route_id, ()))
        versions = {shape.version: shape for shape in lines}
        found[route_id] = tuple(versions[version] for version in sorted(versions))
    return found


def _learnt_at(event: Event) -> datetime:
    return event.recorded_at
