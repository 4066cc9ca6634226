"""Any moment of a recording is what the room knew then, in whatever order it is asked for."""

from collections.abc import Sequence
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.replay.shifts import some_events, some_fixes, some_recording
from tower.domain.events import ArrivalsPredicted, Event
from tower.domain.fold import fold
from tower.domain.moments import utc
from tower.domain.state import TABLES, Changed, State
from tower.domain.telemetry import Fix
from tower.eta.promise import punctuality
from tower.feed.arrivals import ArrivalTable
from tower.feed.vehicles import VehicleTable
from tower.replay import keyframes
from tower.replay.positions import Positions
from tower.replay.recording import Recording

SEEDS = st.integers(0, 10_000)
PLACES = st.lists(st.floats(-0.05, 1.05), min_size=1, max_size=8)


def moments(recording: Recording, places: Sequence[float]) -> list[datetime]:
    """Times, each a share of the span."""
    first, last = recording.events[0].recorded_at, recording.events[-1].recorded_at
    return [first + place * (last - first) for place in places]


def known(recording: Recording, at: datetime) -> State:
    """The state then, folded from the very beginning."""
    state = State(seq=recording.base.seq)
    for name in TABLES:
        setattr(state, name, dict(getattr(recording.base, name)))
    return fold((one for one in recording.events if one.recorded_at <= at), state)


@settings(max_examples=60, deadline=None)
@given(SEEDS, PLACES, st.integers(0, 40), st.sampled_from([3, 2_000]))
def test_a_moment_is_the_fold_of_what_was_known(
    seed: int, places: list[float], since: int, every: int
) -> None:
    recording = some_recording(seed, since)
    before, usual = State(), keyframes.LEAST_EVERY
    keyframes.LEAST_EVERY = every
    try:
        reader = recording.reader()
        for at in moments(recording, places):
            moment, right = reader.moment(at), known(recording, at)
            assert moment.state == right
            assert moment.seq == right.seq
            assert (moment.changed, moment.removed) == slow_differences(before, right)
            before = right
    finally:
        keyframes.LEAST_EVERY = usual


def slow_differences(before: State, after: State) -> tuple[frozenset[Changed], bool]:
    changed, removed = set(), False
    for table in TABLES:
        old, new = getattr(before, table), getattr(after, table)
        changed |= {Changed(table, key) for key in new if key not in old or old[key] != new[key]}
        removed = removed or any(key not in new for key in old)
    return frozenset(changed), removed


@settings(max_examples=40, deadline=None)
@given(SEEDS, PLACES)
def test_a_vehicle_is_where_its_newest_position_says(seed: int, places: list[float]) -> None:
    fixes = some_fixes(seed, some_events(seed))
    recording = some_recording(seed, fixes=fixes)
    reader = recording.reader()
    for at in moments(recording, places):
        moment, table = reader.moment(at), VehicleTable(ArrivalTable())
        table.update_fixes([fix for fix in fixes if fix.at <= at])
        for vehicle_id in ("v1", "v2", "v3"):
            now, right = moment.vehicles.row(vehicle_id), table.position(vehicle_id)
            assert (now is None) == (right is None)
            if now and right:
                assert (now.at, now.position) == (right.at, right.position)
                assert (now.speed_mps, now.heading_deg) == (right.speed_mps, right.heading_deg)
                assert now.temperature_c == right.temperature_c
                assert now.battery_pct == right.battery_pct


@settings(max_examples=60, deadline=None)
@given(SEEDS, PLACES)
def test_arrivals_are_those_predicted_by_then(seed: int, places: list[float]) -> None:
    recording = some_recording(seed)
    reader = recording.reader()
    for at in moments(recording, places):
        moment = reader.moment(at)
        expected = slow_arrivals(moment.state, newest_predictions(recording.events, at), at)
        assert {id_ for id_ in moment.state.stops if moment.arrivals.row(id_)} == set(expected)
        for stop_id, (p50_s, late_s) in expected.items():
            found, plan = moment.arrivals.row(stop_id), moment.state.stops[stop_id].plan
            assert found is not None
            assert abs(found.p50.timestamp() - p50_s) <= 0.5
            assert found.punctuality is punctuality(plan, utc(p50_s), utc(p50_s + late_s))


def slow_arrivals(
    state: State, told: dict[str, tuple[Event, tuple[int, int]]], at: datetime
) -> dict[str, tuple[float, int]]:
    """By stop, seconds since 1970 to P50 and from there to P90, one stop after the other."""
    found: dict[str, tuple[float, int]] = {}
    ahead: dict[str, list[tuple[float, int, str]]] = {}
    for stop_id, (event, (in_s, late_s)) in told.items():
        stop = state.stops.get(stop_id)
        if stop is None or stop.is_done or not stop.route_id:
            continue
        if stop.state.is_at_the_door and stop.arrived_at is not None:
            found[stop_id] = stop.arrived_at.timestamp(), 0
        else:
            p50_s = float(round(event.at.timestamp() + in_s))
            ahead.setdefault(stop.route_id, []).append((p50_s, late_s, stop_id))
    for rows in ahead.values():
        overdue_s = max(0.0, at.timestamp() - min(rows)[0])
        found |= {stop_id: (p50_s + overdue_s, late_s) for p50_s, late_s, stop_id in rows}
    return found


def newest_predictions(
    events: Sequence[Event], at: datetime
) -> dict[str, tuple[Event, tuple[int, int]]]:
    """By stop the newest prediction naming it: seconds to P50, and from there to P90."""
    return {
        row.stop_id: (event, (row.in_s, row.late_s))
        for event in events
        if event.recorded_at <= at and isinstance(event.body, ArrivalsPredicted)
        for row in event.body.rows
    }


def test_a_moment_belongs_to_whoever_asked_for_it() -> None:
    recording = some_recording(7)
    reader, end = recording.reader(), recording.info.ends
    mine = reader.moment(end)
    mine.state.stops.clear()
    mine.state.exceptions.clear()
    assert reader.moment(end).state == known(recording, end)
    assert recording.reader().moment(end).state == known(recording, end)


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.floats(0.0, 1.0), st.booleans())
def test_what_is_appended_makes_the_same_recording(seed: int, share: float, made: bool) -> None:
    whole = some_recording(seed)
    cut = round(share * len(whole.events))
    fixes = some_fixes(seed, whole.events)
    first = part(whole, whole.events[:cut], fixes[:100], is_rest=False)
    if made:
        first.prepare()
    overlapping = max(0, cut - 3)
    rest = part(whole, whole.events[overlapping:], fixes[50:], is_rest=True)
    longer = first.extended(rest)
    for at in moments(whole, [0.0, 0.3, 0.6, 1.0]):
        ours, right = longer.reader().moment(at), whole.reader().moment(at)
        assert ours.state == right.state
        for vehicle_id in ("v1", "v2", "v3"):
            assert ours.vehicles.row(vehicle_id) == right.vehicles.row(vehicle_id)
        assert ours.arrivals.ids == right.arrivals.ids
    assert longer.marks() == whole.marks()


def part(
    whole: Recording, events: Sequence[Event], fixes: Sequence[Fix], *, is_rest: bool
) -> Recording:
    after = min((one.seq for one in events), default=whole.seq + 1) - 1
    info = replace(whole.info, is_rest=is_rest, after_seq=after if is_rest else 0)
    return Recording(info, base=State(), events=events, positions=Positions.of(fixes))
