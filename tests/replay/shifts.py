"""Recordings made up at random, for the tests of this folder."""

import random
from collections.abc import Sequence
from datetime import timedelta

from msgspec.structs import replace

from tests.kpi.journals import MemoryJournal, learnt
from tower.domain.events import Event
from tower.domain.fold import fold
from tower.domain.state import State
from tower.domain.telemetry import Fix
from tower.replay.positions import Positions
from tower.replay.recording import Recording, RecordingInfo
from tower.replay.shapes import Shape

EARLIER = Shape(version=1, shape="_p~iF~ps|U_ulLnnqC", stop_offsets=(0, 1))
LINE = Shape(version=2, shape="_p~iF~ps|U_ulLnnqC_mqNvxq`@", stop_offsets=(1, 2))


def some_events(seed: int) -> list[Event]:
    """A journal as it was learnt, one event a second, some at the very same moment."""
    events = MemoryJournal(learnt(seed)).events
    chance = random.Random(seed)
    at, told = events[0].recorded_at, []
    for event in events:
        at += timedelta(seconds=chance.choice([0, 1, 1, 30, 600]))
        told.append(replace(event, recorded_at=at))
    return told


def some_fixes(seed: int, events: Sequence[Event], count: int = 200) -> list[Fix]:
    """Positions of three vehicles, in no order, some before the first event."""
    chance = random.Random(seed)
    begins, ends = events[0].recorded_at, events[-1].recorded_at
    span_s = (ends - begins).total_seconds()
    fixes = {}
    for _ in range(count):
        at = begins + timedelta(milliseconds=round(1000 * chance.uniform(-300, span_s)))
        vehicle_id = chance.choice(["v1", "v2", "v3"])
        fixes[vehicle_id, at] = Fix(
            vehicle_id=vehicle_id,
            at=at,
            lat=round(chance.uniform(46, 48), 6),
            lon=round(chance.uniform(9, 10), 6),
            speed_mps=chance.choice([None, 0.0, 7.25]),
            heading_deg=chance.choice([None, 359.5]),
            temperature_c=chance.choice([None, -18.5]),
            battery_pct=chance.choice([None, 80.0]),
        )
    return list(fixes.values())


def some_recording(seed: int, since: int = 0, fixes: Sequence[Fix] | None = None) -> Recording:
    """A recording of a made-up journal from its event number `since` on."""
    events = some_events(seed)
    while 0 < since < len(events) and events[since - 1].recorded_at == events[since].recorded_at:
        since += 1
    base, rest = fold(events[:since], State()), events[since:]
    return Recording(
        RecordingInfo(
            epoch="journal-1",
            name="Thursday 5 March, Day",
            region="town",
            zone="Europe/Vaduz",
            begins=events[min(since, len(events) - 1)].recorded_at,
            ends=events[-1].recorded_at,
            made_at=events[-1].recorded_at,
            after_seq=base.seq,
        ),
        base=base,
        events=rest,
        positions=Positions.of(some_fixes(seed, events) if fixes is None else fixes),
        lines={"R-1": (EARLIER, LINE)},
    )
